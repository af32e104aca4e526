// What a shard needs of the store behind it, and how that store fails. Asynchronous by nature: a batch is submitted at the head its
// writer expects, and outputs wait until durableBatch has reached it. The file store is one; a replicated log fits behind it unchanged.
import type { BatchBuffer } from './batch-buffer.ts';

/** The end of a shard's journal: what an anchor remembers. */
export interface JournalHead {
  readonly epoch: number;
  readonly shard: number;
  readonly segment: number;
  /** Byte offset just behind the last batch. */
  readonly offset: number;
  /** Number of the last batch of this epoch and shard; 0 = none yet. */
  readonly batch: number;
  /** Its hash, hex. */
  readonly hash: string;
}

export interface Journal {
  readonly epoch: number;
  readonly shard: number;
  readonly head: JournalHead;
  /** Number of the last batch that survives what the durability promises. */
  readonly durableBatch: number;
  /** Decides where the next batch goes (a new segment when the last is full) and opens `batch` there. */
  begin(batch: BatchBuffer): void;
  /**
   * Appends the batch if the head is still batch number `expectedHead`. Throws JournalFenced when it is not: the caller is a stale owner
   * and must stop, not retry. Throws JournalWriteFailure when the store refuses: what was folded is not durable, so the process must end.
   */
  submit(batch: BatchBuffer, expectedHead: number): void;
  /** Names the rule set of the day for the headers of later segments. */
  noteRuleSet(ruleSet: number): void;
  close(): void;
}

/** Another owner has appended since: this one is stale. */
export class JournalFenced extends Error {
  override readonly name = 'JournalFenced';
}

/** The store refused bytes after the state had changed: nothing of the batch was answered, and nothing may be any more. */
export class JournalWriteFailure extends Error {
  override readonly name = 'JournalWriteFailure';
  readonly file: string;
  readonly code: string;

  constructor(file: string, offset: number, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    super(`journal: cannot write ${file} at byte ${offset}: ${code}${cause instanceof Error ? ` (${cause.message})` : ''}`);
    this.file = file;
    this.code = code;
  }
}

/** Bytes on disk are not what was written: names the file, the offset and the batch. Never repaired silently. */
export class JournalDamage extends Error {
  override readonly name = 'JournalDamage';
  readonly file: string;
  readonly offset: number;
  readonly batch: number;

  constructor(file: string, offset: number, batch: number, what: string) {
    super(`journal damaged: ${file} at byte ${offset}, batch ${batch}: ${what}`);
    this.file = file;
    this.offset = offset;
    this.batch = batch;
  }
}
