// Open addressing from a 32-bit hash to row ids: the lookup beside a RowTable. Derived, never stored: rebuilt from the rows on restore.
// Rows are only added; a table that drops rows resets its index. Does not know keys: the caller compares the row it is offered.
// The cells lie in the arena, and where they lie in three numbers at `control`: one RowIndex serves every slot in turn.
//
//   for (let b = index.first(hash); ; b = index.next(b, hash)) { const row = index.rowAt(b); if (row === 0 || matches(row)) return row; }
import { assert } from '../assert.ts';
import { Arena } from './arena.ts';

/** Buckets are this many times the rows at most before the index doubles. */
const SLACK = 2;
const CAPACITY = 8;
/** 32-bit numbers at `control`: address of the cells, mask, rows. A cell is a word: hash, row; row 0 = empty. */
const CELLS = 0;
const MASK = 1;
const COUNT = 2;
export const INDEX_CONTROL = 3;

export class RowIndex {
  private readonly arena: Arena;
  private control = 0;

  /** Without an arena the index has one of its own and is ready; with one, format() or open() comes first. */
  constructor(arena?: Arena) {
    this.arena = arena ?? new Arena();
    if (arena === undefined) this.format(this.arena.take(INDEX_CONTROL) * 2);
  }

  /** Points at the index whose control lies at a 32-bit offset of the arena. */
  open(control: number): void {
    this.control = control;
  }

  /** Makes an empty index there. */
  format(control: number): void {
    this.control = control;
    const cells = this.arena.takeBlock(CAPACITY);
    const { i32s } = this.arena;
    i32s[control + CELLS] = cells;
    i32s[control + MASK] = CAPACITY - 1;
    i32s[control + COUNT] = 0;
  }

  /** Forgets every row. */
  reset(): void {
    const { i32s, f64s } = this.arena;
    const cells = i32s[this.control + CELLS] as number;
    f64s.fill(0, cells, cells + (i32s[this.control + MASK] as number) + 1);
    i32s[this.control + COUNT] = 0;
  }

  /** First bucket that can hold `hash`. */
  first(hash: number): number {
    return this.seek(hash, hash);
  }

  /** Next bucket after `bucket` that can hold `hash`. */
  next(bucket: number, hash: number): number {
    return this.seek(bucket + 1, hash);
  }

  /** Row in a bucket that first or next returned; 0 = no further row has this hash. */
  rowAt(bucket: number): number {
    const { i32s } = this.arena;
    return i32s[((i32s[this.control + CELLS] as number) + bucket) * 2 + 1] as number;
  }

  /** 32-bit cell where a row of this hash would lie first in the index whose control lies at `control`: for read-ahead.ts, like guessAt. */
  bucketAt(control: number, hash: number): number {
    const { i32s } = this.arena;
    return ((i32s[control + CELLS] as number) + (hash & (i32s[control + MASK] as number))) * 2;
  }

  /** First row with this hash in the index whose control lies at `control`, 0 = none; keys are not compared. */
  guessAt(control: number, hash: number): number {
    const { i32s } = this.arena;
    const wanted = hash | 0;
    const cells = i32s[control + CELLS] as number;
    const mask = i32s[control + MASK] as number;
    let bucket = hash & mask;
    while (i32s[(cells + bucket) * 2 + 1] !== 0 && i32s[(cells + bucket) * 2] !== wanted) bucket = (bucket + 1) & mask;
    return i32s[(cells + bucket) * 2 + 1] as number;
  }

  /** Adds a row (at least 1) whose key hashes to `hash`. */
  add(hash: number, row: number): void {
    assert(row > 0, 'row 0 cannot be indexed');
    const count = (this.arena.i32s[this.control + COUNT] as number) + 1;
    if (count * SLACK > (this.arena.i32s[this.control + MASK] as number) + 1) this.grow();
    this.place(hash | 0, row);
    this.arena.i32s[this.control + COUNT] = count;
  }

  private seek(from: number, hash: number): number {
    const { i32s } = this.arena;
    const wanted = hash | 0;
    const cells = i32s[this.control + CELLS] as number;
    const mask = i32s[this.control + MASK] as number;
    let bucket = from & mask;
    while (i32s[(cells + bucket) * 2 + 1] !== 0 && i32s[(cells + bucket) * 2] !== wanted) bucket = (bucket + 1) & mask;
    return bucket;
  }

  private place(hash: number, row: number): void {
    const { i32s } = this.arena;
    const cells = i32s[this.control + CELLS] as number;
    const mask = i32s[this.control + MASK] as number;
    let bucket = hash & mask;
    while (i32s[(cells + bucket) * 2 + 1] !== 0) bucket = (bucket + 1) & mask;
    i32s[(cells + bucket) * 2] = hash;
    i32s[(cells + bucket) * 2 + 1] = row;
  }

  private grow(): void {
    const { arena, control } = this;
    const old = arena.i32s[control + CELLS] as number;
    const capacity = (arena.i32s[control + MASK] as number) + 1;
    const cells = arena.takeBlock(capacity * 2);
    const { i32s } = arena;
    i32s[control + CELLS] = cells;
    i32s[control + MASK] = capacity * 2 - 1;
    for (let at = old; at < old + capacity; at++) {
      const row = i32s[at * 2 + 1] as number;
      if (row !== 0) this.place(i32s[at * 2] as number, row);
    }
    arena.giveBlock(old, capacity);
  }
}
