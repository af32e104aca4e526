// Early pay-in of the day: per client and share the units the clearing corporation already has of what was sold, and the units bought that are paid for already; per client the
// money paid in. A row once made stays until the day closes: the order of rows is that in which a client's shares came into it.
import type { Arena } from './arena.ts';
import { mix32 } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

/** A row of a share, or with segment and token 0 a client's money. */
export const EarlyPayIn = {
  client: 0,
  token: 4,
  segment: 8,
  /** Units delivered ahead of the pay-in, as booked. */
  delivered: 16,
  /** Units of the delivery position whose purchase the client's money covers: see early-pay-in.ts. */
  covered: 24,
  /** Paise. Of a share: what the sale of the delivered units came to, counted among the client's funds. Of money: what is paid in, no longer among them. */
  amount: 32,
  BYTES: 40,
} as const;

/** The early pay-ins of a slot. */
export interface EarlyPayInTable extends RowTable {
  /** Row of a client's share (0, 0: its money), or 0. */
  find(client: number, segment: number, token: number): number;
  /** Adds an empty row; the caller knows it is not there yet. */
  add(client: number, segment: number, token: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** An early pay-in table. */
export function newEarlyPayInTable(id: number, arena?: Arena): EarlyPayInTable {
  const table = new RowTable('earlyPayIns', id, EarlyPayIn.BYTES, { arena });
  const { index } = table;
  return Object.assign(table, {
    find(client: number, segment: number, token: number): number {
      const hash = hashOf(client, segment, token);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || isOf(table, row, client, segment, token)) return row;
      }
    },
    add(client: number, segment: number, token: number): number {
      const row = table.allocate();
      table.setU32(row, EarlyPayIn.client, client);
      table.setU32(row, EarlyPayIn.token, token);
      table.setU8(row, EarlyPayIn.segment, segment);
      index.add(hashOf(client, segment, token), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++)
        index.add(hashOf(table.u32(row, EarlyPayIn.client), table.u8(row, EarlyPayIn.segment), table.u32(row, EarlyPayIn.token)), row);
    },
  });
}

const isOf = (table: RowTable, row: number, client: number, segment: number, token: number): boolean =>
  table.u32(row, EarlyPayIn.client) === client && table.u32(row, EarlyPayIn.token) === token && table.u8(row, EarlyPayIn.segment) === segment;

const hashOf = (client: number, segment: number, token: number): number =>
  mix32(Math.imul(token, 0x9e3779b1) ^ Math.imul(client, 0x85ebca6b) ^ segment);
