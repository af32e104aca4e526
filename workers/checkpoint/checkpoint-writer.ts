// Writes whole slots to one copy of the tables (`process`) or to two in turn (`power`: while one is being written the other is whole on
// disk). Each copy has its own list of what it has not seen yet. Never runs ahead of the journal: shards send only what is durable.
import { assert, SLOT_COUNT } from '../../engine/index.ts';
import type { Durability } from '../journal/file-journal.ts';
import type { StoredSlot } from './layout.ts';
import { RowImages } from './row-images.ts';
import { writeSlotSnapshot } from './slot-snapshots.ts';
import { StateStore, storePaths, writtenStores } from './state-store.ts';

interface Copy {
  readonly store: StateStore;
  /** What it has not seen yet: slots, and their changed rows. */
  readonly waiting: Map<number, StoredSlot>;
  readonly rows: RowImages;
}

export class CheckpointWriter {
  private readonly copies: Copy[];
  private readonly dataDir: string;
  private readonly stored: Float64Array;
  private readonly snapshotSegments: number;
  /** Per slot the journal place, in segments, at which its next snapshot is due. */
  private readonly snapshotDue = new Map<number, number>();
  private readonly snapshotQueue = new Map<number, { stored: StoredSlot; store: StateStore }>();
  private turn = 0;

  /**
   * `stored` receives, per slot, the sequence that the tables on disk are as of. `snapshotSegments`: journal segments from one snapshot of a
   * slot to the next.
   */
  constructor(dataDir: string, durability: Durability, stored: Float64Array, snapshotSegments: number) {
    assert(stored.length >= SLOT_COUNT, 'checkpoint: one sequence per slot');
    const synced = durability === 'power';
    const paths = synced ? storePaths(dataDir) : storePaths(dataDir).slice(0, 1);
    const left = writtenStores(dataDir).filter((path) => !paths.includes(path));
    this.copies = paths.map((path) => ({ store: new StateStore(path, { synced }), waiting: new Map(), rows: new RowImages() }));
    this.alignCopies(left);
    this.dataDir = dataDir;
    this.stored = stored;
    this.snapshotSegments = snapshotSegments;
  }

  /**
   * A process that was killed had not yet given the older copy its turn: what it missed it gets now. The newest may be one that is not written any more, where
   * the durability has changed since (`left`): the shards were restored from it, and send what has changed since then.
   */
  private alignCopies(left: readonly string[]): void {
    const others = left.map((path) => new StateStore(path, { synced: true, readOnly: true }));
    const stores = [...this.copies.map(({ store }) => store), ...others];
    const newest = stores.reduce((best, store) => (store.progress > best.progress ? store : best));
    for (const { store } of this.copies) if (store !== newest) store.catchUp(newest);
    for (const store of others) void store.close();
  }

  /** Notes the changes of a slot, complete as of `stored`, for every copy. */
  add(stored: StoredSlot, changed: RowImages): void {
    for (const { waiting, rows } of this.copies) {
      waiting.set(stored.slot, stored);
      rows.putAll(changed);
    }
  }

  /** Commits everything that waits to the copy whose turn it is; returns how many slots that were. */
  commit(): number {
    const copy = this.copies[this.turn];
    assert(copy !== undefined, 'checkpoint: no copy to write');
    this.turn = (this.turn + 1) % this.copies.length;
    const count = copy.waiting.size;
    if (count === 0) return 0;
    copy.store.apply(copy.waiting.values(), copy.rows);
    for (const stored of copy.waiting.values()) {
      this.stored[stored.slot] = stored.sequence;
      this.noteSnapshot(stored, copy.store);
    }
    copy.waiting.clear();
    copy.rows.clear();
    return count;
  }

  /** Is a snapshot due? */
  get hasSnapshots(): boolean {
    return this.snapshotQueue.size > 0;
  }

  /** Writes one due snapshot of a slot; false when none is due. */
  snapshotOne(): boolean {
    const next = this.snapshotQueue.values().next();
    if (next.done === true) return false;
    const { stored, store } = next.value;
    this.snapshotQueue.delete(stored.slot);
    try {
      writeSlotSnapshot(this.dataDir, stored, store);
    } catch {
      // A snapshot only saves time; without it (a full disk) explain folds further. The tables and the journal report the disk themselves.
    }
    return true;
  }

  /** The store holds the slot as of this very commit until the next one: an older queue entry is replaced by the newer state. */
  private noteSnapshot(stored: StoredSlot, store: StateStore): void {
    const due = this.snapshotDue.get(stored.slot);
    const { segment } = stored.head;
    if (stored.sealed) this.snapshotQueue.set(stored.slot, { stored, store });
    else if (due === undefined) this.snapshotDue.set(stored.slot, segment + this.snapshotSegments);
    else if (segment >= due) {
      this.snapshotDue.set(stored.slot, segment + this.snapshotSegments);
      this.snapshotQueue.set(stored.slot, { stored, store });
    } else if (this.snapshotQueue.has(stored.slot)) this.snapshotQueue.set(stored.slot, { stored, store });
  }

  /** Brings every copy up to date and closes them. */
  async close(): Promise<void> {
    for (let i = 0; i < this.copies.length; i++) this.commit();
    for (const { store } of this.copies) await store.close();
  }
}
