// Our trades against the exchange's, trade by trade: what agrees is counted and summed, what differs becomes a break with an owner. Holds ours in
// memory by key and streams theirs, so that a day of a million trades costs one map. Changes nothing: booking what is missing is a person's decision.
import { TRADE_BREAKS, type TradeBreak, type TradeBreakClass, type TradeSide } from './trade-break.ts';

/** Counts and sums of one side; cancelled trades are not in them. Value in tick-units (ticks × units), exact. */
export interface TradeTotals {
  trades: number;
  quantity: bigint;
  value: bigint;
}

/** What a reconciliation found. */
export interface TradeReconciliation {
  readonly ours: TradeTotals;
  readonly theirs: TradeTotals;
  readonly matched: number;
  /** In the order of the exchange's file, then ours by key. */
  readonly breaks: readonly TradeBreak[];
}

const keyOf = ({ exchange, tradeDate, tradeId, side, client }: TradeSide): string => `${exchange}|${tradeDate}|${tradeId}|${side}|${client}`;
/** The same trade whoever it stands under. */
const looseKeyOf = ({ exchange, tradeDate, tradeId, side }: TradeSide): string => `${exchange}|${tradeDate}|${tradeId}|${side}`;

/** See the file's head. Give ours first, then each of theirs, then take the result. */
export class TradeReconciler {
  private readonly ours = new Map<string, TradeSide>();
  private readonly byLoose = new Map<string, string[]>();
  private readonly unmatched: TradeSide[] = [];
  private readonly breaks: TradeBreak[] = [];
  private readonly oursTotal: TradeTotals = { trades: 0, quantity: 0n, value: 0n };
  private readonly theirsTotal: TradeTotals = { trades: 0, quantity: 0n, value: 0n };
  private matched = 0;

  /** One of our trades. Throws RangeError when it was given before: our own book must not hold a trade twice. */
  addOurs(trade: TradeSide): void {
    const key = keyOf(trade);
    if (this.ours.has(key)) throw new RangeError(`trade ${key} stands twice in our own book`);
    this.ours.set(key, trade);
    const loose = looseKeyOf(trade);
    const keys = this.byLoose.get(loose);
    if (keys === undefined) this.byLoose.set(loose, [key]);
    else keys.push(key);
    addTo(this.oursTotal, trade);
  }

  /** One of the exchange's. */
  addTheirs(trade: TradeSide): void {
    addTo(this.theirsTotal, trade);
    const key = keyOf(trade);
    const ours = this.ours.get(key);
    if (ours === undefined) {
      this.unmatched.push(trade);
      return;
    }
    this.ours.delete(key);
    const difference = differenceOf(ours, trade);
    if (difference === undefined) this.matched += 1;
    else this.breakOf(difference, ours, trade);
  }

  /** What was found. Call once, when all is in. */
  result(): TradeReconciliation {
    for (const theirs of this.unmatched) {
      const other = (this.byLoose.get(looseKeyOf(theirs)) ?? []).find((key) => this.ours.has(key));
      const ours = other === undefined ? undefined : this.ours.get(other);
      if (other !== undefined) this.ours.delete(other);
      // A trade both sides count for nothing is no break.
      if (ours === undefined && theirs.isCancelled) continue;
      this.breakOf(ours === undefined ? 'missingOurs' : 'client', ours, theirs);
    }
    for (const [, ours] of [...this.ours].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (!ours.isCancelled) this.breakOf('missingExchange', ours, undefined);
    return { ours: this.oursTotal, theirs: this.theirsTotal, matched: this.matched, breaks: this.breaks };
  }

  private breakOf(kind: TradeBreakClass, ours: TradeSide | undefined, theirs: TradeSide | undefined): void {
    const { tradeId, client } = theirs ?? ours ?? { tradeId: '', client: '' };
    this.breaks.push({ class: kind, owner: TRADE_BREAKS[kind].owner, tradeId, client, ours, theirs });
  }
}

function addTo(total: TradeTotals, { quantity, price, isCancelled }: TradeSide): void {
  if (isCancelled) return;
  total.trades += 1;
  total.quantity += BigInt(quantity);
  total.value += BigInt(quantity) * BigInt(price);
}

/** First difference that matters; undefined when both say the same. */
function differenceOf(ours: TradeSide, theirs: TradeSide): TradeBreakClass | undefined {
  if (ours.isCancelled !== theirs.isCancelled) return theirs.isCancelled ? 'cancelledThere' : 'cancelledHere';
  if (ours.isCancelled) return undefined;
  if (ours.token !== theirs.token) return 'instrument';
  if (ours.quantity !== theirs.quantity) return 'quantity';
  return ours.price === theirs.price ? undefined : 'price';
}
