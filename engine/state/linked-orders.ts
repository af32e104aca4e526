// Linked orders: an entry and the exit legs that get it out, tied together in their rows. A cover order has one leg, its stop-loss; a bracket order
// two, of which one cancels the other. What an entry has filled and its exits have not is uncovered; each leg works exactly that many units, and the
// gateway keeps it so. Reads and ties rows; what is allowed is decided in checks/linked-order.ts, checks/stop-loss-range.ts and
// checks/target-range.ts.
import { Side } from '../instrument.ts';
import { Order, OrderState } from './order-table.ts';
import type { SlotState } from './slot-state.ts';

/** Part an order plays among linked orders. Numbers are for ever. */
export const Leg = {
  NONE: 0,
  /** Opens the position; its stopPx is the trigger of the stop-loss. */
  ENTRY: 1,
  /** Closes what the entry filled, when its trigger is reached or at the market. */
  STOP: 2,
  /** An entry whose exits the house took away in order to close the position itself: it gets no new ones. */
  RELEASED: 3,
  /** Closes what the entry of a bracket order filled, at its limit price. */
  TARGET: 4,
} as const;

/** Price of an entry's target, ticks; 0 = it has none. */
export function targetOf({ orders }: SlotState, row: number): number {
  const isEntry = orders.u8(row, Order.leg) === Leg.ENTRY || orders.u8(row, Order.leg) === Leg.RELEASED;
  const way = isEntry ? orders.u32(row, Order.targetWay) : 0;
  const sign = orders.u8(row, Order.side) === Side.BUY ? 1 : -1;
  return way === 0 ? 0 : orders.f64(row, Order.price) + sign * way;
}

/** Is it a part that closes what an entry filled? */
export const isExit = (leg: number): boolean => leg === Leg.STOP || leg === Leg.TARGET;

/** Units the entry has filled and its exits have not. */
export function uncoveredOf(state: SlotState, entry: number): number {
  const { orders } = state;
  return Math.max(0, orders.f64(entry, Order.cumQuantity) - orders.f64(entry, Order.exited));
}

/** Have the exits of the leg's entry filled more than it did? Two legs that fill before either can be withdrawn turn the position round. */
export function hasExitedTooMuch(state: SlotState, leg: number): boolean {
  const { orders } = state;
  if (!isExit(orders.u8(leg, Order.leg))) return false;
  const entry = orders.u32(leg, Order.link);
  return orders.f64(entry, Order.exited) > orders.f64(entry, Order.cumQuantity);
}

/** Row of the entry's open exit leg that plays this part; 0 = none. */
export function legOf(state: SlotState, entry: number, leg: number): number {
  const { orders } = state;
  const first = orders.u32(entry, Order.link);
  if (first === 0 || orders.u8(first, Order.leg) === leg) return first;
  const second = orders.u32(first, Order.twin);
  return second !== 0 && orders.u8(second, Order.leg) === leg ? second : 0;
}

/** Row of the open leg beside this open exit leg; 0 = none, and for every other order. */
export function twinOf(state: SlotState, order: number): number {
  return isExit(state.orders.u8(order, Order.leg)) ? state.orders.u32(order, Order.twin) : 0;
}

/** The order that holds what `order` does: of two legs together the stop-loss holds for both, else each for itself. */
export function holderOf(state: SlotState, order: number): number {
  return state.orders.u8(order, Order.leg) === Leg.TARGET ? state.orders.u32(order, Order.twin) || order : order;
}

/** Ties a new exit leg to its entry, beside the other if that is open: whose caller has withdrawn it. */
export function tieLeg(state: SlotState, leg: number, entry: number): void {
  const { orders } = state;
  const other = orders.u32(entry, Order.link);
  orders.setU32(leg, Order.link, entry);
  orders.setU32(entry, Order.link, leg);
  if (other === 0) return;
  orders.setU32(leg, Order.twin, other);
  orders.setU32(other, Order.twin, leg);
}

/**
 * A leg has ended: its entry may have another. Returns the row of the one that stood beside it, 0 = none. Called for every order that ends; most are
 * no legs.
 */
export function untieLeg(state: SlotState, order: number): number {
  const { orders } = state;
  if (!isExit(orders.u8(order, Order.leg))) return 0;
  const entry = orders.u32(order, Order.link);
  const other = orders.u32(order, Order.twin);
  if (orders.u32(entry, Order.link) === order) orders.setU32(entry, Order.link, other);
  orders.setU32(order, Order.twin, 0);
  if (other !== 0) orders.setU32(other, Order.twin, 0);
  return other;
}

/** The house takes the leg's entry over: it closes what is left of it by orders of its own. */
export function releaseEntry(state: SlotState, leg: number): void {
  state.orders.setU8(state.orders.u32(leg, Order.link), Order.leg, Leg.RELEASED);
}

/** Does the leg still close something: may it not be cancelled by itself? */
export function isNeeded(state: SlotState, order: number): boolean {
  const { orders } = state;
  if (!isExit(orders.u8(order, Order.leg)) || orders.has(order, OrderState.CLOSED)) return false;
  return uncoveredOf(state, orders.u32(order, Order.link)) > 0;
}
