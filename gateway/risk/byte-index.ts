// Map from short byte strings to integers, looked up straight from a socket's buffer: get() allocates nothing and touches two places of memory, the entry
// and its key. Grows by doubling; entries are replaced, never removed (a new directory is built instead).

const KEY_BYTES_MAX = 64;
const FIRST_CAPACITY = 64;
/** Cells of an entry: hash of the key; 1 + where its bytes lie, 0 = no entry; salt and length in one; value. */
const Entry = { hash: 0, key: 1, kind: 2, value: 3, CELLS: 4 } as const;

export class ByteIndex {
  private cells: Int32Array;
  private keys: Uint8Array;
  private keyBytes = 0;
  private count = 0;

  /** `expected` entries fit without growing. */
  constructor(expected = 48) {
    let capacity = FIRST_CAPACITY;
    while (isFull(expected, capacity)) capacity *= 2;
    this.cells = new Int32Array(capacity * Entry.CELLS);
    this.keys = new Uint8Array(expected * 16);
  }

  get size(): number {
    return this.count;
  }

  /** Value under (salt, bytes[at, at+length)), or -1. `salt` 0..255 separates name spaces. */
  get(salt: number, bytes: Uint8Array, at: number, length: number): number {
    const entry = this.place(hash(salt, bytes, at, length), kindOf(salt, length), bytes, at);
    return this.cells[entry + Entry.key] === 0 ? -1 : (this.cells[entry + Entry.value] as number);
  }

  /** Sets the value (0..2^31-1) of a key; RangeError when the key is longer than 63 bytes. */
  set(salt: number, bytes: Uint8Array, at: number, length: number, value: number): void {
    if (length >= KEY_BYTES_MAX) throw new RangeError(`key of ${length} bytes is longer than ${KEY_BYTES_MAX - 1}`);
    if (isFull(this.count + 1, this.cells.length / Entry.CELLS)) this.grow();
    const hashed = hash(salt, bytes, at, length);
    const entry = this.place(hashed, kindOf(salt, length), bytes, at);
    const { cells } = this;
    if (cells[entry + Entry.key] === 0) {
      cells[entry + Entry.hash] = hashed;
      cells[entry + Entry.key] = this.keep(bytes, at, length) + 1;
      cells[entry + Entry.kind] = kindOf(salt, length);
      this.count += 1;
    }
    cells[entry + Entry.value] = value;
  }

  /** First cell of the entry that has the key, or of the empty one where it belongs. */
  private place(hashed: number, kind: number, bytes: Uint8Array, at: number): number {
    const { cells } = this;
    const mask = cells.length - 1;
    let entry = (hashed * Entry.CELLS) & mask;
    for (let key = cells[entry + Entry.key] as number; key !== 0; key = cells[entry + Entry.key] as number) {
      if (cells[entry + Entry.hash] === hashed && cells[entry + Entry.kind] === kind && this.isKey(key - 1, bytes, at, kind & 255)) return entry;
      entry = (entry + Entry.CELLS) & mask;
    }
    return entry;
  }

  private isKey(from: number, bytes: Uint8Array, at: number, length: number): boolean {
    const { keys } = this;
    for (let i = 0; i < length; i++) if (keys[from + i] !== bytes[at + i]) return false;
    return true;
  }

  /** Keeps a key's bytes and returns where. */
  private keep(bytes: Uint8Array, at: number, length: number): number {
    const from = this.keyBytes;
    if (from + length > this.keys.length) {
      const larger = new Uint8Array(Math.max(from + length, this.keys.length * 2));
      larger.set(this.keys);
      this.keys = larger;
    }
    for (let i = 0; i < length; i++) this.keys[from + i] = bytes[at + i] ?? 0;
    this.keyBytes = from + length;
    return from;
  }

  private grow(): void {
    const old = this.cells;
    this.cells = new Int32Array(old.length * 2);
    const mask = this.cells.length - 1;
    for (let from = 0; from < old.length; from += Entry.CELLS) {
      if (old[from + Entry.key] === 0) continue;
      let entry = ((old[from + Entry.hash] as number) * Entry.CELLS) & mask;
      while (this.cells[entry + Entry.key] !== 0) entry = (entry + Entry.CELLS) & mask;
      for (let cell = 0; cell < Entry.CELLS; cell++) this.cells[entry + cell] = old[from + cell] as number;
    }
  }
}

/** Would so many entries be more than three quarters of the places? */
const isFull = (entries: number, capacity: number): boolean => entries * 4 > capacity * 3;

const kindOf = (salt: number, length: number): number => (salt << 8) | length;

/** FNV-1a with a final mix, 27 bits: times the cells of an entry it is still a small integer. */
function hash(salt: number, bytes: Uint8Array, at: number, length: number): number {
  let h = Math.imul(0x811c9dc5 ^ salt, 0x01000193);
  for (let i = at; i < at + length; i++) h = Math.imul(h ^ (bytes[i] ?? 0), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 13)) & 0x7ffffff;
}
