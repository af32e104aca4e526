// A closed order changes no more.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** tooLateToChange: value is the OrdStatus. */
export function tooLateToChange(d: DecisionContext): number {
  d.measure(d.state.orders.u8(d.order, Order.status), 0, LimitLevel.exchange);
  return d.state.orders.has(d.order, OrderState.CLOSED) ? RejectCode.tooLateToChange : 0;
}
