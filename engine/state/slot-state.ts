// All state of one slot. What is stored is in `tables`, and nowhere else; the rest (lookups, lists, instrument rows, margin) is derived
// from the tables and the parameter table by rebuild(). One writer. Contains no rule: see lifecycle/ and checks/.
import { assert } from '../assert.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { newBreakTable } from './break-table.ts';
import { ClientOrderIdTable } from './client-order-id-table.ts';
import { ClientTable } from './client-table.ts';
import { Derived } from './derived.ts';
import { HoldingTable } from './holding-table.ts';
import { META_ROW, Meta, newMetaTable, TABLE_HASH_BYTES } from './meta-table.ts';
import { OrderTable } from './order-table.ts';
import { OriginTable } from './origin-table.ts';
import { PositionTable } from './position-table.ts';
import type { RowTable } from './row-table.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { StateHash } from './state-hash.ts';
import { TradeTable } from './trade-table.ts';

export class SlotState {
  readonly slot: number;
  readonly meta: RowTable = newMetaTable(0);
  readonly origins: OriginTable = new OriginTable(1);
  readonly clients: ClientTable = new ClientTable(2);
  readonly holdings: HoldingTable = new HoldingTable(3);
  readonly positions: PositionTable = new PositionTable(4);
  readonly orders: OrderTable = new OrderTable(5);
  readonly clOrdIds: ClientOrderIdTable = new ClientOrderIdTable(6);
  readonly trades: TradeTable = new TradeTable(7);
  readonly breaks: RowTable = newBreakTable(8);
  /** Every table, by id: the whole stored state. */
  readonly tables: readonly RowTable[] = [
    this.meta,
    this.origins,
    this.clients,
    this.holdings,
    this.positions,
    this.orders,
    this.clOrdIds,
    this.trades,
    this.breaks,
  ];
  /** Lists, instrument rows and margin that follow from the tables. */
  readonly derived: Derived = new Derived(this);

  constructor(slot: number) {
    assert(slot >= 0 && slot < 256, 'slot outside 0 to 255');
    this.slot = slot;
  }

  /** Commands folded so far. */
  get sequence(): number {
    return this.meta.f64(META_ROW, Meta.sequence);
  }
  /** Time of the last command, EpochMicros. */
  get time(): number {
    return this.meta.f64(META_ROW, Meta.time);
  }
  /** Content hash of the parameter table in force, lower-case hex; '' before the first LoadParameters. Allocates. */
  get parametersHash(): string {
    return this.meta.text(META_ROW, Meta.tableHash, TABLE_HASH_BYTES);
  }

  /** 128-bit hash over every table byte, 32 hex digits. */
  hash(): string {
    const hash = new StateHash();
    for (const table of this.tables) hash.add(table.bytes.subarray(0, table.rows * table.stride));
    return hash.digest();
  }

  /** The whole state as bytes. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.slot, this.tables);
  }

  /** State from snapshot(); call rebuild before folding on. Throws RangeError on bytes that are not one of this slot. */
  static restore(slot: number, bytes: Uint8Array): SlotState {
    const state = new SlotState(slot);
    readSnapshot(slot, state.tables, bytes);
    return state;
  }

  /** Derives everything that is not stored, under a parameter table (undefined when none is in force). Needed once after row images were loaded. */
  rebuild(parameters: ParameterTable | undefined): void {
    for (const table of this.tables) table.settle();
    this.origins.reindex();
    this.clients.reindex();
    this.holdings.reindex();
    this.positions.reindex();
    this.orders.reindex();
    this.clOrdIds.reindex();
    this.trades.reindex();
    this.derived.rebuild(parameters);
  }
}
