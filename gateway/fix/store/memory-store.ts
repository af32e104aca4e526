// A store that lives as long as the process. Kept messages are bounded in bytes: the oldest go first and are gap-filled when asked for.
import type { MessageStore } from './message-store.ts';

/** Bytes of application messages kept for resending unless told otherwise. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** A store without a disk. */
export class MemoryStore implements MessageStore {
  incarnation = 1;
  createdAt: number;
  nextOutbound = 1;
  nextInbound = 1;
  private readonly kept = new Map<number, Uint8Array>();
  private keptBytes = 0;
  private readonly keptBytesMax: number;

  constructor(createdAt: number, keptBytesMax: number = KEPT_BYTES_MAX) {
    this.createdAt = createdAt;
    this.keptBytesMax = keptBytesMax;
  }

  takeOutbound(_isApplication: boolean): number {
    const taken = this.nextOutbound;
    this.nextOutbound = taken + 1;
    return taken;
  }

  keep(msgSeqNum: number, bytes: Uint8Array, start: number, end: number): void {
    this.kept.set(msgSeqNum, bytes.slice(start, end));
    this.keptBytes += end - start;
    for (const [oldest, message] of this.kept) {
      if (this.keptBytes <= this.keptBytesMax) break;
      this.kept.delete(oldest);
      this.keptBytes -= message.length;
    }
  }

  message(msgSeqNum: number): Uint8Array | undefined {
    return this.kept.get(msgSeqNum);
  }

  setNextInbound(msgSeqNum: number): void {
    this.nextInbound = msgSeqNum;
  }

  setNextOutbound(msgSeqNum: number): void {
    this.nextOutbound = msgSeqNum;
  }

  reset(at: number): void {
    this.incarnation += 1;
    this.createdAt = at;
    this.nextOutbound = 1;
    this.nextInbound = 1;
    this.kept.clear();
    this.keptBytes = 0;
  }

  close(): void {
    this.kept.clear();
  }
}
