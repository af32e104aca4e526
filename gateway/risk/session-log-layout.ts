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

const TABLE = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  TABLE[n] = c;
}

/** CRC-32 (IEEE) of bytes[from, to), unsigned. Allocates nothing, which zlib's needs a view for. */
export function crc32(bytes: Uint8Array, from: number, to: number): number {
  let c = 0xffffffff;
  for (let i = from; i < to; i++) c = (TABLE[(c ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
