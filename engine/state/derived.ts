// What follows from a slot's tables and the parameter table in force: lists, instrument rows, margin. Never stored, never hashed.
// Invariant: after rebuild() it equals what the same commands would have left behind one by one.
import { MarginBook } from '../margin/margin-book.ts';
import { OrderTerms } from '../margin/order-terms.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { grown, Queue, Stack } from './chains.ts';
import { Holding } from './holding-table.ts';
import { InstrumentChain } from './instrument-chain.ts';
import { META_ROW, Meta } from './meta-table.ts';
import { Order, OrderState } from './order-table.ts';
import { Position } from './position-table.ts';
import type { SlotState } from './slot-state.ts';
import { fillTerms } from './working-terms.ts';

/** The one owner of the awaiting queue. */
export const AWAITING = 0;

export class Derived {
  /** Table in force; undefined before the first LoadParameters. */
  parameters: ParameterTable | undefined;
  /** Margin of the slot's clients; undefined without parameters. */
  book: MarginBook | undefined;
  /** Open orders by client row, oldest first. */
  readonly openOrders: Queue = new Queue();
  /** Orders with an unanswered verdict that are not stuck yet, longest waiting first; owner AWAITING. */
  readonly awaiting: Queue = new Queue();
  /** Positions by client row. */
  readonly clientPositions: Stack = new Stack();
  /** Positions by instrument. */
  readonly instrumentPositions: InstrumentChain;
  private instruments: Int32Array<ArrayBuffer> = new Int32Array(8);
  private orphans: Int32Array<ArrayBuffer> = new Int32Array(8);
  private readonly state: SlotState;

  constructor(state: SlotState) {
    this.state = state;
    this.instrumentPositions = new InstrumentChain(state.positions);
  }

  /** Instrument row of a position in the table in force; -1 = the table does not name it. */
  instrumentOf(position: number): number {
    return (this.instruments[position] ?? 0) - 1;
  }

  /** Open positions of a client that the table in force does not name. */
  orphansOf(client: number): number {
    return this.orphans[client] ?? 0;
  }

  /** Counts positions that became open (+1) or flat (-1) without an instrument row. */
  addOrphan(client: number, by: number): void {
    this.orphans = grown(this.orphans, client + 1);
    this.orphans[client] = (this.orphans[client] ?? 0) + by;
  }

  /** Enters a position row into the lists. */
  addPosition(row: number): void {
    const { positions } = this.state;
    this.instruments = grown(this.instruments, row + 1);
    const found = this.parameters?.find(positions.u8(row, Position.segment), positions.u32(row, Position.token)) ?? -1;
    this.instruments[row] = found + 1;
    this.clientPositions.push(positions.u32(row, Position.client), row);
    this.instrumentPositions.add(row);
  }

  /** Derives everything anew. */
  rebuild(parameters: ParameterTable | undefined): void {
    const { meta } = this.state;
    this.parameters = parameters;
    this.book = parameters === undefined ? undefined : new MarginBook(parameters, meta.f64(META_ROW, Meta.cashRateFloor));
    this.clientPositions.reset();
    this.instrumentPositions.reset();
    this.openOrders.reset();
    this.awaiting.reset();
    this.orphans.fill(0);
    this.addHoldings();
    this.addPositions();
    this.addOrders();
  }

  private addHoldings(): void {
    const { holdings } = this.state;
    for (let row = 1; row < holdings.rows; row++) {
      const instrument = this.parameters?.find(holdings.u8(row, Holding.segment), holdings.u32(row, Holding.token)) ?? -1;
      if (instrument >= 0) this.book?.setHolding(holdings.u32(row, Holding.client), instrument, holdings.f64(row, Holding.free));
    }
  }

  private addPositions(): void {
    const { positions } = this.state;
    for (let row = 1; row < positions.rows; row++) {
      if (!positions.isLive(row)) continue;
      this.addPosition(row);
      const net = positions.f64(row, Position.net);
      if (net === 0) continue;
      const client = positions.u32(row, Position.client);
      const instrument = this.instrumentOf(row);
      if (instrument < 0) this.addOrphan(client, 1);
      else this.book?.addPosition(client, instrument, positions.u8(row, Position.product), net);
    }
  }

  private addOrders(): void {
    const { orders } = this.state;
    const awaiting: number[] = [];
    const terms = new OrderTerms();
    for (let row = 1; row < orders.rows; row++) {
      if (orders.has(row, OrderState.CLOSED)) continue;
      this.openOrders.append(orders.u32(row, Order.client), row);
      if (orders.f64(row, Order.awaitingSequence) !== 0 && !orders.has(row, OrderState.STUCK)) awaiting.push(row);
      if (fillTerms(this.state, row, terms)) this.book?.addOrder(orders.u32(row, Order.client), terms);
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
