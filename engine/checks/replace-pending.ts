// One replace at a time, and none over a pending cancel.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { OrderState } from '../state/order-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** changePending for a replace: a replace or cancel of the order is pending. */
export function replacePending(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.none);
  return d.state.orders.has(d.order, OrderState.PENDING_REPLACE | OrderState.PENDING_CANCEL) ? RejectCode.changePending : 0;
}
