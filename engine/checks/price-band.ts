// Daily price band of the instrument.
import { Contract } from '../margin/contract-row.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';
import { hasLimitPrice } from './has-limit-price.ts';

/** priceBand: value is the price, limit the bound it passed. An order without price needs an upper band to be valued by. */
export function priceBand(d: DecisionContext): number {
  const low = d.contracts[d.contractAt + Contract.bandLow] as number;
  const high = d.contracts[d.contractAt + Contract.bandHigh] as number;
  const price = d.valuation;
  d.measure(price, price < low ? low : high, LimitLevel.exchange);
  if (high <= 0) return hasLimitPrice(d.ordType) ? 0 : RejectCode.priceBand;
  return price >= low && price <= high ? 0 : RejectCode.priceBand;
}
