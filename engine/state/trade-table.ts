// Trades of the day by the one key that dedupes every source: exchange segment, date, trade number, side and client.
import { EXCHANGE_ID_BYTES } from '../command/layout.ts';
import { hashField } from './hash-bytes.ts';
import { RowIndex } from './row-index.ts';
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

export class TradeTable extends RowTable {
  private readonly index: RowIndex = new RowIndex();

  constructor(id: number) {
    super('trades', id, Trade.BYTES);
  }

  /** Row of a trade, or 0. */
  find(key: TradeKey): number {
    const hash = hashOf(key);
    for (let b = this.index.first(hash); ; b = this.index.next(b, hash)) {
      const row = this.index.rowAt(b);
      if (row === 0 || this.matches(row, key)) return row;
    }
  }

  /** Adds a trade; the caller knows it is not there yet and fills the rest of the row. */
  add(key: TradeKey): number {
    const row = this.allocate();
    this.setU32(row, Trade.client, key.client);
    this.setU32(row, Trade.tradeDate, key.tradeDate);
    this.setU8(row, Trade.segment, key.segment);
    this.setU8(row, Trade.side, key.side);
    this.setField(row, Trade.tradeId, key.bytes, key.at, EXCHANGE_ID_BYTES);
    this.index.add(hashOf(key), row);
    return row;
  }

  /** Drops every trade. */
  override clear(): void {
    super.clear();
    this.index.reset();
  }

  /** Rebuilds the lookup from the rows. */
  reindex(): void {
    this.index.reset();
    const key = new TradeKey();
    key.bytes = this.bytes;
    for (let row = 1; row < this.rows; row++) {
      key.client = this.u32(row, Trade.client);
      key.segment = this.u8(row, Trade.segment);
      key.side = this.u8(row, Trade.side);
      key.tradeDate = this.u32(row, Trade.tradeDate);
      key.at = this.at(row, Trade.tradeId);
      this.index.add(hashOf(key), row);
    }
  }

  private matches(row: number, key: TradeKey): boolean {
    return (
      this.u32(row, Trade.client) === key.client &&
      this.u32(row, Trade.tradeDate) === key.tradeDate &&
      this.u8(row, Trade.segment) === key.segment &&
      this.u8(row, Trade.side) === key.side &&
      this.fieldEquals(row, Trade.tradeId, key.bytes, key.at, EXCHANGE_ID_BYTES)
    );
  }
}

function hashOf(key: TradeKey): number {
  const seed = Math.imul(key.client, 0x9e3779b1) ^ Math.imul(key.tradeDate, 31) ^ (key.segment << 4) ^ key.side;
  return hashField(key.bytes, key.at, EXCHANGE_ID_BYTES, seed);
}
