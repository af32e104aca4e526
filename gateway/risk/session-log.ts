// One FIX session's log: what went out under which MsgSeqNum(34), how far inbound messages are durable, and per slot how far events were
// reported. Written before the socket is; a torn tail (never sent) is cut off on opening. Knows nothing of sockets or FIX syntax.
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EventField, type EventView, SLOT_COUNT } from '../../engine/index.ts';
import { crc32, ENTRY_BYTES, EntryField, EntryKind } from './session-log-layout.ts';

const BUFFER_BYTES = 1 << 20;
const READ_BYTES = 1 << 20;
const CURSOR_BYTES = SLOT_COUNT * 16;

/** One logged message, as a resend needs it. */
export interface LoggedMessage {
  readonly kind: number;
  readonly msgType: number;
  /** Original SendingTime(52), microseconds since epoch. */
  readonly sendingTime: number;
  readonly slot: number;
  readonly slotSequence: number;
  readonly index: number;
  readonly journalFile: number;
  readonly journalPosition: number;
  readonly payload: Uint8Array;
}

export class SessionLog {
  readonly file: string;
  private readonly descriptor: number;
  private readonly sync: boolean;
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private readonly view = new DataView(this.buffer.buffer, this.buffer.byteOffset, BUFFER_BYTES);
  private used = 0;
  private size = 0;
  /** File offset of the entry of each outbound number of this incarnation; index 0 unused. */
  private offsets = new Float64Array(1024);
  private readonly cursorSequence = new Float64Array(SLOT_COUNT);
  private readonly cursorIndex = new Float64Array(SLOT_COUNT);
  /** Counts resets, from 1; part of the exactly-once key of inbound messages. */
  incarnation = 1;
  /** When numbers last restarted, microseconds since epoch; 0 = never. */
  createdAt = 0;
  /** Outbound number the next message takes. */
  nextOutbound = 1;
  /** Every inbound number up to this one is durable, or was settled without a command. */
  watermark = 0;
  /** Inbound numbers above the watermark that were refused without a command; only filled while opening. */
  readonly answered: Set<number> = new Set();

  /** Opens or creates a log. `sync`: fdatasync each flush (durability "power"). Throws when the file cannot be opened. */
  constructor(file: string, sync: boolean) {
    mkdirSync(dirname(file), { recursive: true });
    this.file = file;
    this.sync = sync;
    this.descriptor = openSync(file, 'a+');
    this.recover();
  }

  /** Has the event of this slot been logged already? */
  hasReported(slot: number, slotSequence: number, index: number): boolean {
    const sequence = this.cursorSequence[slot] ?? 0;
    return slotSequence < sequence || (slotSequence === sequence && index <= (this.cursorIndex[slot] ?? -1));
  }

  /** Slot sequence of the last event of the slot that was logged; 0 = none. */
  reportedThrough(slot: number): number {
    return this.cursorSequence[slot] ?? 0;
  }

  /** Logs the report of an event and returns its MsgSeqNum. Allocates nothing. */
  appendEvent(event: EventView, msgType: number, sendingTime: number): number {
    const at = this.begin(EntryKind.EVENT, msgType, 0);
    this.view.setUint16(at + EntryField.slot, event.slot, true);
    this.view.setFloat64(at + EntryField.sendingTime, sendingTime, true);
    this.view.setFloat64(at + EntryField.slotSequence, event.slotSequence, true);
    this.view.setFloat64(at + EntryField.journalPosition, event.f64(EventField.journalPosition), true);
    this.view.setUint32(at + EntryField.journalFile, event.u32(EventField.journalFile), true);
    this.view.setUint16(at + EntryField.index, event.index, true);
    this.view.setUint16(at + EntryField.shard, event.u16(EventField.shard), true);
    this.view.setFloat64(at + EntryField.inbound, event.f64(EventField.originNumber), true);
    this.advanceCursor(event.slot, event.slotSequence, event.index);
    return this.end(at, ENTRY_BYTES);
  }

  /** Logs an administrative message (a resend gap-fills it) and returns its MsgSeqNum. */
  appendAdmin(msgType: number, sendingTime: number): number {
    const at = this.begin(EntryKind.ADMIN, msgType, 0);
    this.view.setFloat64(at + EntryField.sendingTime, sendingTime, true);
    return this.end(at, ENTRY_BYTES);
  }

  /** Logs an application message by its body, in answer to `inbound`, and returns its MsgSeqNum. */
  appendBody(body: Uint8Array, msgType: number, sendingTime: number, inbound: number): number {
    const length = ENTRY_BYTES + padded(body.length);
    const at = this.begin(EntryKind.BODY, msgType, body.length);
    this.view.setFloat64(at + EntryField.sendingTime, sendingTime, true);
    this.view.setFloat64(at + EntryField.inbound, inbound, true);
    this.buffer.fill(0, at + ENTRY_BYTES, at + length);
    this.buffer.set(body, at + ENTRY_BYTES);
    return this.end(at, length);
  }

  /** Raises the inbound watermark; written with the next entry, or by flush on its own. */
  settleInbound(watermark: number): void {
    if (watermark > this.watermark) this.watermark = watermark;
  }

  /** Restarts numbers at 1 under the next incarnation, at `at`; durable before this returns. Cursors stand: events are not reported twice. */
  reset(at: number): void {
    this.incarnation += 1;
    this.nextOutbound = 1;
    this.watermark = 0;
    this.answered.clear();
    this.stamp(at);
  }

  /** Notes when the numbers of this incarnation started. */
  stamp(at: number): void {
    this.createdAt = at;
    const entry = this.begin(EntryKind.RESET, 0, 0);
    this.view.setFloat64(entry + EntryField.sendingTime, at, true);
    this.endNote(entry, ENTRY_BYTES);
    this.flush();
  }

  /** Moves the next outbound number up (SequenceReset out, manual repair); numbers skipped are gap-filled. */
  skipOutboundTo(next: number): void {
    while (this.nextOutbound < next) this.appendAdmin(0, 0);
    this.flush();
  }

  /** Writes what was appended; after it the messages may go to the socket. Throws when the disk refuses: then nothing may be sent. */
  flush(): void {
    if (this.used === 0) return;
    let written = 0;
    while (written < this.used) written += writeSync(this.descriptor, this.buffer, written, this.used - written);
    if (this.sync) fdatasyncSync(this.descriptor);
    this.size += this.used;
    this.used = 0;
  }

  /** Writes the watermark down although no message goes out; for a quiet session, now and then. */
  flushWatermark(): void {
    this.endNote(this.begin(EntryKind.INBOUND, 0, 0), ENTRY_BYTES);
    this.flush();
  }

  /** Writes down that every event up to (sequences, indices) by slot has been dealt with, so that a restart need not look at older ones. */
  noteCursor(sequences: Float64Array, indices: Float64Array): void {
    const at = this.begin(EntryKind.CURSOR, 0, CURSOR_BYTES);
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      this.advanceCursor(slot, sequences[slot] ?? 0, indices[slot] ?? 0);
      this.view.setFloat64(at + ENTRY_BYTES + slot * 8, sequences[slot] ?? 0, true);
      this.view.setFloat64(at + ENTRY_BYTES + (SLOT_COUNT + slot) * 8, indices[slot] ?? 0, true);
    }
    this.endNote(at, ENTRY_BYTES + CURSOR_BYTES);
    this.flush();
  }

  /** The message that went out as `msgSeqNum` in this incarnation, or undefined when none did. Reads the file: not for the hot path. */
  read(msgSeqNum: number): LoggedMessage | undefined {
    if (msgSeqNum < 1 || msgSeqNum >= this.nextOutbound) return undefined;
    this.flush();
    const entry = Buffer.alloc(ENTRY_BYTES);
    const offset = this.offsets[msgSeqNum] ?? 0;
    readSync(this.descriptor, entry, 0, ENTRY_BYTES, offset);
    const payload = Buffer.alloc(entry.readUInt32LE(EntryField.payloadBytes));
    readSync(this.descriptor, payload, 0, payload.length, offset + ENTRY_BYTES);
    return {
      kind: entry[EntryField.kind] ?? 0,
      msgType: entry[EntryField.msgType] ?? 0,
      sendingTime: entry.readDoubleLE(EntryField.sendingTime),
      slot: entry.readUInt16LE(EntryField.slot),
      slotSequence: entry.readDoubleLE(EntryField.slotSequence),
      index: entry.readUInt16LE(EntryField.index),
      journalFile: entry.readUInt32LE(EntryField.journalFile),
      journalPosition: entry.readDoubleLE(EntryField.journalPosition),
      payload,
    };
  }

  /** Flushes and closes. */
  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private begin(kind: number, msgType: number, payloadBytes: number): number {
    if (this.used + ENTRY_BYTES + padded(payloadBytes) > BUFFER_BYTES) this.flush();
    const at = this.used;
    const { view } = this;
    for (let cell = 0; cell < ENTRY_BYTES; cell += 8) view.setFloat64(at + cell, 0, true);
    view.setUint8(at + EntryField.kind, kind);
    view.setUint8(at + EntryField.msgType, msgType);
    view.setUint32(at + EntryField.payloadBytes, payloadBytes, true);
    view.setUint32(at + EntryField.incarnation, this.incarnation, true);
    view.setFloat64(at + EntryField.watermark, this.watermark, true);
    return at;
  }

  /** Gives the entry the next outbound number and its checksum. */
  private end(at: number, length: number): number {
    const msgSeqNum = this.nextOutbound;
    this.view.setFloat64(at + EntryField.msgSeqNum, msgSeqNum, true);
    this.view.setUint32(at, crc32(this.view, at + 4, at + length), true);
    this.remember(msgSeqNum, this.size + at);
    this.used = at + length;
    this.nextOutbound += 1;
    return msgSeqNum;
  }

  private endNote(at: number, length: number): void {
    this.view.setUint32(at, crc32(this.view, at + 4, at + length), true);
    this.used = at + length;
  }

  private remember(msgSeqNum: number, offset: number): void {
    if (msgSeqNum >= this.offsets.length) {
      const larger = new Float64Array(this.offsets.length * 2);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    this.offsets[msgSeqNum] = offset;
  }

  private advanceCursor(slot: number, slotSequence: number, index: number): void {
    if (this.hasReported(slot, slotSequence, index)) return;
    this.cursorSequence[slot] = slotSequence;
    this.cursorIndex[slot] = index;
  }

  /** Reads all whole entries and cuts the file after the last one. */
  private recover(): void {
    const fileBytes = fstatSync(this.descriptor).size;
    let chunk = Buffer.alloc(0);
    let view = viewOf(chunk);
    let at = 0;
    for (;;) {
      const length = entryLength(chunk, at);
      if (length < 0) {
        const from = this.size + chunk.length - at;
        if (from >= fileBytes) break;
        const more = Buffer.alloc(Math.min(READ_BYTES, fileBytes - from));
        readSync(this.descriptor, more, 0, more.length, from);
        chunk = Buffer.concat([chunk.subarray(at), more]);
        view = viewOf(chunk);
        at = 0;
        continue;
      }
      if (length === 0 || chunk.readUInt32LE(at) !== crc32(view, at + 4, at + length)) break;
      this.replayEntry(chunk, at);
      at += length;
      this.size += length;
    }
    if (this.size < fileBytes) ftruncateSync(this.descriptor, this.size);
    for (const number of this.answered) if (number <= this.watermark) this.answered.delete(number);
  }

  private replayEntry(chunk: Buffer, at: number): void {
    const kind = chunk[at + EntryField.kind] ?? 0;
    if (kind === EntryKind.RESET) {
      this.incarnation = chunk.readUInt32LE(at + EntryField.incarnation);
      this.createdAt = chunk.readDoubleLE(at + EntryField.sendingTime);
      this.nextOutbound = 1;
      this.watermark = 0;
      this.answered.clear();
      return;
    }
    this.settleInbound(chunk.readDoubleLE(at + EntryField.watermark));
    if (kind === EntryKind.INBOUND) return;
    if (kind === EntryKind.CURSOR) {
      const value = (cell: number): number => chunk.readDoubleLE(at + ENTRY_BYTES + cell * 8);
      for (let slot = 0; slot < SLOT_COUNT; slot++) this.advanceCursor(slot, value(slot), value(SLOT_COUNT + slot));
      return;
    }
    const inbound = chunk.readDoubleLE(at + EntryField.inbound);
    // A report proves only that one shard has the command; a broadcast one may still lack it.
    if (kind === EntryKind.BODY && inbound > this.watermark) this.answered.add(inbound);
    const msgSeqNum = chunk.readDoubleLE(at + EntryField.msgSeqNum);
    this.remember(msgSeqNum, this.size);
    this.nextOutbound = msgSeqNum + 1;
    if (kind === EntryKind.EVENT)
      this.advanceCursor(
        chunk.readUInt16LE(at + EntryField.slot),
        chunk.readDoubleLE(at + EntryField.slotSequence),
        chunk.readUInt16LE(at + EntryField.index),
      );
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Length of the entry at `at`; -1 when more bytes are needed to know or hold it, 0 when it cannot be an entry. */
function entryLength(chunk: Buffer, at: number): number {
  if (chunk.length - at < ENTRY_BYTES) return -1;
  const kind = chunk[at + EntryField.kind] ?? 0;
  if (kind < EntryKind.EVENT || kind > EntryKind.CURSOR) return 0;
  const length = ENTRY_BYTES + padded(chunk.readUInt32LE(at + EntryField.payloadBytes));
  if (length > READ_BYTES) return 0;
  return chunk.length - at < length ? -1 : length;
}
