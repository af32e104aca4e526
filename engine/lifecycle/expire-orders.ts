// Orders that live no longer than their segment's day: what is still open when it ends expires and releases everything it held.
import { EventKind } from '../event/layout.ts';
import { ExecType, OrdStatus } from '../instrument.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import type { Emission } from './emission.ts';
import { close, withdraw } from './working-order.ts';

/** Expires the open orders of a segment, 0 = of all, that `isOf` tells; one OrderExpired each, oldest first. Returns how many. */
export function expireOrders(out: Emission, segment: number, isOf: (order: number) => boolean = () => true): number {
  const { state } = out;
  const { orders } = state;
  let expired = 0;
  for (let order = 1; order < orders.rows; order++) {
    if (orders.has(order, OrderState.CLOSED) || (segment !== 0 && orders.u8(order, Order.segment) !== segment) || !isOf(order)) continue;
    const client = orders.u32(order, Order.client);
    out.note(client);
    withdraw(state, order);
    close(state, order, OrdStatus.EXPIRED);
    out.margin(out.order(EventKind.OrderExpired, order, ExecType.EXPIRED, false), client);
    expired += 1;
  }
  return expired;
}

/** Is an order (row) for a share of the T+0 session, by the table in force? */
export function isOfSameDay({ orders, rules }: SlotState, order: number): boolean {
  const instrument = rules?.find(orders.u8(order, Order.segment), orders.u32(order, Order.token)) ?? -1;
  return instrument >= 0 && ((rules?.table.flags[instrument] ?? 0) & InstrumentFlag.SAME_DAY) !== 0;
}
