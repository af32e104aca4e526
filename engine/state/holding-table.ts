// Holdings: units of a security a client holds in demat, as the night gave them.
import type { Arena } from './arena.ts';
import { mix32 } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const Holding = { client: 0, token: 4, segment: 8, free: 16, pledged: 24, t1: 32, BYTES: 40 } as const;

/** The holdings of a slot. */
export interface HoldingTable extends RowTable {
  /** Row of a client's holding, or 0. */
  find(client: number, segment: number, token: number): number;
  /** Adds a holding of zero units; the caller knows it is not there yet. */
  add(client: number, segment: number, token: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** A holdings table. */
export function newHoldingTable(id: number, arena?: Arena): HoldingTable {
  const table = new RowTable('holdings', id, Holding.BYTES, { arena });
  const { index } = table;
  return Object.assign(table, {
    find(client: number, segment: number, token: number): number {
      const hash = hashOf(client, segment, token);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || (table.u32(row, Holding.token) === token && isOf(table, row, client, segment))) return row;
      }
    },
    add(client: number, segment: number, token: number): number {
      const row = table.allocate();
      table.setU32(row, Holding.client, client);
      table.setU32(row, Holding.token, token);
      table.setU8(row, Holding.segment, segment);
      index.add(hashOf(client, segment, token), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++)
        index.add(hashOf(table.u32(row, Holding.client), table.u8(row, Holding.segment), table.u32(row, Holding.token)), row);
    },
  });
}

const isOf = (table: RowTable, row: number, client: number, segment: number): boolean =>
  table.u32(row, Holding.client) === client && table.u8(row, Holding.segment) === segment;

const hashOf = (client: number, segment: number, token: number): number =>
  mix32(Math.imul(token, 0x9e3779b1) ^ Math.imul(client, 0x85ebca6b) ^ segment);
