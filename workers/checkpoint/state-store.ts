// One LMDB environment of state tables: row images keyed [slot, table, row], and per slot what they are as of. Every commit is one
// transaction, so a reader sees each slot whole. Written by the checkpoint thread only; has no checksums of its own, the journal has.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { JournalHead } from '../journal/journal.ts';
import type { StoredSlot } from './layout.ts';
import { RowImages } from './row-images.ts';

/** Address space the environment may grow into; sparse until used. */
const MAP_BYTES = 64 * 2 ** 30;
const KEY_BYTES = 8;

/** Where the copies lie: one for `process`, two written in turn for `power`. */
export const storePaths = (dataDir: string): readonly string[] => [join(dataDir, 'state'), join(dataDir, 'state-b')];

/** Those of them that are there. */
export const writtenStores = (dataDir: string): string[] => storePaths(dataDir).filter((path) => existsSync(join(path, 'data.mdb')));

/** Writes the key of a row image: slot and table in 16 bits each, row in 32, so that the rows of a table lie together and in order. */
function rowKey(slot: number, table: number, row: number, key: Buffer = Buffer.alloc(KEY_BYTES)): Buffer {
  key.writeUInt16BE(slot, 0);
  key.writeUInt16BE(table, 2);
  key.writeUInt32BE(row, 4);
  return key;
}

export class StateStore {
  private readonly root: RootDatabase;
  private readonly rows: Database<Buffer, Buffer>;
  private readonly meta: Database<StoredSlot | JournalHead | Written, string>;
  /** Of the row being put: inside a transaction lmdb has written it down before put returns. */
  private readonly key = Buffer.alloc(KEY_BYTES);

  /**
   * Opens or creates the environment. `synced` flushes every commit to the disk; without it a lost machine may lose the environment, and
   * then the journal rebuilds it. `readOnly` is for other processes and other threads.
   */
  constructor(path: string, mode: { readonly synced: boolean; readonly readOnly?: boolean }) {
    if (mode.readOnly !== true) mkdirSync(path, { recursive: true });
    this.root = open({
      path,
      noSync: !mode.synced,
      overlappingSync: false,
      mapSize: MAP_BYTES,
      maxDbs: 4,
      readOnly: mode.readOnly === true,
      noSubdir: false,
    });
    this.rows = this.root.openDB({ name: 'rows', keyEncoding: 'binary', encoding: 'binary' });
    this.meta = this.root.openDB({ name: 'meta', encoding: 'json' });
    if (mode.readOnly !== true) this.note({ synced: mode.synced, boot: bootId() });
  }

  /**
   * Can its contents be believed? Commits that were never flushed may be anything after the machine has been started again; the journal
   * then rebuilds the tables.
   */
  get isTrustworthy(): boolean {
    const written = this.meta.get(WRITTEN) as Written | undefined;
    return written === undefined || written.synced || written.boot === bootId();
  }

  /** Commits the changes of some slots in one transaction: `rows`, complete as of the sequences in `slots`. */
  apply(slots: Iterable<StoredSlot>, rows: RowImages): void {
    // A block body: lmdb takes a returned promise for an asynchronous transaction and commits nothing.
    this.root.transactionSync(() => {
      rows.each((slot, table, row, image) => {
        this.rows.put(rowKey(slot, table, row, this.key), image);
      });
      const heads = new Map<string, JournalHead>();
      for (const stored of slots) {
        this.meta.put(slotKey(stored.slot), stored);
        const key = anchorKey(stored.head);
        if ((heads.get(key)?.batch ?? -1) < stored.head.batch) heads.set(key, stored.head);
      }
      for (const [key, head] of heads) this.meta.put(key, head);
    });
  }

  /** Makes the slots that differ in `newer` what they are there: the next changes are relative to them. */
  catchUp(newer: StateStore): void {
    const own = new Map(this.slots().map((slot) => [slot.slot, slot.sequence]));
    const slots = newer.slots().filter(({ slot, sequence }) => own.get(slot) !== sequence);
    const rows = new RowImages();
    for (const { slot, tables } of slots) {
      for (const { id, rows: count } of tables) newer.readTable(slot, id, count, (row, image) => rows.put(slot, id, row, image));
    }
    if (slots.length > 0) this.apply(slots, rows);
  }

  /** What one slot is as of, if it was ever stored. */
  slot(slot: number): StoredSlot | undefined {
    const stored = this.meta.get(slotKey(slot));
    return stored !== undefined && 'sequence' in stored ? stored : undefined;
  }

  /** What each stored slot is as of. */
  slots(): StoredSlot[] {
    const slots: StoredSlot[] = [];
    for (const { value } of this.meta.getRange({ start: 'slot/', end: 'slot0' })) if ('sequence' in value) slots.push(value);
    return slots;
  }

  /** Commands all slots together are as of: the larger of two copies is the newer. */
  get progress(): number {
    return this.slots().reduce((sum, { sequence }) => sum + sequence, 0);
  }

  /** Journal heads remembered at commits, latest per epoch and shard. */
  anchors(): JournalHead[] {
    const heads: JournalHead[] = [];
    for (const { value } of this.meta.getRange({ start: 'anchor/', end: 'anchor0' })) if ('batch' in value) heads.push(value);
    return heads;
  }

  /** Visits the stored rows of one table of a slot, below `rows`, in order. The image is valid inside the callback. */
  readTable(slot: number, table: number, rows: number, visit: (row: number, image: Uint8Array) => void): void {
    const start = rowKey(slot, table, 0);
    const end = rowKey(slot, table, rows);
    for (const { key, value } of this.rows.getRange({ start, end })) {
      if (key.length === KEY_BYTES) visit(key.readUInt32BE(4), value);
    }
  }

  close(): Promise<void> {
    return this.root.close();
  }

  private note(written: Written): void {
    this.root.transactionSync(() => {
      this.meta.put(WRITTEN, written);
    });
  }
}

const WRITTEN = 'written';

/** How the environment was last written, and in which run of the machine. */
interface Written {
  readonly synced: boolean;
  readonly boot: string;
}

/** Changes with every start of the machine; '' where the system does not say, and then unsynced tables are believed. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

const slotKey = (slot: number): string => `slot/${String(slot).padStart(3, '0')}`;

const anchorKey = (head: JournalHead): string => `anchor/${String(head.epoch).padStart(6, '0')}/${String(head.shard).padStart(3, '0')}`;
