// What securities count for as collateral: one row per approved security (by ISIN) and one per kind of collateral (by the kind's name), as the night gave
// them. The same rows in every slot. Nothing of a client stands here.
import type { Arena } from './arena.ts';
import { hashField } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

/** An ISIN, a deposit's or guarantee's reference, or a kind's name: printable ASCII, zero-padded. */
export const COLLATERAL_KEY_BYTES = 16;

export const Haircut = {
  /** Always 0: the row is nobody's. */
  owner: 0,
  kind: 4,
  /** CollateralClass: on which side of the 50:50 rule it counts. */
  class: 5,
  /** 1/10,000 of the value: the exchange's, and what the house takes at least. */
  exchange: 6,
  house: 8,
  /** Largest part of a client's other collateral that one security of the kind may be, 1/10,000; 0 = no such cap. Kind rows only. */
  securityShare: 10,
  /** yyyymmdd of the last day it counts; 0 = no end. */
  countsUntil: 12,
  key: 16,
  /** Ticks a unit; of a kind that is an amount 0. */
  price: 32,
  /** Units of a security one client may have counted, or paise of a whole kind; 0 = no such cap. */
  cap: 40,
  /** yyyymmdd of the list it came with. */
  listed: 48,
  BYTES: 56,
} as const;

const SEED = 4;

/** The haircuts of a slot. */
export interface HaircutTable extends RowTable {
  /** Row of the zero-padded key at `at`, or 0. */
  find(bytes: Uint8Array, at: number): number;
  /** Adds a row; the caller knows it is not there yet. */
  add(bytes: Uint8Array, at: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** A haircuts table. */
export function newHaircutTable(id: number, arena?: Arena): HaircutTable {
  const table = new RowTable('haircuts', id, Haircut.BYTES, { arena });
  const { index } = table;
  return Object.assign(table, {
    find(bytes: Uint8Array, at: number): number {
      const hash = hashField(bytes, at, COLLATERAL_KEY_BYTES, SEED);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || table.fieldEquals(row, Haircut.key, bytes, at, COLLATERAL_KEY_BYTES)) return row;
      }
    },
    add(bytes: Uint8Array, at: number): number {
      const row = table.allocate();
      table.setField(row, Haircut.key, bytes, at, COLLATERAL_KEY_BYTES);
      index.add(hashField(bytes, at, COLLATERAL_KEY_BYTES, SEED), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++)
        if (table.isLive(row)) index.add(hashField(table.bytes, table.at(row, Haircut.key), COLLATERAL_KEY_BYTES, SEED), row);
    },
  });
}
