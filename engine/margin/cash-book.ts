// Cash-segment margin of one slot's clients, per (client, instrument, product), O(1) per change. With e = rate x price per unit, net
// position n, free holding h, and B, S the working buys and sells at their own e:
//   CNC    max( e(n) + B, 0, e(-n - h) + S )     the last only when more is being sold than n + h: delivery of what is held is free,
//                                                at whatever price it is offered
//   other  max( e(n) + B, e(-n) + S )            intraday margins |net|; MTF at the largest of that, its dated least rate and its share's own
// The worst over every subset of fills lies at "all buys fill" or "all sells fill", because the requirement is convex in the net.
// A position is valued at the previous close; an order at its price or the previous close, whichever is higher. Sums are micros, each row is
// rounded to paise once. A share that both exchanges list has one row, by the close and rate of the listing that leads (contract-row.ts). Early pay-in
// comes as holding (state/early-pay-in.ts); T1 and BTST sales stay short of one until it is delivered. A T+0 listing has a row of its own, netted with
// nothing, that delivers what is held under its share; that both rows sell the same units is for insufficientHoldings to refuse.
import { assert } from '../assert.ts';
import { Product, Side } from '../instrument.ts';
import type { Arena } from '../state/arena.ts';
import { ClientSide } from '../state/client-table.ts';
import type { RowTable } from '../state/row-table.ts';
import { roundCellToPaise } from '../units.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import type { OrderTerms } from './order-terms.ts';
import { PackedRows, ROWS_CONTROL } from './packed-rows.ts';
import { PAIRS_CONTROL, PairIndex } from './pair-index.ts';

// A row is named by its address in the arena: doubles, then 32-bit links behind them; 0 = none.
const NET = 0;
const HOLDING = 1;
const BUYS = 2;
const SELLS = 3;
const SELL_UNITS = 4;
const PAISE = 5;
const DOUBLES = 6;
const CLIENT = 2 * DOUBLES;
const INSTRUMENT = CLIENT + 1;
const PRODUCT = CLIENT + 2;
const ORDERS = CLIENT + 3;
const NEXT_OF_CLIENT = CLIENT + 4;
const WORDS = DOUBLES + 3;
/** 32-bit numbers that say where the rows of one slot lie. */
export const CASH_CONTROL: number = ROWS_CONTROL + PAIRS_CONTROL;
/** Room for the product beside the instrument in one index key: a byte, because a fill is booked whatever product it names. */
const PRODUCTS = 256;

/** Micros of margin per unit at `price` ticks and `rate` 1/10,000; never below the exact figure. */
export function cashMarginPerUnit(price: number, rate: number): number {
  return Math.ceil((price * rate) / 100);
}

/** One cash row as a report sees it. */
export interface CashView {
  readonly instrument: number;
  readonly product: number;
  readonly net: number;
  readonly holding: number;
  readonly workingOrders: number;
  /** Paise; with working orders, and for the position alone. */
  readonly requirement: number;
  readonly positionRequirement: number;
}

/** Cash rows of the clients of one slot at a time; methods leave changes in `change`, the caller keeps the sums. */
export class CashBook {
  /** Paise by which the last call changed the requirement, or would change it. A cell: a double that is returned may become a heap object. */
  readonly change: Float64Array = new Float64Array(1);
  private rules: CompiledRules;
  private rateFloor = 0;
  private readonly arena: Arena;
  private readonly clients: RowTable;
  private readonly rows: PackedRows;
  private readonly index: PairIndex;
  /** Working sums that weigh() counts, in the order of a row's; filled by its callers. */
  private readonly working = new Float64Array(SELL_UNITS - BUYS + 1);
  /** What fillReserve() found. */
  private readonly reserve = new Float64Array(1);
  /** What weigh() found. */
  private readonly paise = new Float64Array(1);

  /** `clients` has the side cell that names a client's first row. open() or format() comes first. */
  constructor(rules: CompiledRules, clients: RowTable) {
    this.rules = rules;
    this.arena = clients.arena;
    this.clients = clients;
    this.rows = new PackedRows(WORDS, clients.arena);
    this.index = new PairIndex(clients.arena);
  }

  /** Points at the slot whose control lies at a 32-bit offset of the arena, under the rules and the rate floor it goes by. */
  open(control: number, rules: CompiledRules, rateFloor: number): void {
    this.rules = rules;
    this.rateFloor = rateFloor;
    this.rows.open(control);
    this.index.open(control + ROWS_CONTROL);
  }

  /** Makes an empty book there: the control is zeroed. */
  format(control: number): void {
    this.index.format(control + ROWS_CONTROL);
  }

  /** Forgets the client's positions, holdings and orders. */
  drop(client: number): void {
    for (let row = this.clients.u32(client, ClientSide.cashRows); row !== 0; ) {
      const next = this.link(row, NEXT_OF_CLIENT);
      this.index.remove(client, key(this.link(row, INSTRUMENT), this.link(row, PRODUCT)));
      this.rows.free(row);
      row = next;
    }
    this.clients.setSide(client, ClientSide.cashRows, 0);
  }

  /** What `add` working and `remove` (same instrument and product) gone would change of the requirement. Allocates nothing. */
  changeIf(client: number, add: OrderTerms | null, remove: OrderTerms | null): void {
    const terms = add !== null ? add : remove;
    assert(terms !== null, 'cash what-if without an order');
    const instrument = this.rules.leadOf(terms.instrument);
    const row = this.index.find(client, key(instrument, terms.product));
    assert(remove === null || row > 0, 'cash what-if removes an order the book does not hold');
    this.takeWorking(row);
    if (add !== null) this.addWorking(add, 1);
    if (remove !== null) this.addWorking(remove, -1);
    this.weigh(client, row, instrument, terms.product);
    this.change[0] = (this.paise[0] as number) - (row === 0 ? 0 : (this.arena.f64s[row + PAISE] as number));
  }

  /** Adds (1) or removes (-1) a working order. */
  changeOrder(client: number, terms: OrderTerms, direction: 1 | -1): void {
    const instrument = this.rules.leadOf(terms.instrument);
    const found = this.index.find(client, key(instrument, terms.product));
    assert(direction === 1 || found > 0, 'removing a working order the book does not hold');
    const row = found > 0 ? found : this.openRow(client, instrument, terms.product);
    this.takeWorking(row);
    this.addWorking(terms, direction);
    const { f64s } = this.arena;
    for (let i = BUYS; i <= SELL_UNITS; i++) f64s[row + i] = this.working[i - BUYS] as number;
    this.setLink(row, ORDERS, this.link(row, ORDERS) + direction);
    this.settle(row);
  }

  /** Zeroes what working orders hold in every row; then restandOrder() for each, then settleAll(). For rules that list the same instruments. */
  clearSums(): void {
    const { f64s } = this.arena;
    for (let client = 1; client < this.clients.rows; client++) {
      for (let row = this.clients.u32(client, ClientSide.cashRows); row !== 0; row = this.link(row, NEXT_OF_CLIENT))
        f64s.fill(0, row + BUYS, row + PAISE);
    }
  }

  /** Enters what an order the book knows holds, after clearSums(). */
  restandOrder(client: number, terms: OrderTerms): void {
    const row = this.index.find(client, key(this.rules.leadOf(terms.instrument), terms.product));
    assert(row > 0, 'revaluing a working order the book does not hold');
    this.takeWorking(row);
    this.addWorking(terms, 1);
    for (let i = BUYS; i <= SELL_UNITS; i++) this.arena.f64s[row + i] = this.working[i - BUYS] as number;
  }

  /** Margins every row anew; adds its paise to its client's cell. */
  settleAll(requirements: Float64Array): void {
    const { f64s } = this.arena;
    for (let client = 1; client < this.clients.rows; client++) {
      for (let row = this.clients.u32(client, ClientSide.cashRows); row !== 0; row = this.link(row, NEXT_OF_CLIENT)) {
        this.takeWorking(row);
        this.weigh(client, row, this.link(row, INSTRUMENT), this.link(row, PRODUCT));
        f64s[row + PAISE] = this.paise[0] as number;
        requirements[client] = (requirements[client] as number) + (this.paise[0] as number);
      }
    }
  }

  /** Adds signed units. */
  addPosition(client: number, listing: number, product: number, units: number): void {
    const instrument = this.rules.leadOf(listing);
    const found = this.index.find(client, key(instrument, product));
    this.change[0] = 0;
    if (found === 0 && units === 0) return;
    const row = found > 0 ? found : this.openRow(client, instrument, product);
    this.arena.f64s[row + NET] = (this.arena.f64s[row + NET] as number) + units;
    this.settle(row);
  }

  /** Sets the units free to deliver against CNC sales, held under whichever listing. */
  setHolding(client: number, listing: number, freeUnits: number): void {
    const instrument = this.rules.leadOf(listing);
    const found = this.index.find(client, key(instrument, Product.CNC));
    this.change[0] = 0;
    if (found === 0 && freeUnits === 0) return;
    const row = found > 0 ? found : this.openRow(client, instrument, Product.CNC);
    this.arena.f64s[row + HOLDING] = freeUnits;
    this.settle(row);
    const session = this.rules.contracts[instrument * CONTRACT_STRIDE + Contract.session] as number;
    if (session !== 0) this.resettleSession(client, session - 1);
  }

  /** A T+0 listing delivers what is held under its share: weighs it anew, and adds to `change`. */
  private resettleSession(client: number, session: number): void {
    const row = this.index.find(client, key(session, Product.CNC));
    if (row === 0) return;
    const change = this.change[0] as number;
    this.settle(row);
    this.change[0] = (this.change[0] as number) + change;
  }

  /** The client's rows, newest first. Allocates. */
  rowsOf(client: number): CashView[] {
    const views: CashView[] = [];
    const { f64s } = this.arena;
    this.takeWorking(0);
    for (let row = this.clients.u32(client, ClientSide.cashRows); row !== 0; row = this.link(row, NEXT_OF_CLIENT)) {
      const instrument = this.link(row, INSTRUMENT);
      const product = this.link(row, PRODUCT);
      this.weigh(client, row, instrument, product);
      views.push({
        instrument,
        product,
        net: f64s[row + NET] as number,
        holding: this.holdingOf(client, row, instrument),
        workingOrders: this.link(row, ORDERS),
        requirement: f64s[row + PAISE] as number,
        positionRequirement: this.paise[0] as number,
      });
    }
    return views;
  }

  private rateOf(instrument: number, product: number): number {
    const rate = Math.max(this.rules.contracts[instrument * CONTRACT_STRIDE + Contract.cashRate] as number, this.rateFloor);
    if (product !== Product.MTF) return rate;
    return Math.max(rate, this.rules.dated.fundedRate, this.rules.contracts[instrument * CONTRACT_STRIDE + Contract.fundedRate] as number);
  }

  private closeOf(instrument: number): number {
    return this.rules.contracts[instrument * CONTRACT_STRIDE + Contract.previousClose] as number;
  }

  /** Leaves in `reserve` what the order holds if it fills in full, micros; the worse of its two sides under a pending replace. */
  private fillReserve(terms: OrderTerms): void {
    const { reserve } = this;
    const lead = this.rules.leadOf(terms.instrument);
    const rate = this.rateOf(lead, terms.product);
    const close = this.closeOf(lead);
    reserve[0] = terms.quantity * cashMarginPerUnit(Math.max(terms.price, close), rate);
    if (terms.altQuantity === 0) return;
    reserve[0] = Math.max(reserve[0] as number, terms.altQuantity * cashMarginPerUnit(Math.max(terms.altPrice, close), rate));
  }

  /** Takes the working sums of a row (0: none yet) as those weigh() counts. */
  private takeWorking(row: number): void {
    const { f64s } = this.arena;
    for (let i = BUYS; i <= SELL_UNITS; i++) this.working[i - BUYS] = row === 0 ? 0 : (f64s[row + i] as number);
  }

  private addWorking(terms: OrderTerms, direction: 1 | -1): void {
    const { working } = this;
    this.fillReserve(terms);
    const reserve = direction * (this.reserve[0] as number);
    if (terms.side === Side.BUY) {
      working[0] = (working[0] as number) + reserve;
      return;
    }
    working[SELLS - BUYS] = (working[SELLS - BUYS] as number) + reserve;
    working[SELL_UNITS - BUYS] = (working[SELL_UNITS - BUYS] as number) + direction * Math.max(terms.quantity, terms.altQuantity);
  }

  /** Units free to deliver against CNC sales of a row (0: none yet); of a T+0 listing those of the share it is. */
  private holdingOf(client: number, row: number, instrument: number): number {
    const home = this.rules.contracts[instrument * CONTRACT_STRIDE + Contract.home] as number;
    const held = home === 0 ? row : this.index.find(client, key(this.rules.leadOf(home - 1), Product.CNC));
    return held === 0 ? 0 : (this.arena.f64s[held + HOLDING] as number);
  }

  /** Leaves in `paise` the margin of a row's net and holding (row 0: none yet) with the working sums taken. */
  private weigh(client: number, row: number, instrument: number, product: number): void {
    const { working } = this;
    const { f64s } = this.arena;
    const buys = working[0] as number;
    const sells = working[SELLS - BUYS] as number;
    const net = row === 0 ? 0 : (f64s[row + NET] as number);
    const unit = cashMarginPerUnit(this.closeOf(instrument), this.rateOf(instrument, product));
    let worst = Math.max(unit * net + buys, sells - unit * net);
    if (product === Product.CNC) {
      const held = net + this.holdingOf(client, row, instrument);
      const short = (working[SELL_UNITS - BUYS] as number) > held ? sells - unit * held : 0;
      worst = Math.max(unit * net + buys, 0, short);
    }
    this.paise[0] = worst;
    roundCellToPaise(this.paise);
  }

  /** Recomputes the row's paise, frees it when nothing is left. */
  private settle(row: number): void {
    const { f64s } = this.arena;
    this.change[0] = 0 - (f64s[row + PAISE] as number);
    if (f64s[row + NET] === 0 && f64s[row + HOLDING] === 0 && this.link(row, ORDERS) === 0) {
      this.close(row);
      return;
    }
    this.takeWorking(row);
    this.weigh(this.link(row, CLIENT), row, this.link(row, INSTRUMENT), this.link(row, PRODUCT));
    f64s[row + PAISE] = this.paise[0] as number;
    this.change[0] = (this.change[0] as number) + (this.paise[0] as number);
  }

  private openRow(client: number, instrument: number, product: number): number {
    assert(product >= 0 && product < PRODUCTS, 'cash book: product outside its index key');
    const row = this.rows.allocate();
    this.setLink(row, CLIENT, client);
    this.setLink(row, INSTRUMENT, instrument);
    this.setLink(row, PRODUCT, product);
    this.setLink(row, NEXT_OF_CLIENT, this.clients.u32(client, ClientSide.cashRows));
    this.clients.setSide(client, ClientSide.cashRows, row);
    this.index.add(client, key(instrument, product), row);
    return row;
  }

  private close(row: number): void {
    const client = this.link(row, CLIENT);
    const next = this.link(row, NEXT_OF_CLIENT);
    const first = this.clients.u32(client, ClientSide.cashRows);
    if (first === row) this.clients.setSide(client, ClientSide.cashRows, next);
    else {
      let before = first;
      while (this.link(before, NEXT_OF_CLIENT) !== row) before = this.link(before, NEXT_OF_CLIENT);
      this.setLink(before, NEXT_OF_CLIENT, next);
    }
    this.index.remove(client, key(this.link(row, INSTRUMENT), this.link(row, PRODUCT)));
    this.rows.free(row);
  }

  private link(row: number, link: number): number {
    return this.arena.u32s[row * 2 + link] as number;
  }

  private setLink(row: number, link: number, value: number): void {
    this.arena.u32s[row * 2 + link] = value;
  }
}

function key(instrument: number, product: number): number {
  return instrument * PRODUCTS + product;
}
