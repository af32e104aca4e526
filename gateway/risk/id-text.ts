// Composite ids as bytes, written into a scratch that is reused: OrderID(37) "slot-sequence" and ExecID(17) "slot:sequence[:index]". No strings.
import { writeDigits } from '../fix/codec/timestamp-writer.ts';

const COLON = 0x3a;
const DASH = 0x2d;

export class IdText {
  /** The id written last is bytes[0, length). Valid until the next call. */
  readonly bytes: Uint8Array = new Uint8Array(64);
  length = 0;

  /** OrderID(37) of the order that command (slot, sequence) placed. */
  orderId(slot: number, sequence: number): this {
    this.length = 0;
    this.number(slot);
    this.bytes[this.length++] = DASH;
    return this.number(sequence);
  }

  /** ExecID(17) of the index-th event of command (slot, sequence). */
  execId(slot: number, sequence: number, index: number): this {
    this.length = 0;
    this.number(slot);
    this.bytes[this.length++] = COLON;
    this.number(sequence);
    if (index === 0) return this;
    this.bytes[this.length++] = COLON;
    return this.number(index);
  }

  private number(value: number): this {
    let width = 1;
    for (let bound = 10; value >= bound; bound *= 10) width += 1;
    writeDigits(this.bytes, this.length, value, width);
    this.length += width;
    return this;
  }
}

/** Slot and sequence of an OrderID(37) text, or undefined when it is not one. */
export function parseOrderId(text: string): { readonly slot: number; readonly sequence: number } | undefined {
  const match = /^(\d{1,3})-(\d{1,15})$/.exec(text);
  if (match === null) return undefined;
  const [slot, sequence] = [Number(match[1]), Number(match[2])];
  return slot < 256 && sequence > 0 ? { slot, sequence } : undefined;
}
