// Rows of a fixed number of words, given out and taken back; a row is named by its address in the arena, 0 is none. Chunks of rows stay with their
// owner (three numbers at `control`: first free row, next fresh one, end of the chunk), so that rows of one slot lie together. A freed row
// is zeroed, so a group that empties and fills again starts from exact zeros whatever was rounded before.
import { assert } from '../assert.ts';
import { Arena } from '../state/arena.ts';

const FREED = 0;
const FRESH = 1;
const END = 2;
/** 32-bit numbers at a control. */
export const ROWS_CONTROL = 3;
const CHUNK_ROWS = 8;

export class PackedRows {
  readonly arena: Arena;
  /** Words of a row. */
  readonly words: number;
  private control = 0;

  /** With an arena, open() comes first; without, the rows have one of their own and are ready. */
  constructor(words: number, arena?: Arena) {
    assert(words >= 1, 'packed rows: a row needs a word for the free list');
    this.words = words;
    this.arena = arena ?? new Arena();
    if (arena === undefined) this.open(this.arena.take(ROWS_CONTROL) * 2);
  }

  /** Points at the rows whose control (zeroed when new) lies at a 32-bit offset of the arena. */
  open(control: number): void {
    this.control = control;
  }

  /** Address of a zeroed row. */
  allocate(): number {
    const { arena, control, words } = this;
    const freed = arena.u32s[control + FREED] as number;
    if (freed !== 0) {
      arena.u32s[control + FREED] = arena.u32s[freed * 2] as number;
      arena.u32s[freed * 2] = 0;
      return freed;
    }
    if (arena.u32s[control + FRESH] === arena.u32s[control + END]) {
      const chunk = arena.take(CHUNK_ROWS * words);
      arena.u32s[control + FRESH] = chunk;
      arena.u32s[control + END] = chunk + CHUNK_ROWS * words;
    }
    const fresh = arena.u32s[control + FRESH] as number;
    arena.u32s[control + FRESH] = fresh + words;
    return fresh;
  }

  /** Address of the row that allocate() would give where the control lies at `control`, unless it took memory for it. For read-ahead.ts. */
  nextAt(control: number): number {
    const { u32s } = this.arena;
    const freed = u32s[control + FREED] as number;
    return freed === 0 ? (u32s[control + FRESH] as number) : freed;
  }

  /** Takes a row back and zeroes it. */
  free(row: number): void {
    assert(row > 0, 'freed no row');
    const { f64s, u32s } = this.arena;
    for (let at = row; at < row + this.words; at++) f64s[at] = 0;
    u32s[row * 2] = u32s[this.control + FREED] as number;
    u32s[this.control + FREED] = row;
  }
}
