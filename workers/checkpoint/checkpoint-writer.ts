// Writes whole slots to one copy of the tables (`process`) or to two in turn (`power`: while one is being written the other is whole on
// disk). Each copy has its own list of what it has not seen yet. Never runs ahead of the journal: shards send only what is durable.
import { assert, SLOT_COUNT } from '../../engine/index.ts';
import type { Durability } from '../journal/file-journal.ts';
import { type SlotChanges, StateStore, storePaths } from './state-store.ts';

interface Copy {
  readonly store: StateStore;
  readonly waiting: Map<number, SlotChanges>;
}

export class CheckpointWriter {
  private readonly copies: Copy[];
  private turn = 0;
  private readonly stored: Float64Array;

  /** `stored` receives, per slot, the sequence that the tables on disk are as of. */
  constructor(dataDir: string, durability: Durability, stored: Float64Array) {
    assert(stored.length >= SLOT_COUNT, 'checkpoint: one sequence per slot');
    const paths = durability === 'power' ? storePaths(dataDir) : storePaths(dataDir).slice(0, 1);
    this.copies = paths.map((path) => ({ store: new StateStore(path, { synced: durability === 'power' }), waiting: new Map() }));
    this.stored = stored;
  }

  /** Notes the changes of a slot for every copy. */
  add(changes: SlotChanges): void {
    for (const { waiting } of this.copies) {
      const earlier = waiting.get(changes.stored.slot);
      if (earlier === undefined) waiting.set(changes.stored.slot, { stored: changes.stored, rows: new Map(changes.rows) });
      else {
        for (const [key, bytes] of changes.rows) earlier.rows.set(key, bytes);
        waiting.set(changes.stored.slot, { stored: changes.stored, rows: earlier.rows });
      }
    }
  }

  /** Commits everything that waits to the copy whose turn it is; returns how many slots that were. */
  commit(): number {
    const copy = this.copies[this.turn];
    assert(copy !== undefined, 'checkpoint: no copy to write');
    this.turn = (this.turn + 1) % this.copies.length;
    const count = copy.waiting.size;
    if (count === 0) return 0;
    copy.store.apply(copy.waiting.values());
    for (const { stored } of copy.waiting.values()) this.stored[stored.slot] = stored.sequence;
    copy.waiting.clear();
    return count;
  }

  /** Brings every copy up to date and closes them. */
  async close(): Promise<void> {
    for (let i = 0; i < this.copies.length; i++) this.commit();
    for (const { store } of this.copies) await store.close();
  }
}
