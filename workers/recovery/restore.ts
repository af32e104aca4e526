// Slots as the checkpoint left them, from the newest copy of the tables that can be read. A slot that is not there, or was stored under
// another state schema, starts empty and is folded from the journal instead.
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredSlot } from '../checkpoint/layout.ts';
import { StateStore, writtenStores } from '../checkpoint/state-store.ts';
import type { JournalHead } from '../journal/journal.ts';
import type { FoldedSlot, SlotFold } from '../slot-fold.ts';

/** 0xBEEFC0DE, little-endian, in the header of the first page. */
const LMDB_MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
const MAGIC_WITHIN = 64;

/** The newest readable copy of the tables, or undefined when there is none. The caller closes it. */
export function openNewestStore(dataDir: string): StateStore | undefined {
  let newest: StateStore | undefined;
  let newestSum = -1;
  for (const path of writtenStores(dataDir)) {
    const store = new StateStore(path, { synced: true, readOnly: true });
    const sum = store.progress;
    if (sum > newestSum) {
      void newest?.close();
      newest = store;
      newestSum = sum;
    } else void store.close();
  }
  return newest;
}

/**
 * Removes copies of the tables that cannot be read, or that were never flushed before the machine went down: the journal rebuilds them.
 * Only the owner of the directory may. Returns the paths removed.
 */
export async function discardUnusableStores(dataDir: string): Promise<string[]> {
  const removed: string[] = [];
  for (const path of writtenStores(dataDir)) {
    if (await isUsable(path)) continue;
    rmSync(path, { recursive: true, force: true });
    removed.push(path);
  }
  return removed;
}

async function isUsable(path: string): Promise<boolean> {
  // A file that is no LMDB environment must not be opened: the library does not survive it.
  if (!hasMagic(join(path, 'data.mdb'))) return false;
  try {
    const store = new StateStore(path, { synced: true, readOnly: true });
    const usable = store.isTrustworthy;
    await store.close();
    return usable;
  } catch {
    return false;
  }
}

function hasMagic(file: string): boolean {
  const first = new Uint8Array(MAGIC_WITHIN);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, first, 0, MAGIC_WITHIN, 0);
  } finally {
    closeSync(fd);
  }
  return Buffer.from(first).includes(LMDB_MAGIC);
}

/** What the tables are as of, by slot, and the journal heads they were anchored to. */
export interface StoredState {
  readonly slots: readonly StoredSlot[];
  readonly anchors: readonly JournalHead[];
}

/** Reads what the newest tables are as of. */
export async function readStoredState(dataDir: string): Promise<StoredState> {
  const store = openNewestStore(dataDir);
  if (store === undefined) return { slots: [], anchors: [] };
  const state = { slots: store.slots(), anchors: store.anchors() };
  await store.close();
  return state;
}

/** States of `slots` (others undefined) from the tables. */
export function restoreSlots<S extends FoldedSlot>(store: StateStore | undefined, slots: readonly number[], fold: SlotFold<S>): (S | undefined)[] {
  const stored = new Map((store?.slots() ?? []).map((slot) => [slot.slot, slot]));
  const states: (S | undefined)[] = [];
  for (const slot of slots) {
    const state = fold.create(slot);
    const known = stored.get(slot);
    if (known !== undefined && store !== undefined && sameSchema(state, known)) loadRows(state, known, store);
    fold.rebuild(state);
    states[slot] = state;
  }
  return states;
}

function loadRows(state: FoldedSlot, stored: StoredSlot, store: StateStore): void {
  for (const table of state.tables) {
    const rows = stored.tables.find(({ id }) => id === table.id)?.rows ?? 0;
    store.readTable(stored.slot, table.id, rows, (row, image) => table.loadRow(row, image));
  }
}

function sameSchema(state: FoldedSlot, stored: StoredSlot): boolean {
  return (
    state.tables.length === stored.tables.length &&
    state.tables.every((table) => stored.tables.some(({ id, stride, name }) => id === table.id && stride === table.stride && name === table.name))
  );
}
