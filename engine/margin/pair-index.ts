// Finds a row by a pair of non-negative 32-bit numbers: (client, underlying), (client, contract). Open addressing over cells of 16 bytes in the
// arena, no allocation on a look-up. Where the cells lie is kept in three numbers at `control`. Derived data: rebuilt with the book, never stored.
import { assert } from '../assert.ts';
import { Arena } from '../state/arena.ts';

/** A cell: a + 1 (0 = empty), b, row, spare. */
const CELL = 4;
const CELL_WORDS = 2;
const CAPACITY = 8;
const CELLS = 0;
const MASK = 1;
const USED = 2;
/** 32-bit numbers at a control. */
export const PAIRS_CONTROL = 3;

export class PairIndex {
  private readonly arena: Arena;
  private control = 0;

  /** With an arena, format() or open() comes first; without, the index has one of its own and is ready. */
  constructor(arena?: Arena) {
    this.arena = arena ?? new Arena();
    if (arena === undefined) this.format(this.arena.take(PAIRS_CONTROL) * 2);
  }

  /** Points at the index whose control lies at a 32-bit offset of the arena. */
  open(control: number): void {
    this.control = control;
  }

  /** Makes an empty index there. */
  format(control: number): void {
    this.control = control;
    this.use(this.arena.takeBlock(CAPACITY * CELL_WORDS), CAPACITY);
    this.arena.i32s[control + USED] = 0;
  }

  /** Row of (a, b), or 0. */
  find(a: number, b: number): number {
    return this.findAt(this.control, a, b);
  }

  /** The same in the index whose control lies at `control`, without pointing there. */
  findAt(control: number, a: number, b: number): number {
    const { i32s } = this.arena;
    const cells = (i32s[control + CELLS] as number) * 2;
    const mask = i32s[control + MASK] as number;
    let at = home(a, b) & mask;
    for (;;) {
      const key = i32s[cells + at * CELL] as number;
      if (key === 0) return 0;
      if (key === a + 1 && i32s[cells + at * CELL + 1] === b) return i32s[cells + at * CELL + 2] as number;
      at = (at + 1) & mask;
    }
  }

  /** 32-bit cell where findAt begins to look. */
  homeAt(control: number, a: number, b: number): number {
    const { i32s } = this.arena;
    return (i32s[control + CELLS] as number) * 2 + (home(a, b) & (i32s[control + MASK] as number)) * CELL;
  }

  /** Adds a pair that is not there; `row` is at least 1. */
  add(a: number, b: number, row: number): void {
    assert(a >= 0 && b >= 0 && row > 0, 'pair index: negative key or no row');
    const used = (this.arena.i32s[this.control + USED] as number) + 1;
    if (used * 4 > ((this.arena.i32s[this.control + MASK] as number) + 1) * 3) this.grow();
    this.put(a, b, row);
    this.arena.i32s[this.control + USED] = used;
  }

  /** Removes a pair that is there. */
  remove(a: number, b: number): void {
    const { i32s } = this.arena;
    const cells = this.cells;
    const mask = i32s[this.control + MASK] as number;
    let at = home(a, b) & mask;
    while (i32s[cells + at * CELL] !== a + 1 || i32s[cells + at * CELL + 1] !== b) {
      assert(i32s[cells + at * CELL] !== 0, 'pair index: removing a pair that is not there');
      at = (at + 1) & mask;
    }
    i32s[this.control + USED] = (i32s[this.control + USED] as number) - 1;
    this.close(at);
  }

  private get cells(): number {
    return (this.arena.i32s[this.control + CELLS] as number) * 2;
  }

  private use(cells: number, capacity: number): void {
    this.arena.i32s[this.control + CELLS] = cells;
    this.arena.i32s[this.control + MASK] = capacity - 1;
  }

  /** Moves later cells of the run back over the hole, so that no tombstones pile up. */
  private close(hole: number): void {
    const { i32s } = this.arena;
    const cells = this.cells;
    const mask = i32s[this.control + MASK] as number;
    let at = (hole + 1) & mask;
    let gap = hole;
    while (i32s[cells + at * CELL] !== 0) {
      const wanted = home((i32s[cells + at * CELL] as number) - 1, i32s[cells + at * CELL + 1] as number) & mask;
      if (((at - wanted) & mask) >= ((at - gap) & mask)) {
        for (let i = 0; i < CELL; i++) i32s[cells + gap * CELL + i] = i32s[cells + at * CELL + i] as number;
        gap = at;
      }
      at = (at + 1) & mask;
    }
    i32s[cells + gap * CELL] = 0;
  }

  private put(a: number, b: number, row: number): void {
    const { i32s } = this.arena;
    const cells = this.cells;
    const mask = i32s[this.control + MASK] as number;
    let at = home(a, b) & mask;
    while (i32s[cells + at * CELL] !== 0) at = (at + 1) & mask;
    i32s[cells + at * CELL] = a + 1;
    i32s[cells + at * CELL + 1] = b;
    i32s[cells + at * CELL + 2] = row;
  }

  private grow(): void {
    const { arena } = this;
    const old = this.cells;
    const capacity = (arena.i32s[this.control + MASK] as number) + 1;
    this.use(arena.takeBlock(capacity * 2 * CELL_WORDS), capacity * 2);
    const { i32s } = arena;
    for (let at = old; at < old + capacity * CELL; at += CELL) {
      if (i32s[at] !== 0) this.put((i32s[at] as number) - 1, i32s[at + 1] as number, i32s[at + 2] as number);
    }
    arena.giveBlock(old / 2, capacity * CELL_WORDS);
  }
}

function home(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 13);
}
