// What the clients of the demo do: a seeded mix of sound orders, spreads, changes of mind and mistakes. Decides only; sending is the session's work.
import { InstrumentKind, type ParameterTable } from '../../engine/index.ts';
import type { SeededRandom } from '../market-data/seeded-random.ts';
import type { SimulatedMarket } from '../market-data/simulated-market.ts';
import type { OmsOrder } from './oms-order.ts';

/** An order about to be sent. */
export type Intent = Pick<
  OmsOrder,
  'account' | 'row' | 'symbol' | 'segment' | 'side' | 'market' | 'product' | 'immediate' | 'isDealer' | 'fault' | 'quantity' | 'price'
>;

/** One thing a client does. */
export type Action =
  | { readonly kind: 'place'; readonly orders: readonly Intent[] }
  | { readonly kind: 'cancel'; readonly order: OmsOrder }
  | { readonly kind: 'replace'; readonly order: OmsOrder; readonly quantity: number; readonly price: number };

/** Mistakes the mix makes on purpose, with the reject each should meet. */
const FAULTS = ['wrong tick', 'wrong lot', 'oversize', 'unknown account', 'outside the band', 'short without funds'] as const;
type Fault = (typeof FAULTS)[number];

const SEGMENTS: Readonly<Record<number, string>> = { 1: 'NSE', 2: 'NFO', 3: 'CDS', 4: 'BSE', 5: 'BFO', 6: 'BCD', 7: 'MCX' };

/** Exchange segment as SecurityExchange(207) names it; '' for an unknown number. */
export const segmentText = (segment: number): string => SEGMENTS[segment] ?? '';

/** Shares a client has in demat and may sell for delivery. */
export interface Deliverable {
  readonly account: string;
  readonly row: number;
  readonly units: number;
}

/** Who acts. */
export interface Actors {
  readonly accounts: readonly string[];
  /** Those that trade currency and commodity; all when left out. */
  readonly beside?: readonly string[];
  readonly deliverable?: readonly Deliverable[];
  /** Those that may buy with the house's funding (MTF); nobody when left out. */
  readonly funded?: readonly string[];
  /** Units they have from earlier days, bought so; none when left out. */
  readonly lots?: readonly Deliverable[];
  /** Is the T+0 session open? Always closed when left out. */
  readonly isSameDayOpen?: () => boolean;
}

/** Currency and commodity. */
const BESIDE: ReadonlySet<number> = new Set([3, 6, 7]);

const FIRST_SAME_DAY = 2;
/** Purchases with funding that are remembered to be sold. */
const FUNDED_KEPT = 200;

export class Behaviour {
  private readonly random: SeededRandom;
  private readonly market: SimulatedMarket;
  private readonly accounts: readonly string[];
  private readonly beside: readonly string[];
  private deliverable: Deliverable[];
  private readonly funded: readonly string[];
  /** Rows that may be bought with funding. */
  private fundable: readonly number[];
  /** Bought so and filled: each is sold once. */
  private fundedFills: Deliverable[];
  /** What is traded now. */
  private rows: readonly number[];
  private readonly isSameDayOpen: () => boolean;
  private sameDayOrders = 0;

  constructor(random: SeededRandom, market: SimulatedMarket, actors: Actors) {
    const { accounts, beside = accounts, deliverable = [], funded = [], lots = [], isSameDayOpen = () => false } = actors;
    this.funded = funded;
    this.fundedFills = [...lots];
    this.fundable = (market.table.details.funded ?? [])
      .map(([segment, token]) => market.table.find(segment, token))
      .filter((row) => market.rows.includes(row));
    this.isSameDayOpen = isSameDayOpen;
    this.random = random;
    this.market = market;
    this.accounts = accounts;
    this.beside = beside;
    this.deliverable = [...deliverable];
    this.rows = market.rows;
  }

  /** From now on nobody trades in these segments, named as SecurityExchange(207) has them. */
  leave(segments: readonly string[]): void {
    const stays = (row: number): boolean => !segments.includes(segmentText(this.market.table.segment[row] ?? 0));
    this.rows = this.rows.filter(stays);
    this.fundable = this.fundable.filter(stays);
    this.deliverable = this.deliverable.filter(({ row }) => stays(row));
  }

  /** Is anything traded? */
  get isOpen(): boolean {
    return this.rows.length > 0;
  }

  /** The next thing some client does; `working` are orders that can be changed. */
  next(working: readonly OmsOrder[]): Action {
    const draw = this.random.next();
    if (this.tradesSameDay(draw)) return { kind: 'place', orders: [this.sameDay()] };
    if (draw < 0.26) {
      const order = this.random.pick(working);
      if (order?.state === 'working') return draw < 0.15 ? { kind: 'cancel', order } : this.replace(order);
    }
    if (draw < 0.36) return { kind: 'place', orders: [this.faulty(this.random.pick(FAULTS) ?? 'wrong tick')] };
    if (draw < 0.46) return { kind: 'place', orders: this.spread() };
    if (draw < 0.52 && this.deliverable.length > 0) return { kind: 'place', orders: [this.delivery()] };
    if (draw >= 0.6 && draw < 0.68 && this.funded.length > 0 && this.fundable.length > 0) return { kind: 'place', orders: [this.withFunding()] };
    return { kind: 'place', orders: [this.sound(draw > 0.88)] };
  }

  /** Units that an order in MTF bought: some client sells them again. */
  noteFunded(fill: Deliverable): void {
    this.fundedFills.push(fill);
    if (this.fundedFills.length > FUNDED_KEPT) this.fundedFills.shift();
  }

  /** Buys shares with the house's funding, or sells what was bought so. */
  private withFunding(): Intent {
    const [sold] = this.random.chance(0.3) ? this.fundedFills.splice(0, 1) : [];
    if (sold !== undefined) return { ...this.intent(sold.account, sold.row, 2, { market: false, lots: 1 }), product: 'MTF', quantity: sold.units };
    const row = this.random.pick(this.fundable) ?? 0;
    const account = this.random.pick(this.funded) ?? '';
    return { ...this.intent(account, row, 1, { market: false, lots: this.lots(row) }), product: 'MTF' };
  }

  /** A few things in the T+0 session while it is open, two of them before anything else. */
  private tradesSameDay(draw: number): boolean {
    if (this.market.sessionRows.length === 0 || !this.isSameDayOpen()) return false;
    return this.sameDayOrders < FIRST_SAME_DAY || (draw >= 0.54 && draw < 0.6);
  }

  /** Something in the T+0 session, filled at once or not at all: a sale of what somebody has in demat, else a purchase. */
  private sameDay(): Intent {
    this.sameDayOrders += 1;
    const { table, sessionRows } = this.market;
    const homes = new Map((table.details.sameDay ?? []).map(([segment, token, home]) => [table.find(segment, home), table.find(segment, token)]));
    const at = this.deliverable.findIndex(({ row }) => homes.has(row));
    const isSale = at >= 0 && this.random.chance(0.5);
    const [held] = isSale ? this.deliverable.splice(at, 1) : [];
    const row = held === undefined ? this.random.pick(sessionRows) : homes.get(held.row);
    if (row === undefined) return this.sound(false);
    const intent = this.intent(held?.account ?? this.account(row), row, held === undefined ? 1 : 2, { market: true, lots: 1 });
    const quantity = held === undefined ? 1 + this.random.integer(20) : Math.max(1, Math.floor(held.units / 2));
    return { ...intent, product: 'CNC', immediate: true, quantity };
  }

  private replace(order: OmsOrder): Action {
    const { lot } = this.market.table;
    const step = lot[order.row] || 1;
    const quantity = Math.max(order.filled + step, order.quantity + (this.random.chance(0.5) ? step : 0));
    return { kind: 'replace', order, quantity, price: this.nearby(order.row, order.side, 0.004) };
  }

  private sound(market: boolean): Intent {
    const row = this.random.pick(this.rows) ?? 0;
    const side = this.random.chance(0.55) ? 1 : 2;
    return this.intent(this.account(row), row, side, { market, lots: this.lots(row) });
  }

  /** Sells some of what a client has in demat; each holding is offered once. */
  private delivery(): Intent {
    const [chosen] = this.deliverable.splice(this.random.integer(this.deliverable.length), 1);
    if (chosen === undefined) return this.sound(false);
    const intent = this.intent(chosen.account, chosen.row, 2, { market: false, lots: 1 });
    return { ...intent, product: 'CNC', quantity: Math.max(1, Math.floor(chosen.units / (1 + this.random.integer(3)))) };
  }

  /** Buys one option and sells a further one of the same expiry: the sold leg is hedged. */
  private spread(): Intent[] {
    const { rows } = this;
    const { table } = this.market;
    const near = this.random.pick(rows.filter((row) => isOption(table, row)));
    if (near === undefined) return [this.sound(false)];
    const others = rows.filter((row) => row !== near && isOption(table, row) && table.kind[row] === table.kind[near] && sameSeries(table, row, near));
    const far = this.random.pick(others);
    if (far === undefined) return [this.sound(false)];
    const account = this.account(near);
    return [this.intent(account, near, 1, { market: false, lots: 1 }), this.intent(account, far, 2, { market: false, lots: 1 })];
  }

  private faulty(fault: Fault): Intent {
    const { table } = this.market;
    const row = this.random.pick(this.rows.filter((one) => table.kind[one] !== InstrumentKind.EQ)) ?? this.rows[0] ?? 0;
    const lot = table.lot[row] || 1;
    const base = { ...this.intent(this.account(row), row, 1, { market: false, lots: 1 }), fault };
    switch (fault) {
      case 'wrong tick':
        return { ...base, price: base.price + Math.floor((table.tickSize[row] || 500) / 2) };
      case 'wrong lot':
        return { ...base, quantity: lot + 1 };
      case 'oversize':
        return { ...base, quantity: ((table.freezeQuantity[row] ?? 0) > 0 ? Math.floor((table.freezeQuantity[row] ?? 0) / lot) + 1 : 10_000) * lot };
      case 'unknown account':
        return { ...base, account: `X${this.random.integer(9000) + 1000}` };
      case 'outside the band':
        return { ...base, price: Math.round((table.bandHigh[row] ?? 0) / 500) * 500 + 50_000 };
      case 'short without funds':
        return { ...base, side: 2, quantity: lot * Math.max(1, Math.min(30, Math.floor((table.freezeQuantity[row] || lot * 30) / lot))) };
    }
  }

  private intent(account: string, row: number, side: 1 | 2, how: { market: boolean; lots: number }): Intent {
    const { table } = this.market;
    const cash = table.kind[row] === InstrumentKind.EQ;
    const product = !cash ? 'NRML' : side === 2 || this.random.chance(0.5) ? 'MIS' : 'CNC';
    return {
      account,
      row,
      symbol: table.instrumentName(row),
      segment: segmentText(table.segment[row] ?? 0),
      side,
      market: how.market,
      product,
      immediate: how.market && this.random.chance(0.3),
      fault: '',
      quantity: how.lots * (table.lot[row] || 1),
      price: how.market ? 0 : this.nearby(row, side, 0.006),
    };
  }

  private nearby(row: number, side: 1 | 2, spread: number): number {
    const away = (this.random.next() - 0.35) * spread;
    return this.market.onTick(row, this.market.price(row) * (side === 1 ? 1 - away : 1 + away));
  }

  private lots(row: number): number {
    return this.market.table.kind[row] === InstrumentKind.EQ ? 1 + this.random.integer(200) : 1 + this.random.integer(3);
  }

  /** A few clients trade much, most little. */
  private account(row: number): string {
    const able = BESIDE.has(this.market.table.segment[row] ?? 0) ? this.beside : this.accounts;
    return able[Math.floor(this.random.next() ** 2 * able.length)] ?? '';
  }
}

const isOption = (table: ParameterTable, row: number): boolean => table.kind[row] === InstrumentKind.CE || table.kind[row] === InstrumentKind.PE;
const sameSeries = (table: ParameterTable, a: number, b: number): boolean =>
  table.underlying[a] === table.underlying[b] && table.expiry[a] === table.expiry[b];
