// Shares bought with funding (MTF), as the engine has them at the end of a day: its lots, with what the day's trades make of them at the close.
// Settlement is prepared in the evening of the cash segment, hours before the close of the engine's day makes the lots; both say the same, because
// trading in shares is over.
import type { EngineClient, EngineState } from './engine-state.ts';
import { tableInForce } from './table-in-force.ts';

/** Units left of a day's purchase of a share. */
export interface FundedUnits {
  readonly segment: number;
  readonly token: number;
  /** yyyymmdd. */
  readonly boughtOn: number;
  readonly units: number;
}

/** Has anybody shares bought with funding? */
export const isFundingHeld = ({ clients }: Pick<EngineState, 'clients'>): boolean =>
  [...clients.values()].some(({ lots = [], positions }) => lots.length > 0 || positions.some(({ isFunded, net }) => isFunded === true && net !== 0));

type Listing = Pick<FundedUnits, 'segment' | 'token'>;

/** One name for the listings of a share that settle as one. */
export type ShareNames = (listing: Listing) => string;

const listingName = ({ segment, token }: Listing): string => `${segment}/${token}`;

/** Names by the parameters the engine goes by: its close nets two listings by nothing else. */
export function shareNames(dataDirectory: string, engine: Pick<EngineState, 'slots'>): ShareNames {
  const pairs = tableInForce(dataDirectory, engine)?.details.sameShare ?? [];
  const leads = new Map(
    pairs.map(([segment, token, otherSegment, otherToken]) => [
      listingName({ segment: otherSegment, token: otherToken }),
      listingName({ segment, token }),
    ]),
  );
  return (listing) => leads.get(listingName(listing)) ?? listingName(listing);
}

/** What the close is told of, or goes by, beside the client's own rows. */
export interface CloseTerms {
  /** Day the engine has open, or closed last, yyyymmdd. */
  readonly businessDate: number;
  /** Units pledged of a lot by then: those the engine is told of before its close count there. */
  readonly pledgedOf: (lot: FundedUnits) => number;
  readonly shareName: ShareNames;
}

/** What of a client the close looks at. */
export type ClosingClient = Pick<EngineClient, 'lots' | 'positions' | 'holdings' | 'deliveredEarly'>;

/**
 * A client's lots after the close of the day: purchases make one, but for what nets with a delivery sale the client has no units for; sales take what
 * is not pledged before what is, each the oldest first.
 */
export function lotsAtClose(client: ClosingClient, { businessDate, pledgedOf, shareName }: CloseTerms): FundedUnits[] {
  const { lots = [], positions } = client;
  const left = [...lots].sort((a, b) => a.boughtOn - b.boughtOn).map(({ segment, token, boughtOn, units }) => ({ segment, token, boughtOn, units }));
  const pledged = new Map(left.map((lot) => [lot, Math.min(lot.units, pledgedOf(lot))]));
  const owed = uncoveredSales(client, shareName);
  for (const { segment, token, net, isFunded } of positions) {
    if (isFunded !== true) continue;
    const own = left.filter((lot) => lot.segment === segment && lot.token === token);
    const moved = net - own.reduce((sum, { units }) => sum + units, 0);
    const lot = Math.max(0, moved) - owed.take(shareName({ segment, token }), Math.max(0, moved));
    if (lot > 0) left.push({ segment, token, boughtOn: businessDate, units: lot });
    let sold = Math.max(0, -moved);
    const takeDownTo = (floorOf: CloseTerms['pledgedOf']): void => {
      for (const each of own) {
        const taken = Math.min(sold, Math.max(0, each.units - floorOf(each)));
        each.units -= taken;
        sold -= taken;
      }
    };
    takeDownTo((each) => pledged.get(each as (typeof own)[number]) ?? 0);
    takeDownTo(() => 0);
  }
  return left.filter(({ units }) => units > 0);
}

/** Units by share that are sold for delivery, or oversold out of lots, beyond what is bought for delivery, free, or delivered early. */
function uncoveredSales(
  { positions, holdings, deliveredEarly = [] }: ClosingClient,
  shareName: ShareNames,
): { take: (share: string, units: number) => number } {
  const missing = new Map<string, number>();
  const add = (listing: Listing, units: number): unknown => missing.set(shareName(listing), (missing.get(shareName(listing)) ?? 0) + units);
  for (const { net, isFunded, ...listing } of positions) add(listing, isFunded === true ? Math.max(0, -net) : -net);
  for (const { free, ...listing } of holdings) {
    const early = deliveredEarly.find(({ segment, token }) => segment === listing.segment && token === listing.token);
    add(listing, -Math.max(free, early?.units ?? 0));
  }
  for (const { units, ...listing } of deliveredEarly)
    if (!holdings.some(({ segment, token }) => segment === listing.segment && token === listing.token)) add(listing, -units);
  return {
    take: (share, units) => {
      const taken = Math.min(units, Math.max(0, missing.get(share) ?? 0));
      missing.set(share, (missing.get(share) ?? 0) - taken);
      return taken;
    },
  };
}
