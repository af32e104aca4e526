// Numbers and tags as ASCII digits, two at a time out of tables: dividing digit by digit was a third of an encoded report. 32-bit arithmetic; exact
// for what each function says it takes.
import { EQUALS, ZERO } from './ascii.ts';

/** "00" to "99" as little-endian pairs of bytes. */
const PAIRS = new Uint16Array(100);
for (let n = 0; n < 100; n++) PAIRS[n] = (ZERO + Math.trunc(n / 10)) | ((ZERO + (n % 10)) << 8);

/** Tags up to this one are written from a table. */
const TABLED_TAGS = 1_000;
const TAG_WORDS = new Int32Array(TABLED_TAGS);
const TAG_WIDTHS = new Uint8Array(TABLED_TAGS);
for (let tag = 1; tag < TABLED_TAGS; tag++) {
  const text = `${tag}`;
  for (let i = 0; i < text.length; i++) TAG_WORDS[tag] = (TAG_WORDS[tag] as number) | (text.charCodeAt(i) << (8 * i));
  TAG_WORDS[tag] = (TAG_WORDS[tag] as number) | (EQUALS << (8 * text.length));
  TAG_WIDTHS[tag] = text.length + 1;
}

/** Writes "tag=" at `at`; returns the position after it. Up to three bytes behind it may be overwritten: have room. */
export function putTag(to: DataView, at: number, tag: number): number {
  if (tag < TABLED_TAGS) {
    to.setInt32(at, TAG_WORDS[tag] as number, true);
    return at + (TAG_WIDTHS[tag] as number);
  }
  const end = putInteger(to, at, tag);
  to.setUint8(end, EQUALS);
  return end + 1;
}

/** How many digits an integer from 0 to 2^31 - 1 has. */
function widthOf(value: number): number {
  if (value < 100_000) return value < 10 ? 1 : value < 100 ? 2 : value < 1_000 ? 3 : value < 10_000 ? 4 : 5;
  return value < 1_000_000 ? 6 : value < 10_000_000 ? 7 : value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;
}

/** Writes an integer from 0 to 2^31 - 1 without leading zeros; returns the position after it. */
export function putInteger(to: DataView, at: number, value: number): number {
  const width = widthOf(value);
  putDigits(to, at, value, width);
  return at + width;
}

/** Writes `value` (0 to 2^31 - 1) as exactly `width` digits at `at`, high digits cut. */
export function putDigits(to: DataView, at: number, value: number, width: number): void {
  let rest = value | 0;
  let i = (at + width) | 0;
  while (i - at >= 2) {
    const next = (rest / 100) | 0;
    i = (i - 2) | 0;
    to.setUint16(i, PAIRS[rest - next * 100] as number, true);
    rest = next;
  }
  if (i > at) to.setUint8(at, ZERO + (rest % 10));
}
