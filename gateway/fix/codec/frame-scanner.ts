// Cuts messages out of a byte stream: find "8=", read "9=", jump that many bytes, then take everything up to the next <SOH>10=…<SOH>.
// It only cuts; whether length, checksum and order hold is MessageView's question, so that a message with a wrong length swallows exactly what
// the FIX rule says it swallows. Nothing is copied while whole messages arrive; at most one message (bounded) is kept between chunks.
import { EQUALS, NINE, SOH, ZERO } from './ascii.ts';

/** What next() found. */
export const Frame = { NONE: 0, FOUND: 1, OVERSIZED: 2 } as const;
/** One of Frame. */
export type Frame = (typeof Frame)[keyof typeof Frame];

const EIGHT = 0x38;
const ONE = 0x31;
/** Longest BeginString value accepted before the "8=" is taken for noise ("FIXT.1.1" is 8). */
const BEGIN_STRING_MAX = 12;
const LENGTH_DIGITS_MAX = 7;

/** Largest message taken unless a session says otherwise, bytes. */
const MESSAGE_BYTES_MAX = 65_536;

/** Cuts messages out of pushed chunks; one per connection. */
export class FrameScanner {
  /** Where the frame found last lies: bytes[start, end). Valid until the next push. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Bytes thrown away since the start because they belonged to no message. */
  dropped = 0;
  readonly maxBytes: number;
  private own: Uint8Array = new Uint8Array(0);
  private limit = 0;
  private at = 0;
  /** Where the search for the trailer of the message at `at` goes on; 0 = its header is not read yet. */
  private searchAt = 0;

  constructor(maxBytes: number = MESSAGE_BYTES_MAX) {
    this.maxBytes = maxBytes;
  }

  /** Adds received bytes. The chunk must not be changed by the caller afterwards. */
  push(chunk: Uint8Array): void {
    const kept = this.limit - this.at;
    if (kept === 0) {
      this.bytes = chunk;
      this.at = 0;
      this.limit = chunk.length;
      this.searchAt = 0;
      return;
    }
    if (this.bytes !== this.own || this.limit + chunk.length > this.own.length) this.moveKept(kept, chunk.length);
    this.own.set(chunk, this.limit);
    this.limit += chunk.length;
  }

  /** Moves the unread bytes to the front of the own buffer, with room for `more` bytes and as much again. */
  private moveKept(kept: number, more: number): void {
    const from = this.bytes;
    if ((kept + more) * 2 > this.own.length) this.own = new Uint8Array(Math.max(4_096, (kept + more) * 2));
    this.own.set(from.subarray(this.at, this.limit));
    this.bytes = this.own;
    if (this.searchAt > 0) this.searchAt -= this.at;
    this.at = 0;
    this.limit = kept;
  }

  /** Bytes received and not yet cut. */
  get pending(): number {
    return this.limit - this.at;
  }

  /** Finds the next message; on FOUND start and end are set. On OVERSIZED the stream cannot be trusted any more. */
  next(): Frame {
    for (;;) {
      if (this.searchAt === 0) {
        const header = this.readHeader();
        if (header === 0) return Frame.NONE;
        if (header < 0) {
          this.skip(2);
          continue;
        }
        if (header - this.at > this.maxBytes) return Frame.OVERSIZED;
        this.searchAt = header;
      }
      return this.findTrailer();
    }
  }

  /** Gives the frame found last back, to be found again (the reader could not take it). */
  unread(): void {
    this.at = this.start;
    this.searchAt = 0;
  }

  private skip(count: number): void {
    this.at += count;
    this.dropped += count;
  }

  /** Position just before the byte where the trailer search starts; 0 = more bytes needed; -1 = the "8=" at `at` starts no message. */
  private readHeader(): number {
    const bytes = this.bytes;
    const limit = this.limit;
    let i = this.at;
    while (i + 1 < limit && !(bytes[i] === EIGHT && bytes[i + 1] === EQUALS)) i++;
    if (i + 1 >= limit) {
      this.skip((i < limit && bytes[i] === EIGHT ? i : limit) - this.at);
      return 0;
    }
    this.skip(i - this.at);
    i += 2;
    const valueAt = i;
    while (i < limit && bytes[i] !== SOH && i - valueAt <= BEGIN_STRING_MAX) i++;
    if (i - valueAt > BEGIN_STRING_MAX) return -1;
    if (i < limit && i === valueAt) return -1;
    if (i + 1 < limit && bytes[i + 1] !== NINE) return -1;
    if (i + 2 < limit && bytes[i + 2] !== EQUALS) return -1;
    if (i + 3 >= limit) return 0;
    return this.readLength(i + 3);
  }

  private readLength(at: number): number {
    const bytes = this.bytes;
    let i = at;
    let length = 0;
    for (; i < this.limit; i++) {
      const code = bytes[i] as number;
      if (code === SOH) break;
      if (code < ZERO || code > NINE || i - at >= LENGTH_DIGITS_MAX) return -1;
      length = length * 10 + code - ZERO;
    }
    if (i >= this.limit) return 0;
    return i === at ? -1 : i + length;
  }

  private findTrailer(): Frame {
    const bytes = this.bytes;
    const limit = this.limit;
    let i = this.searchAt;
    const stop = limit - 4;
    for (; i < stop; i++) {
      if (bytes[i] !== SOH || bytes[i + 1] !== ONE || bytes[i + 2] !== ZERO || bytes[i + 3] !== EQUALS) continue;
      let close = i + 4;
      while (close < limit && bytes[close] !== SOH) close++;
      if (close >= limit) break;
      this.start = this.at;
      this.end = close + 1;
      this.at = this.end;
      this.searchAt = 0;
      return Frame.FOUND;
    }
    this.searchAt = Math.max(i, this.searchAt);
    return limit - this.at > this.maxBytes ? Frame.OVERSIZED : Frame.NONE;
  }
}
