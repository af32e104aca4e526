// All state of one slot. What is stored is in `tables`, and nowhere else; the rest (lookups, lists, instrument rows, margin) is derived
// from the tables and the parameter table by rebuild(). One writer. The object itself only says where its slot lies in the memory it shares
// with others: the getters point that memory's accessors here, so read them anew after another slot was asked. Contains no rule: see
// lifecycle/ and checks/.
import { assert } from '../assert.ts';
import { type CompiledRules, compiledRules } from '../margin/compiled-rules.ts';
import { hasSameContracts } from '../margin/same-contracts.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { META_ROW, Meta, TABLE_HASH_BYTES } from './meta-table.ts';
import type { RowTable } from './row-table.ts';
import { SlotMemory } from './slot-memory.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { StateHash } from './state-hash.ts';

export class SlotState {
  readonly slot: number;
  /** 32-bit offset of the slot's control block in its memory. */
  readonly block: number;
  /** The parameter table in force, compiled; undefined before the first LoadParameters. Derived. */
  rules: CompiledRules | undefined = undefined;
  /** Policy's cash rate floor that the margin book goes by. Derived. */
  cashRateFloor = 0;
  /** Has the margin book a place in memory yet? */
  hasBook = false;
  private readonly memory: SlotMemory;

  /** An empty slot, in the memory of a shard or in its own. */
  constructor(slot: number, memory: SlotMemory = new SlotMemory()) {
    assert(slot >= 0 && slot < 256, 'slot outside 0 to 255');
    this.slot = slot;
    this.memory = memory;
    this.block = memory.newBlock();
    memory.format(this);
    this.meta.allocate();
  }

  get meta(): SlotMemory['meta'] {
    return this.memory.at(this).meta;
  }
  get origins(): SlotMemory['origins'] {
    return this.memory.at(this).origins;
  }
  get clients(): SlotMemory['clients'] {
    return this.memory.at(this).clients;
  }
  get holdings(): SlotMemory['holdings'] {
    return this.memory.at(this).holdings;
  }
  get positions(): SlotMemory['positions'] {
    return this.memory.at(this).positions;
  }
  get orders(): SlotMemory['orders'] {
    return this.memory.at(this).orders;
  }
  get clOrdIds(): SlotMemory['clOrdIds'] {
    return this.memory.at(this).clOrdIds;
  }
  get trades(): SlotMemory['trades'] {
    return this.memory.at(this).trades;
  }
  get breaks(): SlotMemory['breaks'] {
    return this.memory.at(this).breaks;
  }
  get haircuts(): SlotMemory['haircuts'] {
    return this.memory.at(this).haircuts;
  }
  get collateral(): SlotMemory['collateral'] {
    return this.memory.at(this).collateral;
  }
  get earlyPayIns(): SlotMemory['earlyPayIns'] {
    return this.memory.at(this).earlyPayIns;
  }
  get fundings(): SlotMemory['fundings'] {
    return this.memory.at(this).fundings;
  }
  get fundedLots(): SlotMemory['fundedLots'] {
    return this.memory.at(this).fundedLots;
  }
  get peaks(): SlotMemory['peaks'] {
    return this.memory.at(this).peaks;
  }
  /** Every table, by id: the whole stored state. */
  get tables(): readonly RowTable[] {
    return this.memory.at(this).tables;
  }
  /** Lists, instrument rows and margin that follow from the tables. */
  get derived(): SlotMemory['derived'] {
    return this.memory.at(this).derived;
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

  /** Content hash of the parameter table the day began under; '' before one of the day's was loaded. Allocates. */
  get openingParametersHash(): string {
    return this.meta.text(META_ROW, Meta.openingHash, TABLE_HASH_BYTES);
  }

  /** 128-bit hash over every table byte, 32 hex digits. */
  hash(): string {
    const hash = new StateHash();
    for (const table of this.tables) table.hashInto(hash);
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

  /** Puts another parameter table in force. One that lists the same contracts changes figures only, and most intraday files do. */
  changeParameters(parameters: ParameterTable): void {
    const rules = compiledRules(parameters);
    if (this.rules === undefined || !hasSameContracts(this.rules, rules)) {
      this.rebuild(parameters);
      return;
    }
    this.rules = rules;
    const { derived } = this;
    derived.book = this.memory.bookOf(this);
    derived.revalue();
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
    this.haircuts.reindex();
    this.collateral.reindex();
    this.peaks.reindex();
    this.earlyPayIns.reindex();
    this.fundings.reindex();
    const { derived } = this;
    derived.forget();
    this.rules = parameters === undefined ? undefined : compiledRules(parameters);
    this.cashRateFloor = this.meta.f64(META_ROW, Meta.cashRateFloor);
    derived.book = this.memory.bookOf(this);
    derived.rebuild();
  }
}
