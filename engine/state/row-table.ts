// Packed rows of one fixed stride: the only memory that state lives in. Row 0 is the table's own (high-water mark, free list), so the rows together are
// the whole table: loading every row image restores it. Rows lie in pages of the arena, each page as large as all before it together, so
// that nothing is ever moved. Behind each row lie its side cells: lists and figures that are derived from rows, no part of the image, and
// beside the row because whoever reads the one reads the other. One RowTable serves every slot of a shard in turn (open()).
// Invariant: a row past the high-water mark is zero once settle() ran; a free row is zero but for its first word.
// Does not know what a row means.
import { assert } from '../assert.ts';
import { Arena, type ArenaTenant } from './arena.ts';
import { INDEX_CONTROL, RowIndex } from './row-index.ts';
import type { StateHash } from './state-hash.ts';

/** Word 0 of a live row is the caller's and below 2^31; of a free row it is this bit plus the next free row. */
const FREE_BIT = 0x80000000;
const META = { rows: 4, freeHead: 8, live: 12 } as const;
/** 32-bit numbers at `control`: changed rows (first + 1, last), the index, how far rows were loaded, then where each page lies. */
const DIRTY_HEAD = 0;
const DIRTY_TAIL = 1;
const INDEX = 2;
const LOADED = INDEX + INDEX_CONTROL;
const PAGES = 8;
const PAGES_MAX = 24;
/** Words of a table's control: two cache lines. */
export const TABLE_CONTROL_WORDS: number = (PAGES + PAGES_MAX) / 2;
/** Last 32 bits of a row in memory: 0 = unchanged, LAST = changed and last in the list, else changed and the next changed row + 2. */
const DIRTY_BYTES = 4;
const LAST = 1;

/** How a table lies in memory. */
export interface TableLayout {
  /** Bytes of side cells behind each row, a multiple of 4. */
  readonly sideBytes?: number;
  /** Rows of the first page, a power of two. */
  readonly firstRows?: number;
  /** Byte field that has(), raise() and lower() work on. */
  readonly flagsField?: number;
  /** Memory shared with others; then format() or open() comes first. Without it the table has its own and is ready. */
  readonly arena?: Arena | undefined;
}

const { clz32 } = Math;

export class RowTable implements ArenaTenant {
  readonly name: string;
  /** Place in SlotState.tables; with the row number it names a row image for ever. */
  readonly id: number;
  /** Bytes of a row image, a multiple of 8 and at least 16. */
  readonly stride: number;
  readonly arena: Arena;
  /** Lookup by whatever key the table has. */
  readonly index: RowIndex;
  /** Words from one row to the next. */
  private readonly pitch: number;
  /** The dirty cell of a row, in 32-bit cells from its start. */
  private readonly dirtyCell: number;
  private readonly firstRows: number;
  private readonly firstBits: number;
  private readonly flagsField: number;
  private control = 0;
  /** Where in the arena's 32-bit cells page 0 is named, plus 32: see word(). */
  private pages = 0;
  // The arena's views, at hand: an accessor that is short enough is always compiled into its caller, and then boxes no double.
  private f64s: Float64Array = new Float64Array(0);
  private u32s: Uint32Array = new Uint32Array(0);
  private i32s: Int32Array = new Int32Array(0);
  private u16s: Uint16Array = new Uint16Array(0);
  private u8s: Uint8Array = new Uint8Array(0);

  constructor(name: string, id: number, stride: number, layout: TableLayout = {}) {
    assert(stride % 8 === 0 && stride >= 16, 'row stride must be a multiple of 8, at least 16');
    const { sideBytes = 0, firstRows = 4, flagsField = 0, arena } = layout;
    assert(sideBytes % 4 === 0 && (firstRows & (firstRows - 1)) === 0, 'table layout: side cells of 32 bits, a first page of 2^n rows');
    this.name = name;
    this.id = id;
    this.stride = stride;
    this.firstRows = firstRows;
    this.flagsField = flagsField;
    this.firstBits = 31 - clz32(firstRows);
    this.pitch = (stride + sideBytes + DIRTY_BYTES + 7) >> 3;
    this.dirtyCell = this.pitch * 2 - 1;
    this.arena = arena ?? new Arena();
    this.arena.admit(this);
    this.index = new RowIndex(this.arena);
    if (arena === undefined) this.format(this.arena.take(TABLE_CONTROL_WORDS) * 2);
  }

  /** Told by the arena. */
  takeViews({ f64s, u32s, i32s, u16s, bytes }: Arena): void {
    this.f64s = f64s;
    this.u32s = u32s;
    this.i32s = i32s;
    this.u16s = u16s;
    this.u8s = bytes;
  }

  /** Points at the table whose control lies at a 32-bit offset of the arena. */
  open(control: number): void {
    this.control = control;
    this.pages = control + PAGES + 32;
    this.index.open(control + INDEX);
  }

  /** Makes an empty table there. */
  format(control: number): void {
    this.control = control;
    this.pages = control + PAGES + 32;
    this.index.format(control + INDEX);
    this.cover(0);
    this.setU32(0, META.rows, 1);
  }

  /** High-water mark: rows 0 to rows-1 have been used. */
  get rows(): number {
    return this.u32(0, META.rows);
  }
  /** Live rows, row 0 not counted. */
  get live(): number {
    return this.u32(0, META.live);
  }
  /** Is there a row that takeDirty would visit? */
  get hasDirty(): boolean {
    return this.i32s[this.control + DIRTY_HEAD] !== 0;
  }
  /** Memory of the rows; see at(). Valid until the next row is allocated. */
  get bytes(): Uint8Array {
    return this.u8s;
  }

  /** Is `row` in use? Row 0 is not. */
  isLive(row: number): boolean {
    return row > 0 && row < this.rows && this.u32(row, 0) < FREE_BIT;
  }

  /** Takes a zeroed row: the last freed, or the next new one. Row ids depend on nothing but the order of calls. */
  allocate(): number {
    const own = this.edit(0) * 2;
    const head = this.u32s[own + (META.freeHead >> 2)] as number;
    let row = head;
    if (head === 0) {
      row = this.u32s[own + (META.rows >> 2)] as number;
      this.cover(row);
      this.u32s[own + (META.rows >> 2)] = row + 1;
    } else this.u32s[own + (META.freeHead >> 2)] = this.u32(head, 0) - FREE_BIT;
    this.u32s[own + (META.live >> 2)] = (this.u32s[own + (META.live >> 2)] as number) + 1;
    // Zero already but for the free bit: rows past the high-water mark never were written, free() wiped the others.
    this.setU32(row, 0, 0);
    return row;
  }

  /** Gives a live row back. */
  free(row: number): void {
    assert(this.isLive(row), 'freed a row that is not live');
    this.wipe(row);
    const own = this.edit(0) * 2;
    this.setU32(row, 0, FREE_BIT + (this.u32s[own + (META.freeHead >> 2)] as number));
    this.u32s[own + (META.freeHead >> 2)] = row;
    this.u32s[own + (META.live >> 2)] = (this.u32s[own + (META.live >> 2)] as number) - 1;
  }

  /** Drops every row and empties the index; row ids start again at 1. */
  clear(): void {
    for (let row = this.rows - 1; row >= 0; row--) this.wipe(row);
    this.setU32(0, META.rows, 1);
    this.index.reset();
  }

  u8(row: number, field: number): number {
    return this.u8s[this.word(row) * 8 + field] as number;
  }
  u16(row: number, field: number): number {
    return this.u16s[this.word(row) * 4 + (field >> 1)] as number;
  }
  u32(row: number, field: number): number {
    return this.u32s[this.word(row) * 2 + (field >> 2)] as number;
  }
  f64(row: number, field: number): number {
    return this.f64s[this.word(row) + (field >> 3)] as number;
  }
  setU8(row: number, field: number, value: number): void {
    this.u8s[this.edit(row) * 8 + field] = value;
  }
  setU16(row: number, field: number, value: number): void {
    this.u16s[this.edit(row) * 4 + (field >> 1)] = value;
  }
  setU32(row: number, field: number, value: number): void {
    this.u32s[this.edit(row) * 2 + (field >> 2)] = value;
  }
  setF64(row: number, field: number, value: number): void {
    // -0 and 0 are one number but two byte patterns: the state hash must not see which way zero was reached.
    this.f64s[this.edit(row) + (field >> 3)] = value + 0;
  }
  addF64(row: number, field: number, value: number): void {
    const at = this.edit(row) + (field >> 3);
    this.f64s[at] = (this.f64s[at] as number) + value + 0;
  }
  /** Copies a double out of another record; like setF64, but nothing is boxed when the call is not inlined. */
  copyF64(row: number, field: number, from: DataView, fromAt: number): void {
    this.f64s[this.edit(row) + (field >> 3)] = from.getFloat64(fromAt, true) + 0;
  }
  /** Copies a double of another row. */
  copyFrom(row: number, field: number, from: RowTable, fromRow: number, fromField: number): void {
    this.f64s[this.edit(row) + (field >> 3)] = from.f64s[from.word(fromRow) + (fromField >> 3)] as number;
  }
  /** Is any of these bits of the flags field set? */
  has(row: number, bits: number): boolean {
    return (this.u8(row, this.flagsField) & bits) !== 0;
  }
  /** Sets bits of the flags field. */
  raise(row: number, bits: number): void {
    this.setU8(row, this.flagsField, this.u8(row, this.flagsField) | bits);
  }
  /** Clears bits of the flags field. */
  lower(row: number, bits: number): void {
    this.setU8(row, this.flagsField, this.u8(row, this.flagsField) & ~bits);
  }
  /** Sets a side cell (32 bits at a byte offset from `stride` on); the row counts as unchanged. Read it with u32. */
  setSide(row: number, field: number, value: number): void {
    this.u32s[this.word(row) * 2 + (field >> 2)] = value;
  }
  /** Byte offset of a field, for copying text out of `bytes`. */
  at(row: number, field: number): number {
    return this.word(row) * 8 + field;
  }
  /** Address of a row in the arena, for side figures that are doubles. */
  word(row: number): number {
    return (this.i32s[this.pages - clz32(row >> this.firstBits)] as number) + row * this.pitch;
  }
  /** Address of a row of the table whose control lies at `control`, without pointing there: this one and the next four are for read-ahead.ts. */
  wordAt(control: number, row: number): number {
    return (this.i32s[control + PAGES + 32 - clz32(row >> this.firstBits)] as number) + row * this.pitch;
  }
  /** Address of the row that will be allocated there next, unless a freed one is; a place that is no row while its page is missing. */
  nextWordAt(control: number): number {
    return this.wordAt(control, this.u32s[this.wordAt(control, 0) * 2 + (META.rows >> 2)] as number);
  }
  /** Address of the row changed last there: the next change is linked to it, in its last cell. */
  changedWordAt(control: number): number {
    return this.wordAt(control, this.u32s[control + DIRTY_TAIL] as number) + this.pitch - 1;
  }
  /** Where the lookup there would begin to look for this hash: a 32-bit cell of the arena. */
  bucketAt(control: number, hash: number): number {
    return this.index.bucketAt(control + INDEX, hash);
  }
  /** First row there whose key has this hash, 0 = none; keys are not compared. */
  guessAt(control: number, hash: number): number {
    return this.index.guessAt(control + INDEX, hash);
  }
  /** Words from one row to the next. */
  get rowWords(): number {
    return this.pitch;
  }
  /** The same for a row that is about to be written: it counts as changed. */
  edit(row: number): number {
    const at = this.word(row);
    if (this.u32s[at * 2 + this.dirtyCell] === 0) this.list(row, at);
    return at;
  }
  /** Copies `width` bytes of another record into a text field. */
  setField(row: number, field: number, from: Uint8Array, fromAt: number, width: number): void {
    const { u8s } = this;
    const to = this.edit(row) * 8 + field;
    for (let i = 0; i < width; i++) u8s[to + i] = from[fromAt + i] as number;
  }
  /** Zeroes `width` bytes of a text field. */
  clearField(row: number, field: number, width: number): void {
    const at = this.edit(row) * 8 + field;
    this.u8s.fill(0, at, at + width);
  }
  /** Does the zero-padded field equal `width` bytes of another record? */
  fieldEquals(row: number, field: number, from: Uint8Array, fromAt: number, width: number): boolean {
    const { u8s } = this;
    const at = this.word(row) * 8 + field;
    for (let i = 0; i < width; i++) {
      const code = u8s[at + i];
      if (code !== from[fromAt + i]) return false;
      if (code === 0) return true;
    }
    return true;
  }
  /** Reads a zero-padded ASCII field. Allocates: for views. */
  text(row: number, field: number, width: number): string {
    const { u8s } = this;
    const at = this.at(row, field);
    let text = '';
    for (let i = at; i < at + width; i++) {
      const code = u8s[i] ?? 0;
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** The image of a row, as loadRow takes it: a window on memory, valid until the next row is allocated. Allocates. */
  image(row: number): Uint8Array {
    const at = this.at(row, 0);
    return this.u8s.subarray(at, at + this.stride);
  }

  /** Adds the images of all rows to a hash, in order. */
  hashInto(hash: StateHash): void {
    const { rows } = this;
    for (let row = 0; row < rows; row++) hash.add(this.i32s, this.word(row) * 2, this.stride >> 2);
  }

  /** Puts a row image back, in any order of rows; call settle() after the last. Not marked dirty. */
  loadRow(row: number, image: Uint8Array): void {
    assert(image.length === this.stride, 'row image of another stride');
    this.cover(row);
    this.u8s.set(image, this.at(row, 0));
    const { i32s } = this;
    if (row >= (i32s[this.control + LOADED] as number)) i32s[this.control + LOADED] = row + 1;
  }

  /** After loading: zeroes what lies past the high-water mark (images of rows dropped by an earlier clear). */
  settle(): void {
    const { rows } = this;
    const loaded = this.i32s[this.control + LOADED] as number;
    for (let row = rows; row < loaded; row++) this.wipe(row);
    for (let row = this.firstRows; row < rows; row *= 2) this.cover(row);
    this.i32s[this.control + LOADED] = 0;
  }

  /** Zeroes the side cells of all rows. */
  clearSides(): void {
    const { rows } = this;
    for (let row = 0; row < rows; row++) {
      const at = this.word(row) * 2;
      this.u32s.fill(0, at + (this.stride >> 2), at + this.dirtyCell);
    }
  }

  /** Visits each row changed since the last call, once, in order of first change, and forgets it. Rows past the high-water mark are skipped. */
  takeDirty(visit: (row: number) => void): void {
    const { u32s } = this;
    let row = (u32s[this.control + DIRTY_HEAD] as number) - 1;
    u32s[this.control + DIRTY_HEAD] = 0;
    while (row >= 0) {
      const at = this.word(row) * 2 + this.dirtyCell;
      const next = u32s[at] as number;
      u32s[at] = 0;
      if (row < this.rows) visit(row);
      row = next === LAST ? -1 : next - 2;
    }
  }

  /** Makes memory for a row that was never used. */
  cover(row: number): void {
    const page = 32 - clz32(row >> this.firstBits);
    assert(page < PAGES_MAX, 'table of a slot is full');
    if (this.i32s[this.control + PAGES + page] !== 0) return;
    const count = page === 0 ? this.firstRows : this.firstRows << (page - 1);
    const first = page === 0 ? 0 : count;
    // Where row 0 would lie, so that word() needs no subtraction.
    let at = this.arena.take(count * this.pitch) - first * this.pitch;
    // 0 says that there is no such page.
    if (at === 0) at = this.arena.take(count * this.pitch) - first * this.pitch;
    this.i32s[this.control + PAGES + page] = at;
  }

  /** Zeroes a row and its side cells; whether it counts as changed stays. */
  private wipe(row: number): void {
    const at = this.word(row) * 2;
    this.u32s.fill(0, at, at + this.dirtyCell);
  }

  /** Lists a row as changed that was not. */
  private list(row: number, at: number): void {
    const { u32s, control } = this;
    u32s[at * 2 + this.dirtyCell] = LAST;
    if (u32s[control + DIRTY_HEAD] === 0) u32s[control + DIRTY_HEAD] = row + 1;
    else u32s[this.word(u32s[control + DIRTY_TAIL] as number) * 2 + this.dirtyCell] = row + 2;
    u32s[control + DIRTY_TAIL] = row;
  }
}
