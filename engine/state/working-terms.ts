// An open order as the margin book sees it. The only place that says how many units an order may still take, and what two exit legs of one entry
// count as: one of them fills and the other is withdrawn, so they hold as one order of the larger of their units at the dearer of their prices. That
// is their maximum, as both work what is uncovered; it is above it only while a change of one waits for the exchange. The stop-loss holds for both,
// the target beside it for nothing.
import type { OrderTerms } from '../margin/order-terms.ts';
import { valueOfUp } from '../units.ts';
import { Leg, twinOf } from './linked-orders.ts';
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

/** Units the order holds: the larger of its leaves and its pending leaves, and of those of the leg it holds for. */
export function heldUnits(state: SlotState, order: number): number {
  const twin = twinOf(state, order);
  if (twin === 0) return ownUnits(state, order);
  return isHeldFor(state, order) ? 0 : Math.max(ownUnits(state, order), ownUnits(state, twin));
}

/** Paise the order holds: the larger of its leaves and its pending leaves, each at its own valuation, rounded up; and of those of the leg it holds for. */
export function heldValue(state: SlotState, order: number): number {
  const twin = twinOf(state, order);
  if (twin === 0) return ownValue(state, order);
  return isHeldFor(state, order) ? 0 : Math.max(ownValue(state, order), ownValue(state, twin));
}

/** Is it a target whose stop-loss holds for both? */
const isHeldFor = (state: SlotState, order: number): boolean => state.orders.u8(order, Order.leg) === Leg.TARGET;

function ownUnits(state: SlotState, order: number): number {
  return Math.max(leavesOf(state, order), pendingLeavesOf(state, order));
}

function ownValue(state: SlotState, order: number): number {
  const current = valueOfUp(state.orders.f64(order, Order.valuation), leavesOf(state, order));
  return Math.max(current, valueOfUp(state.orders.f64(order, Order.pendingValuation), pendingLeavesOf(state, order)));
}

/** Fills `terms`; false when the order counts for nothing (no units left, an instrument the table does not name, or another leg that holds for it). */
export function fillTerms(state: SlotState, order: number, terms: OrderTerms): boolean {
  const twin = twinOf(state, order);
  if (twin === 0) return fillOwn(state, order, terms);
  if (isHeldFor(state, order) || !fillOwn(state, twin, terms)) return false;
  const { quantity, price, altQuantity, altPrice } = terms;
  if (!fillOwn(state, order, terms)) return false;
  terms.join(quantity, price).join(altQuantity, altPrice);
  return true;
}

function fillOwn(state: SlotState, order: number, terms: OrderTerms): boolean {
  const { orders, derived } = state;
  const instrument = derived.instrumentOf(orders.u32(order, Order.position));
  const leaves = leavesOf(state, order);
  const pending = pendingLeavesOf(state, order);
  if (instrument < 0 || (leaves === 0 && pending === 0)) return false;
  terms.set(instrument, orders.u8(order, Order.product), orders.u8(order, Order.side), leaves, orders.f64(order, Order.valuation));
  if (pending > 0) terms.setAlternative(pending, orders.f64(order, Order.pendingValuation));
  return true;
}
