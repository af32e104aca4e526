// Open addressing from a 32-bit hash to row ids: the lookup beside a RowTable. Derived, never stored: rebuilt from the rows on restore.
// Rows are only added; a table that drops rows resets its index. Does not know keys: the caller compares the row it is offered.
//
//   for (let b = index.first(hash); ; b = index.next(b, hash)) { const row = index.rowAt(b); if (row === 0 || matches(row)) return row; }
import { assert } from '../assert.ts';

/** Buckets are this many times the rows at most before the index doubles. */
const SLACK = 2;

export class RowIndex {
  /** Pairs (hash, row); row 0 = empty bucket. */
  private cells: Int32Array;
  private mask: number;
  private count = 0;

  constructor(capacity = 8) {
    assert((capacity & (capacity - 1)) === 0, 'index capacity must be a power of two');
    this.cells = new Int32Array(capacity * 2);
    this.mask = capacity - 1;
  }

  /** Forgets every row. */
  reset(): void {
    this.cells.fill(0);
    this.count = 0;
  }

  /** First bucket that can hold `hash`. */
  first(hash: number): number {
    return this.seek(hash & this.mask, hash);
  }

  /** Next bucket after `bucket` that can hold `hash`. */
  next(bucket: number, hash: number): number {
    return this.seek((bucket + 1) & this.mask, hash);
  }

  /** Row in a bucket that first or next returned; 0 = no further row has this hash. */
  rowAt(bucket: number): number {
    return this.cells[bucket * 2 + 1] ?? 0;
  }

  /** Adds a row (at least 1) whose key hashes to `hash`. */
  add(hash: number, row: number): void {
    assert(row > 0, 'row 0 cannot be indexed');
    if ((this.count + 1) * SLACK > this.mask + 1) this.grow();
    this.place(hash | 0, row);
    this.count += 1;
  }

  private seek(from: number, hash: number): number {
    const wanted = hash | 0;
    let bucket = from;
    while (this.cells[bucket * 2 + 1] !== 0 && this.cells[bucket * 2] !== wanted) bucket = (bucket + 1) & this.mask;
    return bucket;
  }

  private place(hash: number, row: number): void {
    let bucket = hash & this.mask;
    while (this.cells[bucket * 2 + 1] !== 0) bucket = (bucket + 1) & this.mask;
    this.cells[bucket * 2] = hash;
    this.cells[bucket * 2 + 1] = row;
  }

  private grow(): void {
    const old = this.cells;
    const capacity = (this.mask + 1) * 2;
    this.cells = new Int32Array(capacity * 2);
    this.mask = capacity - 1;
    for (let i = 0; i < old.length; i += 2) {
      const row = old[i + 1] ?? 0;
      if (row !== 0) this.place(old[i] ?? 0, row);
    }
  }
}
