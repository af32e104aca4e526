// Memory layout of a ring and of the doorbells beside it; who may write which word. One producer thread, one consumer thread.
//
//  byte 0        128      256             384      512                                   512 + capacity
//   +------------+--------+---------------+--------+-------------------------------------+
//   | tail       | head   | writerWaits   | spare  | rec | rec | record ... | wrap | ----- |
//   | (producer) | (cons.)| (both, flag)  |        |                                     |
//   +------------+--------+---------------+--------+-------------------------------------+
//                                                     ^ head              ^ tail
//
// Each cursor has 128 bytes to itself (two cache lines: the neighbour line is prefetched). Cursors count 8-byte words modulo 2^32,
// so (tail - head) | 0 is the fill, whatever they have wrapped to. A record begins with its own length in bytes (u32, a multiple of 8,
// at most RECORD_BYTES_MAX) and never straddles the end: where it would, a length word WRAP_MARK sends the reader back to the start.

/** Bytes before the first record. */
export const RING_HEADER_BYTES = 512;
/** Int32 index of the producer's cursor. */
export const TAIL_WORD = 0;
/** Int32 index of the consumer's cursor. */
export const HEAD_WORD = 32;
/** Int32 index of the flag by which a producer without room asks to be told when there is some. */
export const WRITER_WAITS_WORD = 64;
/** Length word that means "go on at the start of the ring". */
export const WRAP_MARK = 0xffffffff;
/** Smallest capacity: two of the largest records, so that an empty ring takes any record wherever its cursors stand. */
export const RING_BYTES_MIN = 131_072;

/** Memory for a ring of `capacity` bytes (a power of two, at least RING_BYTES_MIN). Throws RangeError otherwise. */
export function allocateRing(capacity: number): SharedArrayBuffer {
  if (capacity < RING_BYTES_MIN || (capacity & (capacity - 1)) !== 0)
    throw new RangeError(`ring capacity ${capacity}: must be a power of two of at least ${RING_BYTES_MIN} bytes`);
  return new SharedArrayBuffer(RING_HEADER_BYTES + capacity);
}
