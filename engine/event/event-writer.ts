// The buffer a fold writes its events into; the shard agent copies it to the journal and the outbound ring, then resets it.
// One owner, one thread.
import { assert } from '../assert.ts';
import type { Verdict } from '../verdict.ts';
import { EVENT_BYTES, EVENT_VERSION, EventField } from './layout.ts';

export class EventWriter {
  bytes: Uint8Array;
  data: DataView;
  /** Events written since reset. */
  count = 0;
  private at = 0;
  private words: Float64Array;

  constructor(capacity = 64) {
    this.bytes = new Uint8Array(capacity * EVENT_BYTES);
    this.data = new DataView(this.bytes.buffer);
    this.words = new Float64Array(this.bytes.buffer);
  }

  /** Forgets all events. */
  reset(): void {
    this.count = 0;
  }

  /** Starts a zeroed event and makes it the one the setters write to. `index` counts events of the same command. */
  begin(kind: number, index: number): this {
    if ((this.count + 1) * EVENT_BYTES > this.bytes.length) this.grow();
    this.at = this.count * EVENT_BYTES;
    this.count += 1;
    // A loop over doubles, because fill() is a call out of compiled code.
    const { words } = this;
    const end = (this.at + EVENT_BYTES) >> 3;
    for (let i = this.at >> 3; i < end; i++) words[i] = 0;
    this.data.setUint32(this.at, EVENT_BYTES, true);
    this.data.setUint16(this.at + EventField.kind, kind, true);
    this.data.setUint8(this.at + EventField.version, EVENT_VERSION);
    this.data.setUint16(this.at + EventField.index, index, true);
    return this;
  }

  u8(field: number, value: number): this {
    this.data.setUint8(this.at + field, value);
    return this;
  }
  u16(field: number, value: number): this {
    this.data.setUint16(this.at + field, value, true);
    return this;
  }
  u32(field: number, value: number): this {
    this.data.setUint32(this.at + field, value, true);
    return this;
  }
  f64(field: number, value: number): this {
    this.data.setFloat64(this.at + field, value, true);
    return this;
  }

  /** Writes code and figures of a decision. In one place and from fields, so that no double is boxed on its way here. */
  verdict(from: Verdict, code: number): this {
    const { data, at } = this;
    data.setUint16(at + EventField.rejectCode, code, true);
    data.setUint8(at + EventField.level, from.level);
    data.setUint8(at + EventField.marginBasis, from.marginBasis);
    data.setFloat64(at + EventField.value, from.value, true);
    data.setFloat64(at + EventField.limit, from.limit, true);
    return this.margin(from);
  }

  /** Writes requirement before and after, and available funds. */
  margin(from: Verdict): this {
    const { data, at } = this;
    data.setFloat64(at + EventField.requirementBefore, from.requirementBefore, true);
    data.setFloat64(at + EventField.requirementAfter, from.requirementAfter, true);
    data.setFloat64(at + EventField.available, from.available, true);
    return this;
  }

  /** Copies a little-endian double from another record. */
  copyF64(field: number, from: DataView, fromAt: number): this {
    this.data.setFloat64(this.at + field, from.getFloat64(fromAt, true), true);
    return this;
  }

  /** Copies `width` bytes from another record into a text field. */
  copy(field: number, from: Uint8Array, fromAt: number, width: number): this {
    assert(fromAt + width <= from.length, 'event text copied from beyond its record');
    const { bytes } = this;
    const to = this.at + field;
    for (let i = 0; i < width; i++) bytes[to + i] = from[fromAt + i] as number;
    return this;
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
    this.data = new DataView(larger.buffer);
    this.words = new Float64Array(larger.buffer);
  }
}
