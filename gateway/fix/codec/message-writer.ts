// Appends encoded messages to one growing buffer, so that all messages of a loop turn leave in one write. BodyLength(9) is back-filled: three
// digits are reserved (100 to 999 bytes, nearly every message), other widths shift the body once. CheckSum(10) is added by finish().
// The caller writes fields in the order they shall have; nothing here knows which fields a message needs.
import { DOT, MINUS, SOH } from './ascii.ts';
import { checkSum, dataViewOf } from './check-sum.ts';
import { putDigits, putInteger, putTag } from './digits.ts';
import { TIMESTAMP_BYTES, TimestampWriter } from './timestamp-writer.ts';

/** Room for one field of bounded width: tag, "=", value, delimiter. */
const SHORT_FIELD_BYTES = 48;
const RESERVED_LENGTH_DIGITS = 3;
const TICKS_PER_UNIT = 10_000;
/** Integers below this are written with 32-bit arithmetic. */
const SMALL = 1_000_000_000;
const SMALL_DIGITS = 9;
/** Prices below this are taken apart with 32-bit arithmetic, ticks. */
const SMALL_PRICE = 2_000_000_000;

/** A growing buffer of encoded messages; one per session. */
export class MessageWriter {
  bytes: Uint8Array;
  /** Bytes of finished messages, and of the one being written: bytes[0, end). */
  end = 0;
  private readonly timestamps = new TimestampWriter();
  private data: DataView;
  private messageAt = 0;
  private bodyAt = 0;
  private head: Uint8Array = new Uint8Array(0);

  constructor(capacity = 16_384) {
    this.bytes = new Uint8Array(capacity);
    this.data = dataViewOf(this.bytes);
  }

  /** Starts a message; `head` is the bytes "8=<BeginString><SOH>9=". */
  begin(head: Uint8Array): void {
    this.room(head.length + SHORT_FIELD_BYTES);
    this.messageAt = this.end;
    this.head = head;
    this.bytes.set(head, this.end);
    this.end += head.length + RESERVED_LENGTH_DIGITS;
    this.bytes[this.end++] = SOH;
    this.bodyAt = this.end;
  }

  /** Where the message being written (or finished last) starts. */
  get start(): number {
    return this.messageAt;
  }

  /** Closes the message: BodyLength, CheckSum. Returns the position after it. */
  finish(): number {
    this.room(SHORT_FIELD_BYTES);
    this.fillBodyLength();
    const sum = checkSum(this.bytes, this.data, this.messageAt, this.end);
    const at = putTag(this.data, this.end, 10);
    putDigits(this.data, at, sum, 3);
    return this.closeField(at + 3);
  }

  /** Drops the message being written. */
  abandon(): void {
    this.end = this.messageAt;
  }

  /** Forgets everything written; the buffer stays. */
  clear(): void {
    this.end = 0;
    this.messageAt = 0;
  }

  /** Hands the buffer over (for an asynchronous write) and goes on with another. */
  exchange(buffer: Uint8Array): Uint8Array {
    const full = this.bytes;
    this.bytes = buffer;
    this.data = dataViewOf(buffer);
    this.clear();
    return full;
  }

  /** Integer, exact to 2^53. */
  int(tag: number, value: number): this {
    this.room(SHORT_FIELD_BYTES);
    this.closeField(this.number(putTag(this.data, this.end, tag), value));
    return this;
  }

  /** Two integers from 0 to 2^53 with one character between them, and a third behind the same character unless it is 0. */
  pair(tag: number, separator: number, first: number, second: number, third = 0): this {
    this.room(SHORT_FIELD_BYTES * 2);
    let at = this.number(putTag(this.data, this.end, tag), first);
    this.bytes[at] = separator;
    at = this.number(at + 1, second);
    if (third !== 0) {
      this.bytes[at] = separator;
      at = this.number(at + 1, third);
    }
    this.closeField(at);
    return this;
  }

  /** Price in ticks of 1/10,000, written with two decimals, or four where the value needs them. */
  ticks(tag: number, value: number): this {
    this.room(SHORT_FIELD_BYTES);
    const at = putTag(this.data, this.end, tag);
    if (value >= 0 && value < SMALL_PRICE) {
      const whole = ((value | 0) / TICKS_PER_UNIT) | 0;
      this.fraction(putInteger(this.data, at, whole), (value | 0) - whole * TICKS_PER_UNIT);
      return this;
    }
    if (value < 0) this.bytes[at] = MINUS;
    const rest = Math.abs(value);
    const whole = Math.floor(rest / TICKS_PER_UNIT);
    this.fraction(this.number(value < 0 ? at + 1 : at, whole), rest - whole * TICKS_PER_UNIT);
    return this;
  }

  /** One character by its code. */
  char(tag: number, code: number): this {
    this.room(SHORT_FIELD_BYTES);
    const at = putTag(this.data, this.end, tag);
    this.bytes[at] = code;
    this.closeField(at + 1);
    return this;
  }

  /** UTC timestamp with milliseconds of `micros` since 1970. */
  timestamp(tag: number, micros: number): this {
    this.room(SHORT_FIELD_BYTES);
    const at = putTag(this.data, this.end, tag);
    this.timestamps.write(this.data, at, micros);
    this.closeField(at + TIMESTAMP_BYTES);
    return this;
  }

  /** The bytes from[start, end) as they are. */
  copy(tag: number, from: Uint8Array, start: number, end: number): this {
    this.room(SHORT_FIELD_BYTES + end - start);
    const to = this.bytes;
    let at = putTag(this.data, this.end, tag);
    for (let i = start; i < end; i++) to[at++] = from[i] as number;
    to[at++] = SOH;
    this.end = at;
    return this;
  }

  /** A zero-padded text field of `width` bytes at from[at]; stops at the first zero. */
  padded(tag: number, from: Uint8Array, at: number, width: number): this {
    let end = at;
    while (end < at + width && from[end] !== 0) end++;
    return this.copy(tag, from, at, end);
  }

  /** A whole value. */
  raw(tag: number, value: Uint8Array): this {
    return this.copy(tag, value, 0, value.length);
  }

  /** ASCII text. A delimiter inside becomes a space. */
  text(tag: number, value: string): this {
    this.room(SHORT_FIELD_BYTES + value.length);
    const to = this.bytes;
    let at = putTag(this.data, this.end, tag);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      to[at++] = code === SOH ? 0x20 : code;
    }
    this.closeField(at);
    return this;
  }

  /** Ends the field being written at `at`. */
  private closeField(at: number): number {
    this.bytes[at] = SOH;
    this.end = at + 1;
    return this.end;
  }

  /** Writes ".", the ticks below a unit, and the delimiter. */
  private fraction(at: number, ticks: number): void {
    this.bytes[at] = DOT;
    const cents = (ticks / 100) | 0;
    const width = cents * 100 === ticks ? 2 : 4;
    putDigits(this.data, at + 1, width === 2 ? cents : ticks, width);
    this.closeField(at + 1 + width);
  }

  /** Writes an integer; returns the position after it. */
  private number(at: number, value: number): number {
    if (value >= 0 && value < SMALL) return putInteger(this.data, at, value | 0);
    if (value < 0) {
      this.bytes[at] = MINUS;
      return this.number(at + 1, -value);
    }
    const high = Math.floor(value / SMALL);
    const next = this.number(at, high);
    putDigits(this.data, next, value - high * SMALL, SMALL_DIGITS);
    return next + SMALL_DIGITS;
  }

  private fillBodyLength(): void {
    const length = this.end - this.bodyAt;
    let width = 1;
    for (let bound = 10; length >= bound; bound *= 10) width += 1;
    const shift = width - RESERVED_LENGTH_DIGITS;
    if (shift !== 0) {
      this.bytes.copyWithin(this.bodyAt + shift, this.bodyAt, this.end);
      this.bodyAt += shift;
      this.end += shift;
    }
    const at = this.messageAt + this.head.length;
    putDigits(this.data, at, length, width);
    this.bytes[at + width] = SOH;
  }

  private room(count: number): void {
    if (this.end + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.end + count));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
    this.data = dataViewOf(larger);
  }
}
