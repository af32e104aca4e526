// What the clients of one slot must have, kept up to date by O(16) work per fill, order and cancel. Derived state: rebuilt from positions
// and open orders on restore or on a new parameter table, never hashed or stored. The what-if and the live figure are one computation.
// Which order is worth checking, house multipliers and what the client has are decided elsewhere.
import { assert } from '../assert.ts';
import { InstrumentKind } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { type Paise, paise } from '../units.ts';
import { CashBook, type CashView } from './cash-book.ts';
import { type CompiledRules, compiledRules } from './compiled-rules.ts';
import { DerivativeBook, type GroupView } from './derivative-book.ts';
import type { OrderTerms } from './order-terms.ts';
import { scenarioLosses, type UnderlyingScenarios } from './scenario-losses.ts';
import type { UnderlyingMargin } from './underlying-margin.ts';
import { inPaise, underlyingSpan } from './underlying-span.ts';

/** Places in MarginBook.weighed. */
export const BEFORE = 0;
/** See BEFORE. */
export const AFTER = 1;

export class MarginBook {
  readonly table: ParameterTable;
  /** Paise of the last weigh(): the client's requirement as it is, and as it would be. */
  readonly weighed: Float64Array = new Float64Array(2);
  /** Smallest cash-segment margin in 1/10,000 of value (policy). */
  readonly cashRateFloor: number;
  private readonly rules: CompiledRules;
  private readonly derivatives: DerivativeBook;
  private readonly cash: CashBook;
  /** Paise by client row. */
  private totals: Float64Array<ArrayBuffer> = new Float64Array(16);

  constructor(table: ParameterTable, cashRateFloor: number) {
    this.table = table;
    this.cashRateFloor = cashRateFloor;
    this.rules = compiledRules(table);
    this.derivatives = new DerivativeBook(this.rules);
    this.cash = new CashBook(table, cashRateFloor);
  }

  /** What the client must have now, working orders at their worst fills. O(1). */
  requirement(client: number): Paise {
    assert(client >= 0, 'client row is negative');
    return paise(client < this.totals.length ? (this.totals[client] as number) : 0);
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
    } else {
      this.derivatives.changeIf(client, add, remove);
      weighed[AFTER] = total + (this.derivatives.change[0] as number);
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
    assert(instrument >= 0 && instrument < this.table.instruments, 'position names no instrument of the table');
    if (this.isCash(instrument)) {
      this.cash.addPosition(client, instrument, product, signedUnits);
      this.change(client, this.cash.change);
    } else {
      this.derivatives.addPosition(client, instrument, signedUnits);
      this.change(client, this.derivatives.change);
    }
  }

  /** Sets the units of a cash instrument the client holds free to deliver; CNC sales up to it need no margin. */
  setHolding(client: number, instrument: number, freeUnits: number): void {
    assert(instrument >= 0 && instrument < this.table.instruments && this.isCash(instrument), 'holding names no cash instrument of the table');
    this.cash.setHolding(client, instrument, freeUnits);
    this.change(client, this.cash.change);
  }

  /** Breakdown for API and explain: one line per underlying and per cash instrument and product, by symbol. Allocates. */
  underlyingMargins(client: number): UnderlyingMargin[] {
    const lines = [
      ...this.derivatives.groupsOf(client).map((group) => this.groupLine(group)),
      ...this.cash.rowsOf(client).map((row) => this.cashLine(row)),
    ];
    return lines.sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.instrument - b.instrument || a.product - b.product));
  }

  /** What the client's position in one underlying would lose in each scenario; undefined when he has no line of that name. Allocates. */
  scenarios(client: number, symbol: string): UnderlyingScenarios | undefined {
    const { table } = this;
    const isNamed = ({ underlying }: GroupView): boolean => underlying < table.underlyings && table.underlyingName(underlying) === symbol;
    const group = this.derivatives.groupsOf(client).find(isNamed);
    return group === undefined ? undefined : scenarioLosses(this.rules, group.underlying, group.positions);
  }

  private isCash(instrument: number): boolean {
    return this.table.kind[instrument] === InstrumentKind.EQ;
  }

  private changeOrder(client: number, terms: OrderTerms, direction: 1 | -1): void {
    assert(terms.instrument >= 0 && terms.instrument < this.table.instruments, 'order terms name no instrument of the table');
    assert(terms.quantity >= 0 && terms.altQuantity >= 0, 'a working order has a negative quantity');
    const book = this.isCash(terms.instrument) ? this.cash : this.derivatives;
    book.changeOrder(client, terms, direction);
    this.change(client, book.change);
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
    assert(client >= 0, 'client row is negative');
    if (client >= this.totals.length) {
      const larger = new Float64Array(Math.max(client + 1, this.totals.length * 2));
      larger.set(this.totals);
      this.totals = larger;
    }
    this.totals[client] = (this.totals[client] as number) + (more[0] as number);
  }

  private groupLine(group: GroupView): UnderlyingMargin {
    const { underlying, positions } = group;
    const span = inPaise(underlyingSpan(this.rules, underlying, positions));
    return {
      symbol: underlying < this.table.underlyings ? this.table.underlyingName(underlying) : '',
      underlying,
      instrument: -1,
      product: 0,
      requirement: group.requirement,
      positionRequirement: span.total,
      scan: span.scan,
      calendar: span.calendar,
      spot: span.spot,
      shortOptionMinimum: span.shortOptionMinimum,
      netOptionValue: span.netOptionValue,
      exposure: span.exposure,
      cash: 0,
      workingOrders: group.workingOrders,
    };
  }

  private cashLine(row: CashView): UnderlyingMargin {
    return {
      symbol: this.table.instrumentName(row.instrument),
      underlying: -1,
      instrument: row.instrument,
      product: row.product,
      requirement: row.requirement,
      positionRequirement: row.positionRequirement,
      scan: 0,
      calendar: 0,
      spot: 0,
      shortOptionMinimum: 0,
      netOptionValue: 0,
      exposure: 0,
      cash: row.positionRequirement,
      workingOrders: row.workingOrders,
    };
  }
}
