// Daily price band of the instrument.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';
import { hasLimitPrice } from './has-limit-price.ts';

/** priceBand: value is the price, limit the bound it passed. An order without price needs an upper band to be valued by. */
export function priceBand(d: DecisionContext): number {
  const table = d.state.derived.parameters;
  // Not table?.…: a double that may be undefined is a heap object.
  const low = table === undefined ? 0 : (table.bandLow[d.instrument] ?? 0);
  const high = table === undefined ? 0 : (table.bandHigh[d.instrument] ?? 0);
  const price = d.valuation;
  d.measure(price, price < low ? low : high, LimitLevel.exchange);
  if (high <= 0) return hasLimitPrice(d.ordType) ? 0 : RejectCode.priceBand;
  return price >= low && price <= high ? 0 : RejectCode.priceBand;
}
