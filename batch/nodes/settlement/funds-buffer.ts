// The liquidity buffer: liquid funds against a multiple (money.json, 150 %) of the highest pay-in of any earlier day. Looked at twice: in the evening
// as a gate, and again before the first instruction of the day, because money leaves in between. What is short then and was not accepted in the
// evening stops the pay-in, with nothing moved, until two persons have closed the break. What the day's own pay-ins have taken so far counts as
// there: it is what the buffer is for.
import type { Database, RootDatabase } from 'lmdb';
import { type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { booksOf, settledOf } from '../end-of-day/day-parts.ts';
import { MoneyBreaks } from './funds-breaks.ts';
import { type FundsHouse, upstreamedAccount } from './funds-house.ts';
import { isBegun, movedInRun } from './funds-moves.ts';

/** Liquid funds against what history asks for, paise. */
export interface Buffer {
  readonly liquid: number;
  /** Highest pay-in of a day before this one, all segments together; 0 on the first. */
  readonly highest: number;
  readonly required: number;
  readonly short: number;
}

/** Names of the moves that take liquid funds to a settlement account. */
export const FILLINGS: readonly string[] = ['transfer', 'release', 'own-funds'];

/** Pay-in of a date and segment, paise. */
const historyOf = (root: RootDatabase): Database<number, [date: string, segment: string]> =>
  root.openDB({ name: 'pay-in-history', encoding: 'msgpack' });

/** Where liquid funds lie, in the order in which they are used for a pay-in. */
export const sourcesOf = (house: FundsHouse): readonly string[] => [house.client, upstreamedAccount(house.upstreamTo, 'CASH'), house.own];

/** The buffer check: `percent` of the highest day in `history` (pay-ins by date) before `date`. */
export function liquidityBuffer(liquid: number, history: ReadonlyMap<string, number>, date: string, percent: number): Buffer {
  const highest = Math.max(0, ...[...history].filter(([day]) => day < date).map(([, paise]) => paise));
  const required = Math.ceil((highest * percent) / 100);
  return { liquid, highest, required, short: Math.max(0, required - liquid) };
}

/** Notes what a segment's date has to pay in. To be called in the commit of the node that worked it out. */
export function keepPayIn(context: NodeContext, paise: number): void {
  historyOf(context.root).putSync([context.date, settledOf(context)], paise);
}

/** The buffer as the books stand now. */
export function bufferOf(context: NodeContext, house: FundsHouse): Buffer {
  const history = new Map<string, number>();
  for (const { key, value } of historyOf(context.root).getRange({})) history.set(key[0], (history.get(key[0]) ?? 0) + value);
  const ledger = booksOf(context.root);
  const there = sourcesOf(house).reduce((sum, account) => sum + Math.max(0, ledger.account(account)?.available ?? 0), 0);
  return liquidityBuffer(there + movedInRun(context.root, context.runId, FILLINGS), history, context.date, house.bufferPercent);
}

/**
 * The buffer before a pay-in of `prepared`'s evening begins. Throws PermanentFault when it is short by more than anybody has accepted; undefined once
 * money has begun to move.
 */
export function needBuffer(context: NodeContext, house: FundsHouse, prepared: Outputs): Buffer | undefined {
  if (isBegun(context)) return undefined;
  const buffer = bufferOf(context, house);
  const evening = prepared['buffer'];
  const accepted = typeof evening === 'object' && evening !== null && 'short' in evening ? Number(evening['short']) : 0;
  const breaks = new MoneyBreaks(context.root);
  const own = breaks.all(context.date).filter(({ kind, instance }) => kind === 'buffer' && instance === context.key);
  if (buffer.short <= accepted || own.some(({ state, ours }) => state === 'closed' && ours <= buffer.liquid)) {
    // Enough by now: what was raised for less is settled.
    const ids = new Set(own.map(({ id }) => id));
    breaks.settleOthers(['buffer'], new Set(breaks.all().flatMap(({ id }) => (ids.has(id) ? [] : [id]))));
    return buffer;
  }
  const text = `liquid funds of ${buffer.liquid} paise where ${buffer.required} are held against the highest pay-in; nothing was moved`;
  const about = `${context.runId}/${context.key} ${buffer.liquid}`;
  const { required: theirs, liquid: ours } = buffer;
  const { id } = breaks.raise({ kind: 'buffer', about, instance: context.key, date: context.date, ours, theirs, text }, context.now());
  throw new PermanentFault(`${text} until two persons have closed ${id}`);
}
