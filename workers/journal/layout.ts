// Byte layout of a journal segment. Offsets are for ever within a version. Little-endian, every part a multiple of 8 bytes.
//
//   segment = header | batch | batch | ...
//   batch   = batch header | record | record | ... | trailer          one write, one durable unit
//   record  = record header | command | event | event | ...           the bytes of ring and fold, unchanged
//
// The trailer's SHA-256 covers the batch from its header to the hash, and the header holds the hash before it: a chain. Each record has
// a CRC-32 besides, which tells *where* a batch is damaged. A new segment's header repeats the hash it continues from.
export const JOURNAL_VERSION = 1;
/** "TZJS": first word of a segment. */
export const SEGMENT_MAGIC = 0x534a5a54;
/** "TZJB": first word of a batch. */
export const BATCH_MAGIC = 0x424a5a54;
/** "TZJE": first word of a batch's trailer. */
export const TRAILER_MAGIC = 0x454a5a54;
export const HASH_BYTES = 32;

/** Segment header. startSequences: what each of the 256 slots had folded before this segment, so that any segment replays by itself. */
export const SegmentField = {
  magic: 0,
  version: 4,
  epoch: 8,
  shard: 12,
  shardCount: 16,
  segment: 20,
  ruleSet: 24,
  eventBytes: 28,
  firstBatch: 32,
  previousHash: 48,
  ownedSlots: 80,
  startSequences: 128,
  crc: 2296,
} as const;
export const SEGMENT_HEADER_BYTES = 2304;

/** Batch header; crc covers the bytes behind it up to the first record. bytes counts the whole batch. */
export const BatchField = { magic: 0, crc: 4, sequence: 8, bytes: 16, commands: 20, events: 24, previousHash: 32 } as const;
export const BATCH_HEADER_BYTES = 64;

/** Record header; crc covers the bytes behind it up to the next record. bytes counts the whole record. */
export const RecordField = { bytes: 0, crc: 4, events: 8 } as const;
export const RECORD_HEADER_BYTES = 16;

/** Trailer; digest is the sum of the sequences of the shard's slots after the batch, which a replay must reach as well. */
export const TrailerField = { magic: 0, sequence: 8, digest: 16, hash: 32 } as const;
export const TRAILER_BYTES = 64;

/** Segments are closed after this many bytes. */
export const SEGMENT_BYTES: number = 64 * 1024 * 1024;

const SEGMENTS_PER_EPOCH = 4096;
const POSITIONS_PER_SHARD = 2 ** 40;
/** Process starts a data directory can take, and segments a shard can fill between two of them. */
export const EPOCH_MAX = 999_999;
export const SEGMENT_MAX: number = SEGMENTS_PER_EPOCH - 1;

/** Where an event lies: the pair (journalFile, journalPosition) stamped into it. Opaque to others; give it to readEvent. */
export const journalFileOf = (epoch: number, segment: number): number => epoch * SEGMENTS_PER_EPOCH + segment;
/** The second half of the address: shard and byte offset in one double. */
export const journalPositionOf = (shard: number, offset: number): number => shard * POSITIONS_PER_SHARD + offset;

/** Takes a stamped address apart. */
export function journalAddress(file: number, position: number): { epoch: number; segment: number; shard: number; offset: number } {
  return {
    epoch: Math.floor(file / SEGMENTS_PER_EPOCH),
    segment: file % SEGMENTS_PER_EPOCH,
    shard: Math.floor(position / POSITIONS_PER_SHARD),
    offset: position % POSITIONS_PER_SHARD,
  };
}
