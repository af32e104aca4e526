// One cancel at a time.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { OrderState } from '../state/order-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** changePending for a cancel: a cancel of the order is pending. A pending replace does not matter. */
export function cancelPending(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.none);
  return d.state.orders.has(d.order, OrderState.PENDING_CANCEL) ? RejectCode.changePending : 0;
}
