// One received message as a table of fields over its bytes: tag, start and end of each value, in arrival order. The table is reused, so a view
// is valid until the next scan. scan() checks what makes a message garbled (order of 8, 9, 35; BodyLength; CheckSum; field syntax);
// whether the fields make sense is the dictionary's question.
import { asciiText, EQUALS, MINUS, NINE, SOH, YES, ZERO } from './ascii.ts';
import { checkSum, dataViewOf } from './check-sum.ts';
import { DATA_FIELD_LENGTH_TAG } from './data-fields.ts';
import { parseInteger, parseQuantity, parseTicks, parseTimestamp } from './field-value.ts';

/** Why a message is garbled (ignored, its number not consumed). */
export const Garble = { none: 0, firstThreeFields: 1, checkSum: 2, bodyLength: 3, fieldSyntax: 4 } as const;
/** One of Garble. */
export type Garble = (typeof Garble)[keyof typeof Garble];

/** Tag stored for a field whose tag is zero, negative or has a leading zero; its text is still readable with tagText. */
export const INVALID_TAG = 0;

const TRAILER_BYTES = 7;
const TAG_DIGITS_MAX = 9;
/** Tags below this are found in one step, others by a walk over the table. */
const INDEXED_TAGS = 1_024;

/** A reusable table over one message; valid until the next scan. */
export class MessageView {
  bytes: Uint8Array = new Uint8Array(0);
  private data: DataView = dataViewOf(this.bytes);
  start = 0;
  end = 0;
  /** Number of fields. */
  count = 0;
  tags: Int32Array = new Int32Array(256);
  starts: Int32Array = new Int32Array(256);
  ends: Int32Array = new Int32Array(256);
  /** First position of a tag in the table; an entry counts only if the table agrees, so it is never cleared. */
  private readonly positions = new Int32Array(INDEXED_TAGS);

  /** Reads the message bytes[start, end). On anything but Garble.none the table is not usable. */
  scan(bytes: Uint8Array, start: number, end: number): Garble {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.data = dataViewOf(bytes);
    }
    this.start = start;
    this.end = end;
    this.count = 0;
    const trailer = end - TRAILER_BYTES;
    if (trailer <= start || !isCheckSumField(bytes, trailer)) return Garble.checkSum;
    if (!this.readFields(bytes, start, trailer)) return Garble.fieldSyntax;
    if (this.count < 3 || this.tags[0] !== 8 || this.tags[1] !== 9 || this.tags[2] !== 35) return Garble.firstThreeFields;
    const declared = (bytes[trailer + 3] as number) * 100 + (bytes[trailer + 4] as number) * 10 + (bytes[trailer + 5] as number) - ZERO * 111;
    if (declared !== checkSum(bytes, this.data, start, trailer)) return Garble.checkSum;
    if (parseInteger(bytes, this.starts[1] as number, this.ends[1] as number) !== trailer - (this.ends[1] as number) - 1) return Garble.bodyLength;
    this.addTrailer(trailer + 3, end - 1);
    return Garble.none;
  }

  /** Fills the table from bytes[start, limit), whose last byte is a delimiter; false when a field has no tag or no end. */
  private readFields(bytes: Uint8Array, start: number, limit: number): boolean {
    // A field takes three bytes at least: one test here spares one per field.
    while (this.tags.length < (limit - start) / 3 + 1) this.grow();
    const { tags, starts, ends, positions } = this;
    let i = start;
    let n = 0;
    while (i < limit) {
      const tagAt = i;
      let tag = 0;
      let digit = (bytes[i] as number) - ZERO;
      while (digit >= 0 && digit <= 9) {
        tag = (tag * 10 + digit) | 0;
        i = (i + 1) | 0;
        digit = (bytes[i] as number) - ZERO;
      }
      if (digit !== EQUALS - ZERO || i === tagAt || i - tagAt > TAG_DIGITS_MAX) {
        i = this.signedTagEnd(bytes, tagAt, limit);
        if (i < 0) return false;
        tag = INVALID_TAG;
      } else if (bytes[tagAt] === ZERO) tag = INVALID_TAG;
      i = (i + 1) | 0;
      tags[n] = tag;
      starts[n] = i;
      if (tag < INDEXED_TAGS) {
        const known = positions[tag] as number;
        if (known >= n || tags[known] !== tag) positions[tag] = n;
        if (DATA_FIELD_LENGTH_TAG[tag] !== 0) i = this.dataEnd(n, limit);
      }
      while ((bytes[i] as number) !== SOH) i = (i + 1) | 0;
      if (i >= limit) return false;
      ends[n] = i;
      n = (n + 1) | 0;
      i = (i + 1) | 0;
    }
    this.count = n;
    return true;
  }

  private addTrailer(start: number, end: number): void {
    const n = this.count;
    this.tags[n] = 10;
    this.starts[n] = start;
    this.ends[n] = end;
    this.count = n + 1;
    const known = this.positions[10] as number;
    if (known >= n || this.tags[known] !== 10) this.positions[10] = n;
  }

  /** Position of the "=" after a signed tag ("-1="), or -1: not a tag at all. */
  private signedTagEnd(bytes: Uint8Array, at: number, limit: number): number {
    let i = at;
    if (bytes[i] !== MINUS) return -1;
    i += 1;
    while (i < limit && (bytes[i] as number) >= ZERO && (bytes[i] as number) <= NINE) i++;
    return i > at + 1 && i < limit && i - at <= TAG_DIGITS_MAX && bytes[i] === EQUALS ? i : -1;
  }

  /** Where to look for the end of data field `n`: at its length field's word if that comes directly before and fits, else from its start. */
  private dataEnd(n: number, limit: number): number {
    const at = this.starts[n] as number;
    const lengthTag = DATA_FIELD_LENGTH_TAG[this.tags[n] as number];
    if (n === 0 || this.tags[n - 1] !== lengthTag) return at;
    const length = parseInteger(this.bytes, this.starts[n - 1] as number, this.ends[n - 1] as number);
    return length >= 0 && at + length < limit && this.bytes[at + length] === SOH ? at + length : at;
  }

  private grow(): void {
    this.tags = enlarged(this.tags);
    this.starts = enlarged(this.starts);
    this.ends = enlarged(this.ends);
  }

  /** Table position of the first field with this tag, or -1. */
  index(tag: number): number {
    if (tag > 0 && tag < INDEXED_TAGS) {
      const at = this.positions[tag] as number;
      return at < this.count && this.tags[at] === tag ? at : -1;
    }
    for (let i = 0; i < this.count; i++) if (this.tags[i] === tag) return i;
    return -1;
  }

  has(tag: number): boolean {
    return this.index(tag) >= 0;
  }

  /** Integer value; NaN when absent or malformed. */
  int(tag: number): number {
    const i = this.index(tag);
    return i < 0 ? Number.NaN : parseInteger(this.bytes, this.starts[i] as number, this.ends[i] as number);
  }

  /** Price in ticks of 1/10,000; NaN when absent, malformed or finer. */
  ticks(tag: number): number {
    const i = this.index(tag);
    return i < 0 ? Number.NaN : parseTicks(this.bytes, this.starts[i] as number, this.ends[i] as number);
  }

  /** Whole quantity; NaN when absent, malformed or fractional. */
  quantity(tag: number): number {
    const i = this.index(tag);
    return i < 0 ? Number.NaN : parseQuantity(this.bytes, this.starts[i] as number, this.ends[i] as number);
  }

  /** Microseconds since 1970; NaN when absent or malformed. */
  timestamp(tag: number): number {
    const i = this.index(tag);
    return i < 0 ? Number.NaN : parseTimestamp(this.bytes, this.starts[i] as number, this.ends[i] as number);
  }

  /** Character code of a one-byte value; 0 when absent or not one byte. */
  char(tag: number): number {
    const i = this.index(tag);
    if (i < 0 || (this.ends[i] as number) - (this.starts[i] as number) !== 1) return 0;
    return this.bytes[this.starts[i] as number] as number;
  }

  /** Is the value exactly "Y"? Absent is false. */
  flag(tag: number): boolean {
    return this.char(tag) === YES;
  }

  /** Does the field hold exactly these bytes? Absent is false. */
  equals(tag: number, value: Uint8Array): boolean {
    const i = this.index(tag);
    if (i < 0) return false;
    const at = this.starts[i] as number;
    if ((this.ends[i] as number) - at !== value.length) return false;
    for (let k = 0; k < value.length; k++) if (this.bytes[at + k] !== value[k]) return false;
    return true;
  }

  /** Copies the value into `width` bytes at `at`, zero-padded. False (nothing written) when absent or longer than `width`. */
  copy(tag: number, to: Uint8Array, at: number, width: number): boolean {
    const i = this.index(tag);
    if (i < 0) return false;
    const from = this.starts[i] as number;
    const length = (this.ends[i] as number) - from;
    if (length > width) return false;
    for (let k = 0; k < length; k++) to[at + k] = this.bytes[from + k] as number;
    for (let k = length; k < width; k++) to[at + k] = 0;
    return true;
  }

  /** Text of the first field with this tag, or undefined. Allocates. */
  text(tag: number): string | undefined {
    const i = this.index(tag);
    return i < 0 ? undefined : asciiText(this.bytes, this.starts[i] as number, this.ends[i] as number);
  }

  /** The tag of field `i` as it was written ("-1", "0"). Allocates. */
  tagText(i: number): string {
    const from = i === 0 ? this.start : (this.ends[i - 1] as number) + 1;
    return asciiText(this.bytes, from, (this.starts[i] as number) - 1);
  }

  /** Code of MsgType(35): its first byte, plus 256 times its second where it has two; 0 when longer or empty. */
  get msgType(): number {
    const at = this.starts[2] as number;
    const width = (this.ends[2] as number) - at;
    if (width === 1) return this.bytes[at] as number;
    return width === 2 ? (this.bytes[at] as number) + 256 * (this.bytes[at + 1] as number) : 0;
  }
}

function isCheckSumField(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x31 || bytes[at + 1] !== ZERO || bytes[at + 2] !== EQUALS || bytes[at + 6] !== SOH) return false;
  for (let i = at + 3; i < at + 6; i++) if ((bytes[i] as number) < ZERO || (bytes[i] as number) > NINE) return false;
  return bytes[at - 1] === SOH;
}

function enlarged(table: Int32Array): Int32Array {
  const larger = new Int32Array(table.length * 2);
  larger.set(table);
  return larger;
}
