// What a source of market data is, and what it tells. Prices are integer ticks of 1/10,000 rupee, quantities units, times milliseconds since 1970.
// Sources deliver what they were sent: judging a tick is the filter's work, not theirs.

/** Ten 3-number levels, five bids then five offers: quantity, price in ticks, orders. */
export const DEPTH_NUMBERS = 30;
/** Segment number of indices, beside ExchangeSegment (Kite's instrument token numbers it so). */
export const INDEX_SEGMENT = 9;

/** One instrument's news, valid inside the call only: sources reuse it. Zero or NaN-free zeros mean "not given". */
export interface Tick {
  segment: number;
  token: number;
  /** Last traded price. */
  price: number;
  /** Exchange's time; 0 = not given. */
  time: number;
  open: number;
  high: number;
  low: number;
  /** Previous close. */
  close: number;
  volume: number;
  openInterest: number;
  hasDepth: boolean;
  /** DEPTH_NUMBERS numbers; meaningful with hasDepth. */
  readonly depth: Float64Array;
}

/** A tick with nothing in it. */
export function emptyTick(): Tick {
  return {
    segment: 0,
    token: 0,
    price: 0,
    time: 0,
    open: 0,
    high: 0,
    low: 0,
    close: 0,
    volume: 0,
    openInterest: 0,
    hasDepth: false,
    depth: new Float64Array(DEPTH_NUMBERS),
  };
}

/** What the exchange says beside prices. */
export type MarketNews =
  /** New price band of an instrument, ticks; 0 = none on that side. */
  | { readonly type: 'band'; readonly segment: number; readonly token: number; readonly low: number; readonly high: number }
  /** An underlying enters or leaves the ban period. */
  | { readonly type: 'ban'; readonly underlying: string; readonly banned: boolean }
  | { readonly type: 'session'; readonly segment: number; readonly state: SessionState }
  /** A market-wide halt by an index, or its end. */
  | { readonly type: 'halt'; readonly index: string; readonly halted: boolean };

export type SessionState = 'preOpen' | 'open' | 'closed' | 'halted';

/** Where a source puts what it has. */
export interface MarketDataSink {
  tick(tick: Tick): void;
  news(news: MarketNews): void;
  /** Something that could not be read, with its place; the source goes on. */
  fault(problem: string): void;
}

/** An instrument by its exchange's name for it. */
export interface InstrumentName {
  readonly segment: number;
  readonly token: number;
}

/** A source of market data. */
export interface MarketDataPort {
  readonly kind: 'file' | 'generator' | 'ticker';
  readonly state: 'connecting' | 'up' | 'down' | 'ended';
  /** A sentence about the state. */
  readonly detail: string;
  /** Counts worth a metric, by name: reconnects, malformed packets, unreadable lines. */
  readonly counters: Readonly<Record<string, number>>;
  /** Begins to deliver. Does not wait for the first tick, and does not reject because the other side is down: it keeps trying. */
  start(sink: MarketDataSink): void;
  /** The instruments that are of interest now; sources that deliver everything ignore it. */
  want(instruments: readonly InstrumentName[]): void;
  /** Ends delivery. Idempotent. */
  stop(): Promise<void>;
}
