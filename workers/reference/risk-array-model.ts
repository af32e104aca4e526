// The risk array of one contract from a price model: how the clearing corporation's own arrays were made, as found on published files
// (Black-Scholes on spot without dividend, one flat volatility per underlying, the same base for all contracts; options on a future: Black-76 on that
// future's price). Used by the day generator, by live SPAN between two files, and by the command line. Where a file defines its scenarios, the arrays follow
// it. Transcendental functions are allowed here and nowhere in the fold.
import type { ScanPoint } from '../../engine/index.ts';
import { type OptionForm, optionDelta, optionValue, type PricedOption } from './option-value.ts';

/** Inputs of one contract. Prices in rupees, volatilities and rates as fractions a year. */
export interface RiskArrayModel {
  /** An option's form; absent: a European one on the spot. */
  readonly on?: OptionForm['on'] | undefined;
  readonly exercise?: OptionForm['exercise'] | undefined;
  /** Price of what the contract is on: the underlying's spot, or the price of the future an option is on. */
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
  /** Rupees of value for a rupee of price (a contract of 100 barrels: 100); absent = 1. Losses and values are multiplied by it, prices are not. */
  readonly valueFactor?: number | undefined;
  /** Price scan range, rupees of price; volatility scan range, absolute. */
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
  const cap = model.type === 'FUT' || model.premium === undefined ? Number.POSITIVE_INFINITY : model.premium * (model.valueFactor ?? 1);
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

/** Value of one unit: the option by its model, or cost of carry for a future, times the value factor. At or past expiry, what exercise would bring. */
function value(model: RiskArrayModel, price: number, years: number, sigma: number): number {
  const { type, r, valueFactor = 1 } = model;
  // A future's carry may run past expiry by the look-ahead; an option's life may not.
  return valueFactor * (type === 'FUT' ? price * Math.exp(r * years) : optionValue(optionOf(model, type, { price, years, sigma })));
}

function optionOf(model: RiskArrayModel, type: 'CE' | 'PE', at: Pick<PricedOption, 'price' | 'years' | 'sigma'>): PricedOption {
  const { strike, r, on = 'SPOT', exercise = 'EUROPEAN' } = model;
  return { type, strike, r, on, exercise, price: at.price, years: at.years, sigma: at.sigma };
}

/** Of one unit of price, whatever the value factor; 1 for a future. */
function deltaOf(model: RiskArrayModel, years: number): number {
  const { spot: price, type, sigma } = model;
  return type === 'FUT' ? 1 : optionDelta(optionOf(model, type, { price, years, sigma }));
}

/** Nearest multiple of 1/scale, halves away from zero; never minus zero. */
function rounded(x: number, scale: number): number {
  return (Math.sign(x) * Math.round(Math.abs(x) * scale)) / scale + 0;
}
