// Reads the memory that the folds of a few new orders are about to read, for all of them together and step by step: where each slot lies, then lookups,
// then rows, then what rows name. Each order by itself would wait for one cache line after the other. A step first lists its lines, out of what the step
// before has brought, and then reads them in a loop so short that the processor asks for a dozen at once. Changes nothing. Guesses only: what is not
// found here (an unknown account, two keys of one hash, a share's own sums) the fold finds by itself.
import type { CommandView } from '../command/command-view.ts';
import { PlaceOrder } from '../command/layout.ts';
import { WORKING_STRIDE } from '../margin/branches.ts';
import { CONTRACT_STRIDE } from '../margin/contract-row.ts';
import { CONTRACT_PAIRS, WORKING_ROWS } from '../margin/derivative-book.ts';
import { C_GROUP, C_TIER, C_WORKING, TIER_WORDS } from '../margin/group-rows.ts';
import { PackedRows } from '../margin/packed-rows.ts';
import { PairIndex } from '../margin/pair-index.ts';
import { clOrdIdHash } from './client-order-id-table.ts';
import { accountHash, ClientSide } from './client-table.ts';
import { META_ROW, Meta } from './meta-table.ts';
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
/** More lines than one step lists for an order: those beyond would not be read. */
const LINES_MAX = 40;
/** Cells kept of each order: what it names, then the rows that were found for it. */
const Kept = { block: 0, account: 1, clOrdIdAt: 2, segment: 3, token: 4, client: 5, instrument: 6, contract: 7, positionHash: 8, CELLS: 16 } as const;

export class ReadAhead {
  private readonly memory: SlotMemory;
  private readonly pairs: PairIndex;
  private readonly working: PackedRows;
  private readonly states: SlotState[] = [];
  private readonly kept = new Int32Array(READ_AHEAD_ORDERS * Kept.CELLS);
  private count = 0;
  /** A 32-bit cell of each line of the step. */
  private readonly lines = new Int32Array(READ_AHEAD_ORDERS * LINES_MAX);
  private listed = 0;
  /** Of what was read, so that no reading is left out as useless. */
  private readonly seen = new Float64Array(1);

  constructor(memory: SlotMemory) {
    this.memory = memory;
    this.pairs = new PairIndex(memory.arena);
    this.working = new PackedRows(WORKING_STRIDE, memory.arena);
  }

  /** Notes a PlaceOrder of a slot of this memory. READ_AHEAD_ORDERS at most until run(). */
  add(state: SlotState, command: CommandView): void {
    const { kept, memory } = this;
    const { block } = state;
    const at = this.count * Kept.CELLS;
    this.states[this.count] = state;
    this.count += 1;
    const { meta, origins, clients, positions, orders, clOrdIds } = memory;
    this.list(controlOf(block, meta));
    this.list(controlOf(block, origins));
    this.list(controlOf(block, clients));
    this.list(controlOf(block, positions));
    this.list(controlOf(block, orders));
    this.list(controlOf(block, clOrdIds));
    this.listCells(bookOf(memory, block), 2 * LINE);
    kept[at + Kept.block] = block;
    kept[at + Kept.account] = accountHash(command.bytes, command.at + PlaceOrder.account);
    kept[at + Kept.clOrdIdAt] = command.at + PlaceOrder.clOrdId;
    kept[at + Kept.segment] = command.u8(PlaceOrder.segment);
    kept[at + Kept.token] = command.u32(PlaceOrder.token);
  }

  /** Reads for every order noted, whose commands all lie in `bytes`, and forgets them. */
  run(bytes: Uint8Array): void {
    const end = this.count * Kept.CELLS;
    this.read();
    for (let at = 0; at < end; at += Kept.CELLS) this.listOfSlot(at);
    this.read();
    for (let at = 0; at < end; at += Kept.CELLS) this.listRows(at);
    this.read();
    for (let at = 0; at < end; at += Kept.CELLS) this.listLookups(at, bytes);
    this.read();
    for (let at = 0; at < end; at += Kept.CELLS) this.listOfClient(at);
    this.read();
    for (let at = 0; at < end; at += Kept.CELLS) this.listSums(at);
    this.read();
    this.count = 0;
  }

  /** The slot's own row, the ends of the tables that every order writes to, where the client would be found; and the contract, in its own memory. */
  private listOfSlot(at: number): void {
    const { kept, seen } = this;
    const { meta, origins, clients, positions, orders, clOrdIds } = this.memory;
    const block = kept[at + Kept.block] as number;
    this.list(clients.bucketAt(controlOf(block, clients), kept[at + Kept.account] as number));
    this.listCells(meta.wordAt(controlOf(block, meta), META_ROW) * 2, meta.rowWords * 2);
    this.list(origins.wordAt(controlOf(block, origins), 1) * 2);
    this.list(clients.changedWordAt(controlOf(block, clients)) * 2);
    this.list(positions.changedWordAt(controlOf(block, positions)) * 2);
    this.listOwnRow(orders, block);
    this.listOwnRow(clOrdIds, block);
    const rules = this.states[at / Kept.CELLS]?.rules;
    if (rules !== undefined) seen[0] = rules.guess(kept[at + Kept.segment] as number, (kept[at + Kept.token] as number) >>> 0);
  }

  /** First and last line of a table's own row, and of the row that it changed last. */
  private listOwnRow(table: RowTable, block: number): void {
    const row = table.wordAt(controlOf(block, table), 0) * 2;
    this.list(row);
    this.list(row + table.rowWords * 2 - 1);
    this.list(table.changedWordAt(controlOf(block, table)) * 2);
  }

  /** The client, the rows the order will take and its place in the lookup, the contract. */
  private listRows(at: number): void {
    const { kept, seen } = this;
    const { meta, clients, orders, clOrdIds } = this.memory;
    const block = kept[at + Kept.block] as number;
    const client = clients.guessAt(controlOf(block, clients), kept[at + Kept.account] as number);
    kept[at + Kept.client] = client;
    this.listCells(clients.wordAt(controlOf(block, clients), client) * 2, clients.rowWords * 2);
    this.listCells(orders.nextWordAt(controlOf(block, orders)) * 2, orders.rowWords * 2);
    this.listCells(clOrdIds.nextWordAt(controlOf(block, clOrdIds)) * 2, clOrdIds.rowWords * 2);
    const sequence = this.memory.arena.f64s[meta.wordAt(controlOf(block, meta), META_ROW) + (Meta.sequence >> 3)] as number;
    this.list(orders.bucketAt(controlOf(block, orders), (sequence + 1) | 0));
    const rules = this.states[at / Kept.CELLS]?.rules;
    const instrument = rules === undefined ? -1 : rules.find(kept[at + Kept.segment] as number, (kept[at + Kept.token] as number) >>> 0);
    kept[at + Kept.instrument] = instrument;
    if (rules === undefined || instrument < 0) return;
    const { contracts } = rules;
    const cell = instrument * CONTRACT_STRIDE;
    seen[0] = (contracts[cell] as number) + (contracts[cell + 8] as number) + (contracts[cell + 16] as number) + (contracts[cell + 24] as number);
  }

  /** Where the ClOrdID, the client's position and margin rows in the contract would be found; the client's last order. */
  private listLookups(at: number, bytes: Uint8Array): void {
    const { kept, memory } = this;
    const { clients, orders, clOrdIds, positions } = memory;
    const block = kept[at + Kept.block] as number;
    const client = kept[at + Kept.client] as number;
    this.list(clOrdIds.bucketAt(controlOf(block, clOrdIds), clOrdIdHash(client, bytes, kept[at + Kept.clOrdIdAt] as number)));
    const hash = positionHash(client, kept[at + Kept.segment] as number, (kept[at + Kept.token] as number) >>> 0, 0);
    kept[at + Kept.positionHash] = hash;
    this.list(positions.bucketAt(controlOf(block, positions), hash));
    const instrument = kept[at + Kept.instrument] as number;
    if (instrument >= 0) this.list(this.pairs.homeAt(bookOf(memory, block) + CONTRACT_PAIRS, client, instrument));
    const lastAt = clients.wordAt(controlOf(block, clients), client) * 2 + (ClientSide.openOrders >> 2) + 1;
    const last = memory.arena.i32s[lastAt] as number;
    this.list(orders.wordAt(controlOf(block, orders), last) * 2 + (OrderSide.open >> 2));
  }

  /** The client's position and margin row in the contract. */
  private listOfClient(at: number): void {
    const { kept, memory } = this;
    const { positions } = memory;
    const block = kept[at + Kept.block] as number;
    const position = positions.guessAt(controlOf(block, positions), kept[at + Kept.positionHash] as number);
    this.listCells(positions.wordAt(controlOf(block, positions), position) * 2, positions.rowWords * 2);
    const instrument = kept[at + Kept.instrument] as number;
    const client = kept[at + Kept.client] as number;
    const contract = instrument < 0 ? 0 : this.pairs.findAt(bookOf(memory, block) + CONTRACT_PAIRS, client, instrument);
    kept[at + Kept.contract] = contract;
    this.list(contract * 2);
  }

  /** The sums of the contract's group, of its tier, and of the orders that work in it. */
  private listSums(at: number): void {
    const contract = (this.kept[at + Kept.contract] as number) * 2;
    if (contract === 0) return;
    const { i32s } = this.memory.arena;
    const head = i32s[contract + C_GROUP] as number;
    const tier = i32s[contract + C_TIER] as number;
    this.listCells(tier * 2, TIER_WORDS * 2);
    if (head !== tier) this.listCells(head * 2, TIER_WORDS * 2);
    const working = i32s[contract + C_WORKING] as number;
    const row = working === 0 ? this.working.nextAt(bookOf(this.memory, this.kept[at + Kept.block] as number) + WORKING_ROWS) : working;
    this.listCells(row * 2, WORKING_STRIDE * 2);
  }

  /** Lists the line of a 32-bit cell of the arena. */
  private list(cell: number): void {
    this.lines[this.listed] = cell;
    this.listed += 1;
  }

  /** Lists every line of so many cells. */
  private listCells(from: number, cells: number): void {
    const end = from + cells;
    for (let at = from; at < end; at = (at + LINE) | 0) this.list(at);
    this.list(end - 1);
  }

  /** Reads a cell of every line listed. */
  private read(): void {
    const { lines, listed } = this;
    const { i32s } = this.memory.arena;
    let seen = 0;
    for (let i = 0; i < listed; i++) seen ^= i32s[lines[i] as number] as number;
    this.seen[0] = seen;
    this.listed = 0;
  }
}

const controlOf = (block: number, table: RowTable): number => block + table.id * CONTROL;

/** Control of the margin book of the slot at `block`. */
const bookOf = (memory: SlotMemory, block: number): number => block + memory.tables.length * CONTROL + INDEX_CONTROL;
