// The producer's side of a ring: claim room, write in place, commit. Never blocks and never drops: without room, claim says so.
// One thread; exactly one claim may be open.
import { assert, RECORD_BYTES_MAX } from '../../engine/index.ts';
import { HEAD_WORD, RING_HEADER_BYTES, TAIL_WORD, WRAP_MARK, WRITER_WAITS_WORD } from './layout.ts';

/** Producer of a ring in shared memory made by allocateRing. */
export class RingWriter {
  /** The whole ring memory; a claim is a byte offset into it. */
  readonly bytes: Uint8Array;
  readonly data: DataView;
  /** Bytes of records it holds when full. */
  readonly capacity: number;
  private readonly words: Int32Array;
  private readonly mask: number;
  private tail: number;
  private seenHead: number;
  private claimedEnd = 0;
  private claimOpen = false;

  constructor(memory: SharedArrayBuffer) {
    this.bytes = new Uint8Array(memory);
    this.data = new DataView(memory);
    this.words = new Int32Array(memory);
    this.capacity = memory.byteLength - RING_HEADER_BYTES;
    this.mask = this.capacity / 8 - 1;
    this.tail = Atomics.load(this.words, TAIL_WORD);
    this.seenHead = Atomics.load(this.words, HEAD_WORD);
  }

  /**
   * Byte offset of room for a record of `length` bytes, or -1 when that would leave less than `reserve` bytes free. The caller writes the
   * record there, its length first, and calls commit.
   */
  claim(length: number, reserve: number): number {
    assert(!this.claimOpen, 'ring: a claim is open');
    assert(length >= 8 && (length & 7) === 0 && length <= RECORD_BYTES_MAX, 'ring: record length');
    const at = (this.tail & this.mask) * 8;
    const toEnd = this.capacity - at;
    const need = length > toEnd ? toEnd + length : length;
    if (!this.hasRoom(need + reserve)) return -1;
    let start = at;
    if (length > toEnd) {
      this.data.setUint32(RING_HEADER_BYTES + at, WRAP_MARK, true);
      start = 0;
    }
    this.claimedEnd = (this.tail + need / 8) | 0;
    this.claimOpen = true;
    return RING_HEADER_BYTES + start;
  }

  /** Publishes the claimed record. It does not wake the reader: ring its doorbell once per batch. */
  commit(): void {
    assert(this.claimOpen, 'ring: commit without a claim');
    this.claimOpen = false;
    this.tail = this.claimedEnd;
    Atomics.store(this.words, TAIL_WORD, this.tail);
  }

  /** Copies a whole record in; false when that would leave less than `reserve` bytes free. */
  append(record: Uint8Array, reserve: number): boolean {
    const at = this.claim(record.length, reserve);
    if (at < 0) return false;
    this.bytes.set(record, at);
    this.commit();
    return true;
  }

  /** Copies the record from[at, at + length) in without publishing it; false when there is no room. Call publish after the last. */
  put(from: Uint8Array, at: number, length: number): boolean {
    const to = this.claim(length, 0);
    if (to < 0) return false;
    this.bytes.set(from.subarray(at, at + length), to);
    this.claimOpen = false;
    this.tail = this.claimedEnd;
    return true;
  }

  /** Publishes what was put: one store for many records. */
  publish(): void {
    Atomics.store(this.words, TAIL_WORD, this.tail);
  }

  /** Copies and publishes as many of the records that lie one after the other in from[at, end) as there is room for; returns their bytes. */
  appendRun(from: Uint8Array, lengths: DataView, at: number, end: number): number {
    let done = at;
    while (done < end) {
      let length = lengths.getUint32(done, true);
      const to = this.claim(length, 0);
      if (to < 0) break;
      const toEnd = RING_HEADER_BYTES + this.capacity - to;
      let free = this.capacity - ((this.claimedEnd - this.seenHead) | 0) * 8;
      while (done + length < end) {
        const next = lengths.getUint32(done + length, true);
        if (next > free || length + next > toEnd) break;
        free -= next;
        length += next;
        this.claimedEnd = (this.claimedEnd + next / 8) | 0;
      }
      this.bytes.set(from.subarray(done, done + length), to);
      this.claimOpen = false;
      this.tail = this.claimedEnd;
      done += length;
    }
    this.publish();
    return done - at;
  }

  /** Would a record of `length` bytes be taken now? */
  fits(length: number, reserve: number): boolean {
    const toEnd = this.capacity - (this.tail & this.mask) * 8;
    return this.hasRoom((length > toEnd ? toEnd + length : length) + reserve);
  }

  /** Asks for the producer's doorbell to be rung at the next release; check for room once more after it, before parking. */
  requestRoom(): void {
    Atomics.store(this.words, WRITER_WAITS_WORD, 1);
  }

  /** The cursor after the last commit: a position to compare with `isPast`. */
  get position(): number {
    return this.tail;
  }

  /** Has the reader released everything up to `position` (a value `position` had)? */
  isPast(position: number): boolean {
    return ((Atomics.load(this.words, HEAD_WORD) - position) | 0) >= 0;
  }

  /** Bytes not yet released by the reader. */
  get usedBytes(): number {
    return ((this.tail - Atomics.load(this.words, HEAD_WORD)) | 0) * 8;
  }

  private hasRoom(need: number): boolean {
    if (this.capacity - ((this.tail - this.seenHead) | 0) * 8 >= need) return true;
    this.seenHead = Atomics.load(this.words, HEAD_WORD);
    return this.capacity - ((this.tail - this.seenHead) | 0) * 8 >= need;
  }
}
