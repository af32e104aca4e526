// A limit price is a positive multiple of the instrument's tick.
import { Contract } from '../margin/contract-row.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';
import { hasLimitPrice } from './has-limit-price.ts';
import { onTick } from './on-tick.ts';

/** priceTick: value is the price, limit the tick size, both in ticks of 1/10,000 rupee. */
export function priceTick(d: DecisionContext): number {
  const tickSize = d.contracts[d.contractAt + Contract.tickSize] as number;
  d.measure(d.price, tickSize, LimitLevel.exchange);
  if (!hasLimitPrice(d.ordType)) return 0;
  return onTick(d.price, tickSize) ? 0 : RejectCode.priceTick;
}
