// Trades of the day by the one key that dedupes every source: exchange segment, date, trade number, side and client.
import { EXCHANGE_ID_BYTES } from '../command/layout.ts';
import type { Arena } from './arena.ts';
import { hashField } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const Trade = {
  client: 0,
  tradeDate: 4,
  segment: 8,
  side: 9,
  /** ExecutionSource that reported it first. */
  source: 10,
  /** 1 = busted: its quantity no longer counts. */
  busted: 11,
  /** Position row it was booked to. */
  position: 12,
  /** Order row it filled, 0 = none known. */
  order: 16,
  tradeId: 24,
  quantity: 48,
  price: 56,
  BYTES: 64,
} as const;

/** The key of a trade, refilled for each report; the number is EXCHANGE_ID_BYTES at `at` of `bytes`. */
export class TradeKey {
  client = 0;
  segment = 0;
  side = 0;
  tradeDate = 0;
  bytes: Uint8Array = new Uint8Array(EXCHANGE_ID_BYTES);
  at = 0;
}

/** The trades of a slot. */
export interface TradeTable extends RowTable {
  /** Row of a trade, or 0. */
  find(key: TradeKey): number;
  /** Adds a trade; the caller knows it is not there yet and fills the rest of the row. */
  add(key: TradeKey): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** A trades table. */
export function newTradeTable(id: number, arena?: Arena): TradeTable {
  const table = new RowTable('trades', id, Trade.BYTES, { arena });
  const { index } = table;
  return Object.assign(table, {
    find(key: TradeKey): number {
      const hash = hashOf(key);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || matches(table, row, key)) return row;
      }
    },
    add(key: TradeKey): number {
      const row = table.allocate();
      table.setU32(row, Trade.client, key.client);
      table.setU32(row, Trade.tradeDate, key.tradeDate);
      table.setU8(row, Trade.segment, key.segment);
      table.setU8(row, Trade.side, key.side);
      table.setField(row, Trade.tradeId, key.bytes, key.at, EXCHANGE_ID_BYTES);
      index.add(hashOf(key), row);
      return row;
    },
    reindex(): void {
      index.reset();
      const key = new TradeKey();
      for (let row = 1; row < table.rows; row++) {
        key.client = table.u32(row, Trade.client);
        key.segment = table.u8(row, Trade.segment);
        key.side = table.u8(row, Trade.side);
        key.tradeDate = table.u32(row, Trade.tradeDate);
        key.at = table.at(row, Trade.tradeId);
        // Anew for each: an index that grows may move the memory.
        key.bytes = table.bytes;
        index.add(hashOf(key), row);
      }
    },
  });
}

function matches(table: RowTable, row: number, key: TradeKey): boolean {
  return (
    table.u32(row, Trade.client) === key.client &&
    table.u32(row, Trade.tradeDate) === key.tradeDate &&
    table.u8(row, Trade.segment) === key.segment &&
    table.u8(row, Trade.side) === key.side &&
    table.fieldEquals(row, Trade.tradeId, key.bytes, key.at, EXCHANGE_ID_BYTES)
  );
}

function hashOf(key: TradeKey): number {
  const seed = Math.imul(key.client, 0x9e3779b1) ^ Math.imul(key.tradeDate, 31) ^ (key.segment << 4) ^ key.side;
  return hashField(key.bytes, key.at, EXCHANGE_ID_BYTES, seed);
}
