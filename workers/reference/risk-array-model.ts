// The risk array of one contract from a price model: how the clearing corporation's own arrays were made, as found on published files
// (Black-Scholes on spot without dividend, one flat volatility per underlying, the same base for all contracts). Used by the day generator,
// by live SPAN between two files, and by the command line. Where a file defines its scenarios, the arrays follow it. Transcendental functions are allowed here and nowhere in the fold.
import type { ScanPoint } from '../../engine/index.ts';
import { normalCdf } from './normal-cdf.ts';

/** Inputs of one contract. Prices in rupees, volatilities and rates as fractions a year. */
export interface RiskArrayModel {
  readonly spot: number;
  /** Ignored for a future. */
  readonly strike: number;
  readonly type: 'CE' | 'PE' | 'FUT';
  /** Calendar days to expiry, counted from the previous business date. */
  readonly days: number;
  /** File price: a long option cannot lose more. Absent = no cap. */
  readonly premium?: number | undefined;
  /** Continuous rate, e.g. 0.0609. */
  readonly r: number;
  readonly sigma: number;
  /** Price scan range, rupees; volatility scan range, absolute. */
  readonly psr: number;
  readonly vsr: number;
  /** Days by which time moves on in every scenario (NSE: 2). */
  readonly lookaheadDays: number;
  /** Scenarios 15 and 16: multiple of the price scan range, and the part of the loss that counts (NSE: 2 and 0.35). */
  readonly extremeMultiplier: number;
  readonly cover: number;
  /** The scenarios where a file defines them; then extremeMultiplier and cover are not asked for. */
  readonly scanPoints?: readonly ScanPoint[] | undefined;
}

/** Sixteen losses of one long unit in rupees (2 decimals, loss positive) and the delta (4 decimals). */
export interface RiskArray {
  readonly array: number[];
  readonly delta: number;
}

/** Price moves in thirds of the scan range, scenarios 1 to 14; odd scenarios raise volatility, even ones lower it. */
const PRICE_MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3] as const;
const DAYS_PER_YEAR = 365;

/**
 * ra[s] = weight x ( V(S, T, sigma) - V(S + move, T - lookahead, sigma + shift) ), rounded to 2 decimals; the base is the model's value, not
 * the file price. Scenarios 15 and 16 move by the extreme multiple without a volatility shift and count by `cover`.
 */
export function riskArray(model: RiskArrayModel): RiskArray {
  const years = model.days / DAYS_PER_YEAR;
  const later = (model.days - model.lookaheadDays) / DAYS_PER_YEAR;
  const base = value(model, model.spot, years, model.sigma);
  const loss = (move: number, shift: number): number => base - value(model, model.spot + move, later, model.sigma + shift);
  const array =
    model.scanPoints?.map((point) => point.weight * loss(point.priceMove * model.psr, point.volMove * model.vsr)) ?? standardLosses(model, loss);
  const cap = model.type === 'FUT' || model.premium === undefined ? Number.POSITIVE_INFINITY : model.premium;
  return { array: array.map((entry) => Math.min(rounded(entry, 100), cap)), delta: rounded(deltaOf(model, years), 10_000) };
}

/** Value of one unit at the model's own price and time, rupees. */
export const modelValue = (model: RiskArrayModel): number => value(model, model.spot, model.days / DAYS_PER_YEAR, model.sigma);

function standardLosses(model: RiskArrayModel, loss: (move: number, shift: number) => number): number[] {
  const array = PRICE_MOVES.map((thirds, s) => loss((thirds * model.psr) / 3, s % 2 === 0 ? model.vsr : -model.vsr));
  const extreme = model.extremeMultiplier * model.psr;
  array.push(model.cover * loss(extreme, 0), model.cover * loss(-extreme, 0));
  return array;
}

/** Value of one unit: Black-Scholes, or cost of carry for a future. At or past expiry, what exercise would bring. */
function value(model: RiskArrayModel, spot: number, years: number, sigma: number): number {
  const { strike, type, r } = model;
  // A future's carry may run past expiry by the look-ahead; an option's life may not.
  if (type === 'FUT') return spot * Math.exp(r * years);
  const sign = type === 'CE' ? 1 : -1;
  if (years <= 0 || sigma <= 0 || spot <= 0) {
    const discount = Math.exp(-r * Math.max(0, years));
    return Math.max(0, sign * (Math.max(0, spot) - strike * discount));
  }
  const spread = sigma * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (r + (sigma * sigma) / 2) * years) / spread;
  return sign * (spot * normalCdf(sign * d1) - strike * Math.exp(-r * years) * normalCdf(sign * (d1 - spread)));
}

/** N(d1) for a call, N(d1) - 1 for a put, 1 for a future. */
function deltaOf(model: RiskArrayModel, years: number): number {
  const { spot, strike, type, r, sigma } = model;
  if (type === 'FUT') return 1;
  const put = type === 'PE' ? 1 : 0;
  if (years <= 0 || sigma <= 0) return (spot > strike ? 1 : 0) - put;
  const d1 = (Math.log(spot / strike) + (r + (sigma * sigma) / 2) * years) / (sigma * Math.sqrt(years));
  return normalCdf(d1) - put;
}

/** Nearest multiple of 1/scale, halves away from zero; never minus zero. */
function rounded(x: number, scale: number): number {
  return (Math.sign(x) * Math.round(Math.abs(x) * scale)) / scale + 0;
}
