// Byte layout of the session log: one 72-byte entry per outbound message, and notes on inbound ones; little-endian, append-only.
//
//   0 crc u32 over the rest (entry and payload) | 4 kind u8 | 5 msgType u8 | 6 slot u16 | 8 msgSeqNum f64 (outbound) | 16 sendingTime f64 (us)
//   24 slotSequence f64 | 32 journalPosition f64 | 40 journalFile u32 | 44 index u16 | 46 shard u16
//   48 inbound f64: MsgSeqNum of the message this answers, 0 = none | 56 watermark f64: all inbound up to it are durable
//   64 incarnation u32 | 68 payloadBytes u32 | payload, padded to 8

/** What an entry says. Numbers are for ever. */
export const EntryKind = {
  /** An event went out as a report; it is re-encoded from the journal. */
  EVENT: 1,
  /** An administrative message took a number; a resend gap-fills it. */
  ADMIN: 2,
  /** An application message that no journal holds (BusinessMessageReject): the payload is its body. */
  BODY: 3,
  /** No message: inbound numbers up to the watermark are settled. */
  INBOUND: 4,
  /** Sequence numbers restart at 1 under a new incarnation. */
  RESET: 5,
  /** No message: every event up to these (payload: 256 slot sequences f64, 256 indices f64) was reported or was not this session's. */
  CURSOR: 6,
} as const;

/** Offsets in an entry. */
export const EntryField = {
  crc: 0,
  kind: 4,
  msgType: 5,
  slot: 6,
  msgSeqNum: 8,
  sendingTime: 16,
  slotSequence: 24,
  journalPosition: 32,
  journalFile: 40,
  index: 44,
  shard: 46,
  inbound: 48,
  watermark: 56,
  incarnation: 64,
  payloadBytes: 68,
} as const;

/** Bytes of an entry without its payload. */
export const ENTRY_BYTES = 72;

/** Tables of CRC-32 for four bytes a step; the first alone is the bytewise one. */
const TABLES = new Int32Array(1_024);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  TABLES[n] = c;
}
for (let n = 256; n < 1_024; n++) {
  const before = TABLES[n - 256] as number;
  TABLES[n] = (before >>> 8) ^ (TABLES[before & 255] as number);
}

/** CRC-32 (IEEE) of the bytes [from, to), unsigned; their number is a multiple of 4. Cheaper than a call of zlib's for so few. */
export function crc32(data: DataView, from: number, to: number): number {
  let c = -1;
  for (let i = from; i < to; i += 4) {
    c ^= data.getInt32(i, true);
    c =
      (TABLES[768 + (c & 255)] as number) ^
      (TABLES[512 + ((c >>> 8) & 255)] as number) ^
      (TABLES[256 + ((c >>> 16) & 255)] as number) ^
      (TABLES[c >>> 24] as number);
  }
  return ~c >>> 0;
}
