// Messages that arrived ahead of a gap, waiting for the missing ones. Bounded: what does not fit is dropped, for the counterparty was asked to
// resend everything from the gap on and will send it again.

/** Marks a number whose message was acted on when it arrived (ResendRequest, Logon). */
const SERVED: Uint8Array = new Uint8Array(0);
const MESSAGES_MAX = 20_000;
const BYTES_MAX = 16 * 1024 * 1024;

/** Messages beyond a gap by number, at most 20,000 and 16 MiB. */
export class GapQueue {
  private readonly waiting = new Map<number, Uint8Array>();
  private bytesHeld = 0;

  get size(): number {
    return this.waiting.size;
  }

  /** Copies bytes[start, end). False when there is no room. */
  add(msgSeqNum: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.waiting.has(msgSeqNum)) return true;
    if (this.waiting.size >= MESSAGES_MAX || this.bytesHeld + end - start > BYTES_MAX) return false;
    this.waiting.set(msgSeqNum, bytes.slice(start, end));
    this.bytesHeld += end - start;
    return true;
  }

  /** Notes that this number needs no further action when its turn comes. */
  addServed(msgSeqNum: number): void {
    if (this.waiting.size < MESSAGES_MAX && !this.waiting.has(msgSeqNum)) this.waiting.set(msgSeqNum, SERVED);
  }

  /** The waiting message of this number (empty when served already), or undefined. */
  get(msgSeqNum: number): Uint8Array | undefined {
    return this.waiting.get(msgSeqNum);
  }

  remove(msgSeqNum: number): void {
    this.bytesHeld -= this.waiting.get(msgSeqNum)?.length ?? 0;
    this.waiting.delete(msgSeqNum);
  }

  clear(): void {
    this.waiting.clear();
    this.bytesHeld = 0;
  }
}
