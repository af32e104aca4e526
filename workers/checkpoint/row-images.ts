// Changed rows that wait to be stored, the newest image of each, packed one behind the other. Tens of thousands a second come and go, so nothing is
// allocated for a row: images lie in slabs that are used again, and are found by a lookup of numbers. Knows neither LMDB nor the ring.
import { assert } from '../../engine/index.ts';

/** Images lie in slabs of this size, each whole in one; slabs beyond SLABS_KEPT, left from a flood (a day's opening), are given back by clear(). */
const SLAB_BYTES = 1 << 18;
const SLABS_KEPT = 256;
/** Places of images count words of 8 bytes, so that they stay small integers up to 16 GB. */
const WORD = 8;
const SLAB_WORDS = SLAB_BYTES / WORD;
/** Numbers of an entry: slot and table in one, row, place of the image, its bytes. */
const Entry = { table: 0, row: 1, place: 2, bytes: 3, CELLS: 4 } as const;
const TABLES = 256;
const FIRST_ENTRIES = 64;
const ENTRIES_KEPT = 1 << 18;

export class RowImages {
  /** Rows held. */
  count = 0;
  private readonly slabs: Buffer[] = [];
  /** Words used, over all slabs. */
  private used = 0;
  private entries = new Int32Array(FIRST_ENTRIES * Entry.CELLS);
  /** Entry + 1 by hash of slot, table and row, 0 = none: twice as many as entries. */
  private lookup = new Int32Array(FIRST_ENTRIES * 2);

  /** Keeps a copy of a row's image, a multiple of 8 bytes, in place of an earlier one of the same row. */
  put(slot: number, table: number, row: number, image: Uint8Array): void {
    this.keep(slot * TABLES + table, row, image);
  }

  /** Keeps every row of `newer`. */
  putAll(newer: RowImages): void {
    const { entries } = newer;
    for (let at = 0; at < newer.count * Entry.CELLS; at += Entry.CELLS) {
      const image = newer.imageAt(entries[at + Entry.place] as number, entries[at + Entry.bytes] as number);
      this.keep(entries[at + Entry.table] as number, entries[at + Entry.row] as number, image);
    }
  }

  /** Visits every row in the order in which they first came. The image is valid until clear(). */
  each(visit: (slot: number, table: number, row: number, image: Buffer) => void): void {
    const { entries } = this;
    for (let at = 0; at < this.count * Entry.CELLS; at += Entry.CELLS) {
      const key = entries[at + Entry.table] as number;
      const image = this.imageAt(entries[at + Entry.place] as number, entries[at + Entry.bytes] as number);
      visit(Math.trunc(key / TABLES), key % TABLES, (entries[at + Entry.row] as number) >>> 0, image);
    }
  }

  /** Forgets every row. */
  clear(): void {
    this.count = 0;
    this.used = 0;
    this.slabs.length = Math.min(this.slabs.length, SLABS_KEPT);
    if (this.entries.length > ENTRIES_KEPT * Entry.CELLS) {
      this.entries = new Int32Array(FIRST_ENTRIES * Entry.CELLS);
      this.lookup = new Int32Array(FIRST_ENTRIES * 2);
    } else this.lookup.fill(0);
  }

  private keep(key: number, row: number, image: Uint8Array): void {
    const { length } = image;
    assert(length > 0 && length % WORD === 0 && length <= SLAB_BYTES, 'row images: bytes of an image');
    const entry = this.entryOf(key, row | 0, length);
    const { entries } = this;
    assert(entries[entry + Entry.bytes] === length, 'row images: a row changed its length');
    this.imageAt(entries[entry + Entry.place] as number, length).set(image);
  }

  /** Where the row's entry begins; a new one has a place of its own. */
  private entryOf(key: number, row: number, bytes: number): number {
    if (this.count * Entry.CELLS === this.entries.length) this.grow();
    const { entries, lookup, count } = this;
    const mask = lookup.length - 1;
    let bucket = hashOf(key, row) & mask;
    for (let found = lookup[bucket] as number; found !== 0; found = lookup[bucket] as number) {
      const at = (found - 1) * Entry.CELLS;
      if (entries[at + Entry.table] === key && entries[at + Entry.row] === row) return at;
      bucket = (bucket + 1) & mask;
    }
    lookup[bucket] = count + 1;
    this.count = count + 1;
    const at = count * Entry.CELLS;
    entries[at + Entry.table] = key;
    entries[at + Entry.row] = row;
    entries[at + Entry.place] = this.take(bytes / WORD);
    entries[at + Entry.bytes] = bytes;
    return at;
  }

  /** Room for so many words, in one slab. */
  private take(words: number): number {
    const left = SLAB_WORDS - (this.used % SLAB_WORDS);
    const place = left < words ? this.used + left : this.used;
    this.used = place + words;
    if (this.used > this.slabs.length * SLAB_WORDS) this.slabs.push(Buffer.allocUnsafeSlow(SLAB_BYTES));
    return place;
  }

  private imageAt(place: number, bytes: number): Buffer {
    const slab = this.slabs[Math.trunc(place / SLAB_WORDS)];
    assert(slab !== undefined, 'row images: an entry without its slab');
    const from = (place % SLAB_WORDS) * WORD;
    return slab.subarray(from, from + bytes);
  }

  private grow(): void {
    const entries = new Int32Array(this.entries.length * 2);
    entries.set(this.entries);
    this.entries = entries;
    const lookup = new Int32Array(this.lookup.length * 2);
    const mask = lookup.length - 1;
    for (let entry = 0; entry < this.count; entry++) {
      const at = entry * Entry.CELLS;
      let bucket = hashOf(entries[at + Entry.table] as number, entries[at + Entry.row] as number) & mask;
      while (lookup[bucket] !== 0) bucket = (bucket + 1) & mask;
      lookup[bucket] = entry + 1;
    }
    this.lookup = lookup;
  }
}

function hashOf(key: number, row: number): number {
  const mixed = Math.imul(row ^ Math.imul(key, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
