// Plays the exchange behind the OMS: acknowledges, fills what the market crosses, confirms or refuses changes. Works on a queue of due
// times the caller advances, so a seed and a clock give one course of events. Knows nothing of FIX or of tarazu.

import type { SeededRandom } from '../market-data/seeded-random.ts';
import type { SimulatedMarket } from '../market-data/simulated-market.ts';
import type { OmsOrder } from './oms-order.ts';

/** FIX ExecType(150) of the reports the exchange gives. */
export type ReportKind = 'New' | 'Trade' | 'Canceled' | 'Replaced' | 'Rejected' | 'Expired';

/** One thing the exchange did. */
export interface ExchangeReport {
  readonly kind: ReportKind;
  readonly order: OmsOrder;
  /** The request the report answers: the order's own ClOrdID, or that of a cancel or replace. */
  readonly clOrdId: string;
  readonly origClOrdId: string;
  readonly execId: string;
  readonly tradeId: string;
  readonly lastQuantity: number;
  /** Ticks. */
  readonly lastPrice: number;
  readonly text: string;
}

interface Due {
  readonly at: number;
  readonly act: () => ExchangeReport | null;
}

export class SimulatedExchange {
  private readonly random: SeededRandom;
  private readonly market: SimulatedMarket;
  private readonly report: (report: ExchangeReport) => void;
  /** Has the session ended that an order is for? It expires then. */
  private readonly isOver: (order: OmsOrder) => boolean;
  /** Makes this run's execution and trade ids unlike any earlier run's of the same day. */
  private readonly run: string;
  private due: Due[] = [];
  private readonly lastDue = new WeakMap<OmsOrder, number>();
  private book = new Set<OmsOrder>();
  private serial = 0;

  constructor(
    random: SeededRandom,
    market: SimulatedMarket,
    run: string,
    report: (report: ExchangeReport) => void,
    isOver: (order: OmsOrder) => boolean = () => false,
  ) {
    this.isOver = isOver;
    this.random = random;
    this.market = market;
    this.run = run;
    this.report = report;
  }

  /** An accepted order was routed; `now` in milliseconds. */
  route(order: OmsOrder, now: number): void {
    this.after(order, now, () => {
      if (this.random.chance(0.02)) {
        order.state = 'done';
        return this.says('Rejected', order, order.clOrdId, { text: 'exchange: order entry not allowed now' });
      }
      this.book.add(order);
      return this.says('New', order, order.clOrdId);
    });
  }

  /** An accepted cancel was routed. */
  cancel(order: OmsOrder, cancelId: string, now: number): void {
    this.after(order, now, () => {
      if (!this.book.delete(order)) return this.says('Rejected', order, cancelId, { orig: order.clOrdId, text: 'exchange: too late to cancel' });
      order.state = 'done';
      return this.says('Canceled', order, cancelId, { orig: order.clOrdId });
    });
  }

  /** An accepted replace was routed. */
  replace(order: OmsOrder, replaceId: string, now: number): void {
    this.after(order, now, () => {
      const refused = this.random.chance(0.05) || !this.book.has(order) || order.newQuantity <= order.filled;
      order.pendingId = '';
      if (this.book.has(order)) order.state = 'working';
      if (refused) return this.says('Rejected', order, replaceId, { orig: order.clOrdId, text: 'exchange: cannot be modified' });
      const orig = order.clOrdId;
      order.clOrdId = replaceId;
      order.quantity = order.newQuantity;
      order.price = order.newPrice;
      return this.says('Replaced', order, replaceId, { orig });
    });
  }

  /** Lets due things happen and fills what the market crosses. */
  step(now: number): void {
    const ready = this.due.filter((one) => one.at <= now);
    this.due = this.due.filter((one) => one.at > now);
    for (const one of ready) {
      const report = one.act();
      if (report !== null) this.report(report);
    }
    for (const order of this.book) {
      if (this.isOver(order)) this.expire(order);
      else this.match(order);
    }
  }

  private match(order: OmsOrder): void {
    const price = this.market.price(order.row);
    const crossed = order.market || (order.side === 1 ? order.price >= price : order.price <= price);
    if (!crossed || this.random.chance(0.6)) {
      if (order.immediate && !crossed) this.expire(order);
      return;
    }
    const left = order.quantity - order.filled;
    const lot = this.market.table.lot[order.row] || 1;
    const part = left > lot && this.random.chance(0.4) ? Math.floor(left / lot / 2) * lot || left : left;
    order.filled += part;
    if (order.filled === order.quantity) {
      this.book.delete(order);
      order.state = 'done';
    }
    this.serial += 1;
    this.report(this.says('Trade', order, order.clOrdId, { lastQuantity: part, lastPrice: price, tradeId: `T${this.run}${this.serial}` }));
    if (order.immediate && order.filled < order.quantity) this.expire(order);
  }

  private expire(order: OmsOrder): void {
    this.book.delete(order);
    order.state = 'done';
    this.report(this.says('Expired', order, order.clOrdId));
  }

  /** What is sent about one order comes to pass in the order it was sent: a cancel that overtook its order would leave it in the book for good. */
  private after(order: OmsOrder, now: number, act: () => ExchangeReport | null): void {
    const at = Math.max(now + 2 + this.random.integer(40), this.lastDue.get(order) ?? 0);
    this.lastDue.set(order, at);
    this.due.push({ at, act });
  }

  private says(
    kind: ReportKind,
    order: OmsOrder,
    clOrdId: string,
    more: { orig?: string; text?: string; lastQuantity?: number; lastPrice?: number; tradeId?: string } = {},
  ): ExchangeReport {
    this.serial += 1;
    return {
      kind,
      order,
      clOrdId,
      origClOrdId: more.orig ?? '',
      execId: `X${this.run}${this.serial}`,
      tradeId: more.tradeId ?? '',
      lastQuantity: more.lastQuantity ?? 0,
      lastPrice: more.lastPrice ?? 0,
      text: more.text ?? '',
    };
  }
}
