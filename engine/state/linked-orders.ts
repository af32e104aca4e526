// Cover orders: an entry and the stop-loss that gets it out, tied together in their rows. What an entry has filled and its exit has not is uncovered; the exit
// leg works exactly that many units, and the gateway keeps it so. Reads and ties rows; what is allowed is decided in checks/linked-order.ts and
// checks/stop-loss-range.ts.
import { Order, OrderState } from './order-table.ts';
import type { SlotState } from './slot-state.ts';

/** Part an order plays in a cover order. Numbers are for ever. */
export const Leg = {
  NONE: 0,
  /** Opens the position; its stopPx is the trigger of the stop-loss. */
  ENTRY: 1,
  /** Closes what the entry filled, when its trigger is reached or at the market. */
  STOP: 2,
  /** An entry whose exit the house took away in order to close the position itself: it gets no new one. */
  RELEASED: 3,
} as const;

/** Units the entry has filled and its exits have not. */
export function uncoveredOf(state: SlotState, entry: number): number {
  const { orders } = state;
  return Math.max(0, orders.f64(entry, Order.cumQuantity) - orders.f64(entry, Order.exited));
}

/** Ties a new exit leg to its entry. */
export function tieLeg(state: SlotState, leg: number, entry: number): void {
  state.orders.setU32(leg, Order.link, entry);
  state.orders.setU32(entry, Order.link, leg);
}

/** A leg has ended: its entry may have another. Called for every order that ends; most are no legs. */
export function untieLeg(state: SlotState, order: number): void {
  const { orders } = state;
  if (orders.u8(order, Order.leg) !== Leg.STOP) return;
  const entry = orders.u32(order, Order.link);
  if (orders.u32(entry, Order.link) === order) orders.setU32(entry, Order.link, 0);
}

/** The house takes the leg's entry over: it closes what is left of it by orders of its own. */
export function releaseEntry(state: SlotState, leg: number): void {
  state.orders.setU8(state.orders.u32(leg, Order.link), Order.leg, Leg.RELEASED);
}

/** Does the leg still close something: may it not be cancelled by itself? */
export function isNeeded(state: SlotState, order: number): boolean {
  const { orders } = state;
  if (orders.u8(order, Order.leg) !== Leg.STOP || orders.has(order, OrderState.CLOSED)) return false;
  return uncoveredOf(state, orders.u32(order, Order.link)) > 0;
}
