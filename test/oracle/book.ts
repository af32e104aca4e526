// The oracle's state as plain objects: what a slot knows of its accounts. Amounts are BigInt in the unit named; nothing is packed, indexed
// or kept incrementally. Owns no rule.

/** Terms of an order as sent: units and ticks. */
export interface Terms {
  readonly quantity: bigint;
  readonly price: bigint;
  readonly stopPx: bigint;
  readonly displayQuantity: bigint;
  readonly ordType: number;
}

export type Ending = 'FILLED' | 'CANCELED' | 'REJECTED' | 'EXPIRED';

export interface Order {
  readonly sequence: number;
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly product: number;
  readonly timeInForce: number;
  readonly algoId: number;
  readonly destination: number;
  readonly acceptedAt: number;
  clOrdId: string;
  terms: Terms;
  filled: bigint;
  /** Ticks x units of all fills. */
  filledValue: bigint;
  confirmed: boolean;
  stuck: boolean;
  ending: Ending | undefined;
  pendingReplace: { clOrdId: string; terms: Terms } | undefined;
  pendingCancel: string | undefined;
}

export interface Position {
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  /** Signed units. */
  units: bigint;
  /** Ticks x units, signed like the units: what was paid for what is still held. */
  cost: bigint;
}

export interface Holding {
  readonly segment: number;
  readonly token: number;
  free: bigint;
  pledged: bigint;
  t1: bigint;
}

export interface Trade {
  readonly key: string;
  readonly tradeId: string;
  readonly order: number;
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  readonly side: number;
  quantity: bigint;
  price: bigint;
  canceled: boolean;
}

export interface Limits {
  maxOrderQuantity: bigint;
  maxOrderValue: bigint;
  maxOpenOrderValue: bigint;
  maxOpenOrders: bigint;
  maxNetQuantity: bigint;
  maxGrossValue: bigint;
  maxTurnover: bigint;
}

export interface Account {
  readonly account: string;
  status: 'ACTIVE' | 'FROZEN' | 'REDUCE_ONLY' | 'CLOSED';
  segments: ReadonlySet<number>;
  killed: boolean;
  cash: bigint;
  adhoc: bigint;
  cashEquivalent: bigint;
  nonCash: bigint;
  /** Paise paid for options bought less received for options sold, today. */
  premium: bigint;
  /** Paise realised today. */
  realised: bigint;
  /** Paise traded today. */
  turnover: bigint;
  limits: Limits;
  readonly orders: Map<number, Order>;
  readonly usedIds: Map<string, number>;
  readonly positions: Map<string, Position>;
  readonly holdings: Map<string, Holding>;
  readonly trades: Map<string, Trade>;
}

/** One slot. */
export interface Slot {
  readonly slot: number;
  sequence: number;
  time: number;
  parametersHash: string;
  day: { businessDate: number; cashRateFloor: bigint; spanMultiplier: bigint; maxOrderValue: bigint; confirmWithin: number } | undefined;
  firmKilled: boolean;
  readonly accounts: Map<string, Account>;
  readonly marks: Map<string, bigint>;
  /** Highest number seen per origin, and its incarnation. */
  readonly seen: Map<string, { incarnation: number; number: number }>;
}

/** Key of an instrument. */
export const instrumentKey = (segment: number, token: number): string => `${segment}/${token}`;
