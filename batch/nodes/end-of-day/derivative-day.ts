// All positions of a derivative chain's day: what was carried in (our own position file of the day before; on the first night the clearing corporation's), the
// reconciled trades, the day's prices. Two nodes ask for it and see the same, because its inputs are pinned.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import type { Chain } from '../../graph/node-row.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { FILE_NAMES, type FileRoleName, pathOf } from '../../ports/file-names.ts';
import { type TradeBook, TradeFlag } from '../../recon/trade-book.ts';
import { type NodeContext, PermanentFault } from '../../runner/index.ts';
import { type ContractPrices, readContractPrices } from './contract-prices.ts';
import { type DayParts, dayNumber, refusing, withWays } from './day-parts.ts';
import { type Contract, type PositionDay, positionDay } from './derivative-positions.ts';
import { readHouse } from './house.ts';
import { contractOfCarried, readCarriedPositions } from './position-file.ts';
import { reconciledBook } from './reconciled-book.ts';
import { readWaivers, waiverKey } from './waivers.ts';

/** A chain that has positions. */
export type DerivativeChain = Exclude<Chain, 'CM' | 'BSE' | 'T0'>;

/** Role under which the closing positions of a chain are kept. */
export const closingRole = (chain: Chain): string => `closing-${chain.toLowerCase()}`;

/** Closing positions of a date. */
export interface Closing {
  readonly file: string;
  readonly sha256: string;
}

/** Closing positions by chain and date, the newest version of each: what the next day opens with. */
export const closingsOf = (root: RootDatabase): Database<Closing, [chain: string, date: string]> =>
  root.openDB({ name: 'closing-positions', encoding: 'msgpack' });
const PRICE_ROLE: Readonly<Record<DerivativeChain, FileRoleName>> = {
  FO: 'bhavcopy-fo',
  CD: 'bhavcopy-cd',
  COM: 'bhavcopy-com',
  BFO: 'bhavcopy-bfo',
};
/** Open positions at the clearing corporation on the day before, where it sends a file of them. */
const OPENING_ROLE: Readonly<Record<DerivativeChain, FileRoleName>> = {
  FO: 'positions-fo-before',
  BFO: 'positions-bfo-before',
  CD: 'positions-cd-before',
  COM: 'positions-com-before',
};

/** Positions of the day, and a word on where the opening came from. */
export interface DerivativeDay {
  readonly days: readonly PositionDay[];
  readonly book: TradeBook;
  readonly note: string;
  /** Contracts of the day by token; empty when nothing was held or traded. */
  readonly contracts: ReadonlyMap<number, Contract>;
}

interface Sums {
  readonly client: string;
  readonly contract: Contract;
  opening: number;
  bought: number;
  boughtValue: bigint;
  sold: number;
  soldValue: bigint;
}

/** See the file's head. A chain in which nothing is held and nothing traded needs no prices. */
export async function derivativeDay(parts: DayParts, context: NodeContext, chain: DerivativeChain): Promise<DerivativeDay> {
  const book = reconciledBook(context, chain);
  const opening = await openingFile(parts, context, chain);
  const carried = opening.file === '' ? [] : await refusing(() => readCarriedPositions(opening.file));
  if (carried.length === 0 && book.byClient().rows.length === 0) return { days: [], book, note: opening.note, contracts: new Map() };
  const prices = await pricesOf(parts, context, chain);
  const sums = new Map<string, Sums>();
  const of = (client: string, contract: Contract): Sums => {
    const key = `${client}|${contract.token}`;
    const known = sums.get(key) ?? { client, contract, opening: 0, bought: 0, boughtValue: 0n, sold: 0, soldValue: 0n };
    sums.set(key, known);
    return known;
  };
  await refusing(async () => {
    for (const one of carried) of(one.client, contractOfCarried(opening.file, one, prices.byName)).opening += one.units;
  });
  addTrades(book, prices, of);
  const waived = await readWaivers(parts, context, prices);
  return {
    days: [...sums.values()].map((input) =>
      positionDay({ ...input, isWaived: waived.has(waiverKey(input.client, input.contract.token)) }, dayNumber(context.date)),
    ),
    book,
    note: opening.note,
    contracts: prices.byToken,
  };
}

function addTrades(book: TradeBook, prices: ContractPrices, of: (client: string, contract: Contract) => Sums): void {
  for (let row = 0; row < book.rows; row++) {
    if (book.has(row, TradeFlag.CANCELLED)) continue;
    const { client, token, side, quantity, price, tradeId } = book.trade(row);
    const contract = prices.byToken.get(token);
    if (contract === undefined) throw new PermanentFault(`trade ${tradeId}: contract ${token} is not in today's prices`);
    const sum = of(client, contract);
    const value = BigInt(quantity) * BigInt(price);
    if (side === 'B') {
      sum.bought += quantity;
      sum.boughtValue += value;
    } else {
      sum.sold += quantity;
      sum.soldValue += value;
    }
  }
}

interface Opening {
  /** '' = nothing is carried in. */
  readonly file: string;
  readonly note: string;
}

async function openingFile(parts: DayParts, context: NodeContext, chain: DerivativeChain): Promise<Opening> {
  const before = parts.calendar.tradedBefore(context.date);
  const range = closingsOf(context.root).getRange({ start: [chain, context.date], end: [chain, ''], reverse: true });
  for (const { key, value } of range) {
    if (key[1] === context.date) continue;
    if (sha256Of(readFileSync(value.file)) !== value.sha256) throw new PermanentFault(`${value.file}: is not the file that was left here`);
    context.pin(`opening-${chain}`, basename(value.file), value.sha256);
    return { file: value.file, note: key[1] === before ? '' : `opening positions are those of ${key[1]}` };
  }
  const role = OPENING_ROLE[chain];
  if (!readHouse(parts.dataDirectory).traded.includes(chain)) return { file: '', note: 'no earlier positions: opened flat' };
  const file = await withWays(parts, (ways) => ways[FILE_NAMES[role].source].primary.fetch(pathOf(role, context.date, before)));
  context.pin(`opening-${chain}`, file.name, file.sha256);
  return { file: parts.files.keep(role, context.date, file).path, note: "opening positions are the clearing corporation's" };
}

/** Contracts and prices of the day, taken in and pinned. Throws TransientFault while the file is not there. */
export async function pricesOf(parts: DayParts, context: NodeContext, chain: DerivativeChain): Promise<ContractPrices> {
  const role = PRICE_ROLE[chain];
  const path = pathOf(role, context.date, parts.calendar.tradedBefore(context.date));
  const file = await withWays(parts, (ways) => ways[FILE_NAMES[role].source].primary.fetch(path));
  const kept = parts.files.keep(role, context.date, file);
  const prices = await refusing(() => readContractPrices(kept.path, dayNumber(context.date)));
  context.pin(role, file.name, file.sha256);
  return prices;
}
