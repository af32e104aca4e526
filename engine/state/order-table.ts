// Orders of the day, open and closed, in the order they were accepted; dropped when the next day opens. An order is named by the slot
// sequence of its PlaceOrder, which never repeats.
import { RowIndex } from './row-index.ts';
import { RowTable } from './row-table.ts';

export const Order = {
  client: 0,
  token: 4,
  position: 8,
  segment: 12,
  side: 13,
  ordType: 14,
  timeInForce: 15,
  product: 16,
  /** OrdStatus of an order without regard to pending requests: NEW, PARTIALLY_FILLED, FILLED, CANCELED, REJECTED, EXPIRED. */
  status: 17,
  /** OrderState bits. */
  flags: 18,
  pendingOrdType: 19,
  originKind: 20,
  pendingTimeInForce: 21,
  origin: 24,
  algoId: 28,
  /** Row of the break a stuck order opened, 0 = none. */
  stuckBreak: 32,
  sequence: 40,
  quantity: 48,
  price: 56,
  stopPx: 64,
  displayQuantity: 72,
  /** Ticks the order is valued at: its price, or the worst permitted one for an order without. */
  valuation: 80,
  cumQuantity: 88,
  /** Tick-units of the fills. */
  cumValue: 96,
  /** Time and slot sequence of the last verdict the exchange has yet to answer. */
  awaitingSince: 104,
  awaitingSequence: 112,
  pendingQuantity: 120,
  pendingPrice: 128,
  pendingStopPx: 136,
  pendingDisplayQuantity: 144,
  pendingValuation: 152,
  clOrdId: 160,
  /** ClOrdID of the replace that is pending. */
  replaceClOrdId: 200,
  /** ClOrdID of the cancel (or mass cancel) that is pending. */
  cancelClOrdId: 240,
  exchangeOrderId: 280,
  BYTES: 304,
} as const;

/** order.flags bits. */
export const OrderState = { CONFIRMED: 1, STUCK: 2, PENDING_REPLACE: 4, PENDING_CANCEL: 8, CLOSED: 16, DEALER: 32 } as const;

export class OrderTable extends RowTable {
  /** By the sequence itself: sequences of a slot are dense and never repeat, so the newest orders share cache lines. */
  private readonly index: RowIndex = new RowIndex();

  constructor(id: number) {
    super('orders', id, Order.BYTES);
  }

  /** Row of the order accepted at `sequence`, or 0. */
  find(sequence: number): number {
    const hash = sequence | 0;
    for (let b = this.index.first(hash); ; b = this.index.next(b, hash)) {
      const row = this.index.rowAt(b);
      if (row === 0 || this.f64(row, Order.sequence) === sequence) return row;
    }
  }

  /** Adds an order; the caller fills the rest of the row. */
  add(client: number, sequence: number): number {
    const row = this.allocate();
    this.setU32(row, Order.client, client);
    this.setF64(row, Order.sequence, sequence);
    this.index.add(sequence | 0, row);
    return row;
  }

  /** Is this OrderState bit set? */
  has(row: number, bit: number): boolean {
    return (this.u8(row, Order.flags) & bit) !== 0;
  }
  /** Sets OrderState bits. */
  raise(row: number, bits: number): void {
    this.setU8(row, Order.flags, this.u8(row, Order.flags) | bits);
  }
  /** Clears OrderState bits. */
  lower(row: number, bits: number): void {
    this.setU8(row, Order.flags, this.u8(row, Order.flags) & ~bits);
  }

  /** Drops every order. */
  override clear(): void {
    super.clear();
    this.index.reset();
  }

  /** Rebuilds the lookup from the rows. */
  reindex(): void {
    this.index.reset();
    for (let row = 1; row < this.rows; row++) this.index.add(this.f64(row, Order.sequence) | 0, row);
  }
}
