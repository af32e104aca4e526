// The simulated OMS's session numbers on disk, so that the next start goes on where this one ended. Messages are kept in memory only: what a killed OMS
// had not got through is gap-filled, that is, withdrawn. One writer; written before the number is used.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { MemoryStore } from '../fix/index.ts';

/** incarnation, createdAt, nextOutbound, nextInbound as doubles. */
const WORDS = 4;

export class NumbersFileStore extends MemoryStore {
  private readonly fd: number;
  private readonly words = new Float64Array(WORDS);

  /** Opens or creates the file; `now` in microseconds since 1970 is when a fresh session begins. */
  constructor(file: string, now: number) {
    super(now);
    // 'a' makes the file where there is none and leaves its bytes alone where there is one; 'r+' then writes at positions.
    closeSync(openSync(file, 'a'));
    this.fd = openSync(file, 'r+');
    if (readSync(this.fd, new Uint8Array(this.words.buffer), 0, WORDS * 8, 0) === WORDS * 8) {
      this.incarnation = this.words[0] ?? 1;
      this.createdAt = this.words[1] ?? now;
      this.nextOutbound = this.words[2] ?? 1;
      this.nextInbound = this.words[3] ?? 1;
    } else this.persist();
  }

  override takeOutbound(isApplication: boolean): number {
    const taken = super.takeOutbound(isApplication);
    this.persist();
    return taken;
  }

  override setNextInbound(msgSeqNum: number): void {
    super.setNextInbound(msgSeqNum);
    this.persist();
  }

  override setNextOutbound(msgSeqNum: number): void {
    super.setNextOutbound(msgSeqNum);
    this.persist();
  }

  override reset(at: number): void {
    super.reset(at);
    this.persist();
  }

  override close(): void {
    super.close();
    closeSync(this.fd);
  }

  private persist(): void {
    this.words[0] = this.incarnation;
    this.words[1] = this.createdAt;
    this.words[2] = this.nextOutbound;
    this.words[3] = this.nextInbound;
    writeSync(this.fd, new Uint8Array(this.words.buffer), 0, WORDS * 8, 0);
  }
}
