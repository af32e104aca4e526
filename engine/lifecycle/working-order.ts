// What an open order holds: margin, working units of its position, open order value. Every change of an order is withdraw, change the row,
// deposit; so what is held always follows from the row alone; of two exit legs together, from both rows, whichever of the two is named.

import { CLORDID_BYTES } from '../command/layout.ts';
import { Side } from '../instrument.ts';
import { OrderTerms } from '../margin/order-terms.ts';
import { Break } from '../state/break-table.ts';
import { Client } from '../state/client-table.ts';
import { AWAITING } from '../state/derived.ts';
import { holderOf, untieLeg } from '../state/linked-orders.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import { countAlone, isMarginedAlone } from '../state/pre-open-orders.ts';
import type { SlotState } from '../state/slot-state.ts';
import { fillTerms, heldUnits, heldValue, leavesOf, pendingLeavesOf } from '../state/working-terms.ts';

const terms = new OrderTerms();

/** Counts what the order holds by its row. */
export function deposit(state: SlotState, row: number): void {
  const order = holderOf(state, row);
  const client = state.orders.u32(order, Order.client);
  if (fillTerms(state, order, terms)) {
    if (isMarginedAlone(state, state.orders.u8(order, Order.segment), terms.instrument)) {
      holdAlone(state, order, client, 1);
      return;
    }
    state.derived.book?.addOrder(client, terms);
  }
  hold(state, order, client, 1);
}

/** Takes back exactly what deposit counted; the row must not have changed since. */
export function withdraw(state: SlotState, row: number): void {
  const order = holderOf(state, row);
  const client = state.orders.u32(order, Order.client);
  if (fillTerms(state, order, terms)) {
    if (isMarginedAlone(state, state.orders.u8(order, Order.segment), terms.instrument)) {
      holdAlone(state, order, client, -1);
      return;
    }
    state.derived.book?.removeOrder(client, terms);
  }
  hold(state, order, client, -1);
}

/** hold() of an order that nets with nothing: what its contract asks by itself goes with the working units. */
function holdAlone(state: SlotState, order: number, client: number, sign: 1 | -1): void {
  const position = state.orders.u32(order, Order.position);
  countAlone(state, position, -1);
  hold(state, order, client, sign);
  countAlone(state, position, 1);
}

function hold(state: SlotState, order: number, client: number, sign: number): void {
  const field = state.orders.u8(order, Order.side) === Side.BUY ? Position.buyLeaves : Position.sellLeaves;
  state.positions.addF64(state.orders.u32(order, Order.position), field, sign * heldUnits(state, order));
  state.clients.addF64(client, Client.openOrderValue, sign * heldValue(state, order));
}

/** Closes a withdrawn order for good with an OrdStatus; it answers everything it waited for. A leg that stood beside it holds for itself again. */
export function close(state: SlotState, order: number, status: number): void {
  const { orders, clients, derived } = state;
  if (orders.has(order, OrderState.CLOSED)) return;
  const client = orders.u32(order, Order.client);
  orders.raise(order, OrderState.CLOSED);
  orders.setU8(order, Order.status, status);
  endReplace(state, order);
  endCancel(state, order);
  const left = untieLeg(state, order);
  if (left !== 0) deposit(state, left);
  stopAwaiting(state, order);
  clients.setU32(client, Client.openOrders, clients.u32(client, Client.openOrders) - 1);
  derived.openOrders.remove(order);
}

/** Closes a withdrawn order as filled when nothing is left to fill, else sets its status by what is filled. */
export function settleStatus(state: SlotState, order: number, filled: number, partly: number, fresh: number): void {
  if (leavesOf(state, order) === 0 && pendingLeavesOf(state, order) === 0) close(state, order, filled);
  else state.orders.setU8(order, Order.status, state.orders.f64(order, Order.cumQuantity) > 0 ? partly : fresh);
}

/** The order waits for the exchange from now on (an acceptance, an accepted replace or cancel). */
export function startAwaiting(state: SlotState, order: number): void {
  state.orders.copyFrom(order, Order.awaitingSince, state.meta, META_ROW, Meta.time);
  state.orders.copyFrom(order, Order.awaitingSequence, state.meta, META_ROW, Meta.sequence);
  // A stuck order has its break already: Tick has nothing more to say of it until an answer comes.
  if (!state.orders.has(order, OrderState.STUCK)) state.derived.awaiting.append(AWAITING, order);
}

/** A report reached the order: it exists at the exchange. Waiting ends unless a request is still unanswered. */
export function confirm(state: SlotState, order: number): void {
  const { orders } = state;
  orders.raise(order, OrderState.CONFIRMED);
  if (!orders.has(order, OrderState.PENDING_REPLACE | OrderState.PENDING_CANCEL)) stopAwaiting(state, order);
}

/** Forgets the pending replace, if any. The caller has withdrawn the order. */
export function endReplace(state: SlotState, order: number): void {
  const { orders } = state;
  if (!orders.has(order, OrderState.PENDING_REPLACE)) return;
  orders.lower(order, OrderState.PENDING_REPLACE);
  orders.clearField(order, Order.pendingQuantity, Order.clOrdId - Order.pendingQuantity);
  orders.clearField(order, Order.replaceClOrdId, CLORDID_BYTES);
  orders.setU8(order, Order.pendingOrdType, 0);
  orders.setU8(order, Order.pendingTimeInForce, 0);
}

/** Forgets the pending cancel, if any. */
export function endCancel(state: SlotState, order: number): void {
  const { orders } = state;
  if (!orders.has(order, OrderState.PENDING_CANCEL)) return;
  orders.lower(order, OrderState.PENDING_CANCEL);
  orders.clearField(order, Order.cancelClOrdId, CLORDID_BYTES);
}

function stopAwaiting(state: SlotState, order: number): void {
  const { orders, breaks, derived } = state;
  orders.setF64(order, Order.awaitingSince, 0);
  orders.setF64(order, Order.awaitingSequence, 0);
  derived.awaiting.remove(order);
  if (!orders.has(order, OrderState.STUCK)) return;
  const open = orders.u32(order, Order.stuckBreak);
  if (open !== 0) breaks.setU8(open, Break.closed, 1);
  orders.setU32(order, Order.stuckBreak, 0);
  orders.lower(order, OrderState.STUCK);
}
