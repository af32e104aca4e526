// Premiums for the made-up market: European Black-Scholes on spot. The market's own price, not the risk array's: its volatility has a smile.
import { normalCdf } from '../normal-cdf.ts';

/** Inputs: prices in rupees, `years` to expiry, annual volatility and continuous rate as fractions. */
export interface PriceInputs {
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly sigma: number;
  readonly rate: number;
}

/** Option price in rupees; the intrinsic value at expiry. */
export function optionPrice(kind: 'CE' | 'PE', inputs: PriceInputs): number {
  const { spot, strike, years, sigma, rate } = inputs;
  const discounted = strike * Math.exp(-rate * years);
  const sign = kind === 'CE' ? 1 : -1;
  const deviation = sigma * Math.sqrt(years);
  if (deviation < 1e-9) return Math.max(0, sign * (spot - discounted));
  const d1 = Math.log(spot / discounted) / deviation + deviation / 2;
  return sign * (spot * normalCdf(sign * d1) - discounted * normalCdf(sign * (d1 - deviation)));
}
