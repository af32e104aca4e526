// The engine's side of a segment's evening: its settlement prices go in, and the last segment closes the engine's day. What the close brought to
// clients' cash is laid beside what the books have for the day, segment by segment: both follow from the same trades, over two different roads. What
// it lent on funded shares came to cash too.
import type { Database, RootDatabase } from 'lmdb';
import { InstrumentFlag, type ParameterTable } from '../../../engine/index.ts';
import type { Chain } from '../../graph/node-row.ts';
import type { Gate, NodeContext, Outputs } from '../../runner/index.ts';
import { type SegmentDay, settleSegment } from '../engine/day-edges.ts';
import { readEngine } from '../engine/engine-state.ts';
import { tableInForce } from '../engine/table-in-force.ts';
import { netOfBook } from './client-charges.ts';
import type { DayParts } from './day-parts.ts';
import { shareToken } from './expiries.ts';
import { loansOf } from './funded-loans.ts';
import { reconciledBook } from './reconciled-book.ts';

/** What the books say of a segment's day. */
interface BookedDay extends Pick<SegmentDay, 'prices' | 'ended'> {
  /** Paise all clients together receive: premium, mark to market, shares. */
  readonly booked: number;
}

const sumsIn = (root: RootDatabase): Database<number, [date: string, segment: string]> =>
  root.openDB({ name: 'settled-in-engine', encoding: 'msgpack' });

/** See the file's head. The gate, and `carried` (paise) in the outputs, are there once: at the segment that closed the day. */
export async function settleEngine(
  parts: DayParts,
  context: NodeContext,
  chain: Chain,
  { booked, prices, ended }: BookedDay,
): Promise<{ readonly note: string; readonly gates: readonly Gate[]; readonly outputs: Outputs }> {
  const sums = sumsIn(context.root);
  sums.putSync([context.date, chain], booked);
  const { note, carried, lent } = await settleSegment(parts.dataDirectory, context, { chain, prices, ended });
  if (carried === undefined) return { note, gates: [], outputs: {} };
  // Kept for the evening's books; what was repaid in the day, and not by the close, is in them too.
  await loansOf(parts, context);
  const right = context.chains.reduce((sum, each) => sum + (sums.get([context.date, each]) ?? 0), lent);
  return { note, gates: [{ name: 'cash the close of the engine’s day moved = booked (paise)', left: carried, right }], outputs: { carried } };
}

/** Paise all clients together receive for the shares of the day, by the reconciled trades; T+0 is traded in NSE's segment and closes with it. */
export function sharesBooked(context: NodeContext, chain: Chain): number {
  const chains = chain === 'CM' && context.chains.includes('T0') ? (['CM', 'T0'] as const) : [chain];
  return chains.reduce((sum, each) => sum + netOfBook(reconciledBook(context, each)), 0);
}

/** Tokens of shares by symbol, from the parameters the engine goes by; read when the first is asked for. */
export async function sharesByName({ dataDirectory }: DayParts): Promise<(symbol: string) => number> {
  const engine = await readEngine(dataDirectory);
  let table: ParameterTable | undefined;
  return (symbol) => {
    table ??= tableInForce(dataDirectory, engine);
    // Without an engine nobody is told of the shares.
    return table === undefined ? 0 : shareToken(table, symbol);
  };
}

/** NSE's tokens of the T+0 session, by the parameters the engine goes by; none without an engine. */
export async function sameDayTokens({ dataDirectory }: DayParts): Promise<ReadonlySet<number>> {
  const table = tableInForce(dataDirectory, await readEngine(dataDirectory));
  const found = new Set<number>();
  if (table === undefined) return found;
  for (let row = 0; row < table.instruments; row++) if (((table.flags[row] ?? 0) & InstrumentFlag.SAME_DAY) !== 0) found.add(table.token[row] ?? 0);
  return found;
}
