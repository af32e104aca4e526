// One client of a slot, alone in a slot of its own: what a what-if may trade on with the live code while the real slot stays as it is. Rows get
// new numbers; everything a decision reads of the client and of the slot's day goes with them.
import { assert } from '../assert.ts';
import { Client } from '../state/client-table.ts';
import { hasEarlyPayIn } from '../state/early-pay-in.ts';
import { houseRow } from '../state/funding.ts';
import { Funding } from '../state/funding-table.ts';
import { META_ROW } from '../state/meta-table.ts';
import { Order } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import type { RowTable } from '../state/row-table.ts';
import type { SlotMemory } from '../state/slot-memory.ts';
import { SlotState } from '../state/slot-state.ts';
import { readSnapshot } from '../state/snapshot.ts';
import { Trade } from '../state/trade-table.ts';

/** Row of the client in the copy. */
export const ONLY_CLIENT = 1;

/** Tables that are copied in another way, or hold nothing a new order is judged by: requests and trades of the day, what went wrong, who sent. */
const APART: ReadonlySet<string> = new Set(['meta', 'origins', 'clients', 'positions', 'orders', 'clientOrderIds', 'trades', 'breaks', 'peaks']);

/** The client with positions, open orders and holdings; without `holds`, with nothing but its funds and limits. */
export function copyClient(from: SlotState, client: number, memory: SlotMemory, holds: boolean): SlotState {
  assert(from.clients.isLive(client), 'copy of a client who is not there');
  const into = new SlotState(from.slot, memory);
  into.meta.loadRow(META_ROW, from.meta.image(META_ROW));
  const images = new Map<string, RowTable>(from.tables.map((table) => [table.name, table]));
  copyRow(images.get('clients'), client, into.clients, into.clients.allocate());
  if (holds) {
    const places = copyPositions(from, client, into);
    copyOrders(from, client, into, places);
    if (hasEarlyPayIn(from, client)) copyTrades(from, client, into, places);
    for (const [id, table] of from.tables.entries()) if (!APART.has(table.name)) copyOwned(table, client, into.tables[id]);
  } else {
    into.clients.setU32(ONLY_CLIENT, Client.openOrders, 0);
    for (const field of [Client.openOrderValue, Client.grossValue]) into.clients.setF64(ONLY_CLIENT, field, 0);
    copySanction(from, client, into);
  }
  // What the house may still lend is asked of all clients of a slot together.
  const house = houseRow(from);
  if (house !== 0) copyRow(from.fundings, house, into.fundings, into.fundings.allocate());
  into.rebuild(from.rules?.table);
  return into;
}

/** The copy that SlotState.snapshot() of one wrote down. */
export function restoreCopy(like: SlotState, bytes: Uint8Array, memory: SlotMemory): SlotState {
  const into = new SlotState(like.slot, memory);
  readSnapshot(like.slot, into.tables, bytes);
  into.rebuild(like.rules?.table);
  return into;
}

function copyRow(from: RowTable | undefined, row: number, into: RowTable, to: number): void {
  assert(from !== undefined, 'copy from a table the slot does not have');
  into.loadRow(to, from.image(row));
}

function copyPositions(from: SlotState, client: number, into: SlotState): Map<number, number> {
  const places = new Map<number, number>();
  const rows: number[] = [];
  const { derived } = from;
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row)) rows.push(row);
  // Oldest first, as the rows themselves lie.
  for (const row of rows.sort((a, b) => a - b)) {
    const to = into.positions.allocate();
    copyRow(from.positions, row, into.positions, to);
    into.positions.setU32(to, Position.client, ONLY_CLIENT);
    places.set(row, to);
  }
  return places;
}

function copyOrders(from: SlotState, client: number, into: SlotState, places: ReadonlyMap<number, number>): void {
  const rows: number[] = [];
  const { openOrders } = from.derived;
  for (let row = openOrders.head(client); row !== 0; row = openOrders.next(row)) rows.push(row);
  for (const row of rows) {
    const to = into.orders.allocate();
    copyRow(from.orders, row, into.orders, to);
    into.orders.setU32(to, Order.client, ONLY_CLIENT);
    into.orders.setU32(to, Order.position, places.get(from.orders.u32(row, Order.position)) ?? 0);
    into.orders.setU32(to, Order.stuckBreak, 0);
  }
}

/** Trades of the day: what was bought first is paid for first. */
function copyTrades(from: SlotState, client: number, into: SlotState, places: ReadonlyMap<number, number>): void {
  for (let row = 1; row < from.trades.rows; row++) {
    if (from.trades.u32(row, Trade.client) !== client) continue;
    const to = into.trades.allocate();
    copyRow(from.trades, row, into.trades, to);
    into.trades.setU32(to, Trade.client, ONLY_CLIENT);
    into.trades.setU32(to, Trade.position, places.get(from.trades.u32(row, Trade.position)) ?? 0);
    into.trades.setU32(to, Trade.order, 0);
  }
}

/** What the client is sanctioned of funding: a limit, as its others. */
function copySanction(from: SlotState, client: number, into: SlotState): void {
  const row = from.fundings.find(client, 0, 0);
  if (row === 0) return;
  const to = into.fundings.allocate();
  copyRow(from.fundings, row, into.fundings, to);
  into.fundings.setU32(to, Funding.client, ONLY_CLIENT);
  into.fundings.setF64(to, Funding.funded, 0);
  into.fundings.setF64(to, Funding.cost, 0);
}

/** Rows of a table whose first field names the client. */
function copyOwned(from: RowTable, client: number, into: RowTable | undefined): void {
  assert(into !== undefined, 'slots of one release have the same tables');
  for (let row = 1; row < from.rows; row++) {
    if (!from.isLive(row) || from.u32(row, 0) !== client) continue;
    const to = into.allocate();
    copyRow(from, row, into, to);
    into.setU32(to, 0, ONLY_CLIENT);
  }
}
