// Where the slots of one shard live: one arena, one control block per slot that says where its rows, lookups and margin lie, and one set of accessors
// (tables, lists, margin book) that are pointed at one slot after the other. A fold of a cold slot so touches its block and its rows, and no
// object of its own. Invariant: whoever holds a SlotState goes through its getters, which point the accessors at it first; so an
// accessor is good until another slot of the same memory is asked for anything.
import { BOOK_CONTROL, MarginBook } from '../margin/margin-book.ts';
import { Arena } from './arena.ts';
import { newBreakTable } from './break-table.ts';
import { newClientOrderIdTable } from './client-order-id-table.ts';
import { newClientTable } from './client-table.ts';
import { newCollateralTable } from './collateral-table.ts';
import { Derived } from './derived.ts';
import { newEarlyPayInTable } from './early-pay-in-table.ts';
import { newFundedLotTable } from './funded-lot-table.ts';
import { newFundingTable } from './funding-table.ts';
import { newHaircutTable } from './haircut-table.ts';
import { newHoldingTable } from './holding-table.ts';
import { newMetaTable } from './meta-table.ts';
import { newOrderTable } from './order-table.ts';
import { newOriginTable } from './origin-table.ts';
import { newPeakTable } from './peak-table.ts';
import { newPositionTable } from './position-table.ts';
import { INDEX_CONTROL } from './row-index.ts';
import { type RowTable, TABLE_CONTROL_WORDS } from './row-table.ts';
import type { SlotState } from './slot-state.ts';
import { newTradeTable } from './trade-table.ts';

export class SlotMemory {
  readonly arena: Arena;
  readonly meta: ReturnType<typeof newMetaTable>;
  readonly origins: ReturnType<typeof newOriginTable>;
  readonly clients: ReturnType<typeof newClientTable>;
  readonly holdings: ReturnType<typeof newHoldingTable>;
  readonly positions: ReturnType<typeof newPositionTable>;
  readonly orders: ReturnType<typeof newOrderTable>;
  readonly clOrdIds: ReturnType<typeof newClientOrderIdTable>;
  readonly trades: ReturnType<typeof newTradeTable>;
  readonly breaks: ReturnType<typeof newBreakTable>;
  readonly peaks: ReturnType<typeof newPeakTable>;
  readonly haircuts: ReturnType<typeof newHaircutTable>;
  readonly collateral: ReturnType<typeof newCollateralTable>;
  readonly earlyPayIns: ReturnType<typeof newEarlyPayInTable>;
  readonly fundings: ReturnType<typeof newFundingTable>;
  readonly fundedLots: ReturnType<typeof newFundedLotTable>;
  /** Every table, by id. */
  readonly tables: readonly RowTable[];
  readonly derived: Derived;
  private book: MarginBook | undefined;
  private current: SlotState | undefined;

  constructor(arena: Arena = new Arena()) {
    this.arena = arena;
    this.meta = newMetaTable(0, arena);
    this.origins = newOriginTable(1, arena);
    this.clients = newClientTable(2, arena);
    this.holdings = newHoldingTable(3, arena);
    this.positions = newPositionTable(4, arena);
    this.orders = newOrderTable(5, arena);
    this.clOrdIds = newClientOrderIdTable(6, arena);
    this.trades = newTradeTable(7, arena);
    this.breaks = newBreakTable(8, arena);
    this.peaks = newPeakTable(9, arena);
    this.haircuts = newHaircutTable(10, arena);
    this.collateral = newCollateralTable(11, arena);
    this.earlyPayIns = newEarlyPayInTable(12, arena);
    this.fundings = newFundingTable(13, arena);
    this.fundedLots = newFundedLotTable(14, arena);
    const dayBooks: RowTable[] = [this.positions, this.orders, this.clOrdIds, this.trades, this.breaks, this.peaks];
    const ofShares: RowTable[] = [this.haircuts, this.collateral, this.earlyPayIns, this.fundings, this.fundedLots];
    this.tables = [this.meta, this.origins, this.clients, this.holdings, ...dayBooks, ...ofShares];
    this.derived = new Derived(this);
  }

  /** Memory for the slots of a shard: never moved, taken as it is written. */
  static reserved(): SlotMemory {
    return new SlotMemory(new Arena(Arena.reserve()));
  }

  /** Makes room for a new slot's control block; returns its 32-bit offset. */
  newBlock(): number {
    const words = this.tables.length * TABLE_CONTROL_WORDS + ((INDEX_CONTROL + BOOK_CONTROL + 1) >> 1);
    return this.arena.take(words) * 2;
  }

  /** Writes empty tables into a slot's block. */
  format(state: SlotState): void {
    this.current = state;
    for (const [id, table] of this.tables.entries()) table.format(state.block + id * TABLE_CONTROL_WORDS * 2);
    this.derived.instrumentPositions.index.format(this.derivedBlock(state));
    this.derived.state = state;
    this.derived.book = undefined;
  }

  /** The accessors, pointed at the slot. */
  at(state: SlotState): this {
    if (this.current !== state) this.enter(state);
    return this;
  }

  /** The slot's margin book, empty but for what is in it already, under the rules the slot goes by; undefined without rules. */
  bookOf(state: SlotState): MarginBook | undefined {
    const { rules } = state;
    if (rules === undefined) return undefined;
    const control = this.derivedBlock(state) + INDEX_CONTROL;
    this.book ??= new MarginBook(rules.table, state.cashRateFloor, this.clients);
    if (!state.hasBook) {
      this.book.format(control);
      state.hasBook = true;
    }
    this.book.open(control, rules, state.cashRateFloor);
    return this.book;
  }

  private enter(state: SlotState): void {
    this.current = state;
    const { block } = state;
    const step = TABLE_CONTROL_WORDS * 2;
    this.meta.open(block);
    this.origins.open(block + step);
    this.clients.open(block + 2 * step);
    this.holdings.open(block + 3 * step);
    this.positions.open(block + 4 * step);
    this.orders.open(block + 5 * step);
    this.clOrdIds.open(block + 6 * step);
    this.trades.open(block + 7 * step);
    this.breaks.open(block + 8 * step);
    this.peaks.open(block + 9 * step);
    this.haircuts.open(block + 10 * step);
    this.collateral.open(block + 11 * step);
    this.earlyPayIns.open(block + 12 * step);
    this.fundings.open(block + 13 * step);
    this.fundedLots.open(block + 14 * step);
    const { derived } = this;
    derived.instrumentPositions.index.open(this.derivedBlock(state));
    derived.state = state;
    derived.book = this.bookOf(state);
  }

  private derivedBlock(state: SlotState): number {
    return state.block + this.tables.length * TABLE_CONTROL_WORDS * 2;
  }
}
