// Writes the commands of a random, hostile day one by one: an order management system that races, repeats itself and makes
// mistakes, and an operations desk that changes limits under it. It looks at the orders the oracle knows, so that what it sends is mostly
// to the point. Same seed, same day.
import { ExchangeSegment, ExecType, OrdType, type ParameterTable, Side, TimeInForce } from '../../engine/index.ts';
import type { Fields, Origin, PlainCommand } from './commands.ts';
import { coverFields } from './cover-script.ts';
import { type DayInProgress, endOfDay, openNextDay, randomOperation } from './desk-script.ts';
import { fundedFields } from './funding-script.ts';
import type { Random } from './random.ts';

/** What the script needs to know of an order. */
export interface KnownOrder {
  readonly account: string;
  readonly sequence: number;
  readonly clOrdId: string;
  readonly pendingReplace: string;
  readonly pendingCancel: string;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly ordType: number;
  readonly timeInForce: number;
  readonly product: number;
  readonly quantity: number;
  readonly filled: number;
  readonly price: number;
  readonly open: boolean;
  /** Part in a cover or bracket order, what an entry has filled and its exits have not, and which exits of it work. */
  readonly leg: string;
  readonly uncovered: number;
  readonly exits: readonly string[];
}

/** A position that is not flat. */
export interface KnownPosition {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  readonly units: number;
}

/** Everything that stays the same through one day. */
export interface DaySetting {
  readonly accounts: readonly string[];
  readonly tables: readonly { readonly hash: string; readonly table: ParameterTable }[];
  readonly businessDate: number;
}

export class DayScript {
  /** One command in so many is about a cover order. */
  coverOneIn = 12;
  /** The same of an order for a share in MTF, or the end of the day; 0 = none. */
  fundedOneIn = 0;
  private readonly random: Random;
  private readonly setting: DaySetting;
  private time = 1_800_000_000_000_000;
  private counter = 0;
  private incarnation = 1;
  private readonly numbers = new Map<string, number>();
  private readonly trades: { readonly fields: Fields }[] = [];
  private readonly sent: PlainCommand[] = [];
  private readonly usedIds: string[] = [];
  private readonly day: DayInProgress;

  constructor(random: Random, setting: DaySetting) {
    this.random = random;
    this.setting = setting;
    this.day = { open: true, businessDate: setting.businessDate };
  }

  /** A command of the operations desk, outside the stream of orders. */
  desk(kind: PlainCommand['kind'], body: object): PlainCommand {
    return this.keep({ kind, time: this.clock(), origin: this.origin(3, 1), body });
  }

  /** The next command, given the orders as they stand. */
  next(orders: readonly KnownOrder[], positions: readonly KnownPosition[] = []): PlainCommand {
    const { random } = this;
    if (!this.day.open && random.oneIn(8)) return this.desk(...openNextDay(random, this.day));
    if (this.sent.length > 0 && random.oneIn(40)) return { ...random.pick(this.sent.slice(-30)), time: this.clock() };
    if (random.oneIn(this.coverOneIn)) return this.cover(orders);
    if (this.fundedOneIn > 0 && random.oneIn(this.fundedOneIn))
      return random.oneIn(20) ? this.desk(...endOfDay(random, this.day)) : this.rewrite(this.place(), fundedFields(random, this.setting.tables));
    const roll = random.int(1, 100);
    if (roll <= 42 || (roll === 100 && !random.oneIn(2)))
      return positions.length > 0 && random.oneIn(4) ? this.against(random.pick(positions)) : this.place();
    if (roll <= 72) return this.execution(orders);
    if (roll <= 79) return this.replace(orders);
    if (roll <= 86) return this.cancel(orders);
    if (roll <= 87) return this.massCancel();
    if (roll <= 92) return this.marks();
    if (roll <= 95) return this.tick();
    return this.desk(...randomOperation(random, this.setting, this.day));
  }

  private clock(): number {
    this.time += this.random.oneIn(25) ? this.random.int(1, 40_000_000) : this.random.int(0, 50_000);
    return this.time;
  }

  private origin(originKind: number, origin: number): Origin {
    const key = `${originKind}/${origin}`;
    const number = (this.numbers.get(key) ?? 0) + 1;
    this.numbers.set(key, number);
    // Now and then a stale number, a gap, or a session that was set up anew.
    const roll = this.random.int(1, 150);
    if (roll === 1) return { originKind, origin, incarnation: this.incarnation, number: Math.max(1, number - this.random.int(1, 3)) };
    if (roll === 2) this.incarnation += 1;
    if (roll === 3) return { originKind, origin, incarnation: Math.max(1, this.incarnation - 1), number };
    if (roll === 4) this.numbers.set(key, number + 2);
    return { originKind, origin, incarnation: this.incarnation, number };
  }

  private keep(command: PlainCommand): PlainCommand {
    this.sent.push(command);
    return command;
  }

  private oms(kind: PlainCommand['kind'], fields: Fields): PlainCommand {
    return this.keep({ kind, time: this.clock(), origin: this.origin(1, this.random.int(1, 2)), fields });
  }

  private account(): string {
    return this.random.oneIn(60) ? 'NOBODY' : this.random.pick(this.setting.accounts);
  }

  private newId(): string {
    if (this.usedIds.length > 0 && this.random.oneIn(40)) return this.random.pick(this.usedIds);
    this.counter += 1;
    const id = `C${this.counter}`;
    this.usedIds.push(id);
    return id;
  }

  private instrument(): { table: ParameterTable; row: number } {
    const table = this.random.pick(this.setting.tables).table;
    // Cash instruments are few and at the end; half the orders on the first two underlyings, so that books meet.
    const cash = table.instruments - 4;
    if (this.random.oneIn(4)) return { table, row: this.random.int(cash, table.instruments - 1) };
    const width = Math.floor(cash / Math.max(1, table.underlyings));
    return { table, row: this.random.oneIn(3) ? this.random.int(0, cash - 1) : this.random.int(0, Math.min(cash, 2 * width) - 1) };
  }

  private price(table: ParameterTable, row: number): number {
    const { random } = this;
    if (random.oneIn(40)) return random.pick([0, -500, 1, Number.NaN, 0.5, (table.bandHigh[row] ?? 0) + 500, (table.bandLow[row] ?? 0) - 500]);
    const close = table.previousClose[row] ?? 0;
    const off = Math.round((close * random.int(-12, 12)) / 100 / 500) * 500;
    return Math.max(500, close + off);
  }

  private quantity(table: ParameterTable, row: number): number {
    const { random } = this;
    const lot = table.lot[row] ?? 1;
    if (random.oneIn(40)) return random.pick([0, -lot, lot + 1, lot * 41, lot / 2, 1e9, Number.NaN, Number.POSITIVE_INFINITY]);
    return lot * (lot === 1 ? random.int(1, 400) : random.int(1, 6));
  }

  /** An order that would bring a position nearer to flat, or a little past it. */
  private against(position: KnownPosition): PlainCommand {
    const { account, segment, token, units } = position;
    const table = this.setting.tables[0]?.table;
    const lot = table?.lot[table.find(segment, token)] ?? 1;
    const lots = Math.floor(Math.abs(units) / lot);
    const order = this.place();
    const quantity = lot * Math.max(1, this.random.int(Math.ceil(lots / 2), lots + 1));
    const price = this.random.oneIn(2) ? table?.previousClose[table.find(segment, token)] : undefined;
    const terms = { account, segment, token, quantity, side: units > 0 ? 2 : 1, displayQuantity: 0, ordType: 2, stopPx: 0, timeInForce: 0 };
    return this.rewrite(order, { ...terms, product: position.product === 0 ? 3 : position.product, price: price ?? lot * 500 });
  }

  /** The command just written, with other fields. */
  private rewrite(command: PlainCommand, fields: Fields): PlainCommand {
    this.sent.pop();
    return this.keep({ ...command, fields: { ...command.fields, ...fields } });
  }

  private place(): PlainCommand {
    const { random } = this;
    const { table, row } = this.instrument();
    const cash = (table.kind[row] ?? 0) === 0;
    const ordType = random.oneIn(8) ? random.pick([OrdType.MARKET, OrdType.STOP, OrdType.STOP_LIMIT]) : OrdType.LIMIT;
    const stop = ordType === OrdType.STOP || ordType === OrdType.STOP_LIMIT || random.oneIn(60);
    const quantity = this.quantity(table, row);
    return this.oms('PlaceOrder', {
      account: this.account(),
      clOrdId: this.newId(),
      token: random.oneIn(80) ? 999_999 : (table.token[row] ?? 0),
      segment: random.oneIn(80) ? random.pick([ExchangeSegment.MCX, 8]) : (table.segment[row] ?? 0),
      side: random.pick([Side.BUY, Side.SELL]),
      ordType,
      timeInForce: random.oneIn(12) ? random.pick([TimeInForce.IOC, TimeInForce.IOC, TimeInForce.GTC]) : TimeInForce.DAY,
      product: random.oneIn(50) ? random.int(0, 6) : cash ? random.pick([1, 1, 2]) : random.pick([3, 3, 2]),
      flags: (random.oneIn(30) ? 1 : 0) + (random.oneIn(6) ? 2 : 0),
      quantity,
      price: ordType === OrdType.MARKET || ordType === OrdType.STOP ? (random.oneIn(10) ? 500 : 0) : this.price(table, row),
      stopPx: stop ? this.price(table, row) : 0,
      displayQuantity: random.oneIn(20) ? random.pick([quantity, quantity * 2, Math.max(1, Math.floor(quantity / 2))]) : 0,
    });
  }

  /** A day of cover orders looks after those it has, too. */
  private cover(orders: readonly KnownOrder[]): PlainCommand {
    const { random } = this;
    const working = this.coverOneIn < 12 ? orders.filter(({ leg, open }) => open && leg !== 'none') : [];
    if (working.length > 0 && random.oneIn(2)) {
      const one = [random.pick(working)];
      return random.oneIn(5) ? this.cancel(one) : random.oneIn(5) ? this.replace(one) : this.execution(one);
    }
    const order = this.place();
    return this.rewrite(order, coverFields(random, orders, order.fields ?? {}));
  }

  private known(orders: readonly KnownOrder[]): KnownOrder | undefined {
    const open = orders.filter((order) => order.open);
    const pending = open.filter((order) => order.pendingReplace !== '' || order.pendingCancel !== '');
    if (pending.length > 0 && this.random.oneIn(3)) return this.random.pick(pending);
    if (orders.length === 0) return undefined;
    if (open.length === 0 || this.random.oneIn(12)) return this.random.pick(orders);
    return this.random.pick(open);
  }

  private naming(order: KnownOrder): Fields {
    const way = this.random.int(1, 6);
    const name = way === 1 && order.pendingReplace !== '' ? order.pendingReplace : order.clOrdId;
    return {
      account: this.random.oneIn(60) ? this.account() : order.account,
      origClOrdId: way === 2 ? '' : name,
      orderSequence: way <= 3 ? order.sequence : 0,
    };
  }

  private replace(orders: readonly KnownOrder[]): PlainCommand {
    const { random } = this;
    const order = this.known(orders);
    if (order === undefined) return this.tick();
    const table = this.setting.tables[0]?.table;
    const row = table?.find(order.segment, order.token) ?? -1;
    const valid = table !== undefined && row >= 0;
    return this.oms('ReplaceOrder', {
      ...this.naming(order),
      clOrdId: this.newId(),
      quantity: random.oneIn(3) || !valid ? order.quantity : this.quantity(table, row),
      price: random.oneIn(3) || !valid ? order.price : this.price(table, row),
      token: random.oneIn(40) ? 10_000 : order.token,
      segment: order.segment,
      side: random.oneIn(40) ? 3 - order.side : order.side,
      ordType: random.oneIn(30) ? random.int(1, 4) : order.ordType,
      timeInForce: order.timeInForce,
      displayQuantity: random.oneIn(20) ? 50 : 0,
    });
  }

  private cancel(orders: readonly KnownOrder[]): PlainCommand {
    const order = this.known(orders);
    if (order === undefined) return this.tick();
    const { token, segment, side, quantity } = order;
    const flags = this.random.oneIn(4) ? 1 : 0;
    return this.oms('CancelOrder', { ...this.naming(order), clOrdId: this.newId(), token, segment, side, quantity, flags });
  }

  private massCancel(): PlainCommand {
    const { table, row } = this.instrument();
    const narrow = this.random.oneIn(2);
    const token = narrow ? (table.token[row] ?? 0) : 0;
    return this.oms('MassCancel', {
      account: this.random.oneIn(4) ? '' : this.account(),
      clOrdId: this.newId(),
      token,
      segment: narrow ? (table.segment[row] ?? 0) : 0,
      side: this.random.oneIn(3) ? this.random.int(1, 2) : 0,
      requestType: narrow ? 1 : 7,
    });
  }

  private marks(): PlainCommand {
    const marks = Array.from({ length: this.random.int(1, 6) }, () => {
      const { table, row } = this.instrument();
      return { token: table.token[row] ?? 0, segment: table.segment[row] ?? 0, price: this.price(table, row) };
    });
    return this.keep({ kind: 'MarkPrices', time: this.clock(), origin: { originKind: 0, origin: 0, incarnation: 0, number: 0 }, marks });
  }

  private tick(): PlainCommand {
    const fields = { stuckMost: this.random.int(0, 3) };
    return this.keep({ kind: 'Tick', time: this.clock(), origin: { originKind: 0, origin: 0, incarnation: 0, number: 0 }, fields });
  }

  private execution(orders: readonly KnownOrder[]): PlainCommand {
    const { random } = this;
    if (this.trades.length > 0 && random.oneIn(6)) return this.aboutTrade();
    const order = this.known(orders);
    if (order === undefined || random.oneIn(40)) return this.strayTrade();
    const execType = this.execTypeFor(order);
    const named = this.requestName(order, execType);
    const remaining = Math.max(0, order.quantity - order.filled);
    const trade = execType === ExecType.TRADE;
    const lastQuantity = trade ? this.fillQuantity(remaining) : 0;
    const fields: Fields = {
      account: order.account,
      clOrdId: named.clOrdId,
      origClOrdId: named.origClOrdId,
      orderSequence: random.oneIn(2) ? (random.oneIn(30) ? order.sequence + 1 : order.sequence) : 0,
      token: order.token,
      segment: order.segment,
      side: trade && random.oneIn(50) ? 3 - order.side : order.side,
      execType: random.oneIn(120) ? 33 : execType,
      exchangeOrderId: `X${order.sequence}`,
      tradeId: trade ? `T${++this.counter}` : '',
      lastQuantity,
      lastPx: trade ? this.tradePrice(order) : 0,
      orderQuantity: execType === ExecType.RESTATED ? Math.max(0, order.quantity - random.int(0, 3) * 25) : order.quantity,
      price: random.oneIn(5) ? Math.max(0, order.price + random.int(-3, 3) * 500) : order.price,
      tradeDate: this.day.businessDate,
      product: order.product,
      source: random.oneIn(4) ? 1 : 0,
    };
    if (trade) this.trades.push({ fields });
    return this.oms('RecordExecution', fields);
  }

  private execTypeFor(order: KnownOrder): number {
    const { random } = this;
    if (order.pendingReplace !== '' && !random.oneIn(3)) return random.pick([ExecType.REPLACED, ExecType.REPLACED, ExecType.REJECTED]);
    if (order.pendingCancel !== '' && !random.oneIn(3)) return random.pick([ExecType.CANCELED, ExecType.REJECTED]);
    if (random.oneIn(60)) return ExecType.REPLACED;
    if (!order.open) return random.pick([ExecType.TRADE, ExecType.TRADE, ExecType.CANCELED, ExecType.NEW, ExecType.REJECTED]);
    const roll = random.int(1, 20);
    if (roll <= 6) return ExecType.NEW;
    if (roll <= 15) return ExecType.TRADE;
    if (roll <= 16) return ExecType.REJECTED;
    if (roll <= 18) return ExecType.CANCELED;
    return roll === 19 ? ExecType.EXPIRED : ExecType.RESTATED;
  }

  private requestName(order: KnownOrder, execType: number): { clOrdId: string; origClOrdId: string } {
    const own = { clOrdId: order.clOrdId, origClOrdId: '' };
    if (execType === ExecType.REPLACED && order.pendingReplace !== '') return { clOrdId: order.pendingReplace, origClOrdId: order.clOrdId };
    if (execType === ExecType.REJECTED && order.pendingReplace !== '' && !this.random.oneIn(4))
      return { clOrdId: order.pendingReplace, origClOrdId: order.clOrdId };
    if ((execType === ExecType.CANCELED || execType === ExecType.REJECTED) && order.pendingCancel !== '')
      return { clOrdId: order.pendingCancel, origClOrdId: order.clOrdId };
    return own;
  }

  private fillQuantity(remaining: number): number {
    const { random } = this;
    if (random.oneIn(80)) return random.pick([0, -25, 0.5, 200_000_000, Number.NaN]);
    if (remaining === 0 || random.oneIn(25)) return random.int(1, 3) * 25;
    return random.oneIn(2) ? remaining : random.int(1, remaining);
  }

  private tradePrice(order: KnownOrder): number {
    const table = this.setting.tables[0]?.table;
    const row = table?.find(order.segment, order.token) ?? -1;
    if (table === undefined || row < 0) return 10_000;
    return order.price > 0 && this.random.oneIn(2) ? order.price : Math.max(500, this.price(table, row));
  }

  private aboutTrade(): PlainCommand {
    const { random } = this;
    const trade = random.pick(this.trades);
    const roll = random.int(1, 3);
    if (roll === 1) return this.oms('RecordExecution', { ...trade.fields, source: random.int(0, 2) });
    const execType = roll === 2 ? ExecType.TRADE_CANCEL : ExecType.TRADE_CORRECT;
    const old = Number(trade.fields['lastQuantity']);
    return this.oms('RecordExecution', {
      ...trade.fields,
      execType,
      tradeId: random.oneIn(2) ? String(trade.fields['tradeId']) : `T${++this.counter}`,
      execRefId: random.oneIn(12) ? 'TNONE' : String(trade.fields['tradeId']),
      lastQuantity: random.oneIn(2) ? old : Math.max(1, old - random.int(0, 25)),
      lastPx: Math.max(500, Number(trade.fields['lastPx']) + random.int(-3, 3) * 500),
    });
  }

  private strayTrade(): PlainCommand {
    const { random } = this;
    const { table, row } = this.instrument();
    const fields: Fields = {
      account: random.oneIn(4) ? `STRAY${random.int(1, 2)}` : random.pick(this.setting.accounts),
      clOrdId: `UNKNOWN${random.int(1, 9)}`,
      token: random.oneIn(12) ? 777_777 : (table.token[row] ?? 0),
      segment: table.segment[row] ?? 0,
      side: random.int(1, 2),
      execType: random.oneIn(6) ? random.pick([ExecType.NEW, ExecType.CANCELED, ExecType.REJECTED]) : ExecType.TRADE,
      tradeId: `T${++this.counter}`,
      lastQuantity: (table.lot[row] ?? 1) * random.int(1, 3),
      lastPx: Math.max(500, this.price(table, row)),
      tradeDate: this.day.businessDate,
      product: (table.kind[row] ?? 0) === 0 ? random.int(1, 2) : 3,
      source: 1,
    };
    if (fields['execType'] === ExecType.TRADE) this.trades.push({ fields });
    return this.oms('RecordExecution', fields);
  }
}
