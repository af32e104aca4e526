// What the house lends all clients together (MTF): the slot's slice of it, where one is in force. A broker's exposure to margin trading stays within
// what it may borrow and use of its own: SEBI CIR/MRD/DP/54/2017 (reported); how much that is, is the house's figure.
import { Side } from '../instrument.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { fundedRateOf, lentOn } from '../state/funding.ts';
import { isSliced, SliceCell, SlicePool, sliceOf } from '../state/slices.ts';
import { heldValue } from '../state/working-terms.ts';
import type { DecisionContext } from './decision-context.ts';

/**
 * fundingExhausted: value is what the slot's clients would draw, limit the slice, paise. Only of MTF orders; sets what the order draws beside what it
 * does already.
 */
export function fundingExhausted(d: DecisionContext): number {
  const { state, order } = d;
  const rate = fundedRateOf(state, d.instrument);
  const rise = d.side === Side.SELL ? 0 : lentOn(d.leavesValue, rate) - (order === 0 ? 0 : lentOn(heldValue(state, order), rate));
  d.fundingRise = Math.max(0, rise);
  if (!isSliced(state, SlicePool.FUNDING)) return 0;
  const [used, slice] = [sliceOf(state, SlicePool.FUNDING, SliceCell.used) + d.fundingRise, sliceOf(state, SlicePool.FUNDING, SliceCell.slice)];
  d.measure(used, slice, LimitLevel.firm);
  return d.fundingRise === 0 || used <= slice ? 0 : RejectCode.fundingExhausted;
}
