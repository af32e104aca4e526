// A made-up market that goes on: each day opens where the day before closed, and a contract keeps its token until it expires. What a night carries into the
// next day is then found there. Follows from the seed and the dates alone, so that any day can be made without the files of the days before it.
import { listMarket, type Market, makeMarket } from './market.ts';
import { spotAt } from './price-walk.ts';
import { makeShares, type Share } from './print-listings.ts';
import { nextTradingDay } from './trading-calendar.ts';
import { type MarketSize, makeUnderlyings } from './underlyings.ts';

/** The step of a price path that is the day's close. */
export const CLOSING_STEP = 5;
/** Each day walks a path of its own. */
const PATH_STEP = 0x9e3779b1;
/** Longest series: each day is made from the day before it. */
const DAYS_MAX = 400;

/** Market and shares of `date` in the series that began at `first`. Throws RangeError when `date` is not within 400 trading days from there. */
export function marketSince(seed: number, first: number, date: number, size: MarketSize): { market: Market; shares: Share[] } {
  let market = makeMarket(seed, first, size);
  let shares = makeShares(seed, market);
  for (let day = 1; market.date < date && day < DAYS_MAX; day++) {
    const closes = closesOf(market, shares);
    const underlyings = makeUnderlyings(seed, nextTradingDay(market.date), size).map((each) => ({
      ...each,
      close: closes.get(each.symbol) ?? each.close,
    }));
    market = listMarket(nextTradingDay(market.date), underlyings, { seed, path: (seed + day * PATH_STEP) >>> 0 }, market);
    shares = shares.map((share) => ({ ...share, close: closes.get(share.symbol) ?? share.close }));
  }
  if (market.date !== date) throw new RangeError(`${date} is not among the ${DAYS_MAX} trading days from ${first}`);
  return { market, shares };
}

function closesOf({ underlyings, pathSeed }: Market, shares: readonly Share[]): Map<string, number> {
  return new Map([...underlyings, ...shares].map(({ symbol, close }) => [symbol, spotAt(pathSeed, symbol, close, CLOSING_STEP)]));
}
