// The oracle's state as plain objects: what a slot knows of its accounts. Amounts are BigInt in the unit named; nothing is packed, indexed
// or kept incrementally: every sum is worked out again when it is asked for. Owns no rule.

import type { ParameterTable } from '../../engine/index.ts';
import type { Given, Listed } from './collateral.ts';

/** Terms of an order: units, ticks. `valuation` is the price it is valued at, fixed when the terms were accepted. */
export interface Terms {
  quantity: bigint;
  price: bigint;
  readonly stopPx: bigint;
  readonly displayQuantity: bigint;
  readonly ordType: number;
  valuation: bigint;
}

export type Ending = 'FILLED' | 'CANCELED' | 'REJECTED' | 'EXPIRED';

export interface Order {
  readonly sequence: number;
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly product: number;
  timeInForce: number;
  clOrdId: string;
  terms: Terms;
  filled: bigint;
  /** Ticks x units of all fills. */
  filledValue: bigint;
  confirmed: boolean;
  stuck: boolean;
  /** Time of the last verdict the exchange has to answer. */
  awaitingSince: number;
  /** Slot sequence of that verdict. */
  awaitingSequence: number;
  ending: Ending | undefined;
  pendingReplace: { readonly clOrdId: string; readonly terms: Terms } | undefined;
  pendingCancel: string | undefined;
  /** Part in a cover or bracket order. */
  leg: 'none' | 'entry' | 'stop' | 'released' | 'target';
  /** Of an exit: its entry. */
  readonly entry: Order | undefined;
  /** Of an entry: its exits, open and closed, and what they have closed. */
  readonly exits: Order[];
  exited: bigint;
  /** Of a bracket's entry: ticks from its price to its target. */
  readonly targetWay: number;
  /** Did a dealer enter it? */
  readonly isDealer: boolean;
}

/** Is it an exit? */
export const isExit = (leg: Order['leg']): boolean => leg === 'stop' || leg === 'target';

/** Orders in groups of which one only can fill: two exits of an entry, or an order by itself. */
export function togethers(orders: readonly Order[]): Order[][] {
  const entries = new Set(orders.map(({ entry }) => entry).filter((entry) => entry !== undefined));
  return [
    ...orders.filter(({ entry }) => entry === undefined).map((order) => [order]),
    ...[...entries].map((entry) => orders.filter((order) => order.entry === entry)),
  ];
}

/** What an entry has filled and its exits have not. */
export const uncovered = (entry: Order): bigint => (entry.filled > entry.exited ? entry.filled - entry.exited : 0n);

/** Does an open exit still close something? */
export const isNeeded = ({ leg, ending, entry }: Order): boolean =>
  isExit(leg) && ending === undefined && entry !== undefined && uncovered(entry) > 0n;

/** Is everything the account has working to go? */
export const isStopped = (slot: Slot, account: Account): boolean => slot.firmKilled || account.killed || account.status === 'FROZEN';

export interface Position {
  readonly segment: number;
  readonly token: number;
  /** 0 for a derivative. */
  readonly product: number;
  /** Signed units. */
  units: bigint;
  /** Ticks x units paid for what is held, signed like the units. */
  cost: bigint;
  /** Ticks x units gained by closing today. */
  realised: bigint;
  /** Ticks; 0 = never marked. */
  mark: bigint;
  /** InstrumentKind a table gave it once; undefined until then. */
  kind: number | undefined;
  /** Imported before a table named it: paid for on an earlier day. */
  isCarried?: boolean;
}

export interface Holding {
  readonly segment: number;
  readonly token: number;
  free: bigint;
  pledged: bigint;
  t1: bigint;
}

/** What is left of a day's purchase with the house's money: units, ticks x units, paise. */
export interface Lot {
  readonly segment: number;
  readonly token: number;
  readonly boughtOn: number;
  units: bigint;
  pledged: bigint;
  cost: bigint;
  funded: bigint;
}

export interface Trade {
  readonly position: Position;
  readonly order: Order | undefined;
  readonly side: number;
  quantity: bigint;
  price: bigint;
  busted: boolean;
}

export const LIMIT_NAMES = [
  'maxOrderQuantity',
  'maxOrderValue',
  'maxOpenOrderValue',
  'maxOpenOrders',
  'maxNetQuantity',
  'maxGrossValue',
  'maxTurnover',
  'maxLoss',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** What a ClOrdID was used for, and the order it is about (none for a refused order, or a request that named none). */
export interface UsedId {
  readonly kind: 'PLACE' | 'REPLACE' | 'CANCEL';
  readonly order: Order | undefined;
}

export interface Account {
  readonly account: string;
  status: string;
  segments: ReadonlySet<number>;
  killed: boolean;
  /** Margin use above the marks of the day. */
  alerted: boolean;
  reducing: boolean;
  cash: bigint;
  adhoc: bigint;
  /** Booked by the clearing corporation ahead of the pay-in: units by listing, and paise. */
  readonly early: { readonly delivered: Map<string, bigint>; money: bigint; isTold: boolean };
  cashEquivalent: bigint;
  nonCash: bigint;
  /** Of both, what was given as figures; the rest is what the pieces count for. */
  readonly figures: { cashEquivalent: bigint; nonCash: bigint };
  readonly given: Map<string, Given>;
  /** Ticks x units paid for options today, less received. */
  premium: bigint;
  /** Paise traded today. */
  turnover: bigint;
  readonly limits: Record<LimitName, bigint>;
  /** Paise of funding it is sanctioned; its lots; units and ticks x units of each share it bought so since the last close. */
  sanction: bigint;
  readonly lots: Lot[];
  readonly purchases: Map<string, { readonly units: bigint; readonly value: bigint }>;
  readonly orders: Map<number, Order>;
  readonly usedIds: Map<string, UsedId>;
  readonly positions: Map<string, Position>;
  readonly holdings: Map<string, Holding>;
  readonly trades: Map<string, Trade>;
  /** Snapshots of the day by number/segment. */
  readonly peaks: Map<string, { readonly required: number; readonly available: number; readonly basis: number }>;
}

export interface Policy {
  readonly cashRateFloor: bigint;
  readonly spanMultiplier: bigint;
  readonly maxOrderValue: bigint;
  readonly confirmWithin: number;
  /** Permitted range of a stop-loss, 1/10,000; undefined: no cover orders. */
  readonly cover?: { readonly least: number; readonly most: number } | undefined;
  /** How far a target may be, 1/10,000; undefined: no bracket orders. */
  readonly targetMost?: number | undefined;
  /** Paise one client may have funded; 0 = the house funds nobody. */
  readonly fundingLimit?: bigint;
  /** Marks of margin use in 1/10,000. */
  readonly marks?: { readonly alertAt: number; readonly enterAt: number; readonly leaveBelow: number };
}

/** State of an exchange segment's gate. */
export type Gate = 'OPEN' | 'CLOSED' | 'REDUCE_ONLY' | 'PRE_OPEN';

/** One slot, and the table in force. */
export interface Slot {
  sequence: number;
  time: number;
  table: ParameterTable | undefined;
  /** Table the day began under. */
  opening: ParameterTable | undefined;
  /** Numbers of the margin snapshots taken today. */
  readonly snapshots: Set<number>;
  businessDate: number;
  open: boolean;
  policy: Policy;
  firmKilled: boolean;
  /** Segments that are not open. */
  readonly gates: Map<number, Exclude<Gate, 'OPEN'>>;
  /** What their gates are set to become, and when. */
  readonly scheduled: Map<number, { readonly state: Gate; readonly at: number; readonly hasSession?: boolean }>;
  /** Segments that closed today, and those that have their settlement prices. */
  readonly closed: Set<number>;
  readonly settled: Set<number>;
  readonly accounts: Map<string, Account>;
  /** What securities (by ISIN) and kinds (by name) count for. */
  readonly list: Map<string, Listed>;
  /** Clearing corporations at which the member may only close. */
  readonly reducingAt: Set<string>;
  readonly seen: Map<string, { incarnation: number; number: number }>;
  /** Paise the house may lend all accounts, and what was taken of it, since the numbered command set both. */
  readonly lending: { slice: bigint; used: bigint; number: number; isOn: boolean };
}

/** An empty slot: before the first OpenDay there is no policy, and no requirement is stated. */
export function newSlot(): Slot {
  const policy = { cashRateFloor: 0n, spanMultiplier: 0n, maxOrderValue: 0n, confirmWithin: 0 };
  return {
    sequence: 0,
    time: 0,
    table: undefined,
    opening: undefined,
    snapshots: new Set(),
    businessDate: 0,
    open: false,
    policy,
    firmKilled: false,
    gates: new Map(),
    scheduled: new Map(),
    closed: new Set(),
    settled: new Set(),
    accounts: new Map(),
    list: new Map(),
    reducingAt: new Set(),
    seen: new Map(),
    lending: { slice: 0n, used: 0n, number: 0, isOn: false },
  };
}

/** An account with nothing in it. */
export function newAccount(account: string, status: string, segments: readonly number[]): Account {
  return {
    account,
    status,
    segments: new Set(segments),
    killed: false,
    alerted: false,
    reducing: false,
    cash: 0n,
    adhoc: 0n,
    early: { delivered: new Map(), money: 0n, isTold: false },
    cashEquivalent: 0n,
    nonCash: 0n,
    figures: { cashEquivalent: 0n, nonCash: 0n },
    given: new Map(),
    premium: 0n,
    turnover: 0n,
    limits: {
      maxOrderQuantity: 0n,
      maxOrderValue: 0n,
      maxOpenOrderValue: 0n,
      maxOpenOrders: 0n,
      maxNetQuantity: 0n,
      maxGrossValue: 0n,
      maxTurnover: 0n,
      maxLoss: 0n,
    },
    sanction: 0n,
    lots: [],
    purchases: new Map(),
    orders: new Map(),
    usedIds: new Map(),
    positions: new Map(),
    holdings: new Map(),
    trades: new Map(),
    peaks: new Map(),
  };
}

/** Key of an instrument. */
export const instrumentKey = (segment: number, token: number): string => `${segment}/${token}`;

/** Row of an instrument in the table in force, -1 = none. */
export const rowOf = (slot: Slot, segment: number, token: number): number => slot.table?.find(segment, token) ?? -1;

/** InstrumentKind in the table in force; undefined when no table names it. */
export function kindOf(slot: Slot, segment: number, token: number): number | undefined {
  const row = rowOf(slot, segment, token);
  return row < 0 ? undefined : slot.table?.kind[row];
}

/** Open orders of an account, oldest first. */
export const openOrders = (account: Account): Order[] => [...account.orders.values()].filter((order) => order.ending === undefined);
