// The first bytes of a segment: whose it is, which slots, where the chain and the slots stand. Written once, never changed.
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { EVENT_BYTES, SLOT_COUNT } from '../../engine/index.ts';
import { HASH_BYTES, JOURNAL_VERSION, SEGMENT_HEADER_BYTES, SEGMENT_MAGIC, SegmentField } from './layout.ts';

export interface SegmentHeader {
  readonly epoch: number;
  readonly shard: number;
  readonly shardCount: number;
  readonly segment: number;
  /** Rule set in force when the segment was begun; 0 before the first OpenDay. */
  readonly ruleSet: number;
  /** Number of the first batch in this segment. */
  readonly firstBatch: number;
  /** Hash the chain stood at, 32 bytes. */
  readonly previousHash: Uint8Array;
  /** Slots this shard owned, ascending. */
  readonly ownedSlots: readonly number[];
  /** Sequence of each of the 256 slots before this segment; meaningful for owned slots. */
  readonly startSequences: Float64Array;
}

/** Encodes a header. */
export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const data = new DataView(bytes.buffer);
  data.setUint32(SegmentField.magic, SEGMENT_MAGIC, true);
  data.setUint32(SegmentField.version, JOURNAL_VERSION, true);
  data.setUint32(SegmentField.epoch, header.epoch, true);
  data.setUint32(SegmentField.shard, header.shard, true);
  data.setUint32(SegmentField.shardCount, header.shardCount, true);
  data.setUint32(SegmentField.segment, header.segment, true);
  data.setUint32(SegmentField.ruleSet, header.ruleSet, true);
  data.setUint32(SegmentField.eventBytes, EVENT_BYTES, true);
  data.setFloat64(SegmentField.firstBatch, header.firstBatch, true);
  bytes.set(header.previousHash, SegmentField.previousHash);
  for (const slot of header.ownedSlots)
    bytes[SegmentField.ownedSlots + (slot >> 3)] = (bytes[SegmentField.ownedSlots + (slot >> 3)] ?? 0) | (1 << (slot & 7));
  for (let slot = 0; slot < SLOT_COUNT; slot++) data.setFloat64(SegmentField.startSequences + slot * 8, header.startSequences[slot] ?? 0, true);
  data.setUint32(SegmentField.crc, crc32(bytes.subarray(0, SegmentField.crc)), true);
  return bytes;
}

/** Decodes a header, or says in a sentence why it is none. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'segment header is cut short';
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.getUint32(SegmentField.magic, true) !== SEGMENT_MAGIC) return 'not a journal segment';
  const version = data.getUint32(SegmentField.version, true);
  if (data.getUint32(SegmentField.crc, true) !== crc32(bytes.subarray(0, SegmentField.crc))) return 'segment header fails its CRC';
  // What follows the CRC is padding: zero when written, so a changed byte there is found too.
  if (bytes.subarray(SegmentField.crc + 4, SEGMENT_HEADER_BYTES).some((byte) => byte !== 0)) return 'segment header has bytes behind its CRC';
  if (version !== JOURNAL_VERSION) return `journal version ${version}, this release reads ${JOURNAL_VERSION}`;
  const ownedSlots: number[] = [];
  const startSequences = new Float64Array(SLOT_COUNT);
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    if (((bytes[SegmentField.ownedSlots + (slot >> 3)] ?? 0) & (1 << (slot & 7))) !== 0) ownedSlots.push(slot);
    startSequences[slot] = data.getFloat64(SegmentField.startSequences + slot * 8, true);
  }
  return {
    epoch: data.getUint32(SegmentField.epoch, true),
    shard: data.getUint32(SegmentField.shard, true),
    shardCount: data.getUint32(SegmentField.shardCount, true),
    segment: data.getUint32(SegmentField.segment, true),
    ruleSet: data.getUint32(SegmentField.ruleSet, true),
    firstBatch: data.getFloat64(SegmentField.firstBatch, true),
    previousHash: bytes.slice(SegmentField.previousHash, SegmentField.previousHash + HASH_BYTES),
    ownedSlots,
    startSequences,
  };
}

/** Header of a segment file; why there is none; or 'torn': the file was being created when the process died, and holds nothing that was answered. */
export function readSegmentHeader(path: string): SegmentHeader | { readonly flaw: string } | 'torn' {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const fd = openSync(path, 'r');
  let size: number;
  try {
    size = readSync(fd, bytes, 0, SEGMENT_HEADER_BYTES, 0);
  } finally {
    closeSync(fd);
  }
  // Never flushed (zeroes) or cut short: a segment comes into being with its first batch, which then was not written either.
  if (size < SEGMENT_HEADER_BYTES || bytes.every((byte) => byte === 0)) return 'torn';
  const header = decodeSegmentHeader(bytes);
  return typeof header === 'string' ? { flaw: header } : header;
}
