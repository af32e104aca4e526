// Packed rows of one fixed stride in one growable buffer: the only memory that state lives in. Row 0 is the table's own (high-water
// mark, free list), so the rows together are the whole table: loading every row image restores it.
// Invariant: bytes past the high-water mark are zero once settle() ran; a free row is zero but for its first word.
// Does not know what a row means, and keeps no index.
import { assert } from '../assert.ts';

/** Word 0 of a live row is the caller's and below 2^31; of a free row it is this bit plus the next free row. */
const FREE_BIT = 0x80000000;
const META = { rows: 4, freeHead: 8, live: 12 } as const;
/** Rows a table can have: row ids and byte offsets stay 31-bit integers. */
const TABLE_BYTES_MAX: number = 2 ** 31 - 1;

export class RowTable {
  readonly name: string;
  /** Place in SlotState.tables; with the row number it names a row image for ever. */
  readonly id: number;
  /** Bytes per row, a multiple of 8 and at least 16. */
  readonly stride: number;
  bytes: Uint8Array;
  private f64s: Float64Array;
  private u32s: Uint32Array;
  private u16s: Uint16Array;
  private dirty: Uint8Array;
  private dirtyList: Int32Array;
  private dirtyCount = 0;
  private capacity: number;

  constructor(name: string, id: number, stride: number, capacity = 4) {
    assert(stride % 8 === 0 && stride >= 16, 'row stride must be a multiple of 8, at least 16');
    assert(capacity >= 2, 'a table starts with room for two rows');
    this.name = name;
    this.id = id;
    this.stride = stride;
    this.capacity = capacity;
    const buffer = new ArrayBuffer(capacity * stride);
    this.bytes = new Uint8Array(buffer);
    this.f64s = new Float64Array(buffer);
    this.u32s = new Uint32Array(buffer);
    this.u16s = new Uint16Array(buffer);
    this.dirty = new Uint8Array(capacity);
    this.dirtyList = new Int32Array(capacity);
    this.u32s[META.rows >> 2] = 1;
    this.touch(0);
  }

  /** High-water mark: rows 0 to rows-1 have been used. */
  get rows(): number {
    return this.u32s[META.rows >> 2] ?? 0;
  }
  /** Live rows, row 0 not counted. */
  get live(): number {
    return this.u32s[META.live >> 2] ?? 0;
  }
  /** Is there a row that takeDirty would visit? */
  get hasDirty(): boolean {
    return this.dirtyCount > 0;
  }

  /** Is `row` in use? Row 0 is not. */
  isLive(row: number): boolean {
    return row > 0 && row < this.rows && (this.u32s[(row * this.stride) >> 2] ?? 0) < FREE_BIT;
  }

  /** Takes a zeroed row: the last freed, or the next new one. Row ids depend on nothing but the order of calls. */
  allocate(): number {
    const head = this.u32s[META.freeHead >> 2] ?? 0;
    let row = head;
    if (head === 0) {
      row = this.rows;
      if (row === this.capacity) this.grow(row + 1);
      this.u32s[META.rows >> 2] = row + 1;
    } else {
      this.u32s[META.freeHead >> 2] = (this.u32s[(head * this.stride) >> 2] ?? 0) - FREE_BIT;
    }
    this.u32s[META.live >> 2] = this.live + 1;
    // Zero already but for the free bit: rows past the high-water mark never were written, free() wiped the others.
    this.u32s[(row * this.stride) >> 2] = 0;
    this.touch(0);
    this.touch(row);
    return row;
  }

  /** Gives a live row back. */
  free(row: number): void {
    assert(this.isLive(row), 'freed a row that is not live');
    this.bytes.fill(0, row * this.stride, (row + 1) * this.stride);
    this.u32s[(row * this.stride) >> 2] = FREE_BIT + (this.u32s[META.freeHead >> 2] ?? 0);
    this.u32s[META.freeHead >> 2] = row;
    this.u32s[META.live >> 2] = this.live - 1;
    this.touch(0);
    this.touch(row);
  }

  /** Drops every row; row ids start again at 1. */
  clear(): void {
    this.bytes.fill(0);
    this.u32s[META.rows >> 2] = 1;
    this.touch(0);
  }

  u8(row: number, field: number): number {
    return this.bytes[row * this.stride + field] as number;
  }
  u16(row: number, field: number): number {
    return this.u16s[(row * this.stride + field) >> 1] as number;
  }
  u32(row: number, field: number): number {
    return this.u32s[(row * this.stride + field) >> 2] as number;
  }
  f64(row: number, field: number): number {
    return this.f64s[(row * this.stride + field) >> 3] as number;
  }
  setU8(row: number, field: number, value: number): void {
    this.bytes[row * this.stride + field] = value;
    this.touch(row);
  }
  setU16(row: number, field: number, value: number): void {
    this.u16s[(row * this.stride + field) >> 1] = value;
    this.touch(row);
  }
  setU32(row: number, field: number, value: number): void {
    this.u32s[(row * this.stride + field) >> 2] = value;
    this.touch(row);
  }
  setF64(row: number, field: number, value: number): void {
    // -0 and 0 are one number but two byte patterns: the state hash must not see which way zero was reached.
    this.f64s[(row * this.stride + field) >> 3] = value + 0;
    this.touch(row);
  }
  addF64(row: number, field: number, value: number): void {
    const at = (row * this.stride + field) >> 3;
    this.f64s[at] = (this.f64s[at] ?? 0) + value + 0;
    this.touch(row);
  }
  /** Copies a double out of another record; like setF64, but nothing is boxed when the call is not inlined. */
  copyF64(row: number, field: number, from: DataView, fromAt: number): void {
    this.f64s[(row * this.stride + field) >> 3] = from.getFloat64(fromAt, true) + 0;
    this.touch(row);
  }
  /** Copies a double of another row. */
  copyFrom(row: number, field: number, from: RowTable, fromRow: number, fromField: number): void {
    this.f64s[(row * this.stride + field) >> 3] = from.f64s[(fromRow * from.stride + fromField) >> 3] ?? 0;
    this.touch(row);
  }
  /** Byte offset of a field, for copying text out of `bytes`. */
  at(row: number, field: number): number {
    return row * this.stride + field;
  }
  /** Copies `width` bytes of another record into a text field. */
  setField(row: number, field: number, from: Uint8Array, fromAt: number, width: number): void {
    const { bytes } = this;
    const to = row * this.stride + field;
    for (let i = 0; i < width; i++) bytes[to + i] = from[fromAt + i] as number;
    this.touch(row);
  }
  /** Zeroes `width` bytes of a text field. */
  clearField(row: number, field: number, width: number): void {
    this.bytes.fill(0, row * this.stride + field, row * this.stride + field + width);
    this.touch(row);
  }
  /** Does the zero-padded field equal `width` bytes of another record? */
  fieldEquals(row: number, field: number, from: Uint8Array, fromAt: number, width: number): boolean {
    const { bytes } = this;
    const at = row * this.stride + field;
    for (let i = 0; i < width; i++) {
      const code = bytes[at + i];
      if (code !== from[fromAt + i]) return false;
      if (code === 0) return true;
    }
    return true;
  }
  /** Reads a zero-padded ASCII field. Allocates: for views. */
  text(row: number, field: number, width: number): string {
    const at = row * this.stride + field;
    let text = '';
    for (let i = at; i < at + width; i++) {
      const code = this.bytes[i] ?? 0;
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** Puts a row image back, in any order of rows; call settle() after the last. Not marked dirty. */
  loadRow(row: number, image: Uint8Array): void {
    assert(image.length === this.stride, 'row image of another stride');
    if (row >= this.capacity) this.grow(row + 1);
    this.bytes.set(image, row * this.stride);
  }

  /** After loading: zeroes what lies past the high-water mark (images of rows dropped by an earlier clear). */
  settle(): void {
    const rows = this.rows;
    if (rows > this.capacity) this.grow(rows);
    this.bytes.fill(0, rows * this.stride);
  }

  /** Visits each row changed since the last call, once, in order of first change, and forgets it. Rows past the high-water mark are skipped. */
  takeDirty(visit: (row: number) => void): void {
    const count = this.dirtyCount;
    this.dirtyCount = 0;
    for (let i = 0; i < count; i++) {
      const row = this.dirtyList[i] ?? 0;
      this.dirty[row] = 0;
      if (row < this.rows) visit(row);
    }
  }

  private touch(row: number): void {
    if (this.dirty[row] !== 0) return;
    this.dirty[row] = 1;
    this.dirtyList[this.dirtyCount] = row;
    this.dirtyCount += 1;
  }

  private grow(rows: number): void {
    let capacity = this.capacity;
    while (capacity < rows) capacity *= 2;
    assert(capacity * this.stride <= TABLE_BYTES_MAX, 'table of a slot passed 2 GiB');
    const buffer = new ArrayBuffer(capacity * this.stride);
    const bytes = new Uint8Array(buffer);
    bytes.set(this.bytes);
    const dirty = new Uint8Array(capacity);
    dirty.set(this.dirty);
    const dirtyList = new Int32Array(capacity);
    dirtyList.set(this.dirtyList);
    this.bytes = bytes;
    this.f64s = new Float64Array(buffer);
    this.u32s = new Uint32Array(buffer);
    this.u16s = new Uint16Array(buffer);
    this.dirty = dirty;
    this.dirtyList = dirtyList;
    this.capacity = capacity;
  }
}
