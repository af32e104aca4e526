// The 32-bit hash of keys: of ASCII fields and of small numbers. Plain 32-bit integer maths, so it is the same on every machine:
// slots are chosen by it, so it is for ever. Not for secrets, and not the hash of the state (state-hash.ts).

/** Murmur3's last step: spreads every input bit over the result, which is a signed 32-bit integer. */
export function mix32(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Hash of a zero-padded ASCII field of at most `width` bytes at `at`; the padding does not count. */
export function hashField(bytes: Uint8Array, at: number, width: number, seed: number): number {
  let h = seed | 0;
  for (let i = at; i < at + width; i++) {
    const code = bytes[i] ?? 0;
    if (code === 0) break;
    h = Math.imul(h ^ code, 0x5bd1e995);
    h ^= h >>> 15;
  }
  return mix32(h);
}

/** Same value as hashField gives for the text's ASCII bytes. */
export function hashText(text: string, seed: number): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ (text.charCodeAt(i) & 0x7f), 0x5bd1e995);
    h ^= h >>> 15;
  }
  return mix32(h);
}
