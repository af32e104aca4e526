// Which files the sandbox offers for its day, under the names of batch/ports/file-names.ts: those of the generated day as they are, and what else the
// morning needs, made from it.
import { FILE_NAMES, FILE_ROLES, type FileRoleName, pathOf } from '../ports/file-names.ts';
import type { FileTree } from './file-tree.ts';
import { ddpiStatus, obligationsBefore, pledgeStatus, positionsBefore, settlementPrices, transmissionList } from './files/carried-files.ts';
import { fileBytes } from './files/csv-text.ts';
import { eveningFiles, type SeenTrade } from './files/evening-files.ts';
import { marginFiles } from './files/margin-files.ts';
import {
  blockDeals,
  type CorporateAction,
  corporateActionList,
  corporateActions,
  currencyContracts,
  holidayList,
  memberList,
  priceBandList,
  surveillanceList,
} from './files/morning-lists.ts';
import { taxFiles } from './files/tax-files.ts';
import type { MarketDay } from './market-day.ts';

/** Texts of the files that are made, by role. */
function madeFiles(day: MarketDay, seed: number, actions: readonly CorporateAction[]): Readonly<Partial<Record<FileRoleName, string>>> {
  return {
    holidays: holidayList(day.date.slice(0, 4)),
    'contracts-cd': currencyContracts(day.date),
    'corporate-actions': corporateActionList(actions, day.date),
    'price-bands': priceBandList(day),
    members: memberList(),
    gsm: surveillanceList(day, 'gsm', seed),
    asm: surveillanceList(day, 'asm', seed),
    t2t: surveillanceList(day, 't2t', seed),
    'settlement-prices-before': settlementPrices(day.before, day.contractsBefore),
    'settlement-prices': settlementPrices(day.date, day.contracts),
    'obligation-cm-before': obligationsBefore(day),
    'positions-fo-before': positionsBefore(day),
    'pledge-status': pledgeStatus(day, actions),
    'ddpi-status': ddpiStatus(day),
    transmissions: transmissionList(day),
    'block-deals': blockDeals(day),
  };
}

/** Puts them into the tree; returns how many. */
export function offerDay(tree: FileTree, day: MarketDay, seed: number, trades: readonly SeenTrade[]): number {
  const evening = { ...eveningFiles(day, trades), ...taxFiles(day, trades), ...marginFiles(day, trades) };
  const made = { ...madeFiles(day, seed, corporateActions(day, seed)), ...evening };
  let offered = 0;
  for (const role of FILE_ROLES) {
    const name = FILE_NAMES[role].name(day.date, day.before);
    const text = made[role];
    const bytes = text === undefined ? day.files.get(name) : fileBytes(name, text);
    if (bytes === undefined) continue;
    tree.offer(pathOf(role, day.date, day.before), bytes);
    offered += 1;
  }
  return offered;
}
