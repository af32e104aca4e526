// What follows from a slot's tables and the parameter table in force: lists, instrument rows, margin. Never stored, never hashed.
// Invariant: after rebuild() it equals what the same commands would have left behind one by one.
import { assert } from '../assert.ts';
import type { CompiledRules } from '../margin/compiled-rules.ts';
import type { MarginBook } from '../margin/margin-book.ts';
import { OrderTerms } from '../margin/order-terms.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { Queue, Stack } from './chains.ts';
import { ClientSide } from './client-table.ts';
import { countClosedGain } from './closed-gain.ts';
import { coveredUnits, isMoney } from './early-pay-in.ts';
import { EarlyPayIn } from './early-pay-in-table.ts';
import { Holding } from './holding-table.ts';
import { InstrumentChain } from './instrument-chain.ts';
import { tellHolding } from './netted-shares.ts';
import { Order, OrderSide, OrderState } from './order-table.ts';
import { Position, PositionSide } from './position-table.ts';
import { countAlone, isMarginedAlone, worksAlone } from './pre-open-orders.ts';
import type { SlotMemory } from './slot-memory.ts';
import type { SlotState } from './slot-state.ts';
import { fillTerms } from './working-terms.ts';

/** The one owner of the awaiting queue: the orders table itself. */
export const AWAITING = 0;

/** Of one slot at a time, like the tables it follows from. */
export class Derived {
  /** The slot it is of; undefined before any was formatted. */
  state: SlotState | undefined;
  /** Margin of the slot's clients; undefined without parameters. */
  book: MarginBook | undefined;
  /** Open orders by client row, oldest first. */
  readonly openOrders: Queue;
  /** Orders with an unanswered verdict that are not stuck yet, longest waiting first; owner AWAITING. */
  readonly awaiting: Queue;
  /** Positions by client row. */
  readonly clientPositions: Stack;
  /** Positions by instrument. */
  readonly instrumentPositions: InstrumentChain;
  private readonly memory: SlotMemory;

  constructor(memory: SlotMemory) {
    const { clients, orders, positions } = memory;
    this.memory = memory;
    this.openOrders = new Queue({ owners: clients, headField: ClientSide.openOrders }, orders, OrderSide.open);
    this.awaiting = new Queue({ owners: orders, headField: OrderSide.awaitingEnds }, orders, OrderSide.awaiting);
    this.clientPositions = new Stack({ owners: clients, headField: ClientSide.positions }, positions, PositionSide.ofClient);
    this.instrumentPositions = new InstrumentChain(positions, memory.arena);
  }

  /** Table in force, compiled; undefined before the first LoadParameters. */
  get rules(): CompiledRules | undefined {
    return this.state?.rules;
  }

  /** Table in force; undefined before the first LoadParameters. */
  get parameters(): ParameterTable | undefined {
    return this.state?.rules?.table;
  }

  /** Instrument row of a position in the table in force; -1 = the table does not name it. */
  instrumentOf(position: number): number {
    return this.memory.positions.u32(position, PositionSide.instrument) - 1;
  }

  /** Open positions of a client that the table in force does not name. */
  orphansOf(client: number): number {
    return this.memory.clients.u32(client, ClientSide.orphans);
  }

  /** Counts positions that became open (+1) or flat (-1) without an instrument row. */
  addOrphan(client: number, by: number): void {
    const { clients } = this.memory;
    clients.setSide(client, ClientSide.orphans, clients.u32(client, ClientSide.orphans) + by);
  }

  /** Enters a position row into the lists. */
  addPosition(row: number): void {
    const { positions } = this.memory;
    const found = this.rules?.find(positions.u8(row, Position.segment), positions.u32(row, Position.token)) ?? -1;
    positions.setSide(row, PositionSide.instrument, found + 1);
    this.clientPositions.push(positions.u32(row, Position.client), row);
    this.instrumentPositions.add(row);
  }

  /** Forgets everything that was derived. */
  forget(): void {
    const { clients, orders, positions } = this.memory;
    for (let client = 1; client < clients.rows; client++) this.book?.drop(client);
    clients.clearSides();
    orders.clearSides();
    positions.clearSides();
    this.instrumentPositions.index.reset();
  }

  /** Derives everything anew; call forget() before the rules and the book change. */
  rebuild(): void {
    this.addHoldings();
    this.addPositions();
    this.addOrders();
    this.addAlone();
  }

  /** Derives margin anew under rules that list the same contracts; nothing else follows from their figures. */
  revalue(): void {
    const { state, book } = this;
    const { orders } = this.memory;
    const terms = new OrderTerms();
    assert(state !== undefined && book !== undefined, 'revaluing a slot without parameters');
    book.revalue((show) => {
      for (let row = 1; row < orders.rows; row++) {
        if (
          !orders.has(row, OrderState.CLOSED) &&
          fillTerms(state, row, terms) &&
          !isMarginedAlone(state, orders.u8(row, Order.segment), terms.instrument)
        )
          show(orders.u32(row, Order.client), terms);
      }
    });
    this.addAlone();
  }

  private addHoldings(): void {
    const { holdings, earlyPayIns } = this.memory;
    const { state } = this;
    for (let row = 1; row < holdings.rows && state !== undefined; row++)
      tellHolding(state, holdings.u32(row, Holding.client), holdings.u8(row, Holding.segment), holdings.u32(row, Holding.token));
    // Units may be delivered or paid for early of a share that no holding names.
    for (let row = 1; row < earlyPayIns.rows && state !== undefined; row++)
      if (!isMoney(state, row))
        tellHolding(state, earlyPayIns.u32(row, EarlyPayIn.client), earlyPayIns.u8(row, EarlyPayIn.segment), earlyPayIns.u32(row, EarlyPayIn.token));
  }

  private addPositions(): void {
    const { positions } = this.memory;
    const { state } = this;
    for (let row = 1; row < positions.rows && state !== undefined; row++) {
      if (!positions.isLive(row)) continue;
      this.addPosition(row);
      countClosedGain(state, row, 1);
      const net = positions.f64(row, Position.net);
      if (net === 0) continue;
      const client = positions.u32(row, Position.client);
      const instrument = this.instrumentOf(row);
      if (instrument < 0) this.addOrphan(client, 1);
      else this.book?.addPosition(client, instrument, positions.u8(row, Position.product), net - coveredUnits(state, row));
    }
  }

  /** Orders that ask margin by themselves: their position rows know the units. */
  private addAlone(): void {
    const { state } = this;
    const { positions } = this.memory;
    for (let row = 1; row < positions.rows; row++)
      if (state !== undefined && positions.isLive(row) && worksAlone(state, row)) countAlone(state, row, 1);
  }

  private addOrders(): void {
    const { state } = this;
    const { orders } = this.memory;
    const awaiting: number[] = [];
    const terms = new OrderTerms();
    for (let row = 1; row < orders.rows; row++) {
      if (orders.has(row, OrderState.CLOSED)) continue;
      this.openOrders.append(orders.u32(row, Order.client), row);
      if (orders.f64(row, Order.awaitingSequence) !== 0 && !orders.has(row, OrderState.STUCK)) awaiting.push(row);
      if (state === undefined || !fillTerms(state, row, terms) || isMarginedAlone(state, orders.u8(row, Order.segment), terms.instrument)) continue;
      this.book?.addOrder(orders.u32(row, Order.client), terms);
    }
    // A mass cancel makes many orders wait from one sequence on, client by client, each client's oldest order first.
    const waitsLonger = (a: number, b: number): number =>
      orders.f64(a, Order.awaitingSequence) - orders.f64(b, Order.awaitingSequence) ||
      orders.u32(a, Order.client) - orders.u32(b, Order.client) ||
      a - b;
    awaiting.sort(waitsLonger);
    for (const row of awaiting) this.awaiting.append(AWAITING, row);
  }
}
