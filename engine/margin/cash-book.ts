// Cash-segment margin of one slot's clients, per (client, instrument, product), O(1) per change. With e = rate x price per unit, net
// position n, free holding h, and B, S the working buys and sells at their own e:
//   CNC    max( e(n) + B, 0, e(-n - h) + S )     the last only when more is being sold than n + h: delivery of what is held is free,
//                                                at whatever price it is offered
//   other  max( e(n) + B, e(-n) + S )            intraday margins |net|
// The worst over every subset of fills lies at "all buys fill" or "all sells fill", because the requirement is convex in the net.
// A position is valued at the previous close; an order at its price or the previous close, whichever is higher. Sums are micros, each row is
// rounded to paise once. Early pay-in, T1 and BTST credit and netting across exchanges are not decided here.
import { assert } from '../assert.ts';
import { Product, Side } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { roundCellToPaise } from '../units.ts';
import type { OrderTerms } from './order-terms.ts';
import { PackedRows } from './packed-rows.ts';
import { PairIndex } from './pair-index.ts';

const NET = 0;
const HOLDING = 1;
const BUYS = 2;
const SELLS = 3;
const SELL_UNITS = 4;
const PAISE = 5;
const DOUBLES = 6;
const CLIENT = 0;
const INSTRUMENT = 1;
const PRODUCT = 2;
const ORDERS = 3;
const NEXT_OF_CLIENT = 4;
const LINKS = 5;
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

/** Cash rows of one slot's clients; methods leave changes in `change`, the caller keeps the sums. */
export class CashBook {
  /** Paise by which the last call changed the requirement, or would change it. A cell: a double that is returned may become a heap object. */
  readonly change: Float64Array = new Float64Array(1);
  private readonly table: ParameterTable;
  private readonly rateFloor: number;
  private readonly rows = new PackedRows(DOUBLES, LINKS);
  private readonly index = new PairIndex();
  private firstOfClient = new Int32Array(16);
  /** Working sums that weigh() counts, in the order of a row's; filled by its callers. */
  private readonly working = new Float64Array(SELL_UNITS - BUYS + 1);
  /** What weigh() found. */
  private readonly paise = new Float64Array(1);

  constructor(table: ParameterTable, rateFloor: number) {
    this.table = table;
    this.rateFloor = rateFloor;
  }

  /** What `add` working and `remove` (same instrument and product) gone would change of the requirement. Allocates nothing. */
  changeIf(client: number, add: OrderTerms | null, remove: OrderTerms | null): void {
    const terms = add !== null ? add : remove;
    assert(terms !== null, 'cash what-if without an order');
    const row = this.index.find(client, key(terms.instrument, terms.product));
    assert(remove === null || row >= 0, 'cash what-if removes an order the book does not hold');
    this.takeWorking(row);
    if (add !== null) this.addWorking(add, 1);
    if (remove !== null) this.addWorking(remove, -1);
    this.weigh(row, terms.instrument, terms.product);
    this.change[0] = (this.paise[0] as number) - (row < 0 ? 0 : (this.rows.values[row * DOUBLES + PAISE] as number));
  }

  /** Adds (1) or removes (-1) a working order. */
  changeOrder(client: number, terms: OrderTerms, direction: 1 | -1): void {
    const found = this.index.find(client, key(terms.instrument, terms.product));
    assert(direction === 1 || found >= 0, 'removing a working order the book does not hold');
    const row = found >= 0 ? found : this.open(client, terms.instrument, terms.product);
    this.takeWorking(row);
    this.addWorking(terms, direction);
    const { values } = this.rows;
    for (let i = BUYS; i <= SELL_UNITS; i++) values[row * DOUBLES + i] = this.working[i - BUYS] as number;
    this.rows.links[row * LINKS + ORDERS] = (this.rows.links[row * LINKS + ORDERS] as number) + direction;
    this.settle(row);
  }

  /** Adds signed units. */
  addPosition(client: number, instrument: number, product: number, units: number): void {
    const found = this.index.find(client, key(instrument, product));
    this.change[0] = 0;
    if (found < 0 && units === 0) return;
    const row = found >= 0 ? found : this.open(client, instrument, product);
    this.rows.values[row * DOUBLES + NET] = (this.rows.values[row * DOUBLES + NET] as number) + units;
    this.settle(row);
  }

  /** Sets the units free to deliver against CNC sales. */
  setHolding(client: number, instrument: number, freeUnits: number): void {
    const found = this.index.find(client, key(instrument, Product.CNC));
    this.change[0] = 0;
    if (found < 0 && freeUnits === 0) return;
    const row = found >= 0 ? found : this.open(client, instrument, Product.CNC);
    this.rows.values[row * DOUBLES + HOLDING] = freeUnits;
    this.settle(row);
  }

  /** The client's rows, newest first. Allocates. */
  rowsOf(client: number): CashView[] {
    const views: CashView[] = [];
    const { values, links } = this.rows;
    this.takeWorking(-1);
    for (let row = (this.firstOfClient[client] ?? 0) - 1; row >= 0; row = (links[row * LINKS + NEXT_OF_CLIENT] as number) - 1) {
      const instrument = links[row * LINKS + INSTRUMENT] as number;
      const product = links[row * LINKS + PRODUCT] as number;
      const net = values[row * DOUBLES + NET] as number;
      const holding = values[row * DOUBLES + HOLDING] as number;
      this.weigh(row, instrument, product);
      views.push({
        instrument,
        product,
        net,
        holding,
        workingOrders: links[row * LINKS + ORDERS] as number,
        requirement: values[row * DOUBLES + PAISE] as number,
        positionRequirement: this.paise[0] as number,
      });
    }
    return views;
  }

  private rateOf(instrument: number): number {
    return Math.max(this.table.cashRate[instrument] as number, this.rateFloor);
  }

  /** What the order holds if it fills in full, micros; the worse of its two sides under a pending replace. */
  private reserve(terms: OrderTerms): number {
    const rate = this.rateOf(terms.instrument);
    const close = this.table.previousClose[terms.instrument] as number;
    const one = terms.quantity * cashMarginPerUnit(Math.max(terms.price, close), rate);
    if (terms.altQuantity === 0) return one;
    return Math.max(one, terms.altQuantity * cashMarginPerUnit(Math.max(terms.altPrice, close), rate));
  }

  /** Takes the working sums of a row (-1: none yet) as those weigh() counts. */
  private takeWorking(row: number): void {
    const { values } = this.rows;
    for (let i = BUYS; i <= SELL_UNITS; i++) this.working[i - BUYS] = row < 0 ? 0 : (values[row * DOUBLES + i] as number);
  }

  private addWorking(terms: OrderTerms, direction: 1 | -1): void {
    const { working } = this;
    const reserve = direction * this.reserve(terms);
    if (terms.side === Side.BUY) {
      working[0] = (working[0] as number) + reserve;
      return;
    }
    working[SELLS - BUYS] = (working[SELLS - BUYS] as number) + reserve;
    working[SELL_UNITS - BUYS] = (working[SELL_UNITS - BUYS] as number) + direction * Math.max(terms.quantity, terms.altQuantity);
  }

  /** Leaves in `paise` the margin of a row's net and holding (row -1: none yet) with the working sums taken. */
  private weigh(row: number, instrument: number, product: number): void {
    const { working } = this;
    const { values } = this.rows;
    const buys = working[0] as number;
    const sells = working[SELLS - BUYS] as number;
    const net = row < 0 ? 0 : (values[row * DOUBLES + NET] as number);
    const holding = row < 0 ? 0 : (values[row * DOUBLES + HOLDING] as number);
    const unit = cashMarginPerUnit(this.table.previousClose[instrument] as number, this.rateOf(instrument));
    let worst = Math.max(unit * net + buys, sells - unit * net);
    if (product === Product.CNC) {
      const held = net + holding;
      const short = (working[SELL_UNITS - BUYS] as number) > held ? sells - unit * held : 0;
      worst = Math.max(unit * net + buys, 0, short);
    }
    this.paise[0] = worst;
    roundCellToPaise(this.paise);
  }

  /** Recomputes the row's paise, frees it when nothing is left. */
  private settle(row: number): void {
    const { values, links } = this.rows;
    const at = row * DOUBLES;
    this.change[0] = 0 - (values[at + PAISE] as number);
    if (values[at + NET] === 0 && values[at + HOLDING] === 0 && links[row * LINKS + ORDERS] === 0) {
      this.close(row);
      return;
    }
    this.takeWorking(row);
    this.weigh(row, links[row * LINKS + INSTRUMENT] as number, links[row * LINKS + PRODUCT] as number);
    values[at + PAISE] = this.paise[0] as number;
    this.change[0] = (this.change[0] as number) + (this.paise[0] as number);
  }

  private open(client: number, instrument: number, product: number): number {
    assert(product >= 0 && product < PRODUCTS, 'cash book: product outside its index key');
    if (client >= this.firstOfClient.length) {
      const larger = new Int32Array(Math.max(client + 1, this.firstOfClient.length * 2));
      larger.set(this.firstOfClient);
      this.firstOfClient = larger;
    }
    const row = this.rows.allocate();
    const { links } = this.rows;
    links[row * LINKS + CLIENT] = client;
    links[row * LINKS + INSTRUMENT] = instrument;
    links[row * LINKS + PRODUCT] = product;
    links[row * LINKS + NEXT_OF_CLIENT] = this.firstOfClient[client] as number;
    this.firstOfClient[client] = row + 1;
    this.index.add(client, key(instrument, product), row);
    return row;
  }

  private close(row: number): void {
    const { links } = this.rows;
    const client = links[row * LINKS + CLIENT] as number;
    const next = links[row * LINKS + NEXT_OF_CLIENT] as number;
    if (this.firstOfClient[client] === row + 1) this.firstOfClient[client] = next;
    else {
      let before = (this.firstOfClient[client] as number) - 1;
      while (links[before * LINKS + NEXT_OF_CLIENT] !== row + 1) before = (links[before * LINKS + NEXT_OF_CLIENT] as number) - 1;
      links[before * LINKS + NEXT_OF_CLIENT] = next;
    }
    this.index.remove(client, key(links[row * LINKS + INSTRUMENT] as number, links[row * LINKS + PRODUCT] as number));
    this.rows.free(row);
  }
}

function key(instrument: number, product: number): number {
  return instrument * PRODUCTS + product;
}
