// Trigger price of stop orders.
import { OrdType, Side } from '../instrument.ts';
import { Contract } from '../margin/contract-row.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Leg } from '../state/linked-orders.ts';
import type { DecisionContext } from './decision-context.ts';
import { onTick } from './on-tick.ts';

/** stopPrice: value is StopPx, limit the price it must not pass. A stop price is on tick, in the band, and not beyond the limit price. */
export function stopPrice(d: DecisionContext): number {
  const stops = d.ordType === OrdType.STOP || d.ordType === OrdType.STOP_LIMIT;
  // Of an entry it is the trigger of its stop-loss: see stop-loss-range.ts.
  if (d.leg === Leg.ENTRY || d.leg === Leg.RELEASED) {
    d.measure(0, 0, LimitLevel.exchange);
    return 0;
  }
  d.measure(d.stopPx, stops && d.ordType === OrdType.STOP_LIMIT ? d.price : 0, LimitLevel.exchange);
  if (!stops) return d.stopPx === 0 ? 0 : RejectCode.stopPrice;
  const high = d.contracts[d.contractAt + Contract.bandHigh] as number;
  if (!onTick(d.stopPx, d.contracts[d.contractAt + Contract.tickSize] as number)) return RejectCode.stopPrice;
  if (high > 0 && (d.stopPx > high || d.stopPx < (d.contracts[d.contractAt + Contract.bandLow] as number))) return RejectCode.stopPrice;
  if (d.ordType === OrdType.STOP) return 0;
  return (d.side === Side.BUY ? d.stopPx <= d.price : d.stopPx >= d.price) ? 0 : RejectCode.stopPrice;
}
