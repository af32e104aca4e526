// Orders that live no longer than their segment's day: what is still open when it ends expires and releases everything it held.
import { EventKind } from '../event/layout.ts';
import { ExecType, OrdStatus } from '../instrument.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { Emission } from './emission.ts';
import { close, withdraw } from './working-order.ts';

/** Expires the open orders of a segment, 0 = of all; one OrderExpired each, oldest first. Returns how many. */
export function expireOrders(out: Emission, segment: number): number {
  const { state } = out;
  const { orders } = state;
  let expired = 0;
  for (let order = 1; order < orders.rows; order++) {
    if (orders.has(order, OrderState.CLOSED) || (segment !== 0 && orders.u8(order, Order.segment) !== segment)) continue;
    const client = orders.u32(order, Order.client);
    out.note(client);
    withdraw(state, order);
    close(state, order, OrdStatus.EXPIRED);
    out.margin(out.order(EventKind.OrderExpired, order, ExecType.EXPIRED, false), client);
    expired += 1;
  }
  return expired;
}
