// The journal of one shard in one epoch as append-only files on this machine: one write per batch, and in `power` one fdatasync. A
// segment is created with its first batch, so an idle start leaves no file. Never reads, never repairs: recovery does.
import { mkdirSync } from 'node:fs';
import { assert } from '../../engine/index.ts';
import type { BatchBuffer } from './batch-buffer.ts';
import { type FilePort, systemFiles } from './file-port.ts';
import { type Journal, JournalFenced, type JournalHead, JournalWriteFailure } from './journal.ts';
import { EPOCH_MAX, SEGMENT_BYTES, SEGMENT_HEADER_BYTES, SEGMENT_MAX } from './layout.ts';
import { segmentPath } from './segment-files.ts';
import { encodeSegmentHeader } from './segment-header.ts';

/** What survives: `process` a killed process, `power` a lost machine too. */
export type Durability = 'process' | 'power';

export interface FileJournalOptions {
  readonly directory: string;
  readonly epoch: number;
  readonly shard: number;
  readonly shardCount: number;
  readonly ownedSlots: readonly number[];
  /** Live view of the sequence of each slot: copied into the header of each new segment. */
  readonly sequences: Float64Array;
  /** Hash of everything before this epoch, 32 bytes. */
  readonly previousHash: Uint8Array;
  readonly durability: Durability;
  readonly segmentBytes?: number;
  readonly files?: FilePort;
}

export class FileJournal implements Journal {
  readonly epoch: number;
  readonly shard: number;
  private readonly options: FileJournalOptions;
  private readonly files: FilePort;
  private readonly segmentBytes: number;
  private fd = -1;
  private segment = 0;
  private offset = 0;
  private batch = 0;
  private hash: Uint8Array;
  private header: Uint8Array | undefined;
  private failed = false;
  private ruleSet = 0;

  constructor(options: FileJournalOptions) {
    if (options.epoch > EPOCH_MAX)
      throw new RangeError(`journal: epoch ${options.epoch}, a data directory takes ${EPOCH_MAX} starts: begin a new one`);
    this.options = options;
    this.files = options.files ?? systemFiles;
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.epoch = options.epoch;
    this.shard = options.shard;
    this.hash = options.previousHash;
    mkdirSync(options.directory, { recursive: true });
  }

  get head(): JournalHead {
    const { epoch, shard, segment, offset, batch } = this;
    return { epoch, shard, segment, offset, batch, hash: Buffer.from(this.hash).toString('hex') };
  }

  /** A write that returned is durable by what `durability` promises. */
  get durableBatch(): number {
    return this.batch;
  }

  begin(batch: BatchBuffer): void {
    if (this.fd < 0 && this.header === undefined) this.prepareSegment(0);
    else if (this.fd >= 0 && this.offset >= this.segmentBytes) this.prepareSegment(this.segment + 1);
    batch.begin({ epoch: this.epoch, shard: this.shard, segment: this.segment, offset: this.offset, sequence: this.batch + 1 });
  }

  submit(batch: BatchBuffer, expectedHead: number): void {
    assert(!this.failed, 'journal: append after a failure');
    if (expectedHead !== this.batch) throw new JournalFenced(`journal: shard ${this.shard} expected head ${expectedHead}, found ${this.batch}`);
    let digest = 0;
    for (const slot of this.options.ownedSlots) digest += this.options.sequences[slot] ?? 0;
    const hash = batch.finish(this.hash, digest);
    try {
      this.createSegment();
      this.writeAll(batch.bytes, batch.length, this.offset);
      if (this.options.durability === 'power') this.files.sync(this.fd);
    } catch (error) {
      this.abandon();
      throw new JournalWriteFailure(this.path(), this.offset, error);
    }
    this.offset += batch.length;
    this.batch += 1;
    this.hash = hash;
  }

  noteRuleSet(ruleSet: number): void {
    this.ruleSet = ruleSet;
  }

  close(): void {
    if (this.fd >= 0) this.files.close(this.fd);
    this.fd = -1;
    this.header = undefined;
  }

  private path(): string {
    return segmentPath(this.options.directory, this.epoch, this.shard, this.segment);
  }

  /** Fixes what the next segment's header says; the file comes into being with its first batch. */
  private prepareSegment(segment: number): void {
    if (segment > SEGMENT_MAX) throw new RangeError(`journal: shard ${this.shard} has filled ${SEGMENT_MAX + 1} segments: restart tarazu`);
    if (this.fd >= 0) this.files.close(this.fd);
    this.fd = -1;
    this.segment = segment;
    this.offset = SEGMENT_HEADER_BYTES;
    this.header = encodeSegmentHeader({
      epoch: this.epoch,
      shard: this.shard,
      shardCount: this.options.shardCount,
      segment,
      ruleSet: this.ruleSet,
      firstBatch: this.batch + 1,
      previousHash: this.hash,
      ownedSlots: this.options.ownedSlots,
      startSequences: this.options.sequences,
    });
  }

  private createSegment(): void {
    if (this.header === undefined) return;
    this.fd = this.files.create(this.path());
    this.writeAll(this.header, this.header.length, 0);
    if (this.options.durability === 'power') this.files.syncDirectory(this.options.directory);
    this.header = undefined;
  }

  private writeAll(bytes: Uint8Array, length: number, position: number): void {
    let done = 0;
    while (done < length) {
      const written = this.files.write(this.fd, bytes, done, length - done, position + done);
      if (written <= 0) throw new Error('the file takes no more bytes');
      done += written;
    }
  }

  /** Takes back a half-written batch as far as the disk lets us; recovery ignores what is left of it. */
  private abandon(): void {
    this.failed = true;
    if (this.fd < 0) return;
    try {
      this.files.truncate(this.fd, this.offset);
    } catch {
      // The failure that matters is the write's, already on its way to the caller.
    }
  }
}
