// The tables as other programs read them: batch, reports, queries beside a running owner. A slot is whole and as of one sequence; different
// slots may be as of different moments. Keep a reader open for seconds, not minutes: a snapshot that is held keeps pages from being reused.
import { SlotState } from '../../engine/index.ts';
import { openNewestStore } from '../recovery/restore.ts';
import type { StoredSlot } from './layout.ts';
import type { StateStore } from './state-store.ts';

export class StateReader {
  private readonly store: StateStore;

  constructor(store: StateStore) {
    this.store = store;
  }

  /** What each stored slot is as of, and the journal head that covers it. */
  slots(): StoredSlot[] {
    return this.store.slots();
  }

  /** The slot's tables; call rebuild on it before asking for margin. Undefined when it was never stored. Throws RangeError on another schema. */
  readSlot(slot: number): SlotState | undefined {
    const stored = this.store.slot(slot);
    if (stored === undefined) return undefined;
    const state = new SlotState(slot);
    for (const table of state.tables) {
      const kept = stored.tables.find(({ id }) => id === table.id);
      // A table that came to be after the slot was stored is empty.
      if (kept === undefined && table.id >= stored.tables.length) continue;
      if (kept === undefined || kept.stride !== table.stride) throw new RangeError(`slot ${slot}: table ${table.name} was stored by another release`);
      this.store.readTable(slot, table.id, kept.rows, (row, image) => table.loadRow(row, image));
      table.settle();
    }
    return state;
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** Opens the newest tables of a data directory, or undefined when there are none yet. */
export function openStateReader(dataDir: string): StateReader | undefined {
  const store = openNewestStore(dataDir);
  return store === undefined ? undefined : new StateReader(store);
}
