// Tick, price band and freeze quantity by rule, for instruments whose contract file does not give them. Ticks are 1/10,000 rupee.
// Evidence: freeze quantities and cash ticks are exchange practice as generally known, not read from a circular here; the derivative
// bands are this program's own computed range, wide enough for a day's move. A file's own value always replaces them.
import { ExchangeSegment } from '../../engine/index.ts';

/** Index options and futures: largest order by index level (lower bound in rupees, units), from high to low. */
const INDEX_FREEZE: readonly (readonly [number, number])[] = [
  [55_000, 600],
  [40_000, 900],
  [27_500, 1200],
  [17_500, 1800],
  [12_500, 2800],
  [8_500, 4000],
  [5_750, 5500],
  [0, 8500],
];

/** Largest order in units; 0 = no rule known (stock derivatives, cash). Never below one lot. */
export function freezeQuantityByRule(isIndex: boolean, underlyingPrice: number, lot: number): number {
  if (!isIndex || underlyingPrice <= 0) return 0;
  const level = INDEX_FREEZE.find(([from]) => underlyingPrice / 10_000 > from);
  return Math.max(level?.[1] ?? 0, lot);
}

/** Tick of NSE equity derivatives: 5 paise. */
const DERIVATIVE_TICK = 500;

const CURRENCY_TICK = 25;

/** Tick of a derivative whose file gives none: a quarter paisa for currency, else 5 paise (commodities are coarser, by product). */
export function derivativeTickByRule(segment: number): number {
  return segment === ExchangeSegment.CDS || segment === ExchangeSegment.BCD ? CURRENCY_TICK : DERIVATIVE_TICK;
}

/** Cash tick, never coarser than the exchange's: one paisa below Rs 250, else 5 paise. */
export function cashTickByRule(previousClose: number): number {
  return previousClose < 250 * 10_000 ? 100 : 500;
}

/** Lowest and highest permitted price, ticks. */
export interface PriceBand {
  readonly low: number;
  readonly high: number;
}

function between(low: number, high: number, tick: number): PriceBand {
  return { low: Math.max(tick, Math.ceil(low / tick) * tick), high: Math.max(tick, Math.floor(high / tick) * tick) };
}

/** Cash: as many per cent either side of the previous close, 20 where no list of the exchange says otherwise. */
export function cashBand(previousClose: number, tick: number, percent = 20): PriceBand {
  return between((previousClose * (100 - percent)) / 100, (previousClose * (100 + percent)) / 100, tick);
}

/** Futures: 10 % either side of the base price. */
export function futureBand(base: number, tick: number): PriceBand {
  return between(base * 0.9, base * 1.1, tick);
}

/**
 * Options: from one tick up to the base price plus the largest of: the base price again, delta times 10 % of the underlying, and 0.5 %
 * of the underlying.
 */
export function optionBand(base: number, underlyingPrice: number, delta: number, tick: number): PriceBand {
  const room = Math.max(base, Math.abs(delta) * underlyingPrice * 0.1, underlyingPrice * 0.005);
  return between(tick, base + room, tick);
}
