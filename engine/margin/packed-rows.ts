// Rows of a fixed number of doubles and a fixed number of 32-bit links, in two growing arrays, with a free list. A freed row is zeroed, so a
// group that empties and fills again starts from exact zeros whatever was rounded before. `values` and `links` move when rows grow: read
// them anew after allocate().
import { assert } from '../assert.ts';

export class PackedRows {
  values: Float64Array;
  links: Int32Array;
  readonly doubles: number;
  readonly ints: number;
  private rows = 0;
  private capacity: number;
  private freed = -1;

  /** `ints` must be at least 1: a freed row keeps the free list in its first link. */
  constructor(doubles: number, ints: number) {
    assert(ints >= 1, 'packed rows: a row needs one link for the free list');
    this.doubles = doubles;
    this.ints = ints;
    this.capacity = 8;
    this.values = new Float64Array(this.capacity * doubles);
    this.links = new Int32Array(this.capacity * ints);
  }

  /** A zeroed row. */
  allocate(): number {
    const row = this.freed;
    if (row >= 0) {
      this.freed = this.links[row * this.ints] as number;
      this.links[row * this.ints] = 0;
      return row;
    }
    if (this.rows === this.capacity) this.grow();
    this.rows += 1;
    return this.rows - 1;
  }

  /** Takes a row back and zeroes it. */
  free(row: number): void {
    this.values.fill(0, row * this.doubles, (row + 1) * this.doubles);
    this.links.fill(0, row * this.ints, (row + 1) * this.ints);
    this.links[row * this.ints] = this.freed;
    this.freed = row;
  }

  private grow(): void {
    // By half, not double: at 100,000 clients the slack of doubling is hundreds of megabytes.
    this.capacity = this.capacity + (this.capacity >> 1);
    const values = new Float64Array(this.capacity * this.doubles);
    values.set(this.values);
    this.values = values;
    const links = new Int32Array(this.capacity * this.ints);
    links.set(this.links);
    this.links = links;
  }
}
