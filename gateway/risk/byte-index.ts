// Map from short byte strings to integers, looked up straight from a socket's buffer: get() allocates nothing. Grows by doubling; entries are
// replaced, never removed (a new directory is built instead).

const KEY_BYTES_MAX = 64;

export class ByteIndex {
  private slots: Int32Array;
  private keys: Uint8Array;
  private keyEnds: Int32Array;
  private values: Int32Array;
  private count = 0;

  /** `expected` entries fit without growing. */
  constructor(expected = 64) {
    let capacity = 64;
    while (capacity < expected * 2) capacity *= 2;
    this.slots = new Int32Array(capacity);
    this.keys = new Uint8Array(expected * 16);
    this.keyEnds = new Int32Array(expected + 1);
    this.values = new Int32Array(expected + 1);
  }

  get size(): number {
    return this.count;
  }

  /** Value under (salt, bytes[at, at+length)), or -1. `salt` 0..255 separates name spaces. */
  get(salt: number, bytes: Uint8Array, at: number, length: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash(salt, bytes, at, length) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot] ?? 0;
      if (entry === 0) return -1;
      if (this.matches(entry, salt, bytes, at, length)) return this.values[entry] ?? -1;
    }
  }

  /** Sets the value (0..2^31-1) of a key; RangeError when the key is longer than 63 bytes. */
  set(salt: number, bytes: Uint8Array, at: number, length: number, value: number): void {
    if (length >= KEY_BYTES_MAX) throw new RangeError(`key of ${length} bytes is longer than ${KEY_BYTES_MAX - 1}`);
    if ((this.count + 1) * 2 > this.slots.length) this.grow();
    const slot = this.place(salt, bytes, at, length);
    const found = this.slots[slot] ?? 0;
    if (found !== 0) {
      this.values[found] = value;
      return;
    }
    const from = this.keyEnds[this.count] ?? 0;
    this.count += 1;
    this.makeRoom(from + length + 1);
    this.keys[from] = salt;
    for (let i = 0; i < length; i++) this.keys[from + 1 + i] = bytes[at + i] ?? 0;
    this.keyEnds[this.count] = from + 1 + length;
    this.values[this.count] = value;
    this.slots[slot] = this.count;
  }

  /** Slot that holds the key, or the empty one where it belongs. */
  private place(salt: number, bytes: Uint8Array, at: number, length: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(salt, bytes, at, length) & mask;
    for (let entry = this.slots[slot] ?? 0; entry !== 0; entry = this.slots[slot] ?? 0) {
      if (this.matches(entry, salt, bytes, at, length)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private matches(entry: number, salt: number, bytes: Uint8Array, at: number, length: number): boolean {
    const from = this.keyEnds[entry - 1] ?? 0;
    if ((this.keyEnds[entry] ?? 0) - from !== length + 1 || this.keys[from] !== salt) return false;
    for (let i = 0; i < length; i++) if (this.keys[from + 1 + i] !== bytes[at + i]) return false;
    return true;
  }

  private makeRoom(keyBytes: number): void {
    if (keyBytes > this.keys.length) {
      const larger = new Uint8Array(Math.max(keyBytes, this.keys.length * 2));
      larger.set(this.keys);
      this.keys = larger;
    }
    if (this.count < this.keyEnds.length) return;
    const ends = new Int32Array(this.keyEnds.length * 2);
    ends.set(this.keyEnds);
    this.keyEnds = ends;
    const values = new Int32Array(ends.length);
    values.set(this.values);
    this.values = values;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    for (let entry = 1; entry <= this.count; entry++) {
      const from = this.keyEnds[entry - 1] ?? 0;
      const length = (this.keyEnds[entry] ?? 0) - from - 1;
      this.slots[this.place(this.keys[from] ?? 0, this.keys, from + 1, length)] = entry;
    }
  }
}

/** FNV-1a with a final mix. */
function hash(salt: number, bytes: Uint8Array, at: number, length: number): number {
  let h = Math.imul(0x811c9dc5 ^ salt, 0x01000193);
  for (let i = at; i < at + length; i++) h = Math.imul(h ^ (bytes[i] ?? 0), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 13)) & 0x7fffffff;
}
