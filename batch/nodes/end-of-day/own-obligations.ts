// What our own books say the settlements of a segment come to, client by client: cash from the reconciled trades by settlement number and from the shares that
// expired contracts deliver, derivatives from premium and mark to market of the day.
import { type Chain, chainsIn, chainsSettledIn, type Segment } from '../../graph/node-row.ts';
import type { NodeContext } from '../../runner/index.ts';
import { paiseOfTickUnits } from './client-charges.ts';
import type { DayParts } from './day-parts.ts';
import { type DerivativeChain, derivativeDay } from './derivative-day.ts';
import { settledByClient } from './mark-to-market.ts';
import { type ClientExpiry, expiriesLeft, normalSettlement } from './physical-delivery.ts';
import { reconciledBook } from './reconciled-book.ts';

/** Net funds by "TYPE NUMBER" and client, paise; above zero the client receives. */
export type Obligations = Map<string, Map<string, number>>;

/** What is delivered out of derivatives, and in which settlement ("TYPE NUMBER"). */
export interface Delivered {
  readonly settlement: string;
  readonly expiries: readonly ClientExpiry[];
}

/** Where no derivative delivers. */
export const NOTHING_DELIVERED: Delivered = { settlement: '', expiries: [] };

/** What the derivatives left to be delivered; it settles in the normal settlement among those `named` by trades and clearing corporation. */
export function deliveredToday(context: NodeContext, named: Iterable<string>): Delivered {
  const expiries = context.chains.flatMap((chain) => expiriesLeft(context, chain)).filter(({ delivered }) => delivered.length > 0);
  return { settlement: expiries.length === 0 ? '' : normalSettlement(named) || ' ', expiries };
}

/** A derivative segment's obligations, of every exchange. Clients who owe and get nothing are left out. */
export async function derivativeObligations(parts: DayParts, context: NodeContext, segment: Exclude<Segment, 'CM'>): Promise<Obligations> {
  const clients = new Map<string, number>();
  for (const chain of chainsIn(segment, context.chains) as DerivativeChain[]) {
    const { days } = await derivativeDay(parts, context, chain);
    for (const [client, { premium, markToMarket }] of settledByClient(days))
      if (premium + markToMarket !== 0) clients.set(client, (clients.get(client) ?? 0) + premium + markToMarket);
  }
  return clients.size === 0 ? new Map() : new Map([[' ', clients]]);
}

/** Obligations of the cash segment or of T+0: its trades, and (cash) what is delivered in one of their settlements or of those `named`. */
export function cashObligations(
  context: NodeContext,
  settled: 'CM' | 'T0',
  named: Iterable<string>,
): { readonly ours: Obligations; readonly delivered: Delivered } {
  const ours: Obligations = new Map();
  for (const chain of chainsSettledIn(settled, context.chains)) addTraded(ours, context, chain);
  if (settled === 'T0') return { ours, delivered: NOTHING_DELIVERED };
  const delivered = deliveredToday(context, [...ours.keys(), ...named]);
  for (const { client, delivered: contracts } of delivered.expiries) {
    const ofSettlement = ours.get(delivered.settlement) ?? new Map<string, number>();
    ours.set(delivered.settlement, ofSettlement);
    ofSettlement.set(client, (ofSettlement.get(client) ?? 0) + amountOf(contracts));
  }
  return { ours, delivered };
}

/** Paise a client receives (above zero) or pays for what it gives or gets. */
export const amountOf = (delivered: ClientExpiry['delivered']): number => delivered.reduce((sum, { amount }) => sum + amount, 0);

/** Adds what the trades of one exchange come to. */
function addTraded(found: Obligations, context: NodeContext, chain: Chain): void {
  const book = reconciledBook(context, chain);
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
      ofSettlement.set(client, (ofSettlement.get(client) ?? 0) + paiseOfTickUnits(value));
      found.set(settlement, ofSettlement);
    }
  }
}
