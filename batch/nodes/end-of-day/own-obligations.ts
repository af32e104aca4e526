// What our own books say the settlements of a segment come to, client by client: cash from the reconciled trades by settlement number, derivatives from premium
// and mark to market of the day.
import { readFileSync } from 'node:fs';
import type { Segment } from '../../graph/node-row.ts';
import { TRADE_ROLE } from '../../ports/file-names.ts';
import { TradeBook } from '../../recon/trade-book.ts';
import type { NodeContext } from '../../runner/index.ts';
import { paiseOfTickUnits } from './client-charges.ts';
import { type DayParts, dayNumber, useKept } from './day-parts.ts';
import { derivativeDay } from './derivative-day.ts';
import { settledByClient } from './mark-to-market.ts';

/** Net funds by "TYPE NUMBER" and client, paise; above zero the client receives. Clients who owe and get nothing are left out. */
export async function ownObligations(parts: DayParts, context: NodeContext, segment: Segment): Promise<Map<string, Map<string, number>>> {
  if (segment !== 'CM') {
    const { days } = await derivativeDay(parts, context, segment);
    const clients = new Map<string, number>();
    for (const [client, { premium, markToMarket }] of settledByClient(days, dayNumber(context.date)))
      if (premium + markToMarket !== 0) clients.set(client, premium + markToMarket);
    return clients.size === 0 ? new Map() : new Map([[' ', clients]]);
  }
  const role = TRADE_ROLE[segment];
  const book = TradeBook.fromBytes(readFileSync(useKept(context, `${role}-reconciled`, context.outputsOf(`EOD-RECON@${segment}`))));
  const found = new Map<string, Map<string, number>>();
  const { clients, starts, rows } = book.byClient();
  for (const [index, client] of clients.entries()) {
    const net = new Map<string, bigint>();
    for (let i = starts[index] ?? 0; i < (starts[index + 1] ?? 0); i++) {
      const { settlement, side, quantity, price } = book.trade(rows[i] ?? 0);
      const value = BigInt(quantity) * BigInt(price);
      net.set(settlement, (net.get(settlement) ?? 0n) + (side === 'S' ? value : -value));
    }
    for (const [settlement, value] of net) {
      const ofSettlement = found.get(settlement) ?? new Map<string, number>();
      ofSettlement.set(client, paiseOfTickUnits(value));
      found.set(settlement, ofSettlement);
    }
  }
  return found;
}
