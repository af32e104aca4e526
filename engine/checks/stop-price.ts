// Trigger price of stop orders.
import { OrdType, Side } from '../instrument.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';
import { onTick } from './on-tick.ts';

/** stopPrice: value is StopPx, limit the price it must not pass. A stop price is on tick, in the band, and not beyond the limit price. */
export function stopPrice(d: DecisionContext): number {
  const stops = d.ordType === OrdType.STOP || d.ordType === OrdType.STOP_LIMIT;
  d.measure(d.stopPx, stops && d.ordType === OrdType.STOP_LIMIT ? d.price : 0, LimitLevel.exchange);
  if (!stops) return d.stopPx === 0 ? 0 : RejectCode.stopPrice;
  const table = d.state.derived.parameters;
  if (table === undefined) return RejectCode.parametersMissing;
  const high = table.bandHigh[d.instrument] ?? 0;
  if (!onTick(d.stopPx, table.tickSize[d.instrument] ?? 1)) return RejectCode.stopPrice;
  if (high > 0 && (d.stopPx > high || d.stopPx < (table.bandLow[d.instrument] ?? 0))) return RejectCode.stopPrice;
  if (d.ordType === OrdType.STOP) return 0;
  return (d.side === Side.BUY ? d.stopPx <= d.price : d.stopPx >= d.price) ? 0 : RejectCode.stopPrice;
}
