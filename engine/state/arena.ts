// The memory that the slots of one shard live in: one buffer, in words of 8 bytes, handed out from the front and never moved while it lasts. Blocks
// that outgrow themselves (lookups) are taken and given back in powers of two. One buffer, because a typed array of its own for every
// list of 256 slots is a header and a page of its own for each, and every order would wait for all of them.
// Addresses are words, so that they stay small integers up to 16 GB. Views are replaced when the buffer grows: read them anew after a take().
import { assert } from '../assert.ts';

const WORD = 8;
/** Large buffers begin 16 bytes behind a cache line (the allocator's own head): the first aligned word. Also keeps address 0 for "none". */
const FIRST_WORD = 6;
const LINE_WORDS = 8;
const SIZE_CLASSES = 31;
/** Bytes a shard reserves, largest first: only what is written takes memory. Half as much where the system will not promise it. */
const RESERVED_MAX = 4 * 2 ** 30;
const RESERVED_MIN = 2 ** 24;
/** The 32-bit cell that says how many words were handed out, for a thread that looks after the memory behind them. In a word that is never taken. */
export const ARENA_USED_CELL = 2;

/** Keeps the arena's views at hand: told whenever they were replaced. */
export interface ArenaTenant {
  takeViews(arena: Arena): void;
}

export class Arena {
  f64s: Float64Array;
  u32s: Uint32Array;
  i32s: Int32Array;
  u16s: Uint16Array;
  bytes: Uint8Array;
  private next = FIRST_WORD;
  private readonly tenants: ArenaTenant[] = [];
  /** First free block of 2^k words, by k; a free block's first word holds the next. */
  private readonly freed = new Float64Array(SIZE_CLASSES);

  constructor(buffer: ArrayBuffer | SharedArrayBuffer = new ArrayBuffer(2 ** 15)) {
    assert(buffer.byteLength >= 4096, 'arena smaller than a page');
    this.f64s = new Float64Array(buffer);
    this.u32s = new Uint32Array(buffer);
    this.i32s = new Int32Array(buffer);
    this.u16s = new Uint16Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  /** Zeroed memory with room for a shard's day, so that an arena in it never has to be copied: `most` bytes. The system gives it as it is touched. */
  static reserve(most: number = RESERVED_MAX): SharedArrayBuffer {
    for (let bytes = most; bytes > RESERVED_MIN; bytes /= 2) {
      try {
        return new SharedArrayBuffer(bytes);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    return new SharedArrayBuffer(RESERVED_MIN);
  }

  /** Tells the tenant of the views, now and whenever they are replaced. */
  admit(tenant: ArenaTenant): void {
    this.tenants.push(tenant);
    tenant.takeViews(this);
  }

  /** Bytes handed out so far. */
  get used(): number {
    return this.next * WORD;
  }

  /** Takes zeroed words for good; from a cache line on when they fill one. Returns the address, never 0. */
  take(words: number): number {
    assert(words > 0, 'took nothing from the arena');
    let at = this.next;
    if (words >= LINE_WORDS) at += (FIRST_WORD - at) & (LINE_WORDS - 1);
    if (at + words > this.f64s.length) this.grow(at + words);
    this.next = at + words;
    this.i32s[ARENA_USED_CELL] = this.next;
    return at;
  }

  /** Takes a zeroed block of at least so many words; give it back with the same number. */
  takeBlock(words: number): number {
    const size = sizeClass(words);
    const at = this.freed[size] as number;
    if (at === 0) return this.take(2 ** size);
    this.freed[size] = this.f64s[at] as number;
    this.f64s.fill(0, at, at + 2 ** size);
    return at;
  }

  /** Gives a block of takeBlock(words) back. */
  giveBlock(at: number, words: number): void {
    const size = sizeClass(words);
    this.f64s[at] = this.freed[size] as number;
    this.freed[size] = at;
  }

  private grow(words: number): void {
    let length = this.bytes.length;
    while (length < words * WORD) length *= 2;
    const bytes = new Uint8Array(new ArrayBuffer(length));
    bytes.set(this.bytes.subarray(0, this.next * WORD));
    this.bytes = bytes;
    this.f64s = new Float64Array(bytes.buffer);
    this.u32s = new Uint32Array(bytes.buffer);
    this.i32s = new Int32Array(bytes.buffer);
    this.u16s = new Uint16Array(bytes.buffer);
    for (const tenant of this.tenants) tenant.takeViews(this);
  }
}

/** Power of two that holds so many words, at least one cache line. */
function sizeClass(words: number): number {
  return 32 - Math.clz32(Math.max(words, LINE_WORDS) - 1);
}
