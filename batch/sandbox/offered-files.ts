// Which files the sandbox offers for its day, under the names of batch/ports/file-names.ts: those of the generated day as they are, and what else the
// morning needs, made from it.
import { ExchangeSegment } from '../../engine/index.ts';
import type { Segment } from '../graph/node-row.ts';
import { FILE_NAMES, FILE_ROLES, type FileRoleName, pathOf } from '../ports/file-names.ts';
import type { FileTree } from './file-tree.ts';
import {
  ddpiStatus,
  obligationsBefore,
  type PledgedUnits,
  pledgeStatus,
  positionsBefore,
  settlementPrices,
  transmissionList,
} from './files/carried-files.ts';
import { fileBytes } from './files/csv-text.ts';
import { eveningFiles, type SeenTrade } from './files/evening-files.ts';
import { marginFiles, type ShortDelivery } from './files/margin-files.ts';
import {
  approvedSecurities,
  blockDeals,
  bsePriceBandList,
  type CorporateAction,
  corporateActionList,
  currencyContracts,
  holidayList,
  memberList,
  priceBandList,
  surveillanceList,
} from './files/morning-lists.ts';
import { taxFiles } from './files/tax-files.ts';
import type { MarketDay } from './market-day.ts';

/** What a morning is made of beside its day. */
export interface MorningParts {
  readonly seed: number;
  readonly actions: readonly CorporateAction[];
  readonly unpaid: PledgedUnits;
  readonly funded: PledgedUnits;
}

/** Texts of the files that are made, by role. */
function madeFiles(day: MarketDay, { seed, actions, unpaid, funded }: MorningParts): Readonly<Partial<Record<FileRoleName, string>>> {
  return {
    holidays: holidayList(day.date.slice(0, 4)),
    'contracts-cd': currencyContracts(day),
    'approved-securities': approvedSecurities(day, actions),
    'corporate-actions': corporateActionList(actions, day.date),
    'price-bands': priceBandList(day),
    members: memberList(),
    ...(day.bseShares.size === 0 ? {} : { 'members-bse': memberList(), 'price-bands-bse': bsePriceBandList(day) }),
    gsm: surveillanceList(day, 'gsm', seed),
    asm: surveillanceList(day, 'asm', seed),
    t2t: surveillanceList(day, 't2t', seed),
    'settlement-prices-before': settlementPrices(day.before, day.contractsBefore),
    'settlement-prices': settlementPrices(day.date, day.contracts),
    'obligation-cm-before': obligationsBefore(day, unpaid),
    'positions-fo-before': positionsBefore(day),
    ...(day.bseContracts.size === 0 ? {} : { 'positions-bfo-before': positionsBefore(day, ExchangeSegment.BFO) }),
    ...(day.currency.size === 0 ? {} : { 'positions-cd-before': positionsBefore(day, ExchangeSegment.CDS) }),
    ...(day.commodities.size === 0 ? {} : { 'positions-com-before': positionsBefore(day, ExchangeSegment.MCX) }),
    'pledge-status': pledgeStatus(day, actions, funded),
    'ddpi-status': ddpiStatus(day),
    transmissions: transmissionList(day),
    'block-deals': blockDeals(day),
  };
}

/** Offers what the morning of a day finds: the generated files, and what is made of them. Returns how many. */
export function offerMorning(tree: FileTree, day: MarketDay, parts: MorningParts): number {
  return offer(tree, day, madeFiles(day, parts), day.files);
}

/** What of a day the clearing corporation has seen: its trades so far, and what was sold before and has not come. */
export interface SeenDay {
  readonly trades: readonly SeenTrade[];
  readonly undelivered: readonly ShortDelivery[];
}

/** Offers what follows from the day's trades, of one segment where it is named; what was offered before of it is replaced. Returns how many. */
export function offerEvening(tree: FileTree, day: MarketDay, { trades, undelivered }: SeenDay, segment?: Segment): number {
  const made = { ...eveningFiles(day, trades), ...taxFiles(day, trades), ...marginFiles(day, trades, undelivered) };
  const isOf = (role: string): boolean => segment === undefined || role.endsWith(`-${segment.toLowerCase()}`);
  return offer(tree, day, Object.fromEntries(Object.entries(made).filter(([role]) => isOf(role))), new Map());
}

function offer(
  tree: FileTree,
  day: MarketDay,
  made: Readonly<Partial<Record<FileRoleName, string>>>,
  files: ReadonlyMap<string, Uint8Array>,
): number {
  let offered = 0;
  for (const role of FILE_ROLES) {
    const name = FILE_NAMES[role].name(day.date, day.before);
    const text = made[role];
    const bytes = text === undefined ? files.get(name) : fileBytes(name, text);
    if (bytes === undefined) continue;
    tree.offer(pathOf(role, day.date, day.before), bytes);
    offered += 1;
  }
  return offered;
}
