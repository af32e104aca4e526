// A reading window over one event's bytes; valid until it is pointed elsewhere.
import { EventField } from './layout.ts';

export class EventView {
  bytes: Uint8Array = new Uint8Array(0);
  data: DataView = new DataView(new ArrayBuffer(0));
  at = 0;

  wrap(bytes: Uint8Array, data: DataView, at: number): this {
    this.bytes = bytes;
    this.data = data;
    this.at = at;
    return this;
  }

  get kind(): number {
    return this.data.getUint16(this.at + EventField.kind, true);
  }
  get slot(): number {
    return this.data.getUint16(this.at + EventField.slot, true);
  }
  get index(): number {
    return this.data.getUint16(this.at + EventField.index, true);
  }
  get destination(): number {
    return this.data.getUint32(this.at + EventField.destination, true);
  }
  get rejectCode(): number {
    return this.data.getUint16(this.at + EventField.rejectCode, true);
  }
  get slotSequence(): number {
    return this.data.getFloat64(this.at + EventField.slotSequence, true);
  }
  u8(field: number): number {
    return this.data.getUint8(this.at + field);
  }
  u16(field: number): number {
    return this.data.getUint16(this.at + field, true);
  }
  u32(field: number): number {
    return this.data.getUint32(this.at + field, true);
  }
  f64(field: number): number {
    return this.data.getFloat64(this.at + field, true);
  }

  /** Reads a zero-padded ASCII field. Allocates: not for the hot path. */
  text(field: number, width: number): string {
    let text = '';
    for (let i = this.at + field; i < this.at + field + width; i++) {
      const code = this.bytes[i] ?? 0;
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  }
}
