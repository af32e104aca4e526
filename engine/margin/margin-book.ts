// What the clients of one slot must have, kept up to date by O(16) work per fill, order and cancel. Derived state: rebuilt from positions
// and open orders on restore or on a new parameter table, never hashed or stored. The what-if and the live figure are one computation.
// Which order is worth checking, house multipliers and what the client has are decided elsewhere.
import { assert } from '../assert.ts';
import { InstrumentKind } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { Client, ClientSide } from '../state/client-table.ts';
import { RowTable } from '../state/row-table.ts';
import { type Paise, paise } from '../units.ts';
import { MarginBasis } from '../verdict.ts';
import { type BookViews, bookReports, cashKey, circleCredit, circlesOf, type OrderChange } from './book-credit.ts';
import { CASH_CONTROL, CashBook, type CashView } from './cash-book.ts';
import { type CompiledRules, compiledRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import { DERIVATIVE_CONTROL, DerivativeBook, type GroupView } from './derivative-book.ts';
import type { OrderTerms } from './order-terms.ts';
import type { CashReport, UnderlyingReport } from './portfolio-margin.ts';
import { scenarioLosses, type UnderlyingScenarios } from './scenario-losses.ts';
import { NO_PARTS, type UnderlyingMargin } from './underlying-margin.ts';
import type { ContractPosition } from './underlying-span.ts';

/** Places in MarginBook.weighed. */
export const BEFORE = 0;
/** See BEFORE. */
export const AFTER = 1;

/** 32-bit numbers that say where the book of one slot lies. */
export const BOOK_CONTROL: number = DERIVATIVE_CONTROL + CASH_CONTROL;
/** Where a client's requirement lies, in words from its row on. */
const REQUIREMENT = ClientSide.requirement >> 3;
/** Where the credits between underlyings lie that it is net of. */
const CREDIT = ClientSide.credit >> 3;

/** The book of one slot at a time: open() points it at the next. */
export class MarginBook {
  /** Paise of the last weigh(): the client's requirement as it is, and as it would be. */
  readonly weighed: Float64Array = new Float64Array(2);
  private rules: CompiledRules;
  private floor = 0;
  private readonly derivatives: DerivativeBook;
  private readonly cash: CashBook;
  /** Clients of the slot; side cells hold what is kept by client. */
  private readonly clients: RowTable;

  /** With `clients` in a shard's memory, format() or open() comes first; without, the book has memory of its own and is ready. */
  constructor(table: ParameterTable, cashRateFloor: number, clients?: RowTable) {
    this.rules = compiledRules(table);
    this.clients = clients ?? new RowTable('clients', 0, Client.BYTES, { sideBytes: ClientSide.BYTES });
    this.derivatives = new DerivativeBook(this.rules, this.clients);
    this.cash = new CashBook(this.rules, this.clients);
    if (clients !== undefined) return;
    const control = this.clients.arena.take(BOOK_CONTROL) * 2;
    this.format(control);
    this.open(control, this.rules, cashRateFloor);
  }

  /** Points at the slot whose control lies at a 32-bit offset of the arena, under the rules and the cash rate floor it goes by. */
  open(control: number, rules: CompiledRules, cashRateFloor: number): void {
    this.rules = rules;
    this.floor = cashRateFloor;
    this.derivatives.open(control, rules);
    this.cash.open(control + DERIVATIVE_CONTROL, rules, cashRateFloor);
  }

  /** Makes an empty book there: the control is zeroed. */
  format(control: number): void {
    this.derivatives.format(control);
    this.cash.format(control + DERIVATIVE_CONTROL);
  }

  /** Forgets everything of the client. */
  drop(client: number): void {
    this.derivatives.drop(client);
    this.cash.drop(client);
    const at = this.clients.word(client);
    this.clients.arena.f64s[at + REQUIREMENT] = 0;
    this.clients.arena.f64s[at + CREDIT] = 0;
  }

  /** Table the requirements follow from. */
  get table(): ParameterTable {
    return this.rules.table;
  }
  /** Smallest cash-segment margin in 1/10,000 of value (policy). */
  get cashRateFloor(): number {
    return this.floor;
  }

  /** What the client must have now, working orders at their worst fills. O(1). */
  requirement(client: number): Paise {
    assert(client >= 0, 'client row is negative');
    this.clients.cover(client);
    return paise(this.clients.arena.f64s[this.clients.word(client) + REQUIREMENT] as number);
  }

  /** What the client would have to have with `add` working and `remove` gone. Leaves the book as it was, allocates nothing. */
  requirementIf(client: number, add: OrderTerms | null, remove: OrderTerms | null): Paise {
    this.weigh(client, add, remove);
    return paise(this.weighed[AFTER] as number);
  }

  /** The same for the hot path: leaves it in `weighed`, beside what the client must have now. */
  weigh(client: number, add: OrderTerms | null, remove: OrderTerms | null): void {
    const { weighed } = this;
    const total = this.requirement(client);
    weighed[BEFORE] = total;
    weighed[AFTER] = total;
    const terms = add !== null ? add : remove;
    if (terms === null) return;
    assert(terms.instrument >= 0 && terms.instrument < this.table.instruments, 'order terms name no instrument of the table');
    if (add !== null && remove !== null && (add.instrument !== remove.instrument || add.product !== remove.product)) {
      this.weighApart(client, add, remove);
    } else if (this.isCash(terms.instrument)) {
      this.cash.changeIf(client, add, remove);
      weighed[AFTER] = total + (this.cash.change[0] as number);
      if (this.rules.credits.isOn) this.weighCredit(client, terms.instrument, this.cash.change, (add === null ? 0 : 1) - (remove === null ? 0 : 1));
    } else {
      this.derivatives.changeIf(client, add, remove);
      weighed[AFTER] = total + (this.derivatives.change[0] as number);
      if (this.rules.credits.isOn)
        this.weighCredit(client, terms.instrument, this.derivatives.change, (add === null ? 0 : 1) - (remove === null ? 0 : 1));
    }
  }

  /** Counts a working order. Call removeOrder with the same terms when it ends or changes. */
  addOrder(client: number, terms: OrderTerms): void {
    this.changeOrder(client, terms, 1);
  }

  /** Forgets a working order; the terms must equal those it was added with. */
  removeOrder(client: number, terms: OrderTerms): void {
    this.changeOrder(client, terms, -1);
  }

  /** Adds signed units (bought +, sold -) to the client's position. The product matters for cash instruments only. */
  addPosition(client: number, instrument: number, product: number, signedUnits: number): void {
    this.clients.cover(client);
    assert(instrument >= 0 && instrument < this.table.instruments, 'position names no instrument of the table');
    if (this.isCash(instrument)) {
      this.cash.addPosition(client, instrument, product, signedUnits);
      this.change(client, this.cash.change);
    } else {
      this.derivatives.addPosition(client, instrument, signedUnits);
      this.change(client, this.derivatives.change);
    }
    if (this.rules.credits.isOn) this.recredit(client, instrument);
  }

  /** Sets the units of a share the client holds free to deliver, under all its listings together; CNC sales up to it need no margin. */
  setHolding(client: number, instrument: number, freeUnits: number): void {
    assert(instrument >= 0 && instrument < this.table.instruments && this.isCash(instrument), 'holding names no cash instrument of the table');
    this.clients.cover(client);
    this.cash.setHolding(client, instrument, freeUnits);
    this.change(client, this.cash.change);
    if (this.rules.credits.isOn) this.recredit(client, instrument);
  }

  /** Adds paise that are asked apart from any netting (or takes them back): orders of a pre-open session. revalue() and drop() forget them. */
  addApart(client: number, paise: number): void {
    this.clients.cover(client);
    const at = this.clients.word(client) + REQUIREMENT;
    const { f64s } = this.clients.arena;
    f64s[at] = (f64s[at] as number) + paise;
  }

  /**
   * What every client must have, worked out anew at once: for rules, opened just before, that list the same contracts as those the book stood under
   * (hasSameContracts). `eachOrder` shows every order the book holds to its argument.
   */
  revalue(eachOrder: (show: (client: number, terms: OrderTerms) => void) => void): void {
    const { clients, derivatives, cash } = this;
    derivatives.clearSums();
    cash.clearSums();
    eachOrder((client, terms) => (this.isCash(terms.instrument) ? cash : derivatives).restandOrder(client, terms));
    const requirements = new Float64Array(clients.rows);
    derivatives.settle(requirements);
    cash.settleAll(requirements);
    for (let client = 1; client < clients.rows; client++) {
      const at = clients.word(client);
      clients.arena.f64s[at + REQUIREMENT] = requirements[client] as number;
      clients.arena.f64s[at + CREDIT] = 0;
      if (this.rules.credits.isOn) this.recredit(client);
    }
  }

  /** Breakdown for API and explain: one line per underlying and per cash instrument and product, by symbol. Allocates. */
  underlyingMargins(client: number): UnderlyingMargin[] {
    const views = this.viewsOf(client);
    const reports = bookReports(this.rules, views);
    const lines = [
      ...views.groups.map((group) => this.groupLine(group, reports.groups.get(group.underlying))),
      ...views.cash.map((row) => this.cashLine(row, reports.cash.get(cashKey(row.instrument, row.product)))),
    ];
    return lines.sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.instrument - b.instrument || a.product - b.product));
  }

  /** Adds what the client must have, working orders included, to the exchange segment of each line: paise. Credits between underlyings are not taken off. */
  addBySegment(client: number, into: Float64Array): void {
    const { segment, firstInstrument } = this.table;
    const add = (instrument: number, paise: number): void => {
      const at = segment[instrument] as number;
      into[at] = (into[at] as number) + paise;
    };
    for (const { underlying, requirement } of this.derivatives.groupsOf(client)) add(firstInstrument[underlying] as number, requirement);
    for (const { instrument, requirement } of this.cash.rowsOf(client)) add(instrument, requirement);
  }

  /**
   * What the client's position in one underlying would lose in each scenario, `also` added to it; undefined when the table has no underlying of that
   * name. Allocates.
   */
  scenarios(client: number, symbol: string, also?: ContractPosition): UnderlyingScenarios | undefined {
    const { table } = this;
    let underlying = 0;
    while (underlying < table.underlyings && table.underlyingName(underlying) !== symbol) underlying += 1;
    if (underlying === table.underlyings) return undefined;
    const held = this.derivatives.groupsOf(client).find((each) => each.underlying === underlying)?.positions ?? [];
    const isOurs = also !== undefined && !this.isCash(also.instrument) && table.underlying[also.instrument] === underlying;
    return scenarioLosses(this.rules, underlying, isOurs ? [...held, also] : held);
  }

  private isCash(instrument: number): boolean {
    return this.rules.contracts[instrument * CONTRACT_STRIDE + Contract.kind] === InstrumentKind.EQ;
  }

  private changeOrder(client: number, terms: OrderTerms, direction: 1 | -1): void {
    assert(terms.instrument >= 0 && terms.instrument < this.table.instruments, 'order terms name no instrument of the table');
    assert(terms.quantity >= 0 && terms.altQuantity >= 0, 'a working order has a negative quantity');
    this.clients.cover(client);
    const book = this.isCash(terms.instrument) ? this.cash : this.derivatives;
    book.changeOrder(client, terms, direction);
    this.change(client, book.change);
    if (this.rules.credits.isOn) this.recredit(client, terms.instrument);
  }

  private viewsOf(client: number): BookViews {
    return { groups: this.derivatives.groupsOf(client), cash: this.cash.rowsOf(client), floor: this.floor };
  }

  /** Circle of credits the instrument belongs to; -1 = none. */
  private circleOf(instrument: number): number {
    const { credits } = this.rules;
    if (this.isCash(instrument)) return credits.cashCircle.get(this.rules.leadOf(instrument)) ?? -1;
    return credits.circle[this.rules.groupOf(instrument)] as number;
  }

  /** Credits between underlyings anew, after a position or an order in the instrument has changed; without one, after everything has. */
  private recredit(client: number, instrument?: number): void {
    if (instrument !== undefined && this.isCash(instrument) && this.circleOf(instrument) < 0) return;
    const views = this.viewsOf(client);
    let credit = 0;
    for (const circle of circlesOf(this.rules, views)) credit += circleCredit(this.rules, views, circle);
    const at = this.clients.word(client);
    const { f64s } = this.clients.arena;
    f64s[at + REQUIREMENT] = (f64s[at + REQUIREMENT] as number) + (f64s[at + CREDIT] as number) - credit;
    f64s[at + CREDIT] = credit;
  }

  /** What the order just weighed, which asks `more` (paise), makes of its circle's credits. */
  private weighCredit(client: number, instrument: number, more: Float64Array, orders: number): void {
    const { weighed, rules } = this;
    const circle = this.circleOf(instrument);
    if (circle < 0) return;
    const change: OrderChange = { orders, paise: more[0] as number };
    const views = this.viewsOf(client);
    const now = circleCredit(rules, views, circle);
    weighed[AFTER] = (weighed[AFTER] as number) + now - circleCredit(rules, views, circle, change);
  }

  /** Two contracts at once: done and undone, which leaves the same bits. Replaces name one contract, so this is for what-ifs only. */
  private weighApart(client: number, add: OrderTerms, remove: OrderTerms): void {
    const before = this.requirement(client);
    this.removeOrder(client, remove);
    this.weigh(client, add, null);
    this.addOrder(client, remove);
    this.weighed[BEFORE] = before;
  }

  private change(client: number, more: Float64Array): void {
    const at = this.clients.word(client) + REQUIREMENT;
    const { f64s } = this.clients.arena;
    f64s[at] = (f64s[at] as number) + (more[0] as number);
  }

  private groupLine(group: GroupView, report: UnderlyingReport | undefined): UnderlyingMargin {
    const { underlying } = group;
    assert(report !== undefined, 'a group of the book is in no report');
    // In a circle of credits the position's figure is the report's; the group's own knows its working orders.
    const requirement = (this.rules.credits.circle[underlying] as number) < 0 || group.workingOrders > 0 ? group.requirement : report.total;
    return {
      symbol: report.symbol,
      underlying,
      instrument: -1,
      product: 0,
      basis: MarginBasis.NETTED,
      requirement,
      positionRequirement: report.total,
      scan: report.scan,
      calendar: report.calendar,
      spot: report.spot,
      interCommodity: report.interCommodity,
      shortOptionMinimum: report.shortOptionMinimum,
      netOptionValue: report.netOptionValue,
      exposure: report.exposure,
      added: report.added,
      cash: 0,
      workingOrders: group.workingOrders,
    };
  }

  /** `report`: of a share in a circle of credits in which no order works. */
  private cashLine(row: CashView, report: CashReport | undefined): UnderlyingMargin {
    return {
      symbol: this.table.instrumentName(row.instrument),
      underlying: -1,
      instrument: row.instrument,
      product: row.product,
      basis: MarginBasis.NETTED,
      requirement: report?.margin ?? row.requirement,
      positionRequirement: report?.margin ?? row.positionRequirement,
      ...NO_PARTS,
      cash: report?.margin ?? row.positionRequirement,
      workingOrders: row.workingOrders,
    };
  }
}
