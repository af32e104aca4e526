// FIX requests into commands: D, G, F, q and 8, written straight into the ring's memory. Allocates nothing for D. Figures are exact or refused: a
// quantity or price that is not one becomes a value the engine refuses by its own code. What cannot be judged at all is found before a command
// is claimed, by firstProblem().
import {
  ACCOUNT_BYTES,
  CancelOrder,
  CLORDID_BYTES,
  CommandKind,
  type CommandView,
  ExchangeSegment,
  ExecutionSource,
  MassCancel,
  OrderFlag,
  PlaceOrder,
  Product,
  RecordExecution,
  ReplaceOrder,
} from '../../engine/index.ts';
import { asciiBytes, ZERO } from '../fix/codec/ascii.ts';
import { parseInteger } from '../fix/codec/field-value.ts';
import type { MessageView } from '../fix/codec/message-view.ts';
import { OrderTag } from './custom-tags.ts';
import { fitExchangeId } from './exchange-id.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { targetWay } from './target-way.ts';

const PRODUCTS: readonly { readonly name: Uint8Array; readonly product: number }[] = Object.entries(Product).map(([name, product]) => ({
  name: asciiBytes(name),
  product,
}));
/** In place of a price that is not an exact number of ticks: the engine refuses it as off the tick. */
const NOT_A_PRICE = -1;
/** In place of a quantity that is no whole number, or has more digits than are exact: the engine refuses it as no quantity. */
const NOT_A_QUANTITY = -1;
/** In place of a validity this house does not know. */
const UNKNOWN_CODE = 255;

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value);

/** Price in ticks; 0 when absent, NOT_A_PRICE when malformed or finer than a tick. */
function priceOf(message: MessageView, tag: number): number {
  if (message.index(tag) < 0) return 0;
  const value = message.ticks(tag);
  return Number.isNaN(value) ? NOT_A_PRICE : value;
}

/** Units ordered; 0 when absent, NOT_A_QUANTITY when it is none. */
function quantityOf(message: MessageView): number {
  if (message.index(38) < 0) return 0;
  const value = message.quantity(38);
  return Number.isNaN(value) ? NOT_A_QUANTITY : value;
}

/** A one-digit code as its number; `absent` when the tag is missing, UNKNOWN_CODE when it is no digit. */
function digitOf(message: MessageView, tag: number, absent: number): number {
  if (message.index(tag) < 0) return absent;
  const digit = message.char(tag) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : UNKNOWN_CODE;
}

/** Product(10001); by segment when absent, 0 when it names none. */
function productOf(message: MessageView, segment: number): number {
  if (message.index(OrderTag.product) < 0) return segment === ExchangeSegment.NSE || segment === ExchangeSegment.BSE ? Product.CNC : Product.NRML;
  for (let i = 0; i < PRODUCTS.length; i++) {
    const entry = PRODUCTS[i];
    if (entry !== undefined && message.equals(OrderTag.product, entry.name)) return entry.product;
  }
  return 0;
}

/** Sequence part of OrderID(37) "slot-sequence"; 0 when absent or not of that form. */
export function orderSequenceOf(message: MessageView): number {
  const i = message.index(37);
  if (i < 0) return 0;
  const end = message.ends[i] ?? 0;
  for (let at = message.starts[i] ?? 0; at < end; at++) {
    if (message.bytes[at] === 0x2d) return orZero(parseInteger(message.bytes, at + 1, end));
  }
  return 0;
}

/** NewOrderSingle(D). */
export function writePlaceOrder(command: CommandView, message: MessageView, instrument: InstrumentResolver, slot: number): void {
  command.begin(CommandKind.PlaceOrder, PlaceOrder.BYTES, slot);
  const { at } = command;
  message.copy(1, command.bytes, at + PlaceOrder.account, ACCOUNT_BYTES);
  message.copy(11, command.bytes, at + PlaceOrder.clOrdId, CLORDID_BYTES);
  command.setU32(PlaceOrder.token, instrument.token);
  command.setU8(PlaceOrder.segment, instrument.segment);
  command.setU8(PlaceOrder.side, digitOf(message, 54, 0));
  command.setU8(PlaceOrder.ordType, digitOf(message, 40, 0));
  command.setU8(PlaceOrder.timeInForce, digitOf(message, 59, 0));
  const product = productOf(message, instrument.segment);
  command.setU8(PlaceOrder.product, product);
  if (product >= Product.CO) writeTarget(command, message, product);
  command.setU8(PlaceOrder.flags, (message.flag(97) ? OrderFlag.POSS_RESEND : 0) | (message.flag(OrderTag.dealer) ? OrderFlag.DEALER : 0));
  command.setU32(PlaceOrder.algoId, message.index(OrderTag.algoId) < 0 ? 0 : orZero(message.int(OrderTag.algoId)));
  command.setF64(PlaceOrder.quantity, quantityOf(message));
  command.setF64(PlaceOrder.price, priceOf(message, 44));
  command.setF64(PlaceOrder.stopPx, priceOf(message, 99));
  command.setF64(PlaceOrder.displayQuantity, message.index(111) < 0 ? 0 : orZero(message.quantity(111)));
  command.setU32(PlaceOrder.expireDate, message.index(432) < 0 ? 0 : orZero(message.int(432)));
}

/**
 * TargetPx(10007) as the way from the price on the gaining side; 0, which the engine refuses, when it is not there. A cover order that names one is
 * no product.
 */
function writeTarget(command: CommandView, message: MessageView, product: number): void {
  const target = priceOf(message, OrderTag.targetPx);
  if (product === Product.BO) command.setU32(PlaceOrder.targetWay, targetWay(command.u8(PlaceOrder.side), priceOf(message, 44), target));
  else if (target !== 0) command.setU8(PlaceOrder.product, 0);
}

/** OrderCancelReplaceRequest(G). */
export function writeReplaceOrder(command: CommandView, message: MessageView, instrument: InstrumentResolver, slot: number): void {
  command.begin(CommandKind.ReplaceOrder, ReplaceOrder.BYTES, slot);
  const { at } = command;
  message.copy(1, command.bytes, at + ReplaceOrder.account, ACCOUNT_BYTES);
  message.copy(11, command.bytes, at + ReplaceOrder.clOrdId, CLORDID_BYTES);
  message.copy(41, command.bytes, at + ReplaceOrder.origClOrdId, CLORDID_BYTES);
  command.setF64(ReplaceOrder.orderSequence, orderSequenceOf(message));
  command.setF64(ReplaceOrder.quantity, quantityOf(message));
  command.setF64(ReplaceOrder.price, priceOf(message, 44));
  command.setF64(ReplaceOrder.stopPx, priceOf(message, 99));
  command.setF64(ReplaceOrder.displayQuantity, message.index(111) < 0 ? 0 : orZero(message.quantity(111)));
  command.setU32(ReplaceOrder.token, instrument.token);
  command.setU8(ReplaceOrder.segment, instrument.segment);
  command.setU8(ReplaceOrder.side, digitOf(message, 54, 0));
  command.setU8(ReplaceOrder.ordType, digitOf(message, 40, 0));
  command.setU8(ReplaceOrder.timeInForce, digitOf(message, 59, 0));
}

/** OrderCancelRequest(F). */
export function writeCancelOrder(command: CommandView, message: MessageView, instrument: InstrumentResolver, slot: number): void {
  command.begin(CommandKind.CancelOrder, CancelOrder.BYTES, slot);
  const { at } = command;
  message.copy(1, command.bytes, at + CancelOrder.account, ACCOUNT_BYTES);
  message.copy(11, command.bytes, at + CancelOrder.clOrdId, CLORDID_BYTES);
  message.copy(41, command.bytes, at + CancelOrder.origClOrdId, CLORDID_BYTES);
  command.setF64(CancelOrder.orderSequence, orderSequenceOf(message));
  command.setU32(CancelOrder.token, instrument.token);
  command.setU8(CancelOrder.segment, instrument.segment);
  command.setU8(CancelOrder.side, digitOf(message, 54, 0));
  command.setF64(CancelOrder.quantity, message.index(38) < 0 ? 0 : orZero(message.quantity(38)));
}

/** OrderMassCancelRequest(q); slot is ALL_SLOTS when it names no account. */
export function writeMassCancel(command: CommandView, message: MessageView, instrument: InstrumentResolver, slot: number): void {
  command.begin(CommandKind.MassCancel, MassCancel.BYTES, slot);
  const { at } = command;
  message.copy(1, command.bytes, at + MassCancel.account, ACCOUNT_BYTES);
  message.copy(11, command.bytes, at + MassCancel.clOrdId, CLORDID_BYTES);
  command.setU32(MassCancel.token, instrument.token);
  command.setU8(MassCancel.segment, instrument.segment);
  command.setU8(MassCancel.side, digitOf(message, 54, 0));
  command.setU8(MassCancel.requestType, message.char(530));
}

/** Which tag says the exchange's trade number: TrdMatchID where the OMS sends it, else SecondaryExecID, else the report's own ExecID stands for it. */
function tradeNumberTag(message: MessageView): number {
  if (message.index(880) >= 0) return 880;
  return message.index(527) >= 0 ? 527 : 17;
}

/** ExecutionReport(8) from the OMS. */
export function writeRecordExecution(command: CommandView, message: MessageView, instrument: InstrumentResolver, slot: number): void {
  command.begin(CommandKind.RecordExecution, RecordExecution.BYTES, slot);
  const { at, bytes } = command;
  message.copy(1, bytes, at + RecordExecution.account, ACCOUNT_BYTES);
  message.copy(11, bytes, at + RecordExecution.clOrdId, CLORDID_BYTES);
  message.copy(41, bytes, at + RecordExecution.origClOrdId, CLORDID_BYTES);
  command.setF64(RecordExecution.orderSequence, orderSequenceOf(message));
  command.setU32(RecordExecution.token, instrument.token);
  command.setU8(RecordExecution.segment, instrument.segment);
  command.setU8(RecordExecution.side, digitOf(message, 54, 0));
  command.setU8(RecordExecution.execType, message.char(150));
  command.setU8(RecordExecution.ordStatus, message.char(39));
  fitExchangeId(message, 198, bytes, at + RecordExecution.exchangeOrderId);
  fitExchangeId(message, tradeNumberTag(message), bytes, at + RecordExecution.tradeId);
  // ExecRefID names a report; where the trade itself is named, that decides which one is corrected.
  if (message.index(880) < 0) fitExchangeId(message, 19, bytes, at + RecordExecution.execRefId);
  command.setF64(RecordExecution.lastQuantity, orZero(message.quantity(32)));
  command.setF64(RecordExecution.lastPx, priceOf(message, 31));
  command.setF64(RecordExecution.cumQuantity, orZero(message.quantity(14)));
  command.setF64(RecordExecution.leavesQuantity, orZero(message.quantity(151)));
  command.setF64(RecordExecution.orderQuantity, orZero(message.quantity(38)));
  command.setF64(RecordExecution.price, priceOf(message, 44));
  command.setU32(RecordExecution.tradeDate, message.index(75) < 0 ? 0 : orZero(message.int(75)));
  command.setU8(RecordExecution.product, productOf(message, instrument.segment));
  command.setU8(RecordExecution.source, ExecutionSource.OMS);
}
