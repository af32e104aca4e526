// The order management system of the demo: clients behave, tarazu judges, the exchange plays. It holds its own book by ClOrdID, forwards what was
// accepted and reports back what the exchange did. Speaks through a port, so that a test needs no socket.

import { ExchangeSegment } from '../../engine/index.ts';
import { SeededRandom } from '../market-data/seeded-random.ts';
import { isOfSession, type SimulatedMarket } from '../market-data/simulated-market.ts';
import { OrderTag } from '../risk/custom-tags.ts';
import { type Action, Behaviour, type Deliverable, type Intent } from './behaviour.ts';
import { IntradayBook } from './intraday-book.ts';
import { cancelRequest, executionReport, type Fields, newOrder, replaceRequest, statusRequest } from './oms-messages.ts';
import type { OmsOrder } from './oms-order.ts';
import { OmsCounters } from './oms-view.ts';
import { type ExchangeReport, SimulatedExchange } from './simulated-exchange.ts';
import { changeLine, orderWords, paiseOf, type TagReader, verdictLine } from './verdict-words.ts';

/** How the OMS reaches the other side and the clock. */
export interface OmsPort {
  /** Sends one application message; false when the session is down (the order is then not placed). */
  send(type: 'D' | 'G' | 'F' | 'H' | '8', body: Fields): boolean;
  /** Milliseconds, monotonic. */
  now(): number;
  /** UTC timestamp for TransactTime(60). */
  time(): string;
}

/** What an OMS run is made of. */
export interface OmsOptions {
  readonly seed: number;
  readonly market: SimulatedMarket;
  readonly accounts: readonly string[];
  /** Those that trade currency and commodity; all when left out. */
  readonly beside?: readonly string[];
  /** Holdings that clients may sell; none when left out. */
  readonly deliverable?: readonly Deliverable[];
  /** Those that may buy with the house's funding (MTF); nobody when left out. */
  readonly funded?: readonly string[];
  /** Units they have from earlier days, bought so; none when left out. */
  readonly lots?: readonly Deliverable[];
  /** Is the T+0 session open? Always closed when left out. */
  readonly isSameDayOpen?: () => boolean;
  /** Is shown every trade. */
  readonly onTrade?: (report: ExchangeReport) => void;
  /** Short text that sets this run's ids apart from those of earlier runs on the same day. */
  readonly run: string;
  /** yyyymmdd for TradeDate(75). */
  readonly tradeDate: string;
}

const CODE_NAME_TAG = 10100;

export class SimulatedOms {
  readonly counters: OmsCounters = new OmsCounters();
  private readonly port: OmsPort;
  private readonly options: OmsOptions;
  private readonly behaviour: Behaviour;
  private readonly exchange: SimulatedExchange;
  /** By every ClOrdID that an answer may name. */
  private readonly orders = new Map<string, OmsOrder>();
  private readonly intraday = new IntradayBook();
  /** What waits for the answer to a question, by its ClOrdID. */
  private readonly questions = new Map<string, () => void>();
  private working: OmsOrder[] = [];
  private serial = 0;
  private isClosing = false;

  constructor(options: OmsOptions, port: OmsPort) {
    this.options = options;
    this.port = port;
    const random = new SeededRandom(options.seed);
    this.behaviour = new Behaviour(random, options.market, options);
    const { market, isSameDayOpen = () => false } = options;
    const report = (one: ExchangeReport): void => {
      if (one.kind === 'Trade') this.traded(one);
      if (one.kind === 'Replaced') this.orders.set(one.clOrdId, one.order);
      this.port.send('8', executionReport(one, this.port.time(), this.options.tradeDate));
    };
    const isOver = ({ row }: OmsOrder): boolean => isOfSession(market.table, row) && !isSameDayOpen();
    this.exchange = new SimulatedExchange(new SeededRandom(options.seed ^ 0x5eed), market, options.run, report, isOver);
  }

  /** Orders that can be changed now. */
  get workingOrders(): number {
    return this.working.length;
  }

  /**
   * From now on nobody trades in the segments (in any, unless they are named): withdraws orders, then closes at market what was held for the day;
   * clients do nothing else meanwhile. True when nothing is left there; else to be called again.
   */
  windDown(segments?: readonly string[]): boolean {
    this.isClosing = true;
    if (segments !== undefined) this.behaviour.leave(segments);
    const ends = ({ segment }: { readonly segment: string }): boolean => segments === undefined || segments.includes(segment);
    for (const order of this.working) if (order.state === 'working' && ends(order)) this.change({ kind: 'cancel', order });
    if ([...this.orders.values()].some((order) => order.state !== 'done' && ends(order))) return false;
    const closing = this.intraday.closing().filter(ends);
    for (const intent of closing) this.place(intent);
    if (closing.length === 0 && segments !== undefined) this.isClosing = false;
    return closing.length === 0;
  }

  /**
   * Resolves when the other side has read everything that was sent: it has answered what was sent last, a question after an order there is none of.
   * Also when the session is down.
   */
  heard(): Promise<void> {
    const clOrdId = this.nextId();
    return new Promise((resolve) => {
      this.questions.set(clOrdId, resolve);
      if (!this.port.send('H', statusRequest(clOrdId, this.options.accounts[0] ?? ''))) this.answered(clOrdId);
    });
  }

  /** The session is down: nobody answers any more. */
  sessionEnded(): void {
    for (const clOrdId of this.questions.keys()) this.answered(clOrdId);
  }

  /** What keeps the day from being wound down, for people: orders by state, and positions of the day. */
  get unfinished(): string {
    const open = [...new Set(this.orders.values())].filter(({ state }) => state !== 'done').map(({ clOrdId, state }) => `${clOrdId} ${state}`);
    const held = this.intraday.closing().map(({ account, symbol, quantity }) => `${account} ${quantity} ${symbol}`);
    return `orders ${open.join(', ') || 'none'}; to close ${held.join(', ') || 'nothing'}`;
  }

  /** One client does one thing. */
  act(): void {
    if (!this.isClosing && this.behaviour.isOpen) this.perform(this.behaviour.next(this.working));
  }

  /** The exchange and the market move on. */
  step(): void {
    this.exchange.step(this.port.now());
    this.working = this.working.filter((order) => order.state !== 'done');
    // What is over is remembered a while, for answers still on their way.
    if (this.orders.size > 20_000) for (const [id, order] of this.orders) if (order.state === 'done') this.orders.delete(id);
  }

  /** A report (8), a cancel reject (9) or a business reject (j) came; `reason` names a reject code in words. */
  receive(tag: TagReader, reason: (code: number) => string): void {
    const type = tag(35);
    const now = this.port.now();
    if (type === 'D' || type === 'F') {
      if (type === 'D') this.takeOrder(tag, now);
      else this.takeCancel(tag, now);
      return;
    }
    this.answered(tag(11));
    const order = this.orders.get(tag(11) || tag(379));
    if (order === undefined) return;
    if (tag(10103) !== '') {
      const rejected = tag(150) === '8' || type === '9';
      const requirement = paiseOf(tag(rejected ? 10101 : 10102));
      this.counters.marginOf({ account: order.account, requirement, available: paiseOf(tag(10103)) });
    }
    if (type === 'j') {
      order.state = 'done';
      this.counters.verdict(
        { accepted: false, text: `REFUSED   ${order.account} ${orderWords(order)}: ${tag(58)}` },
        now - order.sentAt,
        now,
        'busy or malformed',
      );
    } else if (tag(150) === '6' && order.state !== 'canceling') this.exchange.cancel(order, order.clOrdId, now);
    else if (type === '9' || tag(150) === '6' || tag(150) === 'E') this.changeVerdict(order, tag, reason, now);
    else if (order.state === 'sent' && (tag(150) === '0' || tag(150) === '8')) this.orderVerdict(order, tag, reason, now);
  }

  /** An order of the house, accepted already: it goes to the exchange as it is. */
  private takeOrder(tag: TagReader, now: number): void {
    const { table } = this.options.market;
    const segment = ExchangeSegment[tag(207) as keyof typeof ExchangeSegment] ?? 0;
    const order: OmsOrder = {
      account: tag(1),
      row: table.find(segment, Number(tag(48))),
      symbol: tag(55),
      segment: tag(207),
      side: tag(54) === '1' ? 1 : 2,
      market: tag(40) === '1',
      product: tag(OrderTag.product),
      immediate: tag(59) === '3',
      fault: '',
      clOrdId: tag(11),
      pendingId: '',
      orderId: tag(526),
      quantity: Number(tag(38)),
      price: Math.round(Number(tag(44)) * 10_000),
      newQuantity: 0,
      newPrice: 0,
      filled: 0,
      state: 'working',
      sentAt: now,
    };
    if (order.row < 0) return;
    this.orders.set(order.clOrdId, order);
    this.exchange.route(order, now);
  }

  /** The house wants an order gone; ours or its own. */
  private takeCancel(tag: TagReader, now: number): void {
    const order = this.orders.get(tag(41));
    if (order !== undefined) this.exchange.cancel(order, tag(11), now);
  }

  private answered(clOrdId: string): void {
    this.questions.get(clOrdId)?.();
    this.questions.delete(clOrdId);
  }

  private traded(report: ExchangeReport): void {
    this.counters.fills += 1;
    const { account, row, side, product } = report.order;
    this.intraday.filled(report.order, report.lastQuantity);
    if (product === 'MTF' && side === 1) this.behaviour.noteFunded({ account, row, units: report.lastQuantity });
    this.options.onTrade?.(report);
  }

  private orderVerdict(order: OmsOrder, tag: TagReader, reason: (code: number) => string, now: number): void {
    const line = verdictLine(order, tag);
    order.orderId = tag(37);
    this.counters.verdict(line, now - order.sentAt, now, reason(Number(tag(CODE_NAME_TAG))));
    if (line.accepted) {
      order.state = 'working';
      this.working.push(order);
      this.exchange.route(order, now);
      this.counters.someOrder = order.orderId;
      this.counters.someAccount = order.account;
    } else {
      order.state = 'done';
      // A rejected order has no OrderID; its ExecID names the same place in the journal.
      this.counters.someRejected = tag(17).replace(':', '-');
    }
  }

  private changeVerdict(order: OmsOrder, tag: TagReader, reason: (code: number) => string, now: number): void {
    const requestId = tag(11);
    const canceling = order.state === 'canceling';
    const line = changeLine(order, canceling ? 'cancel' : 'replace', tag);
    this.counters.verdict(line, now - order.sentAt, now, reason(Number(tag(CODE_NAME_TAG))));
    if (!line.accepted) {
      order.pendingId = '';
      if (order.state !== 'done') order.state = 'working';
    } else if (canceling) this.exchange.cancel(order, requestId, now);
    else this.exchange.replace(order, requestId, now);
  }

  private perform(action: Action): void {
    if (action.kind === 'place') for (const intent of action.orders) this.place(intent);
    else this.change(action);
  }

  private place(intent: Intent): void {
    const clOrdId = this.nextId();
    const order: OmsOrder = {
      ...intent,
      clOrdId,
      pendingId: '',
      orderId: '',
      newQuantity: 0,
      newPrice: 0,
      filled: 0,
      state: 'sent',
      sentAt: this.port.now(),
    };
    this.orders.set(clOrdId, order);
    if (this.port.send('D', newOrder(intent, clOrdId, this.port.time()))) this.counters.sent += 1;
    else this.orders.delete(clOrdId);
  }

  private change(action: Exclude<Action, { kind: 'place' }>): void {
    const { order } = action;
    if (order.market && action.kind === 'replace') return;
    const requestId = this.nextId();
    const time = this.port.time();
    const body = action.kind === 'cancel' ? cancelRequest(order, requestId, time) : replaceRequest(order, requestId, action, time);
    order.sentAt = this.port.now();
    if (!this.port.send(action.kind === 'cancel' ? 'F' : 'G', body)) return;
    this.counters.sent += 1;
    order.pendingId = requestId;
    this.orders.set(requestId, order);
    order.state = action.kind === 'cancel' ? 'canceling' : 'replacing';
    if (action.kind === 'replace') {
      order.newQuantity = action.quantity;
      order.newPrice = action.price;
    }
  }

  private nextId(): string {
    this.serial += 1;
    return `${this.options.run}-${this.serial}`;
  }
}
