// Rows of clients' shares: found by client, exchange segment and token, which every row of such a table begins with.
import type { Arena } from './arena.ts';
import { mix32 } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

/** Where a row has its key: its table's layout begins with the same three. */
const ShareKey = { client: 0, token: 4, segment: 8 } as const;

/** A table of rows by client and share. */
export interface ShareTable extends RowTable {
  /** Row of a client's share, or 0. */
  find(client: number, segment: number, token: number): number;
  /** Adds a row with nothing but its key; the caller knows it is not there yet. */
  add(client: number, segment: number, token: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** Such a table; `bytes` of a row, its key included. */
export function newShareTable(name: string, id: number, bytes: number, arena?: Arena): ShareTable {
  const table = new RowTable(name, id, bytes, { arena });
  const { index } = table;
  return Object.assign(table, {
    find(client: number, segment: number, token: number): number {
      const hash = hashOf(client, segment, token);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || (table.u32(row, ShareKey.token) === token && isOf(table, row, client, segment))) return row;
      }
    },
    add(client: number, segment: number, token: number): number {
      const row = table.allocate();
      table.setU32(row, ShareKey.client, client);
      table.setU32(row, ShareKey.token, token);
      table.setU8(row, ShareKey.segment, segment);
      index.add(hashOf(client, segment, token), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++)
        index.add(hashOf(table.u32(row, ShareKey.client), table.u8(row, ShareKey.segment), table.u32(row, ShareKey.token)), row);
    },
  });
}

const isOf = (table: RowTable, row: number, client: number, segment: number): boolean =>
  table.u32(row, ShareKey.client) === client && table.u8(row, ShareKey.segment) === segment;

const hashOf = (client: number, segment: number, token: number): number =>
  mix32(Math.imul(token, 0x9e3779b1) ^ Math.imul(client, 0x85ebca6b) ^ segment);
