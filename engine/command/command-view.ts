// A window over one command's bytes, for reading and for writing. Allocates nothing; valid until it is pointed elsewhere or the
// ring it points into moves on.
import { COMMAND_HEADER_BYTES, COMMAND_VERSION, Header } from './layout.ts';

const MICROS_PER_MILLI = 1_000;
const MICROS_PER_DAY = 86_400_000_000;

export class CommandView {
  bytes: Uint8Array = new Uint8Array(0);
  data: DataView = new DataView(new ArrayBuffer(0));
  /** Byte offset of the record inside `bytes`. */
  at = 0;

  /** Points at the record starting at `at`; `data` must cover the same memory as `bytes`. */
  wrap(bytes: Uint8Array, data: DataView, at: number): this {
    this.bytes = bytes;
    this.data = data;
    this.at = at;
    return this;
  }

  get length(): number {
    return this.data.getUint32(this.at + Header.length, true);
  }
  get kind(): number {
    return this.data.getUint16(this.at + Header.kind, true);
  }
  get version(): number {
    return this.data.getUint8(this.at + Header.version);
  }
  get slot(): number {
    return this.data.getUint16(this.at + Header.slot, true);
  }
  set slot(value: number) {
    this.data.setUint16(this.at + Header.slot, value, true);
  }
  get originKind(): number {
    return this.data.getUint16(this.at + Header.originKind, true);
  }
  get origin(): number {
    return this.data.getUint32(this.at + Header.origin, true);
  }
  get incarnation(): number {
    return this.data.getUint32(this.at + Header.incarnation, true);
  }
  get originNumber(): number {
    return this.data.getFloat64(this.at + Header.originNumber, true);
  }
  get time(): number {
    return this.data.getFloat64(this.at + Header.time, true);
  }
  /** Millisecond of the time's day (UTC): a small integer, where the time itself would be a number in memory wherever it is handed on. */
  get milliOfDay(): number {
    const time = this.data.getFloat64(this.at + Header.time, true);
    return Math.floor((time - Math.floor(time / MICROS_PER_DAY) * MICROS_PER_DAY) / MICROS_PER_MILLI) | 0;
  }
  set time(value: number) {
    this.data.setFloat64(this.at + Header.time, value, true);
  }
  get slotSequence(): number {
    return this.data.getFloat64(this.at + Header.slotSequence, true);
  }
  set slotSequence(value: number) {
    this.data.setFloat64(this.at + Header.slotSequence, value, true);
  }

  u8(offset: number): number {
    return this.data.getUint8(this.at + offset);
  }
  u32(offset: number): number {
    return this.data.getUint32(this.at + offset, true);
  }
  f64(offset: number): number {
    return this.data.getFloat64(this.at + offset, true);
  }
  setU8(offset: number, value: number): void {
    this.data.setUint8(this.at + offset, value);
  }
  setU32(offset: number, value: number): void {
    this.data.setUint32(this.at + offset, value, true);
  }
  setF64(offset: number, value: number): void {
    this.data.setFloat64(this.at + offset, value, true);
  }

  /** Writes a zero-padded ASCII field; the caller has checked that it fits. */
  setText(offset: number, width: number, text: string): void {
    const start = this.at + offset;
    for (let i = 0; i < width; i++) this.bytes[start + i] = i < text.length ? text.charCodeAt(i) & 0x7f : 0;
  }

  /** Reads a zero-padded ASCII field. Allocates: not for the hot path. */
  text(offset: number, width: number): string {
    let text = '';
    for (let i = this.at + offset; i < this.at + offset + width; i++) {
      const code = this.bytes[i] ?? 0;
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** Zeroes the record and writes its header. `length` must be a multiple of 8. */
  begin(kind: number, length: number, slot: number): this {
    this.bytes.fill(0, this.at, this.at + length);
    this.data.setUint32(this.at + Header.length, length, true);
    this.data.setUint16(this.at + Header.kind, kind, true);
    this.data.setUint8(this.at + Header.version, COMMAND_VERSION);
    this.data.setUint16(this.at + Header.slot, slot, true);
    return this;
  }

  /** Sets the exactly-once key. */
  setOrigin(originKind: number, origin: number, incarnation: number, originNumber: number): this {
    this.data.setUint16(this.at + Header.originKind, originKind, true);
    this.data.setUint32(this.at + Header.origin, origin, true);
    this.data.setUint32(this.at + Header.incarnation, incarnation, true);
    this.data.setFloat64(this.at + Header.originNumber, originNumber, true);
    return this;
  }
}

/** A view over its own fresh buffer, for tests and for rare commands. */
export function newCommandView(capacity: number): CommandView {
  const buffer = new ArrayBuffer(Math.max(capacity, COMMAND_HEADER_BYTES));
  return new CommandView().wrap(new Uint8Array(buffer), new DataView(buffer), 0);
}
