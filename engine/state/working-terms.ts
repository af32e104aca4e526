// An open order as the margin book sees it. The only place that says how many units an order may still take.
import type { OrderTerms } from '../margin/order-terms.ts';
import { valueOfUp } from '../units.ts';
import { Order, OrderState } from './order-table.ts';
import type { SlotState } from './slot-state.ts';

/** Units the order may still take by its current terms. */
export function leavesOf(state: SlotState, order: number): number {
  const { orders } = state;
  if (orders.has(order, OrderState.CLOSED)) return 0;
  return Math.max(0, orders.f64(order, Order.quantity) - orders.f64(order, Order.cumQuantity));
}

/** Units it may still take if its pending replace has been done; 0 without one. */
export function pendingLeavesOf(state: SlotState, order: number): number {
  const { orders } = state;
  if (!orders.has(order, OrderState.PENDING_REPLACE)) return 0;
  return Math.max(0, orders.f64(order, Order.pendingQuantity) - orders.f64(order, Order.cumQuantity));
}

/** Units the order holds: the larger of its leaves and its pending leaves. */
export function heldUnits(state: SlotState, order: number): number {
  return Math.max(leavesOf(state, order), pendingLeavesOf(state, order));
}

/** Paise the order holds: the larger of its leaves and its pending leaves, each at its own valuation, rounded up. */
export function heldValue(state: SlotState, order: number): number {
  const current = valueOfUp(state.orders.f64(order, Order.valuation), leavesOf(state, order));
  return Math.max(current, valueOfUp(state.orders.f64(order, Order.pendingValuation), pendingLeavesOf(state, order)));
}

/** Fills `terms`; false when the order counts for nothing (no units left, or an instrument the table does not name). */
export function fillTerms(state: SlotState, order: number, terms: OrderTerms): boolean {
  const { orders, derived } = state;
  const instrument = derived.instrumentOf(orders.u32(order, Order.position));
  const leaves = leavesOf(state, order);
  const pending = pendingLeavesOf(state, order);
  if (instrument < 0 || (leaves === 0 && pending === 0)) return false;
  terms.set(instrument, orders.u8(order, Order.product), orders.u8(order, Order.side), leaves, orders.f64(order, Order.valuation));
  if (pending > 0) terms.setAlternative(pending, orders.f64(order, Order.pendingValuation));
  return true;
}
