// Contract notes of a group out of its segments' reconciled books and their charges, client by client in the order of their codes. The charges are
// those that were computed and booked (EOD-CHARGE-COMPUTE): a note shows them, it does not reckon them again. Obligations of derivatives are the
// premium, and what the closing rate makes of the day's futures; what was carried in is marked in the statement of account.
import { type ChargedTrade, type ChargeTariff, NO_RUPEES, paise, splitGst } from '../../engine/index.ts';
import { SAME_DAY_TYPE } from '../calendar/settlement-windows.ts';
import { chargeOf, type NoteLine } from '../nodes/end-of-day/client-charges.ts';
import type { BookedTrade, ClientRows, TradeBook } from '../recon/trade-book.ts';
import type { Broker } from './broker.ts';
import type { Contact } from './contact-list.ts';
import {
  type ContractNote,
  type NoteGroup,
  type NoteLevies,
  type NoteObligation,
  type NoteSegment,
  type NoteTrade,
  SEGMENTS_OF,
} from './contract-note.ts';
import { noteRows } from './note-rows.ts';
import type { TradeDetails } from './trade-details.ts';
import { tradeLevies } from './trade-levies.ts';

const MICROS_PER_TICK = 100;
const OPTIONS = new Set(['OPT', 'CUR_OPT', 'COM_OPT']);
const isFuture = (segment: NoteSegment, { kind }: BookedTrade): boolean => segment !== 'CM' && !OPTIONS.has(kind);

/** One segment of the day at one exchange. */
export interface SegmentDay {
  readonly segment: NoteSegment;
  readonly book: TradeBook;
  readonly details: TradeDetails;
  readonly lines: ReadonlyMap<string, NoteLine>;
  readonly clearing: string;
  /** Pay-in date, YYYY-MM-DD. */
  readonly payIn: string;
  /** Closing rate of a contract by token, ticks; of contracts the day's price file has. */
  readonly closing: ReadonlyMap<number, number>;
}

/** What all notes of a day share. */
export interface NoteDay {
  readonly date: string;
  readonly broker: Broker;
  readonly tariff: ChargeTariff;
  readonly segments: readonly SegmentDay[];
}

/** A note before it has a number. */
export type UnnumberedNote = Omit<ContractNote, 'number' | 'version' | 'reason'>;

interface ClientSegment {
  readonly day: SegmentDay;
  readonly rows: ClientRows;
  readonly places: ReadonlyMap<string, number>;
}

/** Composes the notes of one group. */
export class NoteComposer {
  readonly group: NoteGroup;
  /** Everybody who traded in the group, sorted. */
  readonly clients: readonly string[];
  private readonly day: NoteDay;
  private readonly segments: readonly ClientSegment[];

  constructor(group: NoteGroup, day: NoteDay) {
    this.group = group;
    this.day = day;
    this.segments = day.segments
      .filter(({ segment }) => SEGMENTS_OF[group].includes(segment))
      .map((one) => {
        const rows = one.book.byClient();
        return { day: one, rows, places: new Map(rows.clients.map((client, i) => [client, i])) };
      });
    this.clients = [...new Set(this.segments.flatMap(({ rows }) => rows.clients))].sort();
  }

  /** The note of a client; without trades when the client has none. Throws RateUnknown. */
  note(contact: Contact): UnnumberedNote {
    const { code, name, pan, address, state } = contact;
    const trades: NoteTrade[] = [];
    const obligations: NoteObligation[] = [];
    const levies: NoteLevies[] = [];
    for (const segment of this.segments) {
      const place = segment.places.get(code);
      const line = segment.day.lines.get(code);
      if (place === undefined || line === undefined) continue;
      const booked = bookedTrades(segment, place);
      trades.push(...noteTrades(booked, segment.day, this.day.tariff));
      obligations.push(...obligationsOf(segment.day, line, booked));
      levies.push(leviesOf(segment.day.segment, line, this.day.broker.state, state));
    }
    const client = { code, name, pan, address, state };
    const rows = noteRows(trades);
    return {
      group: this.group,
      date: this.day.date,
      client,
      trades,
      rows,
      obligations: settledTogether(obligations),
      levies: leviedTogether(levies),
    };
  }
}

/** What several exchanges' trades come to with one clearing corporation in one settlement is one obligation. */
function settledTogether(obligations: readonly NoteObligation[]): NoteObligation[] {
  const sums = new Map<string, NoteObligation>();
  for (const one of obligations) {
    const key = `${one.segment} ${one.clearing} ${one.settlement} ${one.payIn}`;
    sums.set(key, { ...one, amount: one.amount + (sums.get(key)?.amount ?? 0) });
  }
  return [...sums.values()];
}

/** Charges of a segment over its exchanges: each exchange's are rounded for themselves. */
function leviedTogether(levies: readonly NoteLevies[]): NoteLevies[] {
  const sums = new Map<string, NoteLevies>();
  for (const one of levies) {
    const { segment, ...parts } = one;
    const before = sums.get(segment);
    const added = Object.entries(parts).map(([part, amount]) => [part, amount + (before?.[part as keyof typeof parts] ?? 0)]);
    sums.set(segment, { ...one, ...Object.fromEntries(added) });
  }
  return [...sums.values()];
}

interface BookedRow {
  readonly row: number;
  readonly trade: BookedTrade;
}

function bookedTrades({ day, rows }: ClientSegment, place: number): BookedRow[] {
  const [from, to] = [rows.starts[place] ?? 0, rows.starts[place + 1] ?? 0];
  return [...rows.rows.subarray(from, to)].map((row) => ({ row, trade: day.book.trade(row) }));
}

/** A trade nobody here knows the product of is charged as the charges step did: delivery in cash, carried in derivatives. */
function charged({ exchange, kind, product, side, quantity, price, order }: BookedTrade): ChargedTrade {
  const assumed = kind === 'EQ' ? 'CNC' : 'NRML';
  const orderId = order === '' ? undefined : order;
  return {
    exchange,
    segment: kind,
    product: product ?? assumed,
    side: side === 'B' ? 'BUY' : 'SELL',
    quantity,
    price: price * MICROS_PER_TICK,
    orderId,
  };
}

function noteTrades(booked: readonly BookedRow[], { segment, details, closing }: SegmentDay, tariff: ChargeTariff): NoteTrade[] {
  const levies = tradeLevies(
    booked.map(({ trade }) => charged(trade)),
    tariff,
  );
  return booked.flatMap(({ row, trade }, i) => {
    const { exchange, token, settlement, order, tradeId, side, quantity, price, product } = trade;
    const { name, isin } = details.instrument(exchange, token);
    const own = levies[i];
    if (own === undefined) return [];
    return {
      segment,
      exchange,
      settlement: settlement.trim(),
      order,
      orderTime: details.orderTime(row),
      tradeId,
      tradeTime: details.tradeTime(row),
      security: name,
      isin,
      side,
      quantity,
      price,
      isFuture: isFuture(segment, trade),
      closing: closing.get(token) ?? 0,
      levies: own,
      isDelivery: segment === 'CM' && side === 'B' && product !== 'MIS',
      isSameDay: segment === 'CM' && settlement.startsWith(`${SAME_DAY_TYPE} `),
    };
  });
}

/** Cash settles in full, as the charges step booked it; of derivatives the premium does, and what the closing rate makes of futures. */
function obligationsOf({ segment, clearing, payIn, closing }: SegmentDay, line: NoteLine, booked: readonly BookedRow[]): NoteObligation[] {
  if (segment === 'CM') return line.net.map(([settlement, amount]) => ({ segment, clearing, settlement: settlement.trim(), payIn, amount }));
  const sums = new Map<string, bigint>();
  for (const { trade } of booked) {
    const { side, quantity, price, token } = trade;
    const isMarked = isFuture(segment, trade);
    const rate = isMarked ? closing.get(token) : 0;
    if (rate === undefined) continue;
    const value = BigInt(quantity) * BigInt(price - rate);
    const name = isMarked ? 'Futures of the day at closing rate' : 'Option premium';
    sums.set(name, (sums.get(name) ?? 0n) + (side === 'S' ? value : -value));
  }
  return [...sums]
    .sort(([a], [b]) => (a > b ? -1 : 1))
    .map(([settlement, value]) => ({ segment, clearing, settlement, payIn, amount: paiseOf(value) }));
}

/** Ticks × units as paise, half away from zero. */
function paiseOf(value: bigint): number {
  const size = value < 0n ? -value : value;
  const rounded = Number((size + 50n) / 100n);
  return value < 0n ? -rounded : rounded;
}

function leviesOf(segment: NoteSegment, line: NoteLine, memberState: string, clientState: string): NoteLevies {
  const { cgst, sgst, igst } = splitGst({ exact: NO_RUPEES, note: paise(chargeOf(line, 'gst')) }, memberState, clientState);
  return {
    segment,
    brokerage: chargeOf(line, 'brokerage'),
    stt: chargeOf(line, 'stt'),
    exchange: chargeOf(line, 'exchange'),
    ipft: chargeOf(line, 'ipft'),
    sebi: chargeOf(line, 'sebi'),
    stamp: chargeOf(line, 'stamp'),
    cgst: cgst.note,
    sgst: sgst.note,
    igst: igst.note,
  };
}
