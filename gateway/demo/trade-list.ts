// The exchange's trades as a list of lines, for whoever plays its evening: what `tarazu-batch sandbox --trades` reads. Written as they happen; a run that goes
// on adds to it.
import { appendFileSync } from 'node:fs';
import { ExchangeSegment, type ParameterTable } from '../../engine/index.ts';
import { isOfSession } from '../market-data/simulated-market.ts';
import type { ExchangeReport } from './simulated-exchange.ts';

/** Segment as the sandbox's list names it, by ExchangeSegment: those the demo trades. */
const SEGMENT: Readonly<Record<number, string>> = {
  [ExchangeSegment.NSE]: 'CM',
  [ExchangeSegment.NFO]: 'FO',
  [ExchangeSegment.BSE]: 'BSE',
  [ExchangeSegment.BFO]: 'BFO',
  [ExchangeSegment.CDS]: 'CD',
  [ExchangeSegment.MCX]: 'COM',
};
const TICKS_PER_RUPEE = 10_000;

/** Appends one trade to the file; T+0's, a session of NSE's cash segment, under a name of its own. `time` is HH:MM:SS. */
export function listTrade(file: string, table: ParameterTable, { order, lastQuantity, lastPrice, tradeId }: ExchangeReport, time: string): void {
  const trade = {
    segment: isOfSession(table, order.row) ? 'T0' : (SEGMENT[table.segment[order.row] ?? 0] ?? ''),
    token: table.token[order.row] ?? 0,
    client: order.account,
    side: order.side === 1 ? 'B' : 'S',
    quantity: lastQuantity,
    price: lastPrice / TICKS_PER_RUPEE,
    tradeId,
    orderId: order.orderId,
    time,
  };
  appendFileSync(file, `${JSON.stringify(trade)}\n`);
}
