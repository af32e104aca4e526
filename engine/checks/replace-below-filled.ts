// OrderQty includes what is filled: a lower total is a cancel, and is asked for as one.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** replaceBelowFilled: value is the new quantity, limit what is filled. */
export function replaceBelowFilled(d: DecisionContext): number {
  d.measure(d.quantity, d.filled, LimitLevel.exchange);
  return d.quantity > d.filled ? 0 : RejectCode.replaceBelowFilled;
}
