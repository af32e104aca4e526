// What an accepted request does to the state. Called after decide said yes: nothing here may fail, nothing here judges.
import type { DecisionContext } from './checks/decision-context.ts';
import { isCashSegment } from './checks/is-cash-segment.ts';
import { CLORDID_BYTES, OrderFlag, PlaceOrder } from './command/layout.ts';
import { OrdStatus, Product } from './instrument.ts';
import { openPosition } from './lifecycle/open-position.ts';
import { deposit, startAwaiting, withdraw } from './lifecycle/working-order.ts';
import { corporationOf } from './rules/collateral-rules.ts';
import { ClientOrderId, RequestKind } from './state/client-order-id-table.ts';
import { Client } from './state/client-table.ts';
import { isExit, isNeeded, Leg, releaseEntry, tieLeg } from './state/linked-orders.ts';
import { META_ROW, Meta } from './state/meta-table.ts';
import { Order, OrderState } from './state/order-table.ts';
import { SliceCell, sliceField, takeFunding } from './state/slices.ts';
import type { SlotState } from './state/slot-state.ts';

/** Adds the order; returns its row. */
export function applyPlace(d: DecisionContext): number {
  const { state, command, client } = d;
  const { orders, clients } = state;
  if (d.position === 0) d.position = openPosition(state, client, d.segment, d.token, isCashSegment(d.segment) ? d.product : 0);
  const order = orders.add(client, state.sequence);
  orders.setU32(order, Order.token, d.token);
  orders.setU32(order, Order.position, d.position);
  orders.setU8(order, Order.segment, d.segment);
  orders.setU8(order, Order.side, d.side);
  orders.setU8(order, Order.ordType, d.ordType);
  orders.setU8(order, Order.timeInForce, d.timeInForce);
  orders.setU8(order, Order.product, d.product);
  orders.setU8(order, Order.status, OrdStatus.NEW);
  orders.setU8(order, Order.originKind, command.originKind);
  orders.setU32(order, Order.origin, command.origin);
  orders.setU32(order, Order.algoId, command.u32(PlaceOrder.algoId));
  orders.setU32(order, Order.acceptedAt, command.milliOfDay);
  orders.setF64(order, Order.quantity, d.quantity);
  orders.setF64(order, Order.price, d.price);
  orders.setF64(order, Order.stopPx, d.stopPx);
  orders.setF64(order, Order.displayQuantity, d.displayQuantity);
  orders.setF64(order, Order.valuation, d.valuation);
  orders.setField(order, Order.clOrdId, command.bytes, d.clOrdIdAt, CLORDID_BYTES);
  if ((command.u8(PlaceOrder.flags) & OrderFlag.DEALER) !== 0) orders.raise(order, OrderState.DEALER);
  clients.setU32(client, Client.openOrders, clients.u32(client, Client.openOrders) + 1);
  state.derived.openOrders.append(client, order);
  startAwaiting(state, order);
  if (d.leg !== Leg.NONE) link(d, order);
  deposit(state, order);
  takeFromSlice(d);
  d.order = order;
  return order;
}

/** Enters the order's part among linked orders. A leg that works already is withdrawn: the new one's deposit counts both. */
function link({ state, leg, entry, product, targetWay }: DecisionContext, order: number): void {
  const { orders } = state;
  orders.setU8(order, Order.leg, leg);
  if (leg === Leg.ENTRY && product === Product.BO) orders.setU32(order, Order.targetWay, targetWay);
  if (!isExit(leg)) return;
  const other = orders.u32(entry, Order.link);
  if (other !== 0) withdraw(state, other);
  tieLeg(state, order, entry);
}

/** Where a slice of the member's limit is in force, the order's margin is taken from it. */
function takeFromSlice(d: DecisionContext): void {
  if (d.product === Product.MTF) takeFunding(d.state, d.fundingRise);
  const { meta } = d.state;
  if (((meta.u8(META_ROW, Meta.slicedSegments) >> d.segment) & 1) === 0) return;
  const rise = d.requirementAfter - d.requirementBefore;
  if (rise > 0) meta.addF64(META_ROW, sliceField(corporationOf(d.segment), SliceCell.used), rise);
}

/** Makes the replace pending: the order holds the worse of both terms. */
export function applyReplace(d: DecisionContext): void {
  const { state, command, order } = d;
  const { orders } = state;
  withdraw(state, order);
  orders.raise(order, OrderState.PENDING_REPLACE);
  orders.setU8(order, Order.pendingOrdType, d.ordType);
  orders.setU8(order, Order.pendingTimeInForce, d.timeInForce);
  orders.setF64(order, Order.pendingQuantity, d.quantity);
  orders.setF64(order, Order.pendingPrice, d.price);
  orders.setF64(order, Order.pendingStopPx, d.stopPx);
  orders.setF64(order, Order.pendingDisplayQuantity, d.displayQuantity);
  orders.setF64(order, Order.pendingValuation, d.valuation);
  orders.setField(order, Order.replaceClOrdId, command.bytes, d.clOrdIdAt, CLORDID_BYTES);
  startAwaiting(state, order);
  deposit(state, order);
  takeFromSlice(d);
}

/** Makes a cancel pending: frees nothing. `clOrdIdAt` names the request in `bytes`. A needed exit leg that goes leaves its entry to the house. */
export function applyCancel(state: SlotState, order: number, bytes: Uint8Array, clOrdIdAt: number): void {
  if (isNeeded(state, order)) releaseEntry(state, order);
  state.orders.raise(order, OrderState.PENDING_CANCEL);
  state.orders.setField(order, Order.cancelClOrdId, bytes, clOrdIdAt, CLORDID_BYTES);
  startAwaiting(state, order);
}

/** Uses the request's ClOrdID up, with the verdict it got. */
export function useClOrdId(d: DecisionContext, kind: number, code: number): void {
  const { clOrdIds } = d.state;
  const row = clOrdIds.add(d.client, d.command.bytes, d.clOrdIdAt);
  // A rejected replace or cancel still belongs to its order's chain, a rejected order to none.
  clOrdIds.setU32(row, ClientOrderId.order, kind === RequestKind.PLACE && code !== 0 ? 0 : d.order);
  clOrdIds.setU8(row, ClientOrderId.kind, kind);
  clOrdIds.setU16(row, ClientOrderId.rejectCode, code);
  clOrdIds.setF64(row, ClientOrderId.sequence, d.state.sequence);
}
