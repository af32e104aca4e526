// The register of client codes that were modified: trades the night moved from the client they were entered for to another, as two persons agreed
// when the exchange had them elsewhere (breaks of class `client`), and what the exchange will take for them by segment and month
// (engine/charges/client-code-penalty.ts). A trade moved to the ERROR account is in the register and not in the sum. Nothing is booked: the exchange
// sends its own figure after the month, and may waive.

import type { Database, RootDatabase } from 'lmdb';
import { businessDate, clientCodePenalty, type Paise, paise, paiseText } from '../../../engine/index.ts';
import type { Chain } from '../../graph/node-row.ts';
import { BreakStore, type StoredBreak } from '../../recon/break-store.ts';
import { TradeFlag } from '../../recon/trade-book.ts';
import type { NodeContext, Outputs } from '../../runner/index.ts';
import { dayNumber } from './day-parts.ts';
import { reconciledBook } from './reconciled-book.ts';

/** Name of the report among the house's. */
export const CLIENT_CODES = 'client-codes';

/** The day's rows, and the month so far by chain; `keepTurnover` is to be called when the node is recorded as done. */
export interface ClientCodes {
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly month: Outputs;
  readonly note: string;
  readonly keepTurnover: () => void;
}

interface Modified {
  readonly chain: Chain;
  readonly stored: StoredBreak;
  readonly from: string;
  readonly to: string;
  readonly value: number;
  readonly isError: boolean;
}

interface Month {
  readonly modified: Paise;
  readonly turnover: Paise;
  readonly penalty: Paise;
  readonly isInspected: boolean;
}

const TICKS_PER_PAISA = 100;
const TICKS_PER_RUPEE = 10_000;
/** UCC of the member's error account: NSE/ISC73973. */
const ERROR_ACCOUNT = /^ERROR\d*$/;

/** Paise traded by clients, by chain and date; the month's sum is what modifications are measured by. */
const turnoverOf = (root: RootDatabase): Database<number, [chain: string, date: string]> =>
  root.openDB({ name: 'turnover-by-chain', encoding: 'msgpack' });

/** See the file's head. */
export function clientCodes(context: NodeContext): ClientCodes {
  const { root, date, chains } = context;
  const today = new Map(chains.map((chain) => [chain, tradedIn(context, chain)]));
  const earlier = daysBefore(date);
  const store = new BreakStore(root);
  const known = turnoverOf(root);
  const months = new Map<Chain, Month>();
  const rows: Readonly<Record<string, string>>[] = [];
  for (const chain of chains) {
    const own = modifiedOn(store, date, chain);
    const month = monthOf(
      [...own, ...earlier.flatMap((day) => modifiedOn(store, day, chain))],
      earlier.reduce((sum, day) => sum + (known.get([chain, day]) ?? 0), today.get(chain) ?? 0),
      date,
    );
    if (month.modified > 0) months.set(chain, month);
    rows.push(...own.map((each) => rowOf(each, date, month)));
  }
  const inspected = [...months].filter(([, { isInspected }]) => isInspected).map(([chain]) => chain);
  return {
    rows,
    month: Object.fromEntries([...months].map(([chain, { modified, turnover, penalty }]) => [chain, { modified, turnover, penalty }])),
    note:
      inspected.length === 0
        ? ''
        : `client codes modified of more than 1 % of the month's turnover in ${inspected.join(', ')}: the exchange inspects`,
    keepTurnover: () => {
      for (const [chain, paiseTraded] of today) known.putSync([chain, date], paiseTraded);
    },
  };
}

/** Dates of the month before a date. */
const daysBefore = (date: string): string[] =>
  Array.from({ length: Number(date.slice(8)) - 1 }, (_, at) => `${date.slice(0, 8)}${String(at + 1).padStart(2, '0')}`);

/** Paise of the reconciled trades that stand. */
function tradedIn(context: NodeContext, chain: Chain): number {
  const book = reconciledBook(context, chain);
  let sum = 0n;
  for (let row = 0; row < book.rows; row++) if (!book.has(row, TradeFlag.CANCELLED)) sum += BigInt(book.quantity(row)) * BigInt(book.price(row));
  return Number(sum / BigInt(TICKS_PER_PAISA));
}

/** Trades of a date that were moved in the engine. */
function modifiedOn(store: BreakStore, date: string, chain: Chain): Modified[] {
  return store.of(date, chain).flatMap((stored): Modified[] => {
    const { class: kind, state, ours, theirs, correction } = stored;
    if (kind !== 'client' || correction === undefined || (state !== 'sent' && state !== 'settled')) return [];
    if (ours === undefined || theirs === undefined) return [];
    const to = correction.to ?? theirs.client;
    const value = Math.round((theirs.quantity * theirs.price) / TICKS_PER_PAISA);
    return [{ chain, stored, from: ours.client, to, value, isError: ERROR_ACCOUNT.test(to) }];
  });
}

function monthOf(all: readonly Modified[], turnover: number, date: string): Month {
  const counted = all.filter(({ isError }) => !isError).reduce((sum, { value }) => sum + value, 0);
  const sums = { modified: paise(counted), turnover: paise(Math.max(turnover, counted)) };
  const { amount, isInspected } = clientCodePenalty(sums, businessDate(dayNumber(date)));
  return { ...sums, penalty: amount, isInspected };
}

function rowOf({ chain, stored, from, to, value, isError }: Modified, date: string, month: Month): Readonly<Record<string, string>> {
  const { theirs, reason, proposedBy, approvedBy } = stored;
  return {
    date,
    segment: chain,
    exchange: theirs?.exchange ?? '',
    trade: theirs?.tradeId ?? '',
    side: theirs?.side ?? '',
    quantity: String(theirs?.quantity ?? 0),
    price: ((theirs?.price ?? 0) / TICKS_PER_RUPEE).toFixed(4),
    value: paiseText(paise(value)),
    from,
    to,
    error: isError ? 'Y' : 'N',
    reason,
    by: proposedBy,
    approved: approvedBy,
    modified: paiseText(month.modified),
    turnover: paiseText(month.turnover),
    penalty: paiseText(month.penalty),
  };
}
