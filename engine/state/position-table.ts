// Positions: one 64-byte row (a cache line) per client and contract; cash instruments have one per product, derivatives one in all
// (product 0). A row also sums the client's working orders in it, so that limits need no walk over orders.
// Cost is in tick-units (ticks x units): with it realised and unrealised gains are exact integers.
import { mix32 } from './hash-bytes.ts';
import { RowIndex } from './row-index.ts';
import { RowTable } from './row-table.ts';

export const Position = {
  client: 0,
  token: 4,
  segment: 8,
  product: 9,
  /** InstrumentKind, or KIND_UNKNOWN until a parameter table names the instrument. */
  kind: 10,
  /** Signed units. */
  net: 16,
  /** Signed tick-units paid for the net units, at average cost. */
  cost: 24,
  /** Tick-units gained by closing today. */
  realised: 32,
  /** Ticks, last mark; 0 before the first mark or fill. */
  mark: 40,
  /** Units the client's working buys and sells may still take, the larger side of a pending replace. */
  buyLeaves: 48,
  sellLeaves: 56,
  BYTES: 64,
} as const;
/** position.kind of an instrument no table has named. Margined as nothing, marked like a future, and its client may only reduce. */
export const KIND_UNKNOWN = 255;

export class PositionTable extends RowTable {
  private readonly index: RowIndex = new RowIndex();

  constructor(id: number) {
    super('positions', id, Position.BYTES);
  }

  /** Row of a position, or 0. `product` is 0 for derivatives. */
  find(client: number, segment: number, token: number, product: number): number {
    const hash = hashOf(client, segment, token, product);
    for (let b = this.index.first(hash); ; b = this.index.next(b, hash)) {
      const row = this.index.rowAt(b);
      if (row === 0 || this.matches(row, client, segment, token, product)) return row;
    }
  }

  /** Adds an empty position. */
  add(client: number, segment: number, token: number, product: number): number {
    const row = this.allocate();
    this.setU32(row, Position.client, client);
    this.setU32(row, Position.token, token);
    this.setU8(row, Position.segment, segment);
    this.setU8(row, Position.product, product);
    this.index.add(hashOf(client, segment, token, product), row);
    return row;
  }

  /** Rebuilds the lookup from the rows. */
  reindex(): void {
    this.index.reset();
    for (let row = 1; row < this.rows; row++) {
      if (!this.isLive(row)) continue;
      const client = this.u32(row, Position.client);
      const token = this.u32(row, Position.token);
      this.index.add(hashOf(client, this.u8(row, Position.segment), token, this.u8(row, Position.product)), row);
    }
  }

  private matches(row: number, client: number, segment: number, token: number, product: number): boolean {
    return (
      this.u32(row, Position.token) === token &&
      this.u32(row, Position.client) === client &&
      this.u8(row, Position.segment) === segment &&
      this.u8(row, Position.product) === product
    );
  }
}

const hashOf = (client: number, segment: number, token: number, product: number): number =>
  mix32(Math.imul(token, 0x9e3779b1) ^ Math.imul(client, 0x85ebca6b) ^ (segment << 8) ^ product);
