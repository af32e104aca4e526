// What one option is worth by the models that make risk arrays: Black-Scholes on a spot without dividend, Black-76 on a future's price, and the
// quadratic approximation of Barone-Adesi and Whaley (1987) for those that may be exercised early. One formula with the cost of carry b: r on a spot, 0 on
// a future. Transcendental functions are allowed here and nowhere in the fold.
import { normalCdf } from './normal-cdf.ts';

/** What an option is on, and when it may be exercised. */
export interface OptionForm {
  /** The underlying's spot (carry r), or a future's price (no carry: Black 1976). */
  readonly on: 'SPOT' | 'FUTURE';
  readonly exercise: 'EUROPEAN' | 'AMERICAN';
}

/** An option on `price`; rupees, rate and volatility as fractions a year, life in years. */
export interface PricedOption extends OptionForm {
  readonly type: 'CE' | 'PE';
  readonly price: number;
  readonly strike: number;
  readonly years: number;
  readonly r: number;
  readonly sigma: number;
}

/** Rupees for one unit of price; without life, price or volatility left, what exercise would bring. Never below 0. */
export function optionValue(option: PricedOption): number {
  return option.exercise === 'AMERICAN' ? americanValue(option) : europeanValue(option);
}

/** Change of the value for a rupee of price: N(d1) on a spot, exp(-rT) N(d1) on a future (less that of the forward for a put). */
export function optionDelta(option: PricedOption): number {
  const { type, price, strike, years, sigma } = option;
  const put = type === 'PE' ? 1 : 0;
  if (years <= 0 || sigma <= 0 || price <= 0) return (price > strike ? 1 : 0) - put;
  if (option.exercise === 'EUROPEAN') return carryFactor(option) * (normalCdf(d1Of(option, price)) - put);
  const step = price * 1e-4;
  return (americanValue({ ...option, price: price + step }) - americanValue({ ...option, price: price - step })) / (2 * step);
}

const carryOf = ({ on, r }: PricedOption): number => (on === 'SPOT' ? r : 0);
/** exp((b - r) T): 1 on a spot, the discount factor on a future. */
const carryFactor = (option: PricedOption): number => Math.exp((carryOf(option) - option.r) * Math.max(0, option.years));
const signOf = ({ type }: PricedOption): number => (type === 'CE' ? 1 : -1);

function d1Of(option: PricedOption, price: number): number {
  const { strike, years, sigma } = option;
  return (Math.log(price / strike) + (carryOf(option) + (sigma * sigma) / 2) * years) / (sigma * Math.sqrt(years));
}

function europeanValue(option: PricedOption): number {
  const { price, strike, years, r, sigma } = option;
  const sign = signOf(option);
  const discount = Math.exp(-r * Math.max(0, years));
  const forward = carryFactor(option);
  if (years <= 0 || sigma <= 0 || price <= 0) return Math.max(0, sign * (Math.max(0, price) * forward - strike * discount));
  const d1 = d1Of(option, price);
  return sign * (price * forward * normalCdf(sign * d1) - strike * discount * normalCdf(sign * (d1 - sigma * Math.sqrt(years))));
}

/** Early exercise never pays for a call on a spot without dividend, nor for anything where money bears nothing. */
function americanValue(option: PricedOption): number {
  const { price, strike, years, r, sigma } = option;
  const sign = signOf(option);
  const exercised = Math.max(0, sign * (Math.max(0, price) - strike));
  if (years <= 0 || sigma <= 0 || price <= 0) return exercised;
  if (r <= 0 || (sign > 0 && carryOf(option) >= r)) return Math.max(exercised, europeanValue(option));
  const power = powerOf(option);
  const critical = criticalPrice(option, power);
  if (sign * (price - critical) >= 0) return exercised;
  const premium = earlyPart(option, critical, power) * (price / critical) ** power;
  return Math.max(exercised, europeanValue(option) + premium);
}

/** The root of the approximation's quadratic: positive for a call, negative for a put. */
function powerOf(option: PricedOption): number {
  const { r, sigma, years } = option;
  const variance = sigma * sigma;
  const n = (2 * carryOf(option)) / variance - 1;
  const m = (2 * r) / variance / (1 - Math.exp(-r * years));
  return (-n + signOf(option) * Math.sqrt(n * n + 4 * m)) / 2;
}

/** What the right of early exercise is worth at the price from which on it is used. */
function earlyPart(option: PricedOption, critical: number, power: number): number {
  const sign = signOf(option);
  return sign * (critical / power) * (1 - carryFactor(option) * normalCdf(sign * d1Of(option, critical)));
}

/** The price from which on exercise pays: where holding is worth as much. Between the strike and as far as any price goes, by false position. */
function criticalPrice(option: PricedOption, power: number): number {
  const { strike } = option;
  const sign = signOf(option);
  const over = (price: number): number => europeanValue({ ...option, price }) + earlyPart(option, price, power) - sign * (price - strike);
  let [near, far] = [strike, strike];
  let [atNear, atFar] = [over(strike), over(strike)];
  for (let turn = 0; turn < 40 && atFar > 0; turn++) {
    [near, atNear] = [far, atFar];
    far = sign > 0 ? far * 1.5 : far / 1.5;
    atFar = over(far);
  }
  for (let turn = 0; turn < 60 && Math.abs(far - near) > strike * 1e-9; turn++) {
    const price = near + ((far - near) * atNear) / (atNear - atFar);
    const found = over(price);
    if (Math.abs(found) < strike * 1e-12) return price;
    // The end that stays is halved, or it would stay for ever (Illinois).
    if (found > 0) [near, atNear, atFar] = [price, found, atFar / 2];
    else [far, atFar, atNear] = [price, found, atNear / 2];
  }
  return near;
}
