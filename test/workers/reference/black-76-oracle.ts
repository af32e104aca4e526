// Black's formula of 1976 once more, in thirty digits and by another way to the normal distribution, for tests only.
import { Decimal } from 'decimal.js';

const Exact = Decimal.clone({ precision: 34 });

/** Amounts in rupees, rates as fractions a year. */
export interface FutureOption {
  readonly type: 'CE' | 'PE';
  readonly future: number;
  readonly strike: number;
  readonly years: number;
  readonly r: number;
  readonly sigma: number;
}

/** Value and delta of one option on a future; at or past expiry what exercise brings. */
export function black76({ type, future, strike, years, r, sigma }: FutureOption): { readonly value: Decimal; readonly delta: Decimal } {
  const sign = type === 'CE' ? 1 : -1;
  const [forward, at] = [new Exact(future), new Exact(strike)];
  if (years <= 0) return { value: Decimal.max(0, forward.minus(at).times(sign)), delta: new Exact(forward.gt(at) ? 1 : 0).minus(sign > 0 ? 0 : 1) };
  const spread = new Exact(sigma).times(new Exact(years).sqrt());
  const d1 = forward.div(at).ln().div(spread).plus(spread.div(2));
  const discount = new Exact(r).times(years).neg().exp();
  const chance = (x: Decimal): Decimal => normal(x.times(sign));
  const value = forward
    .times(chance(d1))
    .minus(at.times(chance(d1.minus(spread))))
    .times(sign)
    .times(discount);
  return { value, delta: discount.times(chance(d1)).times(sign) };
}

/** P(X <= x) by the alternating power series of the error function. */
function normal(x: Decimal): Decimal {
  if (x.abs().gt(8)) return new Exact(x.gt(0) ? 1 : 0);
  const y = x.div(new Exact(2).sqrt());
  const squared = y.times(y).neg();
  let power = y;
  let sum = y;
  for (let n = 1; n < 400 && power.abs().gt(1e-40); n++) {
    power = power.times(squared).div(n);
    sum = sum.plus(power.div(2 * n + 1));
  }
  return sum.div(Exact.acos(-1).sqrt()).plus(0.5);
}
