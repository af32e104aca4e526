// Finds a row by a pair of non-negative 32-bit numbers: (client, underlying), (client, contract). Open addressing over one Int32Array, no
// allocation on a look-up. Derived data: rebuilt with the book, never stored.
import { assert } from '../assert.ts';

const CELL = 3;

export class PairIndex {
  /** a + 1, b, row per cell; 0 = empty. */
  private cells: Int32Array = new Int32Array(16 * CELL);
  private mask = 15;
  private used = 0;

  /** Row of (a, b), or -1. */
  find(a: number, b: number): number {
    const { cells, mask } = this;
    let at = home(a, b) & mask;
    for (;;) {
      const key = cells[at * CELL] as number;
      if (key === 0) return -1;
      if (key === a + 1 && cells[at * CELL + 1] === b) return cells[at * CELL + 2] as number;
      at = (at + 1) & mask;
    }
  }

  /** Adds a pair that is not there. */
  add(a: number, b: number, row: number): void {
    assert(a >= 0 && b >= 0 && row >= 0, 'pair index: negative key or row');
    if ((this.used + 1) * 4 > (this.mask + 1) * 3) this.grow();
    this.put(a, b, row);
    this.used += 1;
  }

  /** Removes a pair that is there. */
  remove(a: number, b: number): void {
    const { cells, mask } = this;
    let at = home(a, b) & mask;
    while (cells[at * CELL] !== a + 1 || cells[at * CELL + 1] !== b) {
      assert(cells[at * CELL] !== 0, 'pair index: removing a pair that is not there');
      at = (at + 1) & mask;
    }
    this.used -= 1;
    this.close(at);
  }

  /** Moves later cells of the run back over the hole, so that no tombstones pile up. */
  private close(hole: number): void {
    const { cells, mask } = this;
    let at = (hole + 1) & mask;
    let gap = hole;
    while (cells[at * CELL] !== 0) {
      const wanted = home((cells[at * CELL] as number) - 1, cells[at * CELL + 1] as number) & mask;
      if (((at - wanted) & mask) >= ((at - gap) & mask)) {
        cells.copyWithin(gap * CELL, at * CELL, (at + 1) * CELL);
        gap = at;
      }
      at = (at + 1) & mask;
    }
    cells[gap * CELL] = 0;
  }

  private put(a: number, b: number, row: number): void {
    const { cells, mask } = this;
    let at = home(a, b) & mask;
    while (cells[at * CELL] !== 0) at = (at + 1) & mask;
    cells[at * CELL] = a + 1;
    cells[at * CELL + 1] = b;
    cells[at * CELL + 2] = row;
  }

  private grow(): void {
    const old = this.cells;
    this.mask = this.mask * 2 + 1;
    this.cells = new Int32Array((this.mask + 1) * CELL);
    for (let at = 0; at < old.length; at += CELL) {
      if (old[at] !== 0) this.put((old[at] as number) - 1, old[at + 1] as number, old[at + 2] as number);
    }
  }
}

function home(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 13);
}
