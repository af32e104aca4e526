// A made-up market that goes on: each day opens where the day before closed, and a contract keeps its token until it expires. What a night carries into the
// next day is then found there. Follows from the seed and the dates alone, so that any day can be made without the files of the days before it.
import { listMarket, type Market, makeMarket } from './market.ts';
import { spotAt } from './price-walk.ts';
import { makeShares, type Share } from './print-listings.ts';
import { nextTradingDay } from './trading-calendar.ts';
import { type MarketSize, makeUnderlyings, type Underlying } from './underlyings.ts';

/** The step of a price path that is the day's close. */
export const CLOSING_STEP = 5;
/** Each day walks a path of its own. */
const PATH_STEP = 0x9e3779b1;
/** Longest series: each day is made from the day before it. */
const DAYS_MAX = 400;

/** Market and shares of `date` in the series that began at `first`. Throws RangeError when `date` is not within 400 trading days from there. */
export function marketSince(seed: number, first: number, date: number, size: MarketSize): { market: Market; shares: Share[] } {
  const start = makeMarket(seed, first, size);
  let shares = makeShares(seed, start);
  const market = followed(
    { seed, date, start },
    (day) => makeUnderlyings(seed, day, size),
    (before) => {
      const closes = closesOf(before.pathSeed, shares);
      shares = shares.map((share) => ({ ...share, close: closes.get(share.symbol) ?? share.close }));
    },
  );
  return { market, shares };
}

/** A market and where it is to be followed to. */
export interface Followed {
  readonly seed: number;
  readonly date: number;
  readonly start: Market;
}

/**
 * The market of `date`, day after day from `start`: `make` gives a day's underlyings as if it stood alone, `pass` is told of each day that is over.
 * Throws RangeError when `date` is not within 400 trading days.
 */
export function followed(
  { seed, date, start }: Followed,
  make: (date: number) => readonly Underlying[],
  pass: (over: Market) => void = () => {},
): Market {
  let market = start;
  for (let day = 1; market.date < date && day < DAYS_MAX; day++) {
    const closes = closesOf(market.pathSeed, market.underlyings);
    const next = nextTradingDay(market.date);
    const underlyings = make(next).map((each) => ({ ...each, close: closes.get(each.symbol) ?? each.close }));
    pass(market);
    market = listMarket(next, underlyings, { seed, path: (seed + day * PATH_STEP) >>> 0 }, market);
  }
  if (market.date !== date) throw new RangeError(`${date} is not among the ${DAYS_MAX} trading days from ${start.date}`);
  return market;
}

function closesOf(pathSeed: number, traded: readonly { readonly symbol: string; readonly close: number }[]): Map<string, number> {
  return new Map(traded.map(({ symbol, close }) => [symbol, spotAt(pathSeed, symbol, close, CLOSING_STEP)]));
}
