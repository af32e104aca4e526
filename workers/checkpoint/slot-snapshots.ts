// Snapshots of single slots as files, so that a look at an old order need not fold the whole day: data/snapshots/<slot>/<sequence>.tzs.
// Written by the checkpoint thread from what it has stored, every few journal segments; a lost one costs time, never truth.
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoldedSlot } from '../slot-fold.ts';
import type { StoredSlot } from './layout.ts';
import type { StateStore } from './state-store.ts';

const HASH_BYTES = 32;
const HEADER_BYTES = 8;

const directoryOf = (dataDir: string, slot: number): string => join(dataDir, 'snapshots', String(slot).padStart(3, '0'));

/** Writes the slot as the store has it: header length, JSON StoredSlot, the rows of each table, SHA-256. */
export function writeSlotSnapshot(dataDir: string, stored: StoredSlot, store: StateStore): void {
  const header = Buffer.from(JSON.stringify(stored));
  const rowBytes = stored.tables.reduce((sum, { rows, stride }) => sum + rows * stride, 0);
  const bytes = new Uint8Array(HEADER_BYTES + header.length + rowBytes + HASH_BYTES);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, HEADER_BYTES);
  let at = HEADER_BYTES + header.length;
  for (const { id, rows, stride } of stored.tables) {
    const start = at;
    store.readTable(stored.slot, id, rows, (row, image) => bytes.set(image, start + row * stride));
    at += rows * stride;
  }
  bytes.set(hash('sha256', bytes.subarray(0, at), 'buffer'), at);
  const directory = directoryOf(dataDir, stored.slot);
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${String(stored.sequence).padStart(12, '0')}.tzs`);
  writeFileSync(`${path}.partial`, bytes);
  renameSync(`${path}.partial`, path);
}

/** Loads into `state` the newest sound snapshot below `sequence` that fits its tables; false when there is none. */
export function loadSlotSnapshot(dataDir: string, state: FoldedSlot, sequence: number): boolean {
  for (const name of snapshotNames(dataDir, state.slot).reverse()) {
    if (Number.parseInt(name, 10) >= sequence) continue;
    if (load(readFileSync(join(directoryOf(dataDir, state.slot), name)), state)) return true;
  }
  return false;
}

/** Loads the oldest sound snapshot at or after `start`: what a replay begins with when the journal before it has been archived. */
export function loadFirstSnapshot(dataDir: string, state: FoldedSlot, start: number): boolean {
  for (const name of snapshotNames(dataDir, state.slot)) {
    if (Number.parseInt(name, 10) >= start && load(readFileSync(join(directoryOf(dataDir, state.slot), name)), state)) return true;
  }
  return false;
}

function snapshotNames(dataDir: string, slot: number): string[] {
  try {
    return readdirSync(directoryOf(dataDir, slot))
      .filter((name) => /^\d{12,}\.tzs$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

function load(bytes: Uint8Array, state: FoldedSlot): boolean {
  const end = bytes.length - HASH_BYTES;
  if (end < HEADER_BYTES || Buffer.compare(hash('sha256', bytes.subarray(0, end), 'buffer'), bytes.subarray(end)) !== 0) return false;
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const stored = JSON.parse(Buffer.from(bytes.subarray(HEADER_BYTES, HEADER_BYTES + headerBytes)).toString()) as StoredSlot;
  const fits =
    stored.tables.length <= state.tables.length &&
    stored.tables.every(({ id, stride }, i) => state.tables[i]?.id === id && state.tables[i]?.stride === stride);
  if (!fits) return false;
  let at = HEADER_BYTES + headerBytes;
  for (const [index, table] of state.tables.entries()) {
    const { rows, stride } = stored.tables[index] ?? { rows: 0, stride: 0 };
    for (let row = 0; row < rows; row++) table.loadRow(row, bytes.subarray(at + row * stride, at + (row + 1) * stride));
    at += rows * stride;
  }
  return true;
}
