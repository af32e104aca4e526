// The engine's side of a segment's evening: its settlement prices go in, and the last segment closes the engine's day. What the close brought to clients' cash is
// laid beside what the books have for the day, segment by segment: both follow from the same trades, over two different roads.
import { readFileSync } from 'node:fs';
import type { Database, RootDatabase } from 'lmdb';
import { SEGMENTS, type Segment } from '../../graph/node-row.ts';
import { TRADE_ROLE } from '../../ports/file-names.ts';
import { TradeBook } from '../../recon/trade-book.ts';
import type { Gate, NodeContext, Outputs } from '../../runner/index.ts';
import { type SettlementPrice, settleSegment } from '../engine/day-edges.ts';
import { netOfBook } from './client-charges.ts';
import { type DayParts, useKept } from './day-parts.ts';

/** What the books say of a segment's day. */
interface SegmentDay {
  /** Paise all clients together receive: premium, mark to market, shares. */
  readonly booked: number;
  readonly prices: readonly SettlementPrice[];
}

const sumsIn = (root: RootDatabase): Database<number, [date: string, segment: string]> =>
  root.openDB({ name: 'settled-in-engine', encoding: 'msgpack' });

/** See the file's head. The gate, and `carried` (paise) in the outputs, are there once: at the segment that closed the day. */
export async function settleEngine(
  { dataDirectory }: DayParts,
  context: NodeContext,
  segment: Segment,
  { booked, prices }: SegmentDay,
): Promise<{ readonly note: string; readonly gates: readonly Gate[]; readonly outputs: Outputs }> {
  const sums = sumsIn(context.root);
  sums.putSync([context.date, segment], booked);
  const { note, carried } = await settleSegment(dataDirectory, context, segment, prices);
  if (carried === undefined) return { note, gates: [], outputs: {} };
  const right = SEGMENTS.reduce((sum, each) => sum + (sums.get([context.date, each]) ?? 0), 0);
  return { note, gates: [{ name: 'cash the close of the engine’s day moved = booked (paise)', left: carried, right }], outputs: { carried } };
}

/** Paise all clients together receive for the shares of the day, by the reconciled trades. */
export function sharesBooked(context: NodeContext): number {
  const role = TRADE_ROLE.CM;
  return netOfBook(TradeBook.fromBytes(readFileSync(useKept(context, `${role}-reconciled`, context.outputsOf('EOD-RECON@CM')))));
}
