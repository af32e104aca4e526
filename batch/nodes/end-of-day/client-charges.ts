// A segment's trades as what each client owes: net of every settlement, and the charges of the note, client by client in the order of their codes,
// one client in memory at a time. Pure; figures of a million trades fit in one array.
import {
  CHARGE_EXCHANGES,
  CHARGE_PARTS,
  CHARGE_PRODUCTS,
  CHARGE_SEGMENTS,
  type ChargedTrade,
  type ChargeKey,
  ChargeNote,
  type ChargePart,
  type ChargeTariff,
  chargeKey,
  NoteSheet,
  RateUnknown,
} from '../../../engine/index.ts';
import { ExactSum } from '../../recon/exact-sum.ts';
import { type BookedTrade, type ClientRows, type TradeBook, TradeCell, TradeFlag } from '../../recon/trade-book.ts';
import { PermanentFault } from '../../runner/index.ts';

const MICROS_PER_TICK = 100;
const TICK_UNITS_PER_PAISA = 100;
/** Orders of one client that are told apart by looking back; of a client with more, by their texts. */
const ORDERS_MAX = 48;

/** One client's day in a segment. Amounts in paise; above zero the client receives. */
export interface ClientDay {
  readonly client: string;
  readonly trades: number;
  /** Net of each settlement, by "TYPE NUMBER" as the file has them, in the order of their texts. */
  readonly net: readonly (readonly [string, number])[];
  /** As on the note, in the order of CHARGE_PARTS. */
  readonly charges: readonly number[];
}

/** Visits every client that traded. Throws PermanentFault when a rate is not known. */
export function eachClientDay(book: TradeBook, tariff: ChargeTariff, visit: (day: ClientDay) => void): void {
  const rows = book.byClient();
  const charges = new NoteCharger(book, tariff);
  const net = new SettlementNets(book);
  for (const [index, client] of rows.clients.entries()) {
    const [from, to] = [rows.starts[index] ?? 0, rows.starts[index + 1] ?? 0];
    visit({ client, trades: to - from, net: net.of(rows, from, to), charges: charges.of(rows, from, to) });
  }
}

/** Nets of one client after another, by settlement. */
class SettlementNets {
  private readonly book: TradeBook;
  private readonly sums: ExactSum[] = [];
  private readonly touched: number[] = [];

  constructor(book: TradeBook) {
    this.book = book;
  }

  of({ rows }: ClientRows, from: number, to: number): [string, number][] {
    const { book, sums, touched } = this;
    touched.length = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i] as number;
      const settlement = book.settlementNumber(row);
      let sum = sums[settlement];
      if (sum === undefined) {
        sum = new ExactSum();
        sums[settlement] = sum;
      }
      if (!touched.includes(settlement)) {
        touched.push(settlement);
        sum.clear();
      }
      sum.addProduct(book.isSell(row) ? 1 : -1, book.quantity(row), book.price(row));
    }
    const nets = touched.map((settlement): [string, number] => [book.settlementText(settlement), paiseOfTickUnits(sums[settlement]?.total ?? 0n)]);
    return nets.length > 1 ? nets.sort(([a], [b]) => (a < b ? -1 : 1)) : nets;
  }
}

/** Charges of one client after another: on a sheet of doubles where that is exact, else by ChargeNote. */
class NoteCharger {
  private readonly book: TradeBook;
  private readonly tariff: ChargeTariff;
  private readonly sheet: NoteSheet;
  private readonly paise = new Float64Array(CHARGE_PARTS.length);
  /** A row of each order opened on the sheet, and its key. */
  private readonly orderRows: number[] = [];
  private readonly orderKeys: number[] = [];

  constructor(book: TradeBook, tariff: ChargeTariff) {
    this.book = book;
    this.tariff = tariff;
    this.sheet = new NoteSheet(tariff);
  }

  of(rows: ClientRows, from: number, to: number): number[] {
    this.sheet.clear();
    this.orderRows.length = 0;
    this.orderKeys.length = 0;
    for (let i = from; i < to; i++) {
      const row = rows.rows[i] as number;
      const key = keyOf(this.book, row);
      const order = this.sheet.countsOrders(key) ? this.orderOf(row, key) : -1;
      this.sheet.add(key, this.book.quantity(row) * this.book.price(row), order);
    }
    if (this.orderRows.length <= ORDERS_MAX && this.sheet.charges(this.paise)) return Array.from(this.paise);
    return this.byNote(rows, from, to);
  }

  /** The order of a row, found among those of its key, newest first. Beyond ORDERS_MAX it no longer matters. */
  private orderOf(row: number, key: ChargeKey): number {
    const { orderRows, orderKeys } = this;
    for (let order = orderRows.length - 1; order >= 0 && orderRows.length <= ORDERS_MAX; order--)
      if (orderKeys[order] === key && this.book.isSameOrder(orderRows[order] as number, row)) return order;
    orderRows.push(row);
    orderKeys.push(key);
    return this.sheet.openOrder(key);
  }

  private byNote({ rows }: ClientRows, from: number, to: number): number[] {
    const note = new ChargeNote(this.tariff);
    for (let i = from; i < to; i++) {
      const trade = this.book.trade(rows[i] ?? 0);
      try {
        note.add(chargedTrade(trade));
      } catch (error) {
        throw error instanceof RateUnknown ? new PermanentFault(`trade ${trade.tradeId} of ${trade.client}: ${error.message}`) : error;
      }
    }
    const charges = note.charges();
    return CHARGE_PARTS.map((part) => charges[part].note);
  }
}

/** Charge key by exchange, kind, product (0 = not known) and side. */
const KEYS: Int16Array = new Int16Array(CHARGE_EXCHANGES.length * CHARGE_SEGMENTS.length * (CHARGE_PRODUCTS.length + 1) * 2);
for (const [e, exchange] of CHARGE_EXCHANGES.entries())
  for (const [s, segment] of CHARGE_SEGMENTS.entries())
    for (const [p, product] of [unknownProduct(segment), ...CHARGE_PRODUCTS].entries())
      for (const [d, side] of (['BUY', 'SELL'] as const).entries())
        KEYS[((e * CHARGE_SEGMENTS.length + s) * (CHARGE_PRODUCTS.length + 1) + p) * 2 + d] = chargeKey({ exchange, segment, product, side });

function keyOf(book: TradeBook, row: number): ChargeKey {
  const [exchange, kind, product] = [book.u8(row, TradeCell.exchange), book.u8(row, TradeCell.kind), book.u8(row, TradeCell.product)];
  return KEYS[((exchange * CHARGE_SEGMENTS.length + kind) * (CHARGE_PRODUCTS.length + 1) + product) * 2 + (book.isSell(row) ? 1 : 0)] as number;
}

/** A trade nobody here knows the product of is delivery in cash and carried in derivatives: what a client may do least about. */
function unknownProduct(kind: BookedTrade['kind']): 'CNC' | 'NRML' {
  return kind === 'EQ' ? 'CNC' : 'NRML';
}

function chargedTrade({ exchange, kind, product, side, quantity, price, order }: BookedTrade): ChargedTrade {
  return {
    exchange,
    segment: kind,
    product: product ?? unknownProduct(kind),
    side: side === 'B' ? 'BUY' : 'SELL',
    quantity,
    price: price * MICROS_PER_TICK,
    orderId: order === '' ? undefined : order,
  };
}

/** Ticks × units as paise, half away from zero. */
export function paiseOfTickUnits(value: bigint): number {
  const size = value < 0n ? -value : value;
  const rounded = Number((size + BigInt(TICK_UNITS_PER_PAISA / 2)) / BigInt(TICK_UNITS_PER_PAISA));
  return value < 0n ? -rounded : rounded;
}

/** Net value of everything that counts in a book, paise: what clients together receive. */
export function netOfBook(book: TradeBook): number {
  const net = new ExactSum();
  for (let row = 0; row < book.rows; row++)
    if (!book.has(row, TradeFlag.CANCELLED)) net.addProduct(book.isSell(row) ? 1 : -1, book.quantity(row), book.price(row));
  return paiseOfTickUnits(net.total);
}

/** A client's day as one line of the notes file. */
export interface NoteLine {
  readonly client: string;
  readonly note: string;
  readonly trades: number;
  /** Pairs of settlement and paise. */
  readonly net: readonly (readonly [string, number])[];
  /** Paise as on the note, in the order of CHARGE_PARTS. */
  readonly charges: readonly number[];
}

/** Line of a client's day; `note` names it. */
export const noteLine = (day: ClientDay, note: string): NoteLine => ({
  client: day.client,
  note,
  trades: day.trades,
  net: day.net,
  charges: day.charges,
});

/** A charge of a line, paise. */
export const chargeOf = ({ charges }: NoteLine, part: ChargePart): number => charges[CHARGE_PARTS.indexOf(part)] ?? 0;
