// One line of a fixed-column file, read by the columns its layout prints (from 1, both ends included). Trailing blanks may be cut, so a field
// beyond the end is blank. Every fault names line and columns.
import { dateOf } from '../decimal-text.ts';
import { fault } from '../reference-error.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;

/** The current line. */
export class FixedRecord {
  readonly file: string;
  line = 0;
  text = '';

  constructor(file: string) {
    this.file = file;
  }

  fail(from: number, to: number, reason: string): never {
    return fault(this.file, this.line, from === to ? `column ${from}` : `columns ${from}-${to}`, reason);
  }

  /** The field without surrounding blanks. */
  word(from: number, to: number): string {
    return this.text.slice(from - 1, to).trim();
  }

  /** The field, which must not be blank. */
  required(from: number, to: number, what: string): string {
    const word = this.word(from, to);
    return word === '' ? this.fail(from, to, `${what} is blank`) : word;
  }

  /** Digits; 0 when blank. */
  integer(from: number, to: number): number {
    let value = 0;
    let blank = true;
    let ended = false;
    const end = Math.min(to, this.text.length);
    for (let at = from - 1; at < end; at++) {
      const digit = this.text.charCodeAt(at) - ZERO;
      if (digit >= 0 && digit <= 9 && !ended) {
        value = value * 10 + digit;
        blank = false;
      } else if (this.text.charCodeAt(at) !== 0x20) return this.fail(from, to, `"${this.text.slice(from - 1, to)}" is not a whole number`);
      else if (!blank) ended = true;
    }
    return value;
  }

  /** Digits with an implied decimal point. */
  decimal(from: number, to: number, digits: number): number {
    return this.integer(from, to) / 10 ** digits;
  }

  /** Digits with the sign in the column after them; a blank sign is plus. */
  signed(from: number, to: number): number {
    const sign = this.text.length > to ? this.text.charCodeAt(to) : PLUS;
    if (sign !== PLUS && sign !== MINUS && sign !== 0x20) this.fail(to + 1, to + 1, `"${this.text[to]}" is not a sign`);
    const value = this.integer(from, to);
    return sign === MINUS && value !== 0 ? -value : value;
  }

  /** A locator of decimals, which may carry a leading minus. */
  locator(from: number, to: number): number {
    const word = this.word(from, to);
    if (word === '') return 0;
    return /^[+-]?\d+$/.test(word) ? Number(word) : this.fail(from, to, `"${word}" is not a number of decimals`);
  }

  /** yyyymmdd; 0 when blank or zeros. */
  date(from: number, to: number): number {
    const word = this.word(from, to);
    if (/^0*$/.test(word)) return 0;
    const date = dateOf(word);
    return date === 0 ? this.fail(from, to, `"${word}" is not a date`) : date;
  }

  /** A contract month, yyyymm; 0 when blank or zeros. */
  month(from: number, to: number): number {
    const month = this.integer(from, to);
    if (month !== 0 && dateOf(`${month}01`) === 0) this.fail(from, to, `"${this.word(from, to)}" is not a month`);
    return month;
  }

  side(at: number): 'A' | 'B' {
    const word = this.word(at, at);
    return word === 'A' || word === 'B' ? word : this.fail(at, at, `side "${word}" is neither A nor B`);
  }
}
