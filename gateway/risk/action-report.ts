// Orders and cancels that did not come over FIX, on their way to the order system: an accepted one becomes our NewOrderSingle(D),
// OrderCancelReplaceRequest(G) or OrderCancelRequest(F) on the action session. One function of the event alone, as reports are, so that a resend from
// the journal gives the same body.
import { ACCOUNT_BYTES, CLORDID_BYTES, EventField, EventKind, type EventView, Product } from '../../engine/index.ts';
import { asciiBytes, COLON, MINUS, ZERO } from '../fix/codec/ascii.ts';
import type { MessageWriter } from '../fix/codec/message-writer.ts';
import { OrderTag } from './custom-tags.ts';
import { type SymbolIndex, segmentName } from './symbol-index.ts';

/** MsgType(35) codes of actions. */
export const ActionType = { NEW_ORDER: 0x44, REPLACE: 0x47, CANCEL: 0x46 } as const;

const SEGMENT_TEXT: readonly Uint8Array[] = Array.from({ length: 256 }, (_, segment) => asciiBytes(segmentName(segment)));
const PRODUCT_TEXT: readonly Uint8Array[] = ['', 'CNC', 'MIS', 'NRML', 'MTF', 'CO', 'BO'].map((name) => asciiBytes(name));
const NO_SYMBOL = asciiBytes('[N/A]');
/** ClOrdIDs of the house's own square-off begin so; the third letter is the cause. */
const [S, Q] = [0x53, 0x51];
/** Those of exit legs so: C, then X for a stop-loss and T for a target. */
const [C, X, T] = [0x43, 0x58, 0x54];
const CAUSES: ReadonlyMap<number, string> = new Map([
  [0x54, 'square-off: the time of the intraday product has come'],
  [0x4d, 'square-off: margin shortfall'],
  [0x4c, 'square-off: loss limit'],
  [0x4b, 'stopped: the client is killed or frozen'],
]);

/** MsgType(35) code of the action an event asks for; 0 when it asks for none. Events with a destination are reports to it and nothing else. */
export function actionTypeOf(event: EventView): number {
  if (event.destination !== 0) return 0;
  if (event.kind === EventKind.OrderAccepted) return ActionType.NEW_ORDER;
  if (event.kind === EventKind.ReplaceAccepted) return ActionType.REPLACE;
  return event.kind === EventKind.CancelAccepted ? ActionType.CANCEL : 0;
}

/** Writes the body of the action; actionTypeOf(event) must not be 0. */
export function writeAction(writer: MessageWriter, event: EventView, symbols: SymbolIndex | undefined): void {
  const type = actionTypeOf(event);
  const { bytes, at } = event;
  writer.padded(1, bytes, at + EventField.account, ACCOUNT_BYTES);
  const isNamed = bytes[at + EventField.origClOrdId] !== 0 || type === ActionType.NEW_ORDER;
  // A cancel of a whole account names no request of its own for each order.
  if (isNamed) writer.padded(11, bytes, at + EventField.clOrdId, CLORDID_BYTES);
  else writer.pair(11, COLON, event.slot, event.slotSequence, event.index);
  const sequence = event.f64(EventField.orderSequence);
  if (type === ActionType.NEW_ORDER) writer.pair(526, MINUS, event.slot, sequence);
  else writer.pair(37, MINUS, event.slot, sequence);
  writer.int(38, event.f64(EventField.orderQuantity));
  if (type !== ActionType.CANCEL) writer.char(40, ZERO + event.u8(EventField.ordType));
  if (type !== ActionType.NEW_ORDER) writer.padded(41, bytes, at + (isNamed ? EventField.origClOrdId : EventField.clOrdId), CLORDID_BYTES);
  if (type !== ActionType.CANCEL && event.f64(EventField.price) > 0) writer.ticks(44, event.f64(EventField.price));
  writeInstrument(writer, event, symbols);
  writer.char(54, ZERO + event.u8(EventField.side));
  const cause = causeOf(event);
  if (cause !== undefined) writer.text(58, cause);
  if (type !== ActionType.CANCEL) writer.char(59, ZERO + event.u8(EventField.timeInForce));
  writer.timestamp(60, event.f64(EventField.time));
  if (type !== ActionType.CANCEL && event.f64(EventField.stopPx) > 0) writer.ticks(99, event.f64(EventField.stopPx));
  writer.raw(207, SEGMENT_TEXT[event.u8(EventField.segment)] ?? NO_SYMBOL);
  const product = PRODUCT_TEXT[event.u8(EventField.product)];
  if (type !== ActionType.NEW_ORDER) return;
  if (product !== undefined && product.length > 0) writer.raw(OrderTag.product, product);
  const entry = event.f64(EventField.count);
  if (entry > 0) writer.pair(OrderTag.entryOrderId, MINUS, event.slot, entry);
}

function writeInstrument(writer: MessageWriter, event: EventView, symbols: SymbolIndex | undefined): void {
  const token = event.u32(EventField.token);
  if (token > 0) writer.int(48, token);
  const row = symbols === undefined ? -1 : symbols.table.find(event.u8(EventField.segment), token);
  if (symbols === undefined || row < 0) writer.raw(55, NO_SYMBOL);
  else writer.copy(55, symbols.nameBytes, symbols.nameStart[row] ?? 0, symbols.nameStart[row + 1] ?? 0);
}

/** Why, in words, by the ClOrdID; undefined for what a person asked for. */
function causeOf({ bytes, at }: EventView): string | undefined {
  const from = at + EventField.clOrdId;
  if (bytes[from] === C && bytes[from + 1] === X)
    return bytes[at + EventField.product] === Product.BO ? 'stop-loss of a bracket order' : 'stop-loss of a cover order';
  if (bytes[from] === C && bytes[from + 1] === T) return 'target of a bracket order';
  return bytes[from] === S && bytes[from + 1] === Q ? CAUSES.get(bytes[from + 2] ?? 0) : undefined;
}
