// What /v1/feed, the stream's desk and a what-if say of the market data: where it comes from, how old it is, what is stale.

/** One instrument without a fresh price. */
export interface StaleInstrument {
  readonly exchange: string;
  readonly token: number;
  readonly symbol: string;
  /** Seconds since its last good price; null when it never had one. */
  readonly age_seconds: number | null;
}

/** One exchange segment of the feed. */
export interface FeedSegment {
  readonly exchange: string;
  /** Instruments priced, and of them stale. */
  readonly instruments: number;
  readonly stale: number;
  /** Seconds after which a price of this segment is stale. */
  readonly stale_after_seconds: number;
  /** Seconds since the segment's last good tick; null before the first. */
  readonly age_seconds: number | null;
}

/** The state of the market data. */
export interface FeedView {
  /** none: no source is configured, and nothing is called stale. */
  readonly source: 'none' | 'file' | 'generator' | 'ticker';
  readonly state: 'off' | 'connecting' | 'up' | 'down' | 'ended';
  /** A sentence about the state. */
  readonly detail: string;
  /** Seconds since the last good tick; null before the first. */
  readonly age_seconds: number | null;
  readonly stale: boolean;
  readonly segments: readonly FeedSegment[];
  /** The first hundred, oldest first. */
  readonly stale_instruments: readonly StaleInstrument[];
  readonly ticks: number;
  /** Ticks refused, by reason. */
  readonly bad_ticks: Readonly<Record<string, number>>;
  /** Instruments, indices or segments halted. */
  readonly halts: readonly string[];
  /** Underlyings in the ban period, as the source told. */
  readonly bans: readonly string[];
  /** Session of each exchange segment, as the source told: preOpen, open, closed or halted. */
  readonly sessions: Readonly<Record<string, string>>;
}

/** What routes and stream ask of the market data. */
export interface FeedDesk {
  view(): FeedView;
  /** Its last believed price, ticks; undefined before the first. */
  quote(segment: number, token: number): { readonly price: number } | undefined;
  /** Has this instrument no fresh price? False when there is no source at all. */
  isStale(segment: number, token: number): boolean;
}
