// Events into reports: the body of 8, 9 and r, after the session layer has written the header. One function of the event alone, so that a resend
// from the journal gives the same body. Allocates nothing.
import { ACCOUNT_BYTES, CLORDID_BYTES, EventField, EventKind, type EventView, ExecType, OrdStatus, RejectCode } from '../../engine/index.ts';
import { asciiBytes, COLON, MINUS, ZERO } from '../fix/codec/ascii.ts';
import type { MessageWriter } from '../fix/codec/message-writer.ts';
import { rejectText } from '../reject-text.ts';
import { writeAction } from './action-report.ts';
import { ReportTag } from './custom-tags.ts';
import { NeedsText } from './needs-text.ts';
import { type SymbolIndex, segmentName } from './symbol-index.ts';

/** MsgType(35) codes of reports. */
export const ReportType = { EXECUTION_REPORT: 0x38, CANCEL_REJECT: 0x39, MASS_CANCEL_REPORT: 0x72 } as const;

/** Ticks in a paisa: amounts are written with the price encoder. */
const TICKS_PER_PAISA = 100;
const SEGMENT_TEXT: readonly Uint8Array[] = Array.from({ length: 256 }, (_, segment) => asciiBytes(segmentName(segment)));
const UNKNOWN_ORDER_ID = asciiBytes('NONE');
/** Symbol(55) of an instrument that the table does not name: events do not keep the text that was sent. */
const NO_SYMBOL = asciiBytes('[N/A]');
/** Highest code of OrdType(40) and TimeInForce(59) that events keep; above it stands what was no digit. */
const DIGIT_MAX = 9;

/** ExecType(150) and OrdStatus(39) of an event that carries none itself. */
const DEFAULTS: readonly (readonly [number, number] | undefined)[] = ((): (readonly [number, number] | undefined)[] => {
  const rows: (readonly [number, number] | undefined)[] = [];
  rows[EventKind.OrderAccepted] = [ExecType.NEW, OrdStatus.NEW];
  rows[EventKind.OrderRejected] = [ExecType.REJECTED, OrdStatus.REJECTED];
  rows[EventKind.ReplaceAccepted] = [ExecType.PENDING_REPLACE, OrdStatus.PENDING_REPLACE];
  rows[EventKind.CancelAccepted] = [ExecType.PENDING_CANCEL, OrdStatus.PENDING_CANCEL];
  rows[EventKind.ExecutionRecorded] = [0, 0];
  rows[EventKind.OrderReplaced] = [ExecType.REPLACED, OrdStatus.NEW];
  rows[EventKind.OrderCanceled] = [ExecType.CANCELED, OrdStatus.CANCELED];
  rows[EventKind.OrderExpired] = [ExecType.EXPIRED, OrdStatus.EXPIRED];
  rows[EventKind.OrderStatusReported] = [ExecType.ORDER_STATUS, OrdStatus.NEW];
  return rows;
})();

/** MsgType(35) code an event is reported as; 0 when it is not reported over FIX. */
export function reportTypeOf(kind: number): number {
  if (kind === EventKind.ReplaceRejected || kind === EventKind.CancelRejected) return ReportType.CANCEL_REJECT;
  if (kind === EventKind.MassCancelAccepted || kind === EventKind.MassCancelRejected) return ReportType.MASS_CANCEL_REPORT;
  return DEFAULTS[kind] === undefined ? 0 : ReportType.EXECUTION_REPORT;
}

export class ReportEncoder {
  /** Names of the current parameter table; reports go out without Symbol(55) before there is one. */
  symbols: SymbolIndex | undefined;
  private readonly needs = new NeedsText(rejectText(RejectCode.insufficientMargin).text);

  /** Writes the body of the event's report, or of the action an event without destination asks for; there must be one. */
  write(writer: MessageWriter, event: EventView): void {
    if (event.destination === 0) {
      writeAction(writer, event, this.symbols);
      return;
    }
    const type = reportTypeOf(event.kind);
    if (type === ReportType.EXECUTION_REPORT) this.executionReport(writer, event);
    else if (type === ReportType.CANCEL_REJECT) this.cancelReject(writer, event);
    else this.massCancelReport(writer, event);
  }

  private executionReport(writer: MessageWriter, event: EventView): void {
    const { bytes, at } = event;
    const defaults = DEFAULTS[event.kind];
    writer.padded(1, bytes, at + EventField.account, ACCOUNT_BYTES);
    // An average need not be a whole number of ticks.
    writer.ticks(6, Math.round(event.f64(EventField.avgPx)));
    this.text(writer, 11, event, EventField.clOrdId);
    writer.int(14, event.f64(EventField.cumQuantity));
    writer.pair(17, COLON, event.slot, event.slotSequence, event.index);
    if (event.f64(EventField.lastQuantity) > 0) writer.ticks(31, event.f64(EventField.lastPx)).int(32, event.f64(EventField.lastQuantity));
    this.orderId(writer, event);
    // Below zero stands what was no quantity: to echo a number would say that one was sent.
    if (event.f64(EventField.orderQuantity) >= 0) writer.int(38, event.f64(EventField.orderQuantity));
    writer.char(39, event.u8(EventField.ordStatus) || (defaults?.[1] ?? 0));
    if (event.u8(EventField.ordType) > 0 && event.u8(EventField.ordType) <= DIGIT_MAX) writer.char(40, ZERO + event.u8(EventField.ordType));
    if (event.u8(EventField.hasHedge) === 0) this.text(writer, 41, event, EventField.origClOrdId);
    if (event.f64(EventField.price) > 0) writer.ticks(44, event.f64(EventField.price));
    this.instrument(writer, event);
    writer.char(54, ZERO + event.u8(EventField.side));
    if (event.rejectCode !== RejectCode.none) this.reason(writer, event);
    if (event.u8(EventField.timeInForce) <= DIGIT_MAX) writer.char(59, ZERO + event.u8(EventField.timeInForce));
    writer.timestamp(60, event.f64(EventField.time));
    if (event.f64(EventField.stopPx) > 0) writer.ticks(99, event.f64(EventField.stopPx));
    if (event.rejectCode !== RejectCode.none) writer.int(103, rejectText(event.rejectCode).ordRejReason);
    writer.char(150, event.u8(EventField.execType) || (defaults?.[0] ?? 0));
    writer.int(151, event.f64(EventField.leavesQuantity));
    if (event.u8(EventField.segment) > 0) writer.raw(207, SEGMENT_TEXT[event.u8(EventField.segment)] ?? UNKNOWN_ORDER_ID);
    this.figures(writer, event);
  }

  private cancelReject(writer: MessageWriter, event: EventView): void {
    writer.padded(1, event.bytes, event.at + EventField.account, ACCOUNT_BYTES);
    this.text(writer, 11, event, EventField.clOrdId);
    this.orderId(writer, event);
    writer.char(39, event.u8(EventField.ordStatus) || OrdStatus.REJECTED);
    this.text(writer, 41, event, EventField.origClOrdId);
    this.reason(writer, event);
    writer.timestamp(60, event.f64(EventField.time));
    writer.int(102, rejectText(event.rejectCode).cxlRejReason);
    writer.char(434, event.kind === EventKind.ReplaceRejected ? ZERO + 2 : ZERO + 1);
    this.figures(writer, event);
  }

  private massCancelReport(writer: MessageWriter, event: EventView): void {
    const isRejected = event.kind === EventKind.MassCancelRejected;
    this.text(writer, 11, event, EventField.clOrdId);
    writer.pair(37, COLON, event.slot, event.slotSequence, event.index);
    if (isRejected) this.reason(writer, event);
    writer.timestamp(60, event.f64(EventField.time));
    const isByInstrument = event.u32(EventField.token) !== 0;
    writer.char(530, ZERO + (isByInstrument ? 1 : 7));
    writer.char(531, ZERO + (isRejected ? 0 : isByInstrument ? 1 : 7));
    if (isRejected) writer.int(532, 99);
    writer.int(533, event.f64(EventField.count));
    if (isRejected) writer.int(ReportTag.rejectCode, event.rejectCode);
  }

  private text(writer: MessageWriter, tag: number, event: EventView, field: number): void {
    if (event.bytes[event.at + field] !== 0) writer.padded(tag, event.bytes, event.at + field, CLORDID_BYTES);
  }

  private orderId(writer: MessageWriter, event: EventView): void {
    const sequence = event.f64(EventField.orderSequence);
    if (sequence > 0) writer.pair(37, MINUS, event.slot, sequence);
    else writer.raw(37, UNKNOWN_ORDER_ID);
  }

  /** SecurityID(48) and Symbol(55), which FIX wants in any case. */
  private instrument(writer: MessageWriter, event: EventView): void {
    const token = event.u32(EventField.token);
    if (token > 0) writer.int(48, token);
    const { symbols } = this;
    const row = symbols === undefined ? -1 : symbols.table.find(event.u8(EventField.segment), token);
    if (symbols === undefined || row < 0) writer.raw(55, NO_SYMBOL);
    else writer.copy(55, symbols.nameBytes, symbols.nameStart[row] ?? 0, symbols.nameStart[row + 1] ?? 0);
  }

  private reason(writer: MessageWriter, event: EventView): void {
    if (event.rejectCode !== RejectCode.insufficientMargin) {
      writer.text(58, rejectText(event.rejectCode).text);
      return;
    }
    this.needs.compose(event.f64(EventField.requirementAfter) - event.f64(EventField.available));
    if (event.u8(EventField.hasHedge) !== 0) this.hedge(event);
    writer.copy(58, this.needs.bytes, 0, this.needs.length);
  }

  /** An option the table no longer names is not worth naming: money lets the order pass, too. */
  private hedge(event: EventView): void {
    const { symbols } = this;
    const row = symbols === undefined ? -1 : symbols.table.find(event.u8(EventField.segment), event.u32(EventField.hedgeToken));
    if (symbols === undefined || row < 0) return;
    const name = { bytes: symbols.nameBytes, from: symbols.nameStart[row] ?? 0, to: symbols.nameStart[row + 1] ?? 0 };
    this.needs.orBuy(event.f64(EventField.hedgeQuantity), name, event.f64(EventField.hedgePrice));
  }

  private figures(writer: MessageWriter, event: EventView): void {
    const code = event.rejectCode;
    if (code !== RejectCode.none) writer.int(ReportTag.rejectCode, code);
    const before = event.f64(EventField.requirementBefore);
    const after = event.f64(EventField.requirementAfter);
    const available = event.f64(EventField.available);
    if (before !== 0 || after !== 0 || available !== 0) {
      writer.ticks(ReportTag.requirementBefore, before * TICKS_PER_PAISA);
      writer.ticks(ReportTag.requirementAfter, after * TICKS_PER_PAISA);
      writer.ticks(ReportTag.available, available * TICKS_PER_PAISA);
    }
    if (event.u8(EventField.marginBasis) !== 0) writer.int(ReportTag.marginBasis, event.u8(EventField.marginBasis));
    if (code === RejectCode.none) return;
    if (code === RejectCode.insufficientMargin) writer.ticks(ReportTag.shortfall, (after - available) * TICKS_PER_PAISA);
    if (event.u8(EventField.level) === 0) return;
    writer.int(ReportTag.limitLevel, event.u8(EventField.level));
    writer.int(ReportTag.limit, event.f64(EventField.limit));
    // No check measures less than nothing: below zero stands what was no quantity or price at all.
    if (event.f64(EventField.value) >= 0) writer.int(ReportTag.value, event.f64(EventField.value));
  }
}
