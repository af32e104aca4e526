// The exchange's book against one of our lists, trade by trade: what agrees is counted and summed, what differs becomes a break with an owner. The exchange's
// trades lie packed in memory and ours stream past them. Writes into the book only which list knows a trade and the product it was traded in; booking what
// is missing is a person's decision.
import { ExactSum } from './exact-sum.ts';
import { type TradeBook, TradeCell, TradeFlag } from './trade-book.ts';
import { type OwnList, type OwnTrade, TRADE_BREAKS, type TradeBreak, type TradeBreakClass, type TradeSide } from './trade-break.ts';

/** Counts and sums of one side; cancelled trades are not in them. Value in tick-units (ticks × units), exact. */
export interface TradeTotals {
  readonly trades: number;
  readonly quantity: bigint;
  readonly value: bigint;
}

class Totals {
  trades = 0;
  private readonly units = new ExactSum();
  private readonly tickUnits = new ExactSum();

  add(quantity: number, price: number): void {
    this.trades += 1;
    this.units.addProduct(1, quantity, 1);
    this.tickUnits.addProduct(1, quantity, price);
  }

  get totals(): TradeTotals {
    return { trades: this.trades, quantity: this.units.total, value: this.tickUnits.total };
  }
}

/** What a reconciliation found. */
export interface TradeReconciliation {
  readonly ours: TradeTotals;
  readonly theirs: TradeTotals;
  readonly matched: number;
  /** By trade number, side and client: the same whatever order the trades came in. */
  readonly breaks: readonly TradeBreak[];
}

const looseKey = ({ exchange, tradeId, side }: TradeSide): string => `${exchange}|${tradeId}|${side}`;

/** See the file's head. Give each of ours, then take the result. */
export class TradeReconciler {
  private readonly book: TradeBook;
  private readonly list: OwnList;
  private readonly flag: number;
  private readonly strays: OwnTrade[] = [];
  private readonly breaks: TradeBreak[] = [];
  private readonly oursTotal = new Totals();
  private matched = 0;

  constructor(book: TradeBook, list: OwnList) {
    this.book = book;
    this.list = list;
    this.flag = list === 'engine' ? TradeFlag.ENGINE : TradeFlag.OMS;
  }

  /** One of our trades. */
  addOurs(trade: OwnTrade): void {
    if (!trade.isCancelled) this.oursTotal.add(trade.quantity, trade.price);
    const row = this.book.stageKey(trade) ? this.book.findStaged() : -1;
    if (row < 0) {
      this.strays.push(trade);
      return;
    }
    const theirs = this.book.trade(row);
    if (this.book.has(row, this.flag)) {
      this.breakOf('twiceHere', trade, theirs);
      return;
    }
    this.book.raise(row, this.flag);
    this.note(row, trade);
    const difference = differenceOf(trade, theirs);
    if (difference === undefined) this.matched += 1;
    else this.breakOf(difference, trade, theirs);
  }

  /** All trades of a list of ours that lies packed; the products it knows are noted. */
  addBook(ours: TradeBook): void {
    const { book } = this;
    for (let row = 0; row < ours.rows; row++) {
      const theirs = book.findKeyOf(ours, row);
      if (theirs < 0 || book.has(theirs, this.flag) || differs(ours, row, book, theirs)) {
        this.addOurs(ours.trade(row));
        continue;
      }
      this.oursTotal.add(ours.quantity(row), ours.price(row));
      book.raise(theirs, this.flag);
      const product = ours.u8(row, TradeCell.product);
      if (product !== 0) book.bytes[theirs * TradeCell.BYTES + TradeCell.product] = product;
      this.matched += 1;
    }
  }

  /** What was found. Call once, when all is in. */
  result(): TradeReconciliation {
    const byLoose = new Map<string, OwnTrade[]>();
    for (const stray of this.strays) byLoose.set(looseKey(stray), [...(byLoose.get(looseKey(stray)) ?? []), stray]);
    const theirs = new Totals();
    for (let row = 0; row < this.book.rows; row++) {
      if (!this.book.has(row, TradeFlag.CANCELLED)) theirs.add(this.book.quantity(row), this.book.price(row));
      if (!this.book.has(row, this.flag)) this.unknownHere(row, byLoose);
    }
    for (const strays of byLoose.values()) for (const stray of strays) if (!stray.isCancelled) this.breakOf('missingExchange', stray, undefined);
    this.breaks.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    return { ours: this.oursTotal.totals, theirs: theirs.totals, matched: this.matched, breaks: this.breaks };
  }

  /** A trade of the exchange that no trade of ours has the key of. */
  private unknownHere(row: number, byLoose: Map<string, OwnTrade[]>): void {
    const theirs = this.book.trade(row);
    const strays = byLoose.get(looseKey(theirs)) ?? [];
    const ours = strays.shift();
    if (ours !== undefined) this.note(row, ours);
    // A trade both sides count for nothing is no break.
    if (ours === undefined && theirs.isCancelled) return;
    this.breakOf(ours === undefined ? 'missingOurs' : 'client', ours, theirs);
  }

  private note(row: number, { product }: OwnTrade): void {
    if (product !== undefined) this.book.setProduct(row, product);
  }

  private breakOf(kind: TradeBreakClass, ours: TradeSide | undefined, theirs: TradeSide | undefined): void {
    const about = theirs ?? ours;
    if (about === undefined) return;
    const { tradeId, client, side } = about;
    this.breaks.push({
      class: kind,
      list: this.list,
      owner: TRADE_BREAKS[kind].owner,
      tradeId,
      side,
      client,
      ours: plain(ours),
      theirs: plain(theirs),
    });
  }
}

const sortKey = (one: TradeBreak): string => `${one.tradeId}|${one.side}|${one.client}|${one.class}|${one.ours?.client ?? ''}`;

function plain(trade: TradeSide | undefined): TradeSide | undefined {
  if (trade === undefined) return undefined;
  const { exchange, tradeId, side, client, token, quantity, price, isCancelled, order = '' } = trade;
  return { exchange, tradeId, side, client, token, quantity, price, isCancelled, ...(order === '' ? {} : { order }) };
}

/** Is anything about two rows of the same key different, or is one cancelled? */
function differs(ours: TradeBook, row: number, theirs: TradeBook, other: number): boolean {
  return (
    ours.has(row, TradeFlag.CANCELLED) ||
    theirs.has(other, TradeFlag.CANCELLED) ||
    ours.token(row) !== theirs.token(other) ||
    ours.quantity(row) !== theirs.quantity(other) ||
    ours.price(row) !== theirs.price(other)
  );
}

/** First difference that matters; undefined when both say the same. */
function differenceOf(ours: TradeSide, theirs: TradeSide): TradeBreakClass | undefined {
  if (ours.isCancelled !== theirs.isCancelled) return theirs.isCancelled ? 'cancelledThere' : 'cancelledHere';
  if (ours.isCancelled) return undefined;
  if (ours.token !== theirs.token) return 'instrument';
  if (ours.quantity !== theirs.quantity) return 'quantity';
  return ours.price === theirs.price ? undefined : 'price';
}
