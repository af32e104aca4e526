// Reports about an order itself: New, Rejected, Replaced, Canceled, Expired, Restated. Margin falls here and nowhere else but on fills.
import { BreakKind } from '../break-kind.ts';
import { CLORDID_BYTES, EXCHANGE_ID_BYTES, RecordExecution } from '../command/layout.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { ExecType, OrdStatus } from '../instrument.ts';
import { PRICE_MAX, QUANTITY_MAX } from '../limits.ts';
import { ClientOrderId, RequestKind } from '../state/client-order-id-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { Emission } from './emission.ts';
import type { Report } from './execution.ts';
import { openBreak } from './open-break.ts';
import { close, confirm, deposit, endCancel, endReplace, settleStatus, withdraw } from './working-order.ts';

const previousId = new Uint8Array(CLORDID_BYTES);

/** Folds a report that found its order. */
export function reportOnOrder(out: Emission, report: Report, execType: number): void {
  switch (execType) {
    case ExecType.NEW:
      reportNew(out, report);
      break;
    case ExecType.REJECTED:
      reportRejected(out, report);
      break;
    case ExecType.REPLACED:
      reportReplaced(out, report);
      break;
    case ExecType.CANCELED:
      reportClosed(out, report, OrdStatus.CANCELED, EventKind.OrderCanceled);
      break;
    case ExecType.EXPIRED:
      reportClosed(out, report, OrdStatus.EXPIRED, EventKind.OrderExpired);
      break;
    case ExecType.RESTATED:
      reportRestated(out, report);
      break;
    default:
      openBreak(out, BreakKind.unexpectedReport, report.subject);
  }
}

function reportNew(out: Emission, { order, client }: Report): void {
  const { orders } = out.state;
  orders.setField(order, Order.exchangeOrderId, out.command.bytes, out.command.at + RecordExecution.exchangeOrderId, EXCHANGE_ID_BYTES);
  if (!orders.has(order, OrderState.CLOSED)) confirm(out.state, order);
  else orders.raise(order, OrderState.CONFIRMED);
  out.margin(out.order(EventKind.ExecutionRecorded, order, ExecType.NEW, false), client);
}

function reportRejected(out: Emission, report: Report): void {
  const { state, command } = out;
  const { orders } = state;
  const { order, client } = report;
  const at = command.at + RecordExecution.clOrdId;
  if (orders.has(order, OrderState.CLOSED)) return;
  if (names(out, order, Order.replaceClOrdId, OrderState.PENDING_REPLACE)) {
    withdraw(state, order);
    endReplace(state, order);
    settleStatus(state, order, OrdStatus.FILLED, OrdStatus.PARTIALLY_FILLED, OrdStatus.NEW);
    deposit(state, order);
  } else if (names(out, order, Order.cancelClOrdId, OrderState.PENDING_CANCEL)) {
    endCancel(state, order);
  } else if (isAnsweredRequest(out, report, at)) {
    return;
  } else {
    withdraw(state, order);
    close(state, order, OrdStatus.REJECTED);
  }
  settleAwaiting(out, order);
  const event = out.order(EventKind.ExecutionRecorded, order, ExecType.REJECTED, false);
  event.copy(EventField.clOrdId, command.bytes, at, CLORDID_BYTES);
  out.margin(event, client);
}

/** Does the report's ClOrdID name the pending request kept in `field`? */
function names(out: Emission, order: number, field: number, bit: number): boolean {
  const { orders } = out.state;
  const { command } = out;
  return orders.has(order, bit) && orders.fieldEquals(order, field, command.bytes, command.at + RecordExecution.clOrdId, CLORDID_BYTES);
}

/** Is the ClOrdID that of a replace or cancel which has its answer already, and not the order's own? */
function isAnsweredRequest(out: Emission, { order, client }: Report, at: number): boolean {
  const { state, command } = out;
  if (command.bytes[at] === 0 || state.orders.fieldEquals(order, Order.clOrdId, command.bytes, at, CLORDID_BYTES)) return false;
  const id = state.clOrdIds.find(client, command.bytes, at);
  return id !== 0 && state.clOrdIds.u8(id, ClientOrderId.kind) !== RequestKind.PLACE;
}

/** A rejected request answers itself only: an order the exchange never confirmed goes on waiting. */
function settleAwaiting(out: Emission, order: number): void {
  if (out.state.orders.has(order, OrderState.CONFIRMED) && !out.state.orders.has(order, OrderState.CLOSED)) confirm(out.state, order);
}

function reportReplaced(out: Emission, report: Report): void {
  const { state, command } = out;
  const { orders } = state;
  const { order, client } = report;
  const at = command.at + RecordExecution.clOrdId;
  if (orders.has(order, OrderState.CLOSED)) return;
  if (!orders.has(order, OrderState.PENDING_REPLACE)) {
    if (orders.fieldEquals(order, Order.clOrdId, command.bytes, at, CLORDID_BYTES)) return;
    openBreak(out, BreakKind.unexpectedReport, report.subject);
    reportRestated(out, report);
    return;
  }
  withdraw(state, order);
  previousId.set(orders.bytes.subarray(orders.at(order, Order.clOrdId), orders.at(order, Order.clOrdId) + CLORDID_BYTES));
  takePendingTerms(out, order);
  endReplace(state, order);
  overrideTerms(out, order);
  settleStatus(state, order, OrdStatus.FILLED, OrdStatus.PARTIALLY_FILLED, OrdStatus.NEW);
  deposit(state, order);
  confirm(state, order);
  const event = out.order(EventKind.OrderReplaced, order, ExecType.REPLACED, false).copy(EventField.origClOrdId, previousId, 0, CLORDID_BYTES);
  out.margin(event, client);
}

/** The pending terms become the order's, and the replace's ClOrdID its name. */
function takePendingTerms(out: Emission, order: number): void {
  const { orders } = out.state;
  orders.setU8(order, Order.ordType, orders.u8(order, Order.pendingOrdType));
  orders.setU8(order, Order.timeInForce, orders.u8(order, Order.pendingTimeInForce));
  orders.setF64(order, Order.quantity, orders.f64(order, Order.pendingQuantity));
  orders.setF64(order, Order.price, orders.f64(order, Order.pendingPrice));
  orders.setF64(order, Order.stopPx, orders.f64(order, Order.pendingStopPx));
  orders.setF64(order, Order.displayQuantity, orders.f64(order, Order.pendingDisplayQuantity));
  orders.setF64(order, Order.valuation, orders.f64(order, Order.pendingValuation));
  orders.setField(order, Order.clOrdId, orders.bytes, orders.at(order, Order.replaceClOrdId), CLORDID_BYTES);
}

/** Quantity and price the report gives stand over what was asked: it is what the exchange works. */
function overrideTerms(out: Emission, order: number): void {
  const { command, state } = out;
  const quantity = command.f64(RecordExecution.orderQuantity);
  const price = command.f64(RecordExecution.price);
  if (Number.isInteger(quantity) && quantity > 0 && quantity <= QUANTITY_MAX) state.orders.setF64(order, Order.quantity, quantity);
  if (!Number.isInteger(price) || price <= 0 || price > PRICE_MAX) return;
  state.orders.setF64(order, Order.price, price);
  state.orders.setF64(order, Order.valuation, price);
}

function reportClosed(out: Emission, report: Report, status: number, kind: number): void {
  const { state } = out;
  const { order } = report;
  if (state.orders.has(order, OrderState.CLOSED)) return;
  withdraw(state, order);
  state.orders.raise(order, OrderState.CONFIRMED);
  close(state, order, status);
  const execType = kind === EventKind.OrderCanceled ? ExecType.CANCELED : ExecType.EXPIRED;
  out.margin(out.order(kind, order, execType, false), report.client);
}

function reportRestated(out: Emission, report: Report): void {
  const { state } = out;
  const { order } = report;
  if (state.orders.has(order, OrderState.CLOSED)) return;
  withdraw(state, order);
  overrideTerms(out, order);
  settleStatus(state, order, OrdStatus.FILLED, OrdStatus.PARTIALLY_FILLED, OrdStatus.NEW);
  deposit(state, order);
  confirm(state, order);
  out.margin(out.order(EventKind.ExecutionRecorded, order, ExecType.RESTATED, false), report.client);
}
