// Reads the memory that the folds of a few new orders are about to read, for all of them together and step by step: where each slot lies, then lookups,
// then rows, then what rows name. Each order by itself would wait for one cache line after the other; so the lines of all of them come at once. Changes
// nothing. Guesses only: what is not found here (an unknown account, two keys of one hash, a share's own sums) the fold finds by itself.
import type { CommandView } from '../command/command-view.ts';
import { PlaceOrder } from '../command/layout.ts';
import { WORKING_STRIDE } from '../margin/branches.ts';
import { CONTRACT_STRIDE } from '../margin/contract-row.ts';
import { CONTRACT_PAIRS } from '../margin/derivative-book.ts';
import { C_TIER, C_WORKING, TIER_WORDS } from '../margin/group-rows.ts';
import { PairIndex } from '../margin/pair-index.ts';
import { clOrdIdHash } from './client-order-id-table.ts';
import { accountHash, ClientSide } from './client-table.ts';
import { META_ROW } from './meta-table.ts';
import { OrderSide } from './order-table.ts';
import { positionHash } from './position-table.ts';
import { INDEX_CONTROL } from './row-index.ts';
import { type RowTable, TABLE_CONTROL_WORDS } from './row-table.ts';
import type { SlotMemory } from './slot-memory.ts';
import type { SlotState } from './slot-state.ts';

/** Orders looked at together at most: their lines fit into the nearest cache. */
export const READ_AHEAD_ORDERS = 16;
/** 32-bit cells of a cache line, and of a table's control. */
const LINE = 16;
const CONTROL = TABLE_CONTROL_WORDS * 2;
/** Cells kept of each order: what it names, then the rows that were found for it. */
const Kept = { block: 0, account: 1, clOrdIdAt: 2, segment: 3, token: 4, client: 5, instrument: 6, contract: 7, position: 8, CELLS: 16 } as const;

export class ReadAhead {
  private readonly memory: SlotMemory;
  private readonly pairs: PairIndex;
  private readonly states: SlotState[] = [];
  private readonly kept = new Int32Array(READ_AHEAD_ORDERS * Kept.CELLS);
  private count = 0;
  /** Of what was read, so that no reading is left out as useless. */
  private readonly seen = new Float64Array(1);

  constructor(memory: SlotMemory) {
    this.memory = memory;
    this.pairs = new PairIndex(memory.arena);
  }

  /** Notes a PlaceOrder of a slot of this memory, and reads where the slot lies. READ_AHEAD_ORDERS at most until run(). */
  add(state: SlotState, command: CommandView): void {
    const { kept, memory } = this;
    const { block } = state;
    const at = this.count * Kept.CELLS;
    this.states[this.count] = state;
    this.count += 1;
    for (let table = 0; table < memory.clOrdIds.id; table++) this.look(block + table * CONTROL);
    this.readCells(bookOf(memory, block), 2 * LINE);
    kept[at + Kept.block] = block;
    kept[at + Kept.account] = accountHash(command.bytes, command.at + PlaceOrder.account);
    kept[at + Kept.clOrdIdAt] = command.at + PlaceOrder.clOrdId;
    kept[at + Kept.segment] = command.u8(PlaceOrder.segment);
    kept[at + Kept.token] = command.u32(PlaceOrder.token);
  }

  /** Reads for every order noted, whose commands all lie in `bytes`, and forgets them. */
  run(bytes: Uint8Array): void {
    const end = this.count * Kept.CELLS;
    for (let at = 0; at < end; at += Kept.CELLS) this.lookUp(at);
    for (let at = 0; at < end; at += Kept.CELLS) this.readRows(at);
    for (let at = 0; at < end; at += Kept.CELLS) this.lookUpOfClient(at, bytes);
    for (let at = 0; at < end; at += Kept.CELLS) this.readOfClient(at);
    for (let at = 0; at < end; at += Kept.CELLS) this.readSums(at);
    this.count = 0;
  }

  /** Client and contract; and the ends of the tables that every order writes to. */
  private lookUp(at: number): void {
    const { kept } = this;
    const { meta, origins, clients, orders, clOrdIds } = this.memory;
    const block = kept[at + Kept.block] as number;
    kept[at + Kept.client] = clients.guessAt(controlOf(block, clients), kept[at + Kept.account] as number);
    const rules = this.states[at / Kept.CELLS]?.rules;
    kept[at + Kept.instrument] = rules === undefined ? -1 : rules.find(kept[at + Kept.segment] as number, (kept[at + Kept.token] as number) >>> 0);
    this.readCells(meta.wordAt(controlOf(block, meta), META_ROW) * 2, 3 * LINE);
    this.look(origins.wordAt(controlOf(block, origins), 1) * 2);
    this.look(orders.wordAt(controlOf(block, orders), 0) * 2);
    this.look(orders.changedWordAt(controlOf(block, orders)) * 2);
    this.look(clOrdIds.wordAt(controlOf(block, clOrdIds), 0) * 2);
    this.look(clOrdIds.changedWordAt(controlOf(block, clOrdIds)) * 2);
  }

  /** The client, the rows the order will take, the contract. */
  private readRows(at: number): void {
    const { kept, seen } = this;
    const { clients, orders, clOrdIds } = this.memory;
    const block = kept[at + Kept.block] as number;
    this.readCells(clients.wordAt(controlOf(block, clients), kept[at + Kept.client] as number) * 2, clients.rowWords * 2);
    this.readCells(orders.nextWordAt(controlOf(block, orders)) * 2, orders.rowWords * 2);
    this.readCells(clOrdIds.nextWordAt(controlOf(block, clOrdIds)) * 2, clOrdIds.rowWords * 2);
    const contracts = this.states[at / Kept.CELLS]?.rules?.contracts;
    const instrument = kept[at + Kept.instrument] as number;
    if (contracts === undefined || instrument < 0) return;
    const cell = instrument * CONTRACT_STRIDE;
    seen[0] = (contracts[cell] as number) + (contracts[cell + 8] as number) + (contracts[cell + 16] as number) + (contracts[cell + 24] as number);
  }

  /** The client's position and margin rows in the contract; where its ClOrdID and its last order lie. */
  private lookUpOfClient(at: number, bytes: Uint8Array): void {
    const { kept, memory } = this;
    const { clients, orders, clOrdIds, positions } = memory;
    const block = kept[at + Kept.block] as number;
    const client = kept[at + Kept.client] as number;
    this.look(clOrdIds.guessAt(controlOf(block, clOrdIds), clOrdIdHash(client, bytes, kept[at + Kept.clOrdIdAt] as number)));
    const hash = positionHash(client, kept[at + Kept.segment] as number, (kept[at + Kept.token] as number) >>> 0, 0);
    kept[at + Kept.position] = positions.guessAt(controlOf(block, positions), hash);
    const instrument = kept[at + Kept.instrument] as number;
    kept[at + Kept.contract] = instrument < 0 ? 0 : this.pairs.findAt(bookOf(memory, block) + CONTRACT_PAIRS, client, instrument);
    const lastAt = clients.wordAt(controlOf(block, clients), client) * 2 + (ClientSide.openOrders >> 2) + 1;
    const last = memory.arena.i32s[lastAt] as number;
    this.look(orders.wordAt(controlOf(block, orders), last) * 2 + (OrderSide.open >> 2));
  }

  private readOfClient(at: number): void {
    const { kept } = this;
    const { positions } = this.memory;
    const row = positions.wordAt(controlOf(kept[at + Kept.block] as number, positions), kept[at + Kept.position] as number);
    this.readCells(row * 2, positions.rowWords * 2);
    this.look((kept[at + Kept.contract] as number) * 2);
  }

  /** The sums of the contract's tier and of the orders that work in it. */
  private readSums(at: number): void {
    const contract = (this.kept[at + Kept.contract] as number) * 2;
    if (contract === 0) return;
    const { i32s } = this.memory.arena;
    this.readCells((i32s[contract + C_TIER] as number) * 2, TIER_WORDS * 2);
    this.readCells((i32s[contract + C_WORKING] as number) * 2, WORKING_STRIDE * 2);
  }

  /** Reads one 32-bit cell, and with it its line. */
  private look(cell: number): void {
    this.seen[0] = this.memory.arena.i32s[cell] as number;
  }

  /** Reads a cell of each line. */
  private readCells(from: number, cells: number): void {
    const { i32s } = this.memory.arena;
    const end = from + cells;
    let seen = 0;
    for (let at = from; at < end; at = (at + LINE) | 0) seen ^= i32s[at] as number;
    this.seen[0] = seen;
  }
}

const controlOf = (block: number, table: RowTable): number => block + table.id * CONTROL;

/** Control of the margin book of the slot at `block`. */
const bookOf = (memory: SlotMemory, block: number): number => block + memory.tables.length * CONTROL + INDEX_CONTROL;
