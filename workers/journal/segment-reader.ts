// Reads one segment batch by batch and checks each before handing it out. Tells a torn end (a last batch that was being written when the
// process died, and was never answered) from damage. Changes nothing on disk; allocates per batch, not per record.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { EVENT_BYTES, Header } from '../../engine/index.ts';
import { JournalDamage } from './journal.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  BatchField,
  HASH_BYTES,
  RECORD_HEADER_BYTES,
  RecordField,
  SEGMENT_HEADER_BYTES,
  TRAILER_BYTES,
  TRAILER_MAGIC,
  TrailerField,
} from './layout.ts';
import { decodeSegmentHeader, type SegmentHeader } from './segment-header.ts';

const SECTOR = 512;

export class SegmentReader {
  readonly path: string;
  readonly header: SegmentHeader;
  readonly bytes: Uint8Array;
  readonly data: DataView;
  /** Batch in hand: number, first byte, byte behind it, what it holds. */
  sequence = 0;
  batchAt: number = SEGMENT_HEADER_BYTES;
  batchEnd: number = SEGMENT_HEADER_BYTES;
  commands = 0;
  digest = 0;
  /** Record in hand: where its command and its events lie. */
  recordAt = 0;
  commandAt = 0;
  commandLength = 0;
  eventsAt = 0;
  events = 0;
  /** After the last batch: does the file end inside a batch that was being written? */
  torn = false;
  private chain: Uint8Array;
  private recordEnd = 0;
  private expected: number;

  /** Opens a segment whose header is whole; throws JournalDamage otherwise (recovery looks at torn headers before). */
  constructor(path: string) {
    this.path = path;
    const file = readFileSync(path);
    // Not a Buffer: its slice would share memory where a Uint8Array's copies.
    this.bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
    this.data = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    const header = decodeSegmentHeader(this.bytes);
    if (typeof header === 'string') throw new JournalDamage(path, 0, 0, header);
    this.header = header;
    this.chain = header.previousHash;
    this.expected = header.firstBatch;
  }

  /** Hash of the chain after the batch in hand. */
  get hash(): Uint8Array {
    return this.chain;
  }

  /** Steps to the next batch and checks it; false at the end of the file or at a torn batch. Throws JournalDamage. */
  nextBatch(): boolean {
    const at = this.batchEnd;
    const left = this.bytes.length - at;
    if (left === 0 || this.torn) return false;
    if (left < BATCH_HEADER_BYTES || isZero(this.bytes, at, this.bytes.length)) return this.tearAt(at);
    this.checkBatchHeader(at);
    const size = this.data.getUint32(at + BatchField.bytes, true);
    if (size > left) return this.tearAt(at);
    const trailer = at + size - TRAILER_BYTES;
    const sum = hash('sha256', this.bytes.subarray(at, trailer + TrailerField.hash), 'buffer');
    const stored = this.bytes.subarray(trailer + TrailerField.hash, trailer + TrailerField.hash + HASH_BYTES);
    if (!sum.equals(stored)) {
      // Power loss can lose whole sectors of the last batch although the file has its full length.
      if (size === left && hasZeroSector(this.bytes, at, at + size)) return this.tearAt(at);
      this.locateDamage(at, trailer);
    }
    this.take(at, size, sum);
    return true;
  }

  /** Steps to the next record of the batch in hand. */
  nextRecord(): boolean {
    const at = this.recordEnd;
    if (at >= this.batchEnd - TRAILER_BYTES) return false;
    this.recordAt = at;
    this.recordEnd = at + this.data.getUint32(at + RecordField.bytes, true);
    this.events = this.data.getUint32(at + RecordField.events, true);
    this.commandAt = at + RECORD_HEADER_BYTES;
    this.commandLength = this.data.getUint32(this.commandAt + Header.length, true);
    this.eventsAt = this.commandAt + this.commandLength;
    return true;
  }

  private checkBatchHeader(at: number): void {
    const { data, bytes } = this;
    if (data.getUint32(at + BatchField.magic, true) !== BATCH_MAGIC) this.damage(at, 'no batch begins here');
    if (data.getUint32(at + BatchField.crc, true) !== crc32(bytes.subarray(at + BatchField.sequence, at + BATCH_HEADER_BYTES)))
      this.damage(at, 'batch header fails its CRC');
    if (data.getFloat64(at + BatchField.sequence, true) !== this.expected)
      this.damage(at, `batch ${data.getFloat64(at + BatchField.sequence, true)} where ${this.expected} belongs`);
    const previous = bytes.subarray(at + BatchField.previousHash, at + BatchField.previousHash + HASH_BYTES);
    if (Buffer.compare(previous, this.chain) !== 0) this.damage(at, 'hash chain is broken: the batch before this one is another');
  }

  private take(at: number, size: number, sum: Uint8Array): void {
    const trailer = at + size - TRAILER_BYTES;
    if (this.data.getUint32(trailer + TrailerField.magic, true) !== TRAILER_MAGIC) this.damage(trailer, 'no trailer where the batch ends');
    this.batchAt = at;
    this.batchEnd = at + size;
    this.sequence = this.expected;
    this.commands = this.data.getUint32(at + BatchField.commands, true);
    this.digest = this.data.getFloat64(trailer + TrailerField.digest, true);
    this.recordEnd = at + BATCH_HEADER_BYTES;
    this.expected += 1;
    this.chain = sum;
  }

  /** The hash of a batch is wrong: names the first record that is, or the trailer. */
  private locateDamage(at: number, trailer: number): never {
    const { data, bytes } = this;
    let record = at + BATCH_HEADER_BYTES;
    while (record < trailer) {
      const size = data.getUint32(record + RecordField.bytes, true);
      const events = data.getUint32(record + RecordField.events, true);
      if (size < RECORD_HEADER_BYTES + events * EVENT_BYTES || record + size > trailer) this.damage(record, 'record length is impossible');
      if (crc32(bytes.subarray(record + RecordField.events, record + size)) !== data.getUint32(record + RecordField.crc, true))
        this.damage(record, 'record fails its CRC');
      record += size;
    }
    this.damage(trailer, 'batch fails its hash');
  }

  private tearAt(at: number): false {
    this.torn = true;
    this.batchEnd = at;
    return false;
  }

  private damage(offset: number, what: string): never {
    throw new JournalDamage(this.path, offset, this.expected, what);
  }
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

function hasZeroSector(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = Math.ceil(from / SECTOR) * SECTOR; at + SECTOR <= to; at += SECTOR) if (isZero(bytes, at, at + SECTOR)) return true;
  return false;
}
