// What engine and oracle are compared by after every command: each account's money, positions and orders, as plain numbers and strings.
// The engine's picture is read out of its tables by their published fields; no rule is applied on either side.
import { Client } from '../../engine/state/client-table.ts';
import { FundedLot } from '../../engine/state/funded-lot-table.ts';
import { drawnBy } from '../../engine/state/funding.ts';
import { Holding } from '../../engine/state/holding-table.ts';
import { Order, OrderState } from '../../engine/state/order-table.ts';
import { Peak } from '../../engine/state/peak-table.ts';
import { Position } from '../../engine/state/position-table.ts';
import type { SlotState } from '../../engine/state/slot-state.ts';

/** Numbers and texts by name. */
export type Facts = Record<string, number | string | boolean>;

/** One account. */
export interface AccountPicture {
  readonly money: Facts;
  /** By segment/token/product; flat ones left out. */
  readonly positions: Record<string, Facts>;
  /** By segment/token; those of nothing left out. */
  readonly holdings: Record<string, Facts>;
  /** Open orders by sequence. */
  readonly orders: Record<string, Facts>;
  /** Funded lots by segment/token/day. */
  readonly lots: Record<string, Facts>;
  /** Margin snapshots of the day by number/segment. */
  readonly peaks: Record<string, Facts>;
}

/** A slot by account. */
export type SlotPicture = Record<string, AccountPicture>;

const STATUS = ['', 'ACTIVE', 'FROZEN', 'REDUCE_ONLY', 'CLOSED'];

/** Reads the engine's state. */
export function engineSlotPicture(state: SlotState): SlotPicture {
  const picture: SlotPicture = {};
  for (let client = 1; client < state.clients.rows; client++) {
    if (!state.clients.isLive(client)) continue;
    picture[state.clients.text(client, Client.account, 16)] = {
      money: moneyOf(state, client),
      positions: positionsOf(state, client),
      holdings: holdingsOf(state, client),
      orders: ordersOf(state, client),
      lots: lotsOf(state, client),
      peaks: peaksOf(state, client),
    };
  }
  return picture;
}

function moneyOf(state: SlotState, client: number): Facts {
  const { clients } = state;
  const amounts = ['cash', 'cashEquivalent', 'nonCash', 'adhoc', 'premium', 'turnover', 'openOrders', 'openOrderValue'] as const;
  const facts: Facts = { status: STATUS[clients.u8(client, Client.status)] ?? '', killed: clients.u8(client, Client.killed) !== 0 };
  for (const name of amounts) facts[name] = name === 'openOrders' ? clients.u32(client, Client.openOrders) : clients.f64(client, Client[name]);
  facts['gain'] = clients.f64(client, Client.realised) + clients.f64(client, Client.unrealised);
  facts['drawn'] = drawnBy(state, client);
  facts['requirement'] = state.derived.book?.requirement(client) ?? 0;
  return facts;
}

function positionsOf(state: SlotState, client: number): Record<string, Facts> {
  const { positions } = state;
  const found: Record<string, Facts> = {};
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row) || positions.u32(row, Position.client) !== client || positions.f64(row, Position.net) === 0) continue;
    const key = `${positions.u8(row, Position.segment)}/${positions.u32(row, Position.token)}/${positions.u8(row, Position.product)}`;
    found[key] = { net: positions.f64(row, Position.net), cost: positions.f64(row, Position.cost), mark: positions.f64(row, Position.mark) };
  }
  return found;
}

function peaksOf(state: SlotState, client: number): Record<string, Facts> {
  const { peaks } = state;
  const found: Record<string, Facts> = {};
  for (let row = 1; row < peaks.rows; row++) {
    if (peaks.u32(row, Peak.client) !== client) continue;
    const key = `${peaks.u8(row, Peak.number)}/${peaks.u8(row, Peak.segment)}`;
    found[key] = { required: peaks.f64(row, Peak.required), available: peaks.f64(row, Peak.available), basis: peaks.u8(row, Peak.basis) };
  }
  return found;
}

function lotsOf(state: SlotState, client: number): Record<string, Facts> {
  const { fundedLots } = state;
  const found: Record<string, Facts> = {};
  for (let row = 1; row < fundedLots.rows; row++) {
    if (!fundedLots.isLive(row) || fundedLots.u32(row, FundedLot.client) !== client) continue;
    const key = `${fundedLots.u8(row, FundedLot.segment)}/${fundedLots.u32(row, FundedLot.token)}/${fundedLots.u32(row, FundedLot.boughtOn)}`;
    const [units, pledged] = [fundedLots.f64(row, FundedLot.units), fundedLots.f64(row, FundedLot.pledged)];
    found[key] = { units, pledged, cost: fundedLots.f64(row, FundedLot.cost), funded: fundedLots.f64(row, FundedLot.funded) };
  }
  return found;
}

function holdingsOf(state: SlotState, client: number): Record<string, Facts> {
  const { holdings } = state;
  const found: Record<string, Facts> = {};
  for (let row = 1; row < holdings.rows; row++) {
    const [free, pledged, t1] = [holdings.f64(row, Holding.free), holdings.f64(row, Holding.pledged), holdings.f64(row, Holding.t1)];
    if (holdings.u32(row, Holding.client) !== client || (free === 0 && pledged === 0 && t1 === 0)) continue;
    found[`${holdings.u8(row, Holding.segment)}/${holdings.u32(row, Holding.token)}`] = { free, pledged, t1 };
  }
  return found;
}

function ordersOf(state: SlotState, client: number): Record<string, Facts> {
  const { orders } = state;
  const found: Record<string, Facts> = {};
  for (let row = 1; row < orders.rows; row++) {
    if (!orders.isLive(row) || orders.u32(row, Order.client) !== client || orders.has(row, OrderState.CLOSED)) continue;
    found[String(orders.f64(row, Order.sequence))] = {
      clOrdId: orders.text(row, Order.clOrdId, 40),
      quantity: orders.f64(row, Order.quantity),
      price: orders.f64(row, Order.price),
      filled: orders.f64(row, Order.cumQuantity),
      status: String.fromCharCode(orders.u8(row, Order.status)),
      confirmed: orders.has(row, OrderState.CONFIRMED),
      stuck: orders.has(row, OrderState.STUCK),
      pendingReplace: orders.has(row, OrderState.PENDING_REPLACE) ? orders.text(row, Order.replaceClOrdId, 40) : '',
      pendingCancel: orders.has(row, OrderState.PENDING_CANCEL) ? orders.text(row, Order.cancelClOrdId, 40) : '',
      leg: orders.u8(row, Order.leg),
      exited: orders.f64(row, Order.exited),
    };
  }
  return found;
}
