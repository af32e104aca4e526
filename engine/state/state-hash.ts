// The 128-bit hash of a slot's state: two kinds of 64-bit lanes would need BigInt, so this is four 32-bit lanes over 16-byte blocks in
// the manner of murmur3 (x86, 128 bit). Finds differences between states; not a defence against an adversary (the journal has SHA-256).
import { assert } from '../assert.ts';
import { mix32 } from './hash-bytes.ts';

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** Running hash over rows whose lengths are multiples of 8 bytes. */
export class StateHash {
  private h1 = 0x9747b28c | 0;
  private h2 = 0x5bd1e995 | 0;
  private h3 = 0x7f4a7c15 | 0;
  private h4 = 0x2545f491 | 0;
  private words = 0;

  /** Adds `count` 32-bit little-endian words from `from` on. */
  add(words: Int32Array, from: number, count: number): void {
    assert(count % 2 === 0 && from + count <= words.length, 'hashed rows must be whole pairs of words');
    for (let i = from; i < from + count; i += 2) this.addPair(words[i] as number, words[i + 1] as number);
  }

  /** 32 hex digits. */
  digest(): string {
    let a = this.h1 ^ this.words;
    let b = this.h2 ^ this.words;
    let c = this.h3 ^ this.words;
    let d = this.h4 ^ this.words;
    a = (a + b + c + d) | 0;
    b = mix32((b + a) | 0);
    c = mix32((c + b) | 0);
    d = mix32((d + c) | 0);
    a = mix32((a + d) | 0);
    return hex((a + b) | 0) + hex((b + c) | 0) + hex((c + d) | 0) + hex((d + a) | 0);
  }

  /** Two words step two of the four lanes; the lanes change places, so every word reaches all of them. */
  private addPair(first: number, second: number): void {
    const k1 = Math.imul(rotate(Math.imul(first, C1), 15), C2);
    const k2 = Math.imul(rotate(Math.imul(second, C3), 18), C4);
    const a = (Math.imul((rotate(this.h1 ^ k1, 19) + this.h2) | 0, 5) + 0x561ccd1b) | 0;
    const b = (Math.imul((rotate(this.h2 ^ k2, 17) + this.h3) | 0, 5) + 0x0bcaa747) | 0;
    this.h1 = this.h3;
    this.h2 = (this.h4 + a) | 0;
    this.h3 = a;
    this.h4 = b;
    this.words = (this.words + 2) | 0;
  }
}
