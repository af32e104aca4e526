// ClOrdIDs a client has used today: of orders, replaces and cancels, accepted or rejected. Dropped when the next day opens.
import { CLORDID_BYTES } from '../command/layout.ts';
import type { Arena } from './arena.ts';
import { hashField } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const ClientOrderId = {
  client: 0,
  /** Order row it belongs to; 0 when the order was rejected. */
  order: 4,
  /** RequestKind. */
  kind: 8,
  /** RejectCode given, 0 = accepted. */
  rejectCode: 10,
  /** Slot sequence of the command that used it. */
  sequence: 16,
  clOrdId: 24,
  BYTES: 64,
} as const;

/** clientOrderId.kind. */
export const RequestKind = { PLACE: 1, REPLACE: 2, CANCEL: 3 } as const;

/** The ClOrdIDs used in a slot. */
export interface ClientOrderIdTable extends RowTable {
  /** Row of a client's ClOrdID whose zero-padded bytes are at `at`, or 0. */
  find(client: number, bytes: Uint8Array, at: number): number;
  /** Adds a ClOrdID; the caller knows it is not there yet and fills the rest of the row. */
  add(client: number, bytes: Uint8Array, at: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** What a client's ClOrdID is looked up by. */
export const clOrdIdHash = (client: number, bytes: Uint8Array, at: number): number => hashField(bytes, at, CLORDID_BYTES, client);

/** A ClOrdID table. */
export function newClientOrderIdTable(id: number, arena?: Arena): ClientOrderIdTable {
  const table = new RowTable('clientOrderIds', id, ClientOrderId.BYTES, { firstRows: 16, arena });
  const { index } = table;
  return Object.assign(table, {
    find(client: number, bytes: Uint8Array, at: number): number {
      const hash = clOrdIdHash(client, bytes, at);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0) return 0;
        if (table.u32(row, ClientOrderId.client) === client && table.fieldEquals(row, ClientOrderId.clOrdId, bytes, at, CLORDID_BYTES)) return row;
      }
    },
    add(client: number, bytes: Uint8Array, at: number): number {
      const row = table.allocate();
      table.setU32(row, ClientOrderId.client, client);
      table.setField(row, ClientOrderId.clOrdId, bytes, at, CLORDID_BYTES);
      index.add(clOrdIdHash(client, bytes, at), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++) {
        const hash = clOrdIdHash(table.u32(row, ClientOrderId.client), table.bytes, table.at(row, ClientOrderId.clOrdId));
        index.add(hash, row);
      }
    },
  });
}
