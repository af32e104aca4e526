// One batch while it is built: the exact bytes that will be written. Commands are folded from here, so that what is journalled is what
// was folded. Reused batch after batch; grows to the largest seen; allocates nothing per record otherwise.
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { assert, EVENT_BYTES, EventField, Header } from '../../engine/index.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  BatchField,
  HASH_BYTES,
  journalFileOf,
  journalPositionOf,
  RECORD_HEADER_BYTES,
  RecordField,
  TRAILER_BYTES,
  TRAILER_MAGIC,
  TrailerField,
} from './layout.ts';

/** Where a batch will lie. */
export interface BatchPlace {
  readonly epoch: number;
  readonly shard: number;
  readonly segment: number;
  readonly offset: number;
  readonly sequence: number;
}

export class BatchBuffer {
  bytes: Uint8Array;
  data: DataView;
  /** Bytes filled so far; after finish, the size of the batch. */
  length = 0;
  commands = 0;
  events = 0;
  private recordAt = 0;
  private recordEvents = 0;
  private file = 0;
  private position = 0;
  private shard = 0;
  private sequence = 0;

  constructor(capacity: number = 1 << 20) {
    this.bytes = new Uint8Array(capacity);
    this.data = new DataView(this.bytes.buffer);
  }

  /** Starts an empty batch that will lie at `place`. */
  begin(place: BatchPlace): void {
    this.length = BATCH_HEADER_BYTES;
    this.commands = 0;
    this.events = 0;
    this.file = journalFileOf(place.epoch, place.segment);
    this.position = journalPositionOf(place.shard, place.offset);
    this.shard = place.shard;
    this.sequence = place.sequence;
    this.bytes.fill(0, 0, BATCH_HEADER_BYTES);
  }

  /** Copies a command in and returns its offset here: fold it from there, then endRecord. */
  beginRecord(from: Uint8Array, at: number, length: number): number {
    this.ensure(RECORD_HEADER_BYTES + length);
    this.recordAt = this.length;
    this.recordEvents = 0;
    this.length += RECORD_HEADER_BYTES;
    const commandAt = this.length;
    this.bytes.set(from.subarray(at, at + length), commandAt);
    this.length += length;
    return commandAt;
  }

  /** Appends `count` events of the record in hand and stamps where they lie and which command of `slot` they belong to. */
  addEvents(from: Uint8Array, count: number, slot: number, slotSequence: number): void {
    if (count === 0) return;
    const size = count * EVENT_BYTES;
    this.ensure(size);
    this.bytes.set(from.subarray(0, size), this.length);
    const { data } = this;
    for (let i = 0; i < count; i++) {
      const at = this.length + i * EVENT_BYTES;
      data.setUint16(at + EventField.slot, slot, true);
      data.setFloat64(at + EventField.slotSequence, slotSequence, true);
      data.setFloat64(at + EventField.journalPosition, this.position + at, true);
      data.setUint32(at + EventField.journalFile, this.file, true);
      data.setUint16(at + EventField.shard, this.shard, true);
    }
    this.length += size;
    this.recordEvents += count;
  }

  /** Stamps the command of the record in hand with its place in its slot; 0 for one folded on several slots. */
  stampSequence(slotSequence: number): void {
    this.data.setFloat64(this.recordAt + RECORD_HEADER_BYTES + Header.slotSequence, slotSequence, true);
  }

  /** Closes the record in hand. */
  endRecord(): void {
    const { data, recordAt } = this;
    data.setUint32(recordAt + RecordField.bytes, this.length - recordAt, true);
    data.setUint32(recordAt + RecordField.events, this.recordEvents, true);
    data.setUint32(recordAt + 12, 0, true);
    data.setUint32(recordAt + RecordField.crc, crc32(this.bytes.subarray(recordAt + RecordField.events, this.length)), true);
    this.commands += 1;
    this.events += this.recordEvents;
  }

  /** Writes header and trailer; returns the batch's hash. `digest` is the sum of the sequences of the shard's slots. */
  finish(previousHash: Uint8Array, digest: number): Uint8Array {
    assert(previousHash.length === HASH_BYTES, 'journal: previous hash length');
    this.ensure(TRAILER_BYTES);
    const { data, bytes } = this;
    const trailer = this.length;
    this.length += TRAILER_BYTES;
    data.setUint32(BatchField.magic, BATCH_MAGIC, true);
    data.setFloat64(BatchField.sequence, this.sequence, true);
    data.setUint32(BatchField.bytes, this.length, true);
    data.setUint32(BatchField.commands, this.commands, true);
    data.setUint32(BatchField.events, this.events, true);
    bytes.set(previousHash, BatchField.previousHash);
    data.setUint32(BatchField.crc, crc32(bytes.subarray(BatchField.sequence, BATCH_HEADER_BYTES)), true);
    bytes.fill(0, trailer, this.length);
    data.setUint32(trailer + TrailerField.magic, TRAILER_MAGIC, true);
    data.setFloat64(trailer + TrailerField.sequence, this.sequence, true);
    data.setFloat64(trailer + TrailerField.digest, digest, true);
    const sum = hash('sha256', bytes.subarray(0, trailer + TrailerField.hash), 'buffer');
    bytes.set(sum, trailer + TrailerField.hash);
    return sum;
  }

  private ensure(more: number): void {
    if (this.length + more + TRAILER_BYTES <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more + TRAILER_BYTES));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.data = new DataView(larger.buffer);
  }
}
