// Positions: one 64-byte row (a cache line) per client and contract; cash instruments have one per product, derivatives one in all
// (product 0). A row also sums the client's working orders in it, so that limits need no walk over orders.
// Cost is in tick-units (ticks x units): with it realised and unrealised gains are exact integers.
import type { Arena } from './arena.ts';
import { mix32 } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const Position = {
  client: 0,
  token: 4,
  segment: 8,
  product: 9,
  /** InstrumentKind, or KIND_UNKNOWN or KIND_CARRIED until a parameter table names the instrument. */
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
/** Side cells: derived, no part of the row. */
export const PositionSide = {
  /** Next position of the client. */
  ofClient: 64,
  /** Newest position in the instrument, of the first that is in it; next position in the instrument. */
  instrumentHead: 68,
  ofInstrument: 72,
  /** Instrument row of the table in force + 1, 0 = the table does not name it. */
  instrument: 76,
  BYTES: 16,
} as const;
/** position.kind of an instrument no table has named. Margined as nothing, marked like a future, and its client may only reduce. */
export const KIND_UNKNOWN = 255;
/** The same for one that was imported: it was paid for on an earlier day, so nothing of its cost is premium when it turns out to be an option. */
export const KIND_CARRIED = 254;

/** The positions of a slot. */
export interface PositionTable extends RowTable {
  /** Row of a position, or 0. `product` is 0 for derivatives. */
  find(client: number, segment: number, token: number, product: number): number;
  /** Adds an empty position. */
  add(client: number, segment: number, token: number, product: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** A positions table. */
export function newPositionTable(id: number, arena?: Arena): PositionTable {
  const table = new RowTable('positions', id, Position.BYTES, { sideBytes: PositionSide.BYTES, firstRows: 16, arena });
  const { index } = table;
  return Object.assign(table, {
    find(client: number, segment: number, token: number, product: number): number {
      const hash = positionHash(client, segment, token, product);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || (matches(table, row, client, token) && isOf(table, row, segment, product))) return row;
      }
    },
    add(client: number, segment: number, token: number, product: number): number {
      const row = table.allocate();
      table.setU32(row, Position.client, client);
      table.setU32(row, Position.token, token);
      table.setU8(row, Position.segment, segment);
      table.setU8(row, Position.product, product);
      index.add(positionHash(client, segment, token, product), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++) {
        if (!table.isLive(row)) continue;
        const client = table.u32(row, Position.client);
        const token = table.u32(row, Position.token);
        index.add(positionHash(client, table.u8(row, Position.segment), token, table.u8(row, Position.product)), row);
      }
    },
  });
}

const matches = (table: RowTable, row: number, client: number, token: number): boolean =>
  table.u32(row, Position.token) === token && table.u32(row, Position.client) === client;

const isOf = (table: RowTable, row: number, segment: number, product: number): boolean =>
  table.u8(row, Position.segment) === segment && table.u8(row, Position.product) === product;

/** What a position is looked up by. */
export const positionHash = (client: number, segment: number, token: number, product: number): number =>
  mix32(Math.imul(token, 0x9e3779b1) ^ Math.imul(client, 0x85ebca6b) ^ (segment << 8) ^ product);
