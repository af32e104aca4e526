// Margin snapshots of the day: one row per client, exchange segment and snapshot, with what the position alone had to have and what there was for it.
// Cleared when the next day opens; the day's peak is the largest of a client's rows. Clients without a position in the segment have no row.
import type { Arena } from './arena.ts';
import { mix32 } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const Peak = {
  client: 0,
  segment: 4,
  /** Which snapshot of the day, 1 to 31. */
  number: 5,
  /** PeakBasis. */
  basis: 6,
  /** EpochMicros of the snapshot. */
  time: 8,
  /** Paise: what the clearing corporation asks for the position, without working orders and without the house's multiplier. */
  required: 16,
  /** Paise the client had for this segment, never below 0: see lifecycle/margin-snapshot.ts. */
  available: 24,
  BYTES: 32,
} as const;

/** Parameters a row was margined under: the day's opening ones, those in force, or neither named every contract. Numbers are for ever. */
export const PeakBasis = { OPENING: 0, IN_FORCE: 1, INCOMPLETE: 2 } as const;

/** Largest number of a snapshot. */
export const SNAPSHOT_MAX = 31;

/** The snapshot rows of a slot. */
export interface PeakTable extends RowTable {
  /** Row of a client, segment and snapshot, or 0. */
  find(client: number, segment: number, number: number): number;
  /** Adds an empty row; the caller knows it is not there yet. */
  add(client: number, segment: number, number: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** A peaks table. */
export function newPeakTable(id: number, arena?: Arena): PeakTable {
  const table = new RowTable('peaks', id, Peak.BYTES, { arena });
  const { index } = table;
  return Object.assign(table, {
    find(client: number, segment: number, number: number): number {
      const hash = hashOf(client, segment, number);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || isOf(table, row, client, segment, number)) return row;
      }
    },
    add(client: number, segment: number, number: number): number {
      const row = table.allocate();
      table.setU32(row, Peak.client, client);
      table.setU8(row, Peak.segment, segment);
      table.setU8(row, Peak.number, number);
      index.add(hashOf(client, segment, number), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++)
        index.add(hashOf(table.u32(row, Peak.client), table.u8(row, Peak.segment), table.u8(row, Peak.number)), row);
    },
  });
}

const isOf = (table: RowTable, row: number, client: number, segment: number, number: number): boolean =>
  table.u32(row, Peak.client) === client && table.u8(row, Peak.segment) === segment && table.u8(row, Peak.number) === number;

const hashOf = (client: number, segment: number, number: number): number =>
  mix32(Math.imul(client, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b) ^ segment);
