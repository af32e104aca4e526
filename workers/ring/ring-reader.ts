// The consumer's side of a ring: step over records, then release them in one go. Records stay untouched in the ring until released, so
// a reader may release only what is durable. One thread.
import { assert, RECORD_BYTES_MAX } from '../../engine/index.ts';
import type { Doorbell } from './doorbell.ts';
import { HEAD_WORD, RING_HEADER_BYTES, TAIL_WORD, WRAP_MARK, WRITER_WAITS_WORD } from './layout.ts';

/** Consumer of a ring; `writerBell` is rung when the producer waits for room. */
export class RingReader {
  /** The whole ring memory; `next` gives byte offsets into it. */
  readonly bytes: Uint8Array;
  readonly data: DataView;
  /** Length in bytes of the record `next` gave last. */
  length = 0;
  private readonly words: Int32Array;
  private readonly mask: number;
  private readonly writerBell: Doorbell | undefined;
  private cursor: number;
  private released: number;
  private seenTail: number;

  constructor(memory: SharedArrayBuffer, writerBell: Doorbell | undefined) {
    this.bytes = new Uint8Array(memory);
    this.data = new DataView(memory);
    this.words = new Int32Array(memory);
    this.mask = (memory.byteLength - RING_HEADER_BYTES) / 8 - 1;
    this.writerBell = writerBell;
    this.cursor = Atomics.load(this.words, HEAD_WORD);
    this.released = this.cursor;
    this.seenTail = this.cursor;
  }

  /** Byte offset of the next record, or -1 when there is none. The record stays valid until it is released. */
  next(): number {
    if (this.isEmpty()) return -1;
    let at = RING_HEADER_BYTES + (this.cursor & this.mask) * 8;
    let length = this.data.getUint32(at, true);
    if (length === WRAP_MARK) {
      this.cursor = (this.cursor + this.mask + 1 - (this.cursor & this.mask)) | 0;
      at = RING_HEADER_BYTES;
      length = this.data.getUint32(at, true);
    }
    assert(length >= 8 && (length & 7) === 0 && length <= RECORD_BYTES_MAX, 'ring: corrupt record length');
    this.length = length;
    this.cursor = (this.cursor + length / 8) | 0;
    return at;
  }

  /** Nothing left beyond what `next` has given? */
  isEmpty(): boolean {
    if (this.cursor !== this.seenTail) return false;
    this.seenTail = Atomics.load(this.words, TAIL_WORD);
    return this.cursor === this.seenTail;
  }

  /** Frees every record given so far, and wakes a producer that waits for room. */
  release(): void {
    if (this.released === this.cursor) return;
    this.released = this.cursor;
    Atomics.store(this.words, HEAD_WORD, this.cursor);
    if (Atomics.load(this.words, WRITER_WAITS_WORD) === 0) return;
    Atomics.store(this.words, WRITER_WAITS_WORD, 0);
    this.writerBell?.ring();
  }
}
