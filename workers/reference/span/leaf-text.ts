// Values of leaf elements, parsed straight from the scanner's bytes. A value that is not what its element needs is a located error.
import { dateOf, decimalOf } from '../decimal-text.ts';
import type { XmlScanner } from './xml-scanner.ts';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export class LeafText {
  private readonly scanner: XmlScanner;

  constructor(scanner: XmlScanner) {
    this.scanner = scanner;
  }

  fail(reason: string): never {
    return this.scanner.fail(reason);
  }

  /** Trimmed text, ISO-8859-1, entities resolved. */
  text(): string {
    const { bytes, from, to } = this.scanner;
    let text = '';
    for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] ?? 0);
    text = text.trim();
    return text.includes('&') ? text.replace(/&(#?\w+);?/g, (whole, name: string) => this.entity(whole, name)) : text;
  }

  private entity(whole: string, name: string): string {
    const code = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
    if (code !== null && whole.endsWith(';')) return String.fromCharCode(code[1] ? Number.parseInt(code[1], 16) : Number(code[2]));
    // A bare ampersand ("M&M") is not XML, but harmless and seen in the wild.
    return whole.endsWith(';') ? (ENTITIES[name] ?? this.fail(`unknown entity ${whole}`)) : whole;
  }

  /** A decimal as the double nearest to it. */
  number(): number {
    const { bytes, to } = this.scanner;
    let at = this.scanner.from;
    const negative = bytes[at] === 0x2d;
    if (negative) at++;
    let mantissa = 0;
    let digits = 0;
    let decimals = -1;
    for (; at < to; at++) {
      const c = bytes[at] ?? 0;
      if (c >= 0x30 && c <= 0x39) {
        mantissa = mantissa * 10 + (c - 0x30);
        digits++;
        if (decimals >= 0) decimals++;
      } else if (c === 0x2e && decimals < 0) decimals = 0;
      else return this.slowNumber();
    }
    // Up to 15 digits both operands are exact, so the quotient is the correctly rounded value.
    if (digits === 0 || digits > 15) return this.slowNumber();
    const value = decimals > 0 ? mantissa / (POWERS[decimals] ?? 1) : mantissa;
    return negative ? -value : value;
  }

  private slowNumber(): number {
    const text = this.text();
    const value = decimalOf(text);
    return Number.isNaN(value) ? this.fail(`"${text}" is not a number`) : value;
  }

  integer(): number {
    const value = this.number();
    return Number.isSafeInteger(value) ? value : this.fail(`${value} is not a whole number`);
  }

  /** yyyymmdd; a month (YYYYMM) gives day 00; 0 for 00000000. */
  date(): number {
    const text = this.text();
    if (/^0+$/.test(text)) return 0;
    if (/^\d{6}$/.test(text) && dateOf(`${text}01`) !== 0) return Number(text) * 100;
    const date = dateOf(text);
    return date === 0 ? this.fail(`"${text}" is not a date`) : date;
  }

  /** One of the words given. */
  word<T extends string>(words: readonly T[]): T {
    const text = this.text();
    return words.find((word) => word === text) ?? this.fail(`"${text}" is none of ${words.join(', ')}`);
  }
}

const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
