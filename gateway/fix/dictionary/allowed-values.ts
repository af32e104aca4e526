// The values an enumerated field allows. One-character values, nearly all of them, are a bitmap; longer ones a list of byte strings.
import { asciiBytes } from '../codec/ascii.ts';

const SPACE = 0x20;

/** The values one enumerated field allows. */
export class AllowedValues {
  private readonly single = new Uint8Array(256);
  private readonly longer: Uint8Array[] = [];

  /** `values` separated by spaces. */
  constructor(values: string) {
    for (const value of values.split(' ')) {
      if (value.length === 1) this.single[value.charCodeAt(0)] = 1;
      else this.longer.push(asciiBytes(value));
    }
  }

  /** Is bytes[start, end) one of the values? */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start === 1) return this.single[bytes[start] as number] === 1;
    for (const value of this.longer) if (sameBytes(value, bytes, start, end)) return true;
    return false;
  }

  /** Is bytes[start, end) a space-separated list of the values? */
  hasEach(bytes: Uint8Array, start: number, end: number): boolean {
    let from = start;
    for (let i = start; i <= end; i++) {
      if (i < end && bytes[i] !== SPACE) continue;
      if (!this.has(bytes, from, i)) return false;
      from = i + 1;
    }
    return true;
  }
}

function sameBytes(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== value.length) return false;
  for (let i = 0; i < value.length; i++) if (bytes[start + i] !== value[i]) return false;
  return true;
}
