// Holdings: units of a security a client holds in demat, as the night gave them.
import { mix32 } from './hash-bytes.ts';
import { RowIndex } from './row-index.ts';
import { RowTable } from './row-table.ts';

export const Holding = { client: 0, token: 4, segment: 8, free: 16, pledged: 24, t1: 32, BYTES: 40 } as const;

export class HoldingTable extends RowTable {
  private readonly index: RowIndex = new RowIndex();

  constructor(id: number) {
    super('holdings', id, Holding.BYTES);
  }

  /** Row of a client's holding, or 0. */
  find(client: number, segment: number, token: number): number {
    const hash = hashOf(client, segment, token);
    for (let b = this.index.first(hash); ; b = this.index.next(b, hash)) {
      const row = this.index.rowAt(b);
      if (row === 0) return 0;
      if (this.u32(row, Holding.token) === token && this.u32(row, Holding.client) === client && this.u8(row, Holding.segment) === segment) return row;
    }
  }

  /** Row of a client's holding, added with zero units when missing. */
  findOrAdd(client: number, segment: number, token: number): number {
    const found = this.find(client, segment, token);
    if (found !== 0) return found;
    const row = this.allocate();
    this.setU32(row, Holding.client, client);
    this.setU32(row, Holding.token, token);
    this.setU8(row, Holding.segment, segment);
    this.index.add(hashOf(client, segment, token), row);
    return row;
  }

  /** Rebuilds the lookup from the rows. */
  reindex(): void {
    this.index.reset();
    for (let row = 1; row < this.rows; row++)
      this.index.add(hashOf(this.u32(row, Holding.client), this.u8(row, Holding.segment), this.u32(row, Holding.token)), row);
  }
}

const hashOf = (client: number, segment: number, token: number): number =>
  mix32(Math.imul(token, 0x9e3779b1) ^ Math.imul(client, 0x85ebca6b) ^ segment);
