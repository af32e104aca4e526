// ClOrdIDs a client has used today: of orders, replaces and cancels, accepted or rejected. Dropped when the next day opens.
import { CLORDID_BYTES } from '../command/layout.ts';
import { hashField } from './hash-bytes.ts';
import { RowIndex } from './row-index.ts';
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

export class ClientOrderIdTable extends RowTable {
  private readonly index: RowIndex = new RowIndex();

  constructor(id: number) {
    super('clientOrderIds', id, ClientOrderId.BYTES);
  }

  /** Row of a client's ClOrdID whose zero-padded bytes are at `at`, or 0. */
  find(client: number, bytes: Uint8Array, at: number): number {
    const hash = hashField(bytes, at, CLORDID_BYTES, client);
    for (let b = this.index.first(hash); ; b = this.index.next(b, hash)) {
      const row = this.index.rowAt(b);
      if (row === 0) return 0;
      if (this.u32(row, ClientOrderId.client) === client && this.fieldEquals(row, ClientOrderId.clOrdId, bytes, at, CLORDID_BYTES)) return row;
    }
  }

  /** Adds a ClOrdID; the caller knows it is not there yet and fills the rest of the row. */
  add(client: number, bytes: Uint8Array, at: number): number {
    const row = this.allocate();
    this.setU32(row, ClientOrderId.client, client);
    this.setField(row, ClientOrderId.clOrdId, bytes, at, CLORDID_BYTES);
    this.index.add(hashField(bytes, at, CLORDID_BYTES, client), row);
    return row;
  }

  /** Drops every id. */
  override clear(): void {
    super.clear();
    this.index.reset();
  }

  /** Rebuilds the lookup from the rows. */
  reindex(): void {
    this.index.reset();
    for (let row = 1; row < this.rows; row++) {
      const hash = hashField(this.bytes, this.at(row, ClientOrderId.clOrdId), CLORDID_BYTES, this.u32(row, ClientOrderId.client));
      this.index.add(hash, row);
    }
  }
}
