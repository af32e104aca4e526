// One order as a plain object, for status requests and the API. Reads state, changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES, CLORDID_BYTES, EXCHANGE_ID_BYTES } from '../command/layout.ts';
import { OrdStatus } from '../instrument.ts';
import { ClientOrderId } from '../state/client-order-id-table.ts';
import { Client } from '../state/client-table.ts';
import { targetOf } from '../state/linked-orders.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';

const MICROS_PER_MILLI = 1_000;
const MICROS_PER_DAY = 86_400_000_000;

/** An order as the outside sees it. Prices in ticks, quantities in units. */
export interface OrderView {
  readonly slot: number;
  readonly sequence: number;
  readonly account: string;
  readonly clOrdId: string;
  readonly exchangeOrderId: string;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly ordType: number;
  readonly timeInForce: number;
  readonly product: number;
  /** OrdStatus(39) code, pending requests included. */
  readonly ordStatus: number;
  readonly quantity: number;
  readonly price: number;
  readonly stopPx: number;
  /** Price of the target of a bracket order's entry, 0 = none. */
  readonly targetPx: number;
  readonly cumQuantity: number;
  readonly leavesQuantity: number;
  readonly avgPx: number;
  readonly confirmed: boolean;
  readonly stuck: boolean;
  /** When it was accepted, EpochMicros to the millisecond; 0 when a release before this one took it. */
  readonly time: number;
  /** OriginKind and origin of the command that placed it. */
  readonly originKind: number;
  readonly origin: number;
}

/** The order in a row of the orders table. */
export function orderView(state: SlotState, row: number): OrderView {
  const { orders, clients } = state;
  assert(row > 0 && row < orders.rows, 'order row outside the table');
  const quantity = orders.f64(row, Order.quantity);
  const cumQuantity = orders.f64(row, Order.cumQuantity);
  const isClosed = orders.has(row, OrderState.CLOSED);
  return {
    slot: state.slot,
    sequence: orders.f64(row, Order.sequence),
    account: clients.text(orders.u32(row, Order.client), Client.account, ACCOUNT_BYTES),
    clOrdId: orders.text(row, Order.clOrdId, CLORDID_BYTES),
    exchangeOrderId: orders.text(row, Order.exchangeOrderId, EXCHANGE_ID_BYTES),
    segment: orders.u8(row, Order.segment),
    token: orders.u32(row, Order.token),
    side: orders.u8(row, Order.side),
    ordType: orders.u8(row, Order.ordType),
    timeInForce: orders.u8(row, Order.timeInForce),
    product: orders.u8(row, Order.product),
    ordStatus: ordStatusOf(state, row),
    quantity,
    price: orders.f64(row, Order.price),
    stopPx: orders.f64(row, Order.stopPx),
    targetPx: targetOf(state, row),
    cumQuantity,
    leavesQuantity: isClosed ? 0 : Math.max(0, quantity - cumQuantity),
    avgPx: cumQuantity === 0 ? 0 : Math.round(orders.f64(row, Order.cumValue) / cumQuantity),
    confirmed: orders.has(row, OrderState.CONFIRMED),
    stuck: orders.has(row, OrderState.STUCK),
    time: acceptedAt(state.time, orders.u32(row, Order.acceptedAt)),
    originKind: orders.u8(row, Order.originKind),
    origin: orders.u32(row, Order.origin),
  };
}

/** The last moment not after `now` with this millisecond of the day. */
function acceptedAt(now: number, millisOfDay: number): number {
  if (millisOfDay === 0) return 0;
  const midnight = Math.floor(now / MICROS_PER_DAY) * MICROS_PER_DAY;
  const time = midnight + millisOfDay * MICROS_PER_MILLI;
  return time <= now ? time : time - MICROS_PER_DAY;
}

/** Every open order of one account, oldest first; of all accounts when `account` is undefined. */
export function openOrderViews(state: SlotState, account: string | undefined): OrderView[] {
  assert(account === undefined || account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const { orders } = state;
  const client = account === undefined ? 0 : clientRow(state, account);
  if (account !== undefined && client === 0) return [];
  const views: OrderView[] = [];
  for (let row = 1; row < orders.rows; row++) {
    if (orders.has(row, OrderState.CLOSED)) continue;
    if (client === 0 || orders.u32(row, Order.client) === client) views.push(orderView(state, row));
  }
  return views;
}

/** The order accepted at `sequence` of the slot; undefined when there is none. */
export function orderAtView(state: SlotState, sequence: number): OrderView | undefined {
  assert(sequence > 0, 'order sequence is not positive');
  const row = state.orders.find(sequence);
  return row === 0 ? undefined : orderView(state, row);
}

/** Orders of the day of one account, open and closed, newest first: at most `limit`, below sequence `before` (0 = from the newest). */
export function orderViewsOf(state: SlotState, account: string, before: number, limit: number): OrderView[] {
  assert(account.length <= ACCOUNT_BYTES && limit > 0, 'account longer than its field, or no limit');
  const { orders } = state;
  const client = clientRow(state, account);
  const views: OrderView[] = [];
  // Rows are taken in the order of acceptance, so from the last down is newest first.
  for (let row = orders.rows - 1; client !== 0 && row > 0 && views.length < limit; row--) {
    if (orders.u32(row, Order.client) !== client) continue;
    if (before === 0 || orders.f64(row, Order.sequence) < before) views.push(orderView(state, row));
  }
  return views;
}

/** The order named by sequence, or by a ClOrdID of the account; undefined when there is none. */
export function findOrderView(state: SlotState, account: string, clOrdId: string, sequence: number): OrderView | undefined {
  assert(account.length <= ACCOUNT_BYTES && clOrdId.length <= CLORDID_BYTES, 'order name longer than its field');
  const client = clientRow(state, account);
  if (client === 0) return undefined;
  let row = sequence > 0 ? state.orders.find(sequence) : 0;
  if (row === 0 && clOrdId !== '') {
    const used = state.clOrdIds.find(client, textField(clOrdId, CLORDID_BYTES), 0);
    row = used === 0 ? 0 : state.clOrdIds.u32(used, ClientOrderId.order);
  }
  return row === 0 || state.orders.u32(row, Order.client) !== client ? undefined : orderView(state, row);
}

/** Row of an account in the clients table, or 0. */
export function clientRow(state: SlotState, account: string): number {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  return state.clients.find(textField(account, ACCOUNT_BYTES), 0);
}

/** Text as a zero-padded field. */
export function textField(text: string, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 0x7f;
  return bytes;
}

function ordStatusOf(state: SlotState, row: number): number {
  const { orders } = state;
  if (orders.has(row, OrderState.CLOSED)) return orders.u8(row, Order.status);
  if (orders.has(row, OrderState.PENDING_CANCEL)) return OrdStatus.PENDING_CANCEL;
  if (orders.has(row, OrderState.PENDING_REPLACE)) return OrdStatus.PENDING_REPLACE;
  return orders.u8(row, Order.status);
}
