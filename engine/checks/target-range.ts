// The target of a bracket order: compulsory, on the gaining side of the entry's price, inside the band, and within the policy's range of it. It is
// one limit order of two exits, so it earns no margin relief and costs none: the two count as their larger (state/working-terms.ts), and what is held
// for the position stays. Brokers took bracket orders off their lists in 2020 and 2021, when peak margins ended the leverage they were bought for
// (SEBI/HO/MRD2/DCAP/CIR/P/2020/127); no rule forbids one with full margin, which is why it stands here and the house must name targetMost to take
// it.
import { Product, Side } from '../instrument.ts';
import { Contract } from '../margin/contract-row.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Leg } from '../state/linked-orders.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { onTick } from './on-tick.ts';

const WHOLE = 10_000;

/** targetRange: value is the way from the entry's price to its target, limit the farthest it may be, ticks. A leg's price is free: it only closes. */
export function targetRange(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.firm);
  if (d.product !== Product.BO || (d.leg !== Leg.ENTRY && d.leg !== Leg.RELEASED)) return 0;
  const way = d.targetWay;
  const most = Math.floor((d.price * d.state.meta.u16(META_ROW, Meta.targetMost)) / WHOLE);
  d.measure(way, most, LimitLevel.firm);
  if (way === 0 || way > most) return RejectCode.targetRange;
  const target = d.side === Side.BUY ? d.price + way : d.price - way;
  if (!onTick(target, d.contracts[d.contractAt + Contract.tickSize] as number)) return RejectCode.targetRange;
  const isInside =
    target >= (d.contracts[d.contractAt + Contract.bandLow] as number) && target <= (d.contracts[d.contractAt + Contract.bandHigh] as number);
  return isInside ? 0 : RejectCode.targetRange;
}
