// A store for generic sessions (initiators, echo, drop copy) that survives a restart: one append-only file of checked records per session. Written
// through to the operating system at each call (kill -9 loses nothing; a power cut may lose the tail). A torn or damaged tail is cut off at open.
// Risk sessions do not use it: they keep numbers beside the journal and re-encode.
//
//   record: length u32 | crc32 of what follows u32 | kind u8, 3 spare | number u32 | bytes …
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { MessageStore } from './message-store.ts';

const Kind = { outbound: 1, message: 2, inbound: 3, nextOutbound: 4, reset: 5 } as const;
const HEAD_BYTES = 16;
/** Two floats after the head of a reset record: incarnation, time. */
const RESET_BYTES = 16;
const RECORD_BYTES_MAX = 1 << 20;

/** A durable store in one file. */
export class FileStore implements MessageStore {
  incarnation = 1;
  createdAt: number;
  nextOutbound = 1;
  nextInbound = 1;
  private readonly path: string;
  private file: number;
  private at = 0;
  /** File position and length of each kept message. */
  private readonly kept = new Map<number, { readonly at: number; readonly length: number }>();
  private record: Buffer = Buffer.alloc(4_096);
  private read: Uint8Array = new Uint8Array(4_096);

  /** Opens or creates the store of one session in `directory`; `sessionId` names the file. Throws the system's error when it cannot. */
  constructor(directory: string, sessionId: string, createdAt: number) {
    mkdirSync(directory, { recursive: true });
    this.path = join(directory, `${sessionId.replace(/[^A-Za-z0-9._-]+/g, '_')}.session`);
    this.createdAt = createdAt;
    this.file = openSync(this.path, 'a+');
    this.load();
    if (this.at === 0) this.appendReset();
  }

  takeOutbound(_isApplication: boolean): number {
    const taken = this.nextOutbound;
    this.nextOutbound = taken + 1;
    this.append(Kind.outbound, taken, 0);
    return taken;
  }

  keep(msgSeqNum: number, bytes: Uint8Array, start: number, end: number): void {
    this.room(HEAD_BYTES + end - start);
    this.record.set(bytes.subarray(start, end), HEAD_BYTES);
    this.kept.set(msgSeqNum, { at: this.at + HEAD_BYTES, length: end - start });
    this.append(Kind.message, msgSeqNum, end - start);
  }

  message(msgSeqNum: number): Uint8Array | undefined {
    const where = this.kept.get(msgSeqNum);
    if (where === undefined) return undefined;
    if (this.read.length < where.length) this.read = new Uint8Array(where.length * 2);
    const count = readSync(this.file, this.read, 0, where.length, where.at);
    return count === where.length ? this.read.subarray(0, where.length) : undefined;
  }

  setNextInbound(msgSeqNum: number): void {
    this.nextInbound = msgSeqNum;
    this.append(Kind.inbound, msgSeqNum, 0);
  }

  setNextOutbound(msgSeqNum: number): void {
    this.nextOutbound = msgSeqNum;
    this.append(Kind.nextOutbound, msgSeqNum, 0);
  }

  /** Starts a new file beside the old one and puts it in its place, so that a crash leaves the one or the other. */
  reset(at: number): void {
    this.incarnation += 1;
    this.createdAt = at;
    this.nextOutbound = 1;
    this.nextInbound = 1;
    this.kept.clear();
    const fresh = `${this.path}.new`;
    const file = openSync(fresh, 'w+');
    closeSync(this.file);
    this.file = file;
    this.at = 0;
    this.appendReset();
    renameSync(fresh, this.path);
  }

  close(): void {
    closeSync(this.file);
  }

  private appendReset(): void {
    this.room(HEAD_BYTES + RESET_BYTES);
    this.record.writeDoubleLE(this.incarnation, HEAD_BYTES);
    this.record.writeDoubleLE(this.createdAt, HEAD_BYTES + 8);
    this.append(Kind.reset, 0, RESET_BYTES);
  }

  private append(kind: number, number: number, bodyBytes: number): void {
    const length = HEAD_BYTES + bodyBytes;
    this.record.writeUInt32LE(length, 0);
    this.record.writeUInt32LE(kind, 8);
    this.record.writeUInt32LE(number, 12);
    this.record.writeUInt32LE(crc32(this.record.subarray(8, length)), 4);
    for (let done = 0; done < length; ) done += writeSync(this.file, this.record, done, length - done);
    this.at += length;
  }

  private room(bytes: number): void {
    if (this.record.length < bytes) this.record = Buffer.alloc(bytes * 2);
  }

  private load(): void {
    const bytes = readFileSync(this.path);
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const length = bytes.readUInt32LE(at);
      if (length < HEAD_BYTES || length > RECORD_BYTES_MAX || at + length > bytes.length) break;
      if (crc32(bytes.subarray(at + 8, at + length)) !== bytes.readUInt32LE(at + 4)) break;
      this.replay(bytes, at, length);
      at += length;
    }
    if (at < bytes.length) ftruncateSync(this.file, at);
    this.at = at;
  }

  private replay(bytes: Buffer, at: number, length: number): void {
    const number = bytes.readUInt32LE(at + 12);
    switch (bytes.readUInt32LE(at + 8)) {
      case Kind.outbound:
        this.nextOutbound = number + 1;
        break;
      case Kind.message:
        this.kept.set(number, { at: at + HEAD_BYTES, length: length - HEAD_BYTES });
        break;
      case Kind.inbound:
        this.nextInbound = number;
        break;
      case Kind.nextOutbound:
        this.nextOutbound = number;
        break;
      case Kind.reset:
        this.incarnation = bytes.readDoubleLE(at + HEAD_BYTES);
        this.createdAt = bytes.readDoubleLE(at + HEAD_BYTES + 8);
        break;
      default:
        break;
    }
  }
}
