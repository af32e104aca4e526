// What auctions come to in money for the member: one settlement of type A per auction, its clients' debits and credits netted. Read by the money legs
// of the node that booked them.
import type { NodeContext } from '../../runner/index.ts';
import { ShortageStore } from '../../securities/shortage-store.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { AUCTIONEER } from './securities-auction.ts';

/** One auction's settlement. Paise; above zero the member receives. */
export interface AuctionFunds {
  readonly clearing: string;
  readonly number: string;
  readonly type: 'A';
  /** Pay-in date, yyyymmdd. */
  readonly due: number;
  readonly net: number;
}

/** Auctions whose shortages the run of `context` booked; of the cash segment only. */
export function auctionFunds({ calendar }: Pick<DayParts, 'calendar'>, context: NodeContext): AuctionFunds[] {
  if (context.segment !== 'CM') return [];
  const nets = new Map<string, number>();
  for (const { outcome } of new ShortageStore(context.root).bookedBy(context.runId))
    if (outcome !== undefined) nets.set(outcome.settlement, (nets.get(outcome.settlement) ?? 0) + outcome.money);
  const due = dayNumber(calendar.settlementDay(context.date, 1));
  return [...nets].map(([number, net]) => ({ clearing: AUCTIONEER, number, type: 'A', due, net }));
}
