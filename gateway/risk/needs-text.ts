// "Margin is not sufficient: needs Rs 12340.00 more", composed as bytes in a reused scratch: the one Text(58) that carries a figure.
import { writeDigits } from '../fix/codec/timestamp-writer.ts';

const PAISE_PER_RUPEE = 100;
const HALF = 100_000_000;
const HALF_DIGITS = 8;

export class NeedsText {
  /** The text composed last is bytes[0, length). */
  readonly bytes: Uint8Array;
  length = 0;
  private readonly amountAt: number;

  /** `reason` is what comes before the colon. */
  constructor(reason: string) {
    const start = Buffer.from(`${reason}: needs Rs `, 'latin1');
    this.amountAt = start.length;
    this.bytes = new Uint8Array(start.length + 40);
    this.bytes.set(start);
  }

  /** Composes the text for an amount in paise (0 or more). */
  compose(paise: number): void {
    const rupees = Math.floor(paise / PAISE_PER_RUPEE);
    // In two halves: writeDigits takes 31 bits, and a house book can be short of more rupees than that.
    const high = Math.floor(rupees / HALF);
    let at = this.amountAt;
    if (high > 0) at += this.digits(at, high, widthOf(high));
    at += this.digits(at, rupees - high * HALF, high > 0 ? HALF_DIGITS : widthOf(rupees));
    this.bytes[at++] = 0x2e;
    writeDigits(this.bytes, at, paise - rupees * PAISE_PER_RUPEE, 2);
    at += 2;
    for (let i = 0; i < MORE.length; i++) this.bytes[at++] = MORE[i] ?? 0;
    this.length = at;
  }

  private digits(at: number, value: number, width: number): number {
    writeDigits(this.bytes, at, value, width);
    return width;
  }
}

/** Decimal digits of a whole number. */
function widthOf(value: number): number {
  let width = 1;
  for (let bound = 10; value >= bound; bound *= 10) width += 1;
  return width;
}
const MORE: Uint8Array = Buffer.from(' more', 'latin1');
