// A segment's trades as what each client owes: net of every settlement, and the charges of the note, client by client in the order of their codes, one client in
// memory at a time. Pure; figures of a million trades fit in one array.
import {
  CHARGE_PARTS,
  type ChargedTrade,
  ChargeNote,
  type ChargePart,
  type ChargeTariff,
  type NoteCharges,
  RateUnknown,
} from '../../../engine/index.ts';
import { type BookedTrade, type ClientRows, type TradeBook, TradeFlag } from '../../recon/trade-book.ts';
import { PermanentFault } from '../../runner/index.ts';

const MICROS_PER_TICK = 100;
const TICK_UNITS_PER_PAISA = 100;

/** One client's day in a segment. Amounts in paise; above zero the client receives. */
export interface ClientDay {
  readonly client: string;
  readonly trades: number;
  /** Net of each settlement, by "TYPE NUMBER" as the file has them. */
  readonly net: ReadonlyMap<string, number>;
  readonly charges: NoteCharges;
}

/** Visits every client that traded. Throws PermanentFault when a rate is not known. */
export function eachClientDay(book: TradeBook, tariff: ChargeTariff, visit: (day: ClientDay) => void): void {
  const rows = book.byClient();
  for (const [index, client] of rows.clients.entries()) visit(clientDay(book, tariff, rows, index, client));
}

function clientDay(book: TradeBook, tariff: ChargeTariff, { starts, rows }: ClientRows, index: number, client: string): ClientDay {
  const note = new ChargeNote(tariff);
  const net = new Map<string, bigint>();
  const [from, to] = [starts[index] ?? 0, starts[index + 1] ?? 0];
  for (let i = from; i < to; i++) {
    const trade = book.trade(rows[i] ?? 0);
    const value = BigInt(trade.quantity) * BigInt(trade.price);
    net.set(trade.settlement, (net.get(trade.settlement) ?? 0n) + (trade.side === 'S' ? value : -value));
    try {
      note.add(chargedTrade(trade));
    } catch (error) {
      throw error instanceof RateUnknown ? new PermanentFault(`trade ${trade.tradeId} of ${client}: ${error.message}`) : error;
    }
  }
  const settled = new Map([...net].map(([settlement, value]) => [settlement, paiseOfTickUnits(value)]));
  return { client, trades: to - from, net: settled, charges: note.charges() };
}

/** A trade nobody here knows the product of is delivery in cash and carried in derivatives: what a client may do least about. */
function chargedTrade({ exchange, kind, product, side, quantity, price, order }: BookedTrade): ChargedTrade {
  return {
    exchange,
    segment: kind,
    product: product ?? (kind === 'EQ' ? 'CNC' : 'NRML'),
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
  let net = 0n;
  for (let row = 0; row < book.rows; row++) {
    if (book.has(row, TradeFlag.CANCELLED)) continue;
    const value = BigInt(book.quantity(row)) * BigInt(book.price(row));
    net += book.trade(row).side === 'S' ? value : -value;
  }
  return paiseOfTickUnits(net);
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
export const noteLine = ({ client, trades, net, charges }: ClientDay, note: string): NoteLine => ({
  client,
  note,
  trades,
  net: [...net].sort(([a], [b]) => (a < b ? -1 : 1)),
  charges: CHARGE_PARTS.map((part) => charges[part].note),
});

/** A charge of a line, paise. */
export const chargeOf = ({ charges }: NoteLine, part: ChargePart): number => charges[CHARGE_PARTS.indexOf(part)] ?? 0;
