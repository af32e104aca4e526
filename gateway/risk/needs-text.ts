// "Margin is not sufficient: needs Rs 12340.00 more, or buy 75 NIFTY26DEC25000CE at 41.05 first", composed as bytes in a reused scratch: the one Text(58)
// that carries figures.
import { writeDigits } from '../fix/codec/timestamp-writer.ts';

const PAISE_PER_RUPEE = 100;
const HALF = 100_000_000;
const TICKS_PER_PAISA = 100;
/** Longest trading symbol that is named, and the room a hedge takes with it. */
const NAME_BYTES = 64;
const HEDGE_BYTES = NAME_BYTES + 60;
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
    this.bytes = new Uint8Array(start.length + 40 + HEDGE_BYTES);
    this.bytes.set(start);
  }

  /** Composes the text for an amount in paise (0 or more). */
  compose(paise: number): void {
    this.length = this.amountAt;
    this.rupees(paise);
    this.words(MORE);
  }

  /** Goes on with a hedge: units of an option, and what one costs, rounded up to paise. `name` is its trading symbol, bytes[from, to). */
  orBuy(units: number, name: { readonly bytes: Uint8Array; readonly from: number; readonly to: number }, price: number): void {
    if (name.to - name.from > NAME_BYTES) return;
    this.words(OR_BUY);
    this.length += this.digits(this.length, units, widthOf(units));
    this.bytes[this.length++] = 0x20;
    for (let i = name.from; i < name.to; i++) this.bytes[this.length++] = name.bytes[i] ?? 0;
    this.words(AT);
    this.rupees(Math.ceil(price / TICKS_PER_PAISA));
    this.words(FIRST);
  }

  private rupees(paise: number): void {
    const rupees = Math.floor(paise / PAISE_PER_RUPEE);
    // In two halves: writeDigits takes 31 bits, and a house book can be short of more rupees than that.
    const high = Math.floor(rupees / HALF);
    let at = this.length;
    if (high > 0) at += this.digits(at, high, widthOf(high));
    at += this.digits(at, rupees - high * HALF, high > 0 ? HALF_DIGITS : widthOf(rupees));
    this.bytes[at++] = 0x2e;
    writeDigits(this.bytes, at, paise - rupees * PAISE_PER_RUPEE, 2);
    this.length = at + 2;
  }

  private words(text: Uint8Array): void {
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text[i] ?? 0;
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
const OR_BUY: Uint8Array = Buffer.from(', or buy ', 'latin1');
const AT: Uint8Array = Buffer.from(' at ', 'latin1');
const FIRST: Uint8Array = Buffer.from(' first', 'latin1');
