// Trades, corrections and busts. One key (client, segment, date, trade number, side) dedupes every source that reports a trade.
import { BreakKind } from '../break-kind.ts';
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { RecordExecution } from '../command/layout.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { ExecType, OrdStatus, Product, Side } from '../instrument.ts';
import { ORDER_VALUE_MAX, PRICE_MAX, QUANTITY_MAX } from '../limits.ts';
import { isFundingOffered } from '../state/funding.ts';
import { hasExitedTooMuch, isExit } from '../state/linked-orders.ts';
import { Order, OrderState } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import { Trade, TradeKey } from '../state/trade-table.ts';
import { bookTrade } from './booking.ts';
import type { Emission } from './emission.ts';
import type { Report } from './execution.ts';
import { openBreak } from './open-break.ts';
import { openPosition } from './open-position.ts';
import { confirm, deposit, settleStatus, withdraw } from './working-order.ts';

const key = new TradeKey();

/** Folds a TRADE: first the fact, then the breaks it opens. */
export function recordTrade(out: Emission, report: Report): void {
  const { subject } = report;
  if (!plausible(subject.quantity, subject.price, subject.side)) {
    openBreak(out, BreakKind.malformedReport, subject);
    return;
  }
  pointKey(out, report, RecordExecution.tradeId);
  const seen = out.state.trades.find(key);
  if (seen === 0) recordNew(out, report, ExecType.TRADE);
  else recordDuplicate(out, report, seen);
}

/** Folds a TRADE_CORRECT or TRADE_CANCEL of the trade named by ExecRefID, else by its trade number. One that changes nothing does nothing. */
export function adjustTrade(out: Emission, report: Report, corrects: boolean): void {
  const { state, command } = out;
  const { subject } = report;
  if (corrects && !plausible(subject.quantity, subject.price, Side.BUY)) {
    openBreak(out, BreakKind.malformedReport, subject);
    return;
  }
  pointKey(out, report, command.u8(RecordExecution.execRefId) === 0 ? RecordExecution.tradeId : RecordExecution.execRefId);
  const trade = state.trades.find(key);
  if (trade === 0) recordUnseen(out, report, corrects);
  else adjustSeen(out, report, trade, corrects);
}

/** A trade not seen before, under `key`: booked, counted in its order, announced. */
function recordNew(out: Emission, report: Report, execType: number): void {
  const { orders } = out.state;
  const { subject } = report;
  const order = fittingOrder(out, report);
  const trade = addTrade(out, report, order);
  const closed = order !== 0 && orders.has(order, OrderState.CLOSED);
  const most = fillable(out, order);
  book(out, trade, subject.quantity, subject.price, 1);
  if (order !== 0) moveFilled(out, order, subject.quantity, subject.quantity * subject.price);
  announce(out, report, order, execType, trade);
  if (execType === ExecType.TRADE_CORRECT) openBreak(out, BreakKind.unknownTrade, subject);
  if (report.order === 0) openBreak(out, BreakKind.unknownOrder, subject);
  else if (order === 0) openBreak(out, BreakKind.orderMismatch, subject);
  if (out.state.derived.instrumentOf(out.state.trades.u32(trade, Trade.position)) < 0) openBreak(out, BreakKind.unknownInstrument, subject);
  if (closed) openBreak(out, BreakKind.fillAfterClose, subject);
  if (isTooMuch(out, order, most)) openBreak(out, BreakKind.overfill, subject);
}

/** Takes the trade back at its old figures and, for a correction, books it at the new ones. */
function adjustSeen(out: Emission, report: Report, trade: number, corrects: boolean): void {
  const { trades } = out.state;
  const { subject } = report;
  const order = trades.u32(trade, Trade.order);
  const oldQuantity = trades.u8(trade, Trade.busted) === 1 ? 0 : trades.f64(trade, Trade.quantity);
  const oldPrice = trades.f64(trade, Trade.price);
  const quantity = corrects ? subject.quantity : 0;
  const price = corrects ? subject.price : oldPrice;
  if (quantity === oldQuantity && price === oldPrice) return;
  if (oldQuantity > 0) book(out, trade, oldQuantity, oldPrice, -1);
  if (quantity > 0) book(out, trade, quantity, price, 1);
  if (corrects) {
    trades.setF64(trade, Trade.quantity, quantity);
    trades.setF64(trade, Trade.price, price);
  }
  trades.setU8(trade, Trade.busted, corrects ? 0 : 1);
  subject.order = order;
  const most = fillable(out, order);
  if (order !== 0) moveFilled(out, order, quantity - oldQuantity, quantity * price - oldQuantity * oldPrice);
  announce(out, report, order, corrects ? ExecType.TRADE_CORRECT : ExecType.TRADE_CANCEL, trade);
  if (quantity > oldQuantity && isTooMuch(out, order, most)) openBreak(out, BreakKind.overfill, subject);
}

/** A correction or bust that came before its trade: remembered under the trade's key, so that the late original is a duplicate. */
function recordUnseen(out: Emission, report: Report, corrects: boolean): void {
  const { subject } = report;
  if (corrects && plausible(subject.quantity, subject.price, subject.side)) {
    recordNew(out, report, ExecType.TRADE_CORRECT);
    return;
  }
  openBreak(out, BreakKind.unknownTrade, subject);
  if (corrects || (subject.side !== Side.BUY && subject.side !== Side.SELL)) return;
  out.state.trades.setU8(addTrade(out, report, fittingOrder(out, report)), Trade.busted, 1);
}

function recordDuplicate(out: Emission, { subject }: Report, trade: number): void {
  const { trades } = out.state;
  if (trades.u8(trade, Trade.busted) === 1) return;
  const same = trades.f64(trade, Trade.quantity) === subject.quantity && trades.f64(trade, Trade.price) === subject.price;
  if (!same) openBreak(out, BreakKind.tradeMismatch, subject);
}

/** Could this be a trade at all? Quantity, price and value within what the engine computes with. */
function plausible(quantity: number, price: number, side: number): boolean {
  if (!Number.isInteger(quantity) || quantity <= 0 || quantity > QUANTITY_MAX) return false;
  if (!Number.isInteger(price) || price < 0 || price > PRICE_MAX) return false;
  return quantity * price <= ORDER_VALUE_MAX && (side === Side.BUY || side === Side.SELL);
}

function pointKey(out: Emission, { client, subject }: Report, idField: number): void {
  const { command } = out;
  key.client = client;
  key.segment = subject.segment;
  key.side = subject.side;
  key.tradeDate = command.u32(RecordExecution.tradeDate);
  key.bytes = command.bytes;
  key.at = command.at + idField;
}

/** The order a trade fills: the report's, unless it trades something else; 0 = none. */
function fittingOrder(out: Emission, { order, subject }: Report): number {
  const { orders } = out.state;
  if (order === 0 || orders.u32(order, Order.token) !== subject.token) return 0;
  return orders.u8(order, Order.segment) === subject.segment && orders.u8(order, Order.side) === subject.side ? order : 0;
}

/** Remembers the trade under `key`, with the position it belongs to. */
function addTrade(out: Emission, report: Report, order: number): number {
  const { state, command } = out;
  const { subject, client } = report;
  const trade = state.trades.add(key);
  const position = openPosition(state, client, subject.segment, subject.token, productOf(out, subject.segment, order));
  state.trades.setU8(trade, Trade.source, command.u8(RecordExecution.source));
  state.trades.setU32(trade, Trade.position, position);
  state.trades.setU32(trade, Trade.order, order);
  // A bust may come without figures: they are never looked at again.
  state.trades.setF64(trade, Trade.quantity, Number.isInteger(subject.quantity) ? subject.quantity : 0);
  state.trades.setF64(trade, Trade.price, Number.isInteger(subject.price) ? subject.price : 0);
  return trade;
}

/**
 * Product the position row is kept under: the order's, else the report's (MTF where the house funds), else MIS (which margins both sides); 0 for
 * derivatives.
 */
function productOf(out: Emission, segment: number, order: number): number {
  if (!isCashSegment(segment)) return 0;
  if (order !== 0) return out.state.orders.u8(order, Order.product);
  const product = out.command.u8(RecordExecution.product);
  if (product === Product.MTF && isFundingOffered(out.state)) return Product.MTF;
  return product === Product.CNC ? Product.CNC : Product.MIS;
}

/** Books a trade's units forward (+1) or back (-1). */
function book(out: Emission, trade: number, quantity: number, price: number, sign: number): void {
  const { trades } = out.state;
  const units = trades.u8(trade, Trade.side) === Side.BUY ? quantity : -quantity;
  bookTrade(out.state, trades.u32(trade, Trade.position), sign * units, price, sign);
}

/** Moves what is filled of the order by `units` and `value` (tick-units), and closes it when nothing is left. A closed order stays closed. */
function moveFilled(out: Emission, order: number, units: number, value: number): void {
  const { state } = out;
  const { orders } = state;
  withdraw(state, order);
  orders.addF64(order, Order.cumQuantity, units);
  orders.addF64(order, Order.cumValue, value);
  if (isExit(orders.u8(order, Order.leg))) orders.addF64(orders.u32(order, Order.link), Order.exited, units);
  if (!orders.has(order, OrderState.CLOSED)) settleStatus(state, order, OrdStatus.FILLED, OrdStatus.PARTIALLY_FILLED, OrdStatus.NEW);
  deposit(state, order);
  if (orders.has(order, OrderState.CLOSED)) orders.raise(order, OrderState.CONFIRMED);
  else confirm(state, order);
}

/** Units an order may fill in all: its quantity or that of its pending replace. Asked before a fill closes the order and forgets the replace. */
function fillable(out: Emission, order: number): number {
  if (order === 0) return 0;
  const { orders } = out.state;
  return Math.max(orders.f64(order, Order.quantity), orders.f64(order, Order.pendingQuantity));
}

/** Did a fill take the order beyond what it may fill, or an exit leg beyond what its entry filled? */
function isTooMuch({ state }: Emission, order: number, most: number): boolean {
  return order !== 0 && (state.orders.f64(order, Order.cumQuantity) > most || hasExitedTooMuch(state, order));
}

function announce(out: Emission, report: Report, order: number, execType: number, trade: number): void {
  const { state } = out;
  const { trades, positions } = state;
  const { subject, client } = report;
  const event = order === 0 ? out.begin(EventKind.ExecutionRecorded) : out.order(EventKind.ExecutionRecorded, order, execType, false);
  const position = trades.u32(trade, Trade.position);
  out
    .account(event, client)
    .u8(EventField.execType, execType)
    .u32(EventField.token, positions.u32(position, Position.token))
    .u8(EventField.segment, positions.u8(position, Position.segment))
    .u8(EventField.side, trades.u8(trade, Trade.side))
    .f64(EventField.lastQuantity, subject.quantity)
    .f64(EventField.lastPx, subject.price);
  out.margin(event, client);
}
