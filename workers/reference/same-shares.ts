// Which shares both exchanges list: by ISIN, the ordinary series of each, both with a close. Positions in them net since clearing corporations are
// interoperable (engine/rules); the listing at NSE leads, so that its close and rate are those of both.
import { ExchangeSegment, ruleOn, type TableDetails } from '../../engine/index.ts';
import { isSameDay, isTradeToTrade } from './cash-row.ts';
import type { Listing } from './listing.ts';

/** Groups of BSE that settle net; the others are trade for trade, of small companies or not for shares. */
const NET_GROUPS_OF_BSE: ReadonlySet<string> = new Set(['A', 'B', 'E', 'X']);

/** What decides besides the listings. */
export interface SharingDay {
  readonly businessDate: number;
  /** `symbol|series` margined in full. */
  readonly underSurveillance: ReadonlySet<string>;
}

/** The pairs, by ISIN; nothing before the rule's day. Several series of one ISIN at one exchange: the ordinary one, else none. */
export function sameShares(listings: readonly Listing[], day: SharingDay): Pick<TableDetails, 'sameShare'> {
  if (ruleOn('cash.netAcrossExchanges', day.businessDate) === undefined) return {};
  const found = new Map<string, Listing[]>();
  for (const listing of listings) {
    if (listing.kind !== 'EQ' || listing.isin === undefined || !settlesNet(listing, day)) continue;
    found.set(listing.isin, [...(found.get(listing.isin) ?? []), listing]);
  }
  const pairs = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => pairOf(own));
  return pairs.length === 0 ? {} : { sameShare: pairs };
}

/** Not trade for trade, not paid in full for surveillance, and with a price to margin it by. */
function settlesNet(listing: Listing, { underSurveillance }: SharingDay): boolean {
  return (
    listing.previousClose > 0 && !isTradeToTrade(listing) && !isSameDay(listing) && !underSurveillance.has(`${listing.symbol}|${listing.series}`)
  );
}

function pairOf(own: readonly Listing[]): NonNullable<TableDetails['sameShare']>[number][] {
  const nse = onlyOne(own.filter(({ segment }) => segment === ExchangeSegment.NSE));
  const bse = onlyOne(own.filter(({ segment, series }) => segment === ExchangeSegment.BSE && NET_GROUPS_OF_BSE.has(series)));
  return nse === undefined || bse === undefined ? [] : [[nse.segment, nse.token, bse.segment, bse.token]];
}

/** NSE lists same-day settlement and block deals under the same ISIN: of several series EQ is the ordinary one. */
function onlyOne(listings: readonly Listing[]): Listing | undefined {
  return listings.length === 1 ? listings[0] : listings.find(({ series }) => series === 'EQ');
}

/** Shares of the T+0 session with the listing they are held under: the ordinary one of the same ISIN at NSE. One without is left out, and cannot be sold. */
export function sameDayShares(listings: readonly Listing[]): Pick<TableDetails, 'sameDay'> {
  const homes = new Map<string, Listing>();
  for (const listing of listings)
    if (listing.kind === 'EQ' && listing.segment === ExchangeSegment.NSE && listing.series === 'EQ' && listing.isin !== undefined)
      homes.set(listing.isin, listing);
  const tied = listings.flatMap((listing): NonNullable<TableDetails['sameDay']>[number][] => {
    const home = isSameDay(listing) ? homes.get(listing.isin ?? '') : undefined;
    return home === undefined ? [] : [[listing.segment, listing.token, home.token]];
  });
  return tied.length === 0 ? {} : { sameDay: tied.sort(([, a], [, b]) => a - b) };
}
