// Orders of the day, open and closed, in the order they were accepted; dropped when the next day opens. An order is named by the slot
// sequence of its PlaceOrder, which never repeats.
import type { Arena } from './arena.ts';
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
  /** Leg: see linked-orders.ts. */
  leg: 22,
  origin: 24,
  algoId: 28,
  /** Row of the break a stuck order opened, 0 = none. */
  stuckBreak: 32,
  /** When the order was accepted: milliseconds of the day, UTC. */
  acceptedAt: 36,
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
  /** Row of a leg's entry; of an entry, row of its open exit leg, of two the one placed last; 0 = none. */
  link: 304,
  /** Of an exit leg: row of the other open one, 0 = none. */
  twin: 308,
  /** The same cell of an entry: ticks from its price to its target, 0 = it has none (a cover order). A replace of the price takes the target along. */
  targetWay: 308,
  /** Units of an entry that its exit legs have closed. */
  exited: 312,
  BYTES: 320,
} as const;

/** order.flags bits. */
export const OrderState = { CONFIRMED: 1, STUCK: 2, PENDING_REPLACE: 4, PENDING_CANCEL: 8, CLOSED: 16, DEALER: 32 } as const;

/** Side cells: derived, no part of the row. */
export const OrderSide = {
  /** In the list of the client's open orders. */
  open: 320,
  /** In the list of those awaiting an answer. */
  awaiting: 332,
  /** Of row 0: first and last of those awaiting. */
  awaitingEnds: 344,
  BYTES: 32,
} as const;

/** The orders of a slot. By the sequence itself: sequences are dense and never repeat, so the newest orders share cache lines of the index. */
export interface OrderTable extends RowTable {
  /** Row of the order accepted at `sequence`, or 0. */
  find(sequence: number): number;
  /** Adds an order; the caller fills the rest of the row. */
  add(client: number, sequence: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** An orders table; has(), raise() and lower() work on OrderState bits. */
export function newOrderTable(id: number, arena?: Arena): OrderTable {
  const table = new RowTable('orders', id, Order.BYTES, { sideBytes: OrderSide.BYTES, firstRows: 16, flagsField: Order.flags, arena });
  const { index } = table;
  return Object.assign(table, {
    find(sequence: number): number {
      const hash = sequence | 0;
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || table.f64(row, Order.sequence) === sequence) return row;
      }
    },
    add(client: number, sequence: number): number {
      const row = table.allocate();
      table.setU32(row, Order.client, client);
      table.setF64(row, Order.sequence, sequence);
      index.add(sequence | 0, row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++) index.add(table.f64(row, Order.sequence) | 0, row);
    },
  });
}
