// PlaceOrder, ReplaceOrder and CancelOrder: decide, then apply, then say so.
import { applyCancel, applyPlace, applyReplace, useClOrdId } from '../apply.ts';
import type { DecisionContext } from '../checks/decision-context.ts';
import { resolveCancel, resolvePlace, resolveReplace } from '../checks/resolve.ts';
import { ACCOUNT_BYTES, CancelOrder, CLORDID_BYTES, OrderFlag, PlaceOrder, ReplaceOrder } from '../command/layout.ts';
import { decideCancel, decidePlace, decideReplace, leavesIdUnused } from '../decide.ts';
import type { EventWriter } from '../event/event-writer.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { ExecType, OrdStatus } from '../instrument.ts';
import { BEFORE } from '../margin/margin-book.ts';
import { RejectCode } from '../reject-code.ts';
import { fillAvailable } from '../state/available-funds.ts';
import { ClientOrderId, RequestKind } from '../state/client-order-id-table.ts';
import { weighHouse } from '../state/house-requirement.ts';
import { isExit } from '../state/linked-orders.ts';
import { Order } from '../state/order-table.ts';
import type { Emission } from './emission.ts';
import { nameHedge } from './refusal-hedge.ts';

/** Decides a PlaceOrder and does it. */
export function place(d: DecisionContext, out: Emission): void {
  const { state, command } = out;
  resolvePlace(d, state, command);
  const code = decidePlace(d);
  if (code === RejectCode.duplicateClOrdId && (command.u8(PlaceOrder.flags) & OrderFlag.POSS_RESEND) !== 0) {
    reportStatus(d, out);
    return;
  }
  if (code !== 0) {
    if (!leavesIdUnused(code)) useClOrdId(d, RequestKind.PLACE, code);
    const event = out.verdict(asked(d, out, EventKind.OrderRejected), d, code);
    event.u8(EventField.ordStatus, OrdStatus.REJECTED).u8(EventField.execType, ExecType.REJECTED);
    if (code === RejectCode.insufficientMargin) nameHedge(d, event);
    return;
  }
  // After this point nothing may fail.
  const order = applyPlace(d);
  out.touch(d.client);
  useClOrdId(d, RequestKind.PLACE, 0);
  const event = out.verdict(out.order(EventKind.OrderAccepted, order, ExecType.NEW, true), d, 0);
  if (isExit(d.leg)) event.copyF64(EventField.count, d.command.data, d.command.at + PlaceOrder.entrySequence);
}

/** Decides a ReplaceOrder and makes it pending. */
export function replace(d: DecisionContext, out: Emission): void {
  resolveReplace(d, out.state, out.command);
  const code = decideReplace(d);
  if (code !== 0) {
    if (!leavesIdUnused(code)) useClOrdId(d, RequestKind.REPLACE, code);
    changeRejected(d, out, EventKind.ReplaceRejected, code, ReplaceOrder.origClOrdId);
    return;
  }
  // After this point nothing may fail.
  applyReplace(d);
  out.touch(d.client);
  useClOrdId(d, RequestKind.REPLACE, 0);
  const event = out.order(EventKind.ReplaceAccepted, d.order, ExecType.PENDING_REPLACE, true);
  chain(out.verdict(event, d, 0), d, ReplaceOrder.origClOrdId)
    .f64(EventField.orderQuantity, d.quantity)
    .f64(EventField.price, d.price);
}

/** Decides a CancelOrder and makes it pending. */
export function cancel(d: DecisionContext, out: Emission): void {
  const { state, command } = out;
  resolveCancel(d, state, command);
  const code = decideCancel(d);
  if (d.client !== 0) {
    const weighed = weighHouse(state, d.client, null, null);
    d.requirementBefore = weighed === undefined ? 0 : (weighed[BEFORE] as number);
    d.requirementAfter = d.requirementBefore;
    fillAvailable(d, state, d.client);
  }
  if (code !== 0) {
    if (!leavesIdUnused(code)) useClOrdId(d, RequestKind.CANCEL, code);
    changeRejected(d, out, EventKind.CancelRejected, code, CancelOrder.origClOrdId);
    return;
  }
  // After this point nothing may fail.
  applyCancel(state, d.order, command.bytes, d.clOrdIdAt);
  useClOrdId(d, RequestKind.CANCEL, 0);
  chain(out.verdict(out.order(EventKind.CancelAccepted, d.order, ExecType.PENDING_CANCEL, true), d, 0), d, CancelOrder.origClOrdId);
}

/** A PossResend repeat is answered with where its order stands, and changes nothing. */
function reportStatus(d: DecisionContext, out: Emission): void {
  const { state } = d;
  const order = state.clOrdIds.u32(d.knownId, ClientOrderId.order);
  const code = state.clOrdIds.u16(d.knownId, ClientOrderId.rejectCode);
  d.measure(0, 0, 0);
  if (order !== 0) {
    const event = out.order(EventKind.OrderStatusReported, order, ExecType.ORDER_STATUS, true);
    out.note(d.client);
    out.margin(event, d.client).u16(EventField.rejectCode, code);
    return;
  }
  const event = out.verdict(asked(d, out, EventKind.OrderStatusReported), d, code);
  event.u8(EventField.ordStatus, OrdStatus.REJECTED).u8(EventField.execType, ExecType.ORDER_STATUS);
}

/** A replace or cancel that is refused: about its order when there is one, else about what was asked. */
function changeRejected(d: DecisionContext, out: Emission, kind: number, code: number, origClOrdId: number): void {
  const event = d.order === 0 ? out.answer(kind).u8(EventField.ordStatus, OrdStatus.REJECTED) : out.order(kind, d.order, 0, true);
  event.copy(EventField.account, d.command.bytes, d.accountAt, ACCOUNT_BYTES);
  chain(out.verdict(event, d, code), d, origClOrdId);
}

/** The event of an order that is not in the state: as it was asked for. */
function asked(d: DecisionContext, out: Emission, kind: number): EventWriter {
  return out
    .answer(kind)
    .copy(EventField.account, d.command.bytes, d.accountAt, ACCOUNT_BYTES)
    .copy(EventField.clOrdId, d.command.bytes, d.clOrdIdAt, CLORDID_BYTES)
    .u32(EventField.token, d.token)
    .u8(EventField.segment, d.segment)
    .u8(EventField.side, d.side)
    .u8(EventField.ordType, d.ordType)
    .u8(EventField.timeInForce, d.timeInForce)
    .u8(EventField.product, d.product)
    .u32(EventField.algoId, d.command.u32(PlaceOrder.algoId))
    .f64(EventField.orderSequence, d.state.sequence)
    .f64(EventField.orderQuantity, d.quantity)
    .f64(EventField.price, d.price)
    .f64(EventField.stopPx, d.stopPx);
}

/** ClOrdID of the request and of what it asks to change. */
function chain(event: EventWriter, d: DecisionContext, origClOrdId: number): EventWriter {
  const { command, state } = d;
  event.copy(EventField.clOrdId, command.bytes, d.clOrdIdAt, CLORDID_BYTES);
  if (command.u8(origClOrdId) !== 0 || d.order === 0)
    return event.copy(EventField.origClOrdId, command.bytes, command.at + origClOrdId, CLORDID_BYTES);
  return event.copy(EventField.origClOrdId, state.orders.bytes, state.orders.at(d.order, Order.clOrdId), CLORDID_BYTES);
}
