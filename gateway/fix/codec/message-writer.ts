// Appends encoded messages to one growing buffer, so that all messages of a loop turn leave in one write. BodyLength(9) is back-filled: three
// digits are reserved (100 to 999 bytes, nearly every message), other widths shift the body once. CheckSum(10) is added by finish().
// The caller writes fields in the order they shall have; nothing here knows which fields a message needs.
import { DOT, EQUALS, MINUS, SOH, ZERO } from './ascii.ts';
import { checkSum, dataViewOf } from './check-sum.ts';
import { TIMESTAMP_BYTES, TimestampWriter, writeDigits } from './timestamp-writer.ts';

/** Room for one field of bounded width: tag, "=", value, delimiter. */
const SHORT_FIELD_BYTES = 48;
const RESERVED_LENGTH_DIGITS = 3;
const TICKS_PER_UNIT = 10_000;
/** Integers below this are written with 32-bit arithmetic. */
const SMALL = 1_000_000_000;
const SMALL_DIGITS = 9;

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
    const bytes = this.bytes;
    const sum = checkSum(bytes, this.data, this.messageAt, this.end);
    this.tag(10);
    writeDigits(bytes, this.end, sum, 3);
    this.end += 3;
    bytes[this.end++] = SOH;
    return this.end;
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
    this.tag(tag);
    this.number(value);
    this.bytes[this.end++] = SOH;
    return this;
  }

  /** Price in ticks of 1/10,000, written with two decimals, or four where the value needs them. */
  ticks(tag: number, value: number): this {
    this.room(SHORT_FIELD_BYTES);
    this.tag(tag);
    let rest = value;
    if (rest < 0) {
      this.bytes[this.end++] = MINUS;
      rest = -rest;
    }
    const whole = Math.floor(rest / TICKS_PER_UNIT);
    const fraction = rest - whole * TICKS_PER_UNIT;
    this.number(whole);
    this.bytes[this.end++] = DOT;
    if (fraction % 100 === 0) {
      writeDigits(this.bytes, this.end, fraction / 100, 2);
      this.end += 2;
    } else {
      writeDigits(this.bytes, this.end, fraction, 4);
      this.end += 4;
    }
    this.bytes[this.end++] = SOH;
    return this;
  }

  /** One character by its code. */
  char(tag: number, code: number): this {
    this.room(SHORT_FIELD_BYTES);
    this.tag(tag);
    this.bytes[this.end++] = code;
    this.bytes[this.end++] = SOH;
    return this;
  }

  /** UTC timestamp with milliseconds of `micros` since 1970. */
  timestamp(tag: number, micros: number): this {
    this.room(SHORT_FIELD_BYTES);
    this.tag(tag);
    this.timestamps.write(this.bytes, this.end, micros);
    this.end += TIMESTAMP_BYTES;
    this.bytes[this.end++] = SOH;
    return this;
  }

  /** The bytes from[start, end) as they are. */
  copy(tag: number, from: Uint8Array, start: number, end: number): this {
    this.room(SHORT_FIELD_BYTES + end - start);
    this.tag(tag);
    const to = this.bytes;
    let at = this.end;
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
    this.tag(tag);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      this.bytes[this.end++] = code === SOH ? 0x20 : code;
    }
    this.bytes[this.end++] = SOH;
    return this;
  }

  private tag(tag: number): void {
    this.small(tag);
    this.bytes[this.end++] = EQUALS;
  }

  private number(value: number): void {
    let rest = value;
    if (rest < 0) {
      this.bytes[this.end++] = MINUS;
      rest = -rest;
    }
    if (rest < SMALL) {
      this.small(rest);
      return;
    }
    const high = Math.floor(rest / SMALL);
    this.number(high);
    writeDigits(this.bytes, this.end, rest - high * SMALL, SMALL_DIGITS);
    this.end += SMALL_DIGITS;
  }

  /** Digits of an integer from 0 to 999,999,999: 32-bit arithmetic, several times faster than doubles. */
  private small(value: number): void {
    let rest = value | 0;
    let width = rest < 10 ? 1 : rest < 100 ? 2 : rest < 1_000 ? 3 : rest < 10_000 ? 4 : 5;
    if (rest >= 100_000) width = rest < 1_000_000 ? 6 : rest < 10_000_000 ? 7 : rest < 100_000_000 ? 8 : 9;
    const bytes = this.bytes;
    let at = (this.end + width) | 0;
    this.end = at;
    do {
      const next = (rest / 10) | 0;
      at = (at - 1) | 0;
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    } while (rest > 0);
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
    writeDigits(this.bytes, at, length, width);
    this.bytes[at + width] = SOH;
  }

  private room(count: number): void {
    if (this.end + count + ZERO <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.end + count + ZERO));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
    this.data = dataViewOf(larger);
  }
}
