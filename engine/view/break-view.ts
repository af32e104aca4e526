// Breaks and stuck orders as plain objects, for the API and the desk's lists. Reads state, changes nothing, allocates; never called while
// deciding.
import { assert } from '../assert.ts';
import { BreakKind, breakName } from '../break-kind.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { Break } from '../state/break-table.ts';
import { Client } from '../state/client-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { OrderState } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { type OrderView, orderView } from './order-view.ts';

/** One break. Time is EpochMicros; price in ticks; orderSequence 0 when it is about no order. */
export interface BreakView {
  readonly slot: number;
  readonly sequence: number;
  readonly time: number;
  readonly kind: string;
  readonly open: boolean;
  readonly account: string;
  readonly orderSequence: number;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly quantity: number;
  readonly price: number;
}

/** A slot's breaks, and how many it could not keep. */
export interface BreakList {
  readonly breaks: readonly BreakView[];
  readonly dropped: number;
}

/** Breaks of the slot, oldest first; with `openOnly` those no later report has settled. */
export function breakViews(state: SlotState, openOnly: boolean): BreakList {
  assert(state.meta.rows > META_ROW, 'slot without meta row');
  const { breaks } = state;
  const views: BreakView[] = [];
  for (let row = 1; row < breaks.rows; row++) {
    if (!openOnly || breaks.u8(row, Break.closed) === 0) views.push(breakView(state, row));
  }
  return { breaks: views, dropped: state.meta.u32(META_ROW, Meta.breaksDropped) };
}

/** Accounts with breaks that no later report has settled: those of stuck orders, and the others. '' stands for breaks about no client. */
export interface BrokenAccounts {
  readonly stuck: readonly string[];
  readonly others: readonly string[];
}

/** The accounts alone, each once, in the order of their first open break: what an alert needs to know of a slot with thousands of them. */
export function brokenAccounts(state: SlotState): BrokenAccounts {
  assert(state.meta.rows > META_ROW, 'slot without meta row');
  const { breaks, clients } = state;
  const stuck = new Set<number>();
  const others = new Set<number>();
  for (let row = 1; row < breaks.rows; row++) {
    if (breaks.u8(row, Break.closed) !== 0) continue;
    (breaks.u16(row, Break.kind) === BreakKind.stuckOrder ? stuck : others).add(breaks.u32(row, Break.client));
  }
  const account = (client: number): string => (client === 0 ? '' : clients.text(client, Client.account, ACCOUNT_BYTES));
  return { stuck: Array.from(stuck, account), others: Array.from(others, account) };
}

/** Orders the exchange has not answered in time; they keep their margin until it does. */
export function stuckViews(state: SlotState): OrderView[] {
  assert(state.meta.rows > META_ROW, 'slot without meta row');
  const views: OrderView[] = [];
  for (let row = 1; row < state.orders.rows; row++) if (state.orders.has(row, OrderState.STUCK)) views.push(orderView(state, row));
  return views;
}

function breakView(state: SlotState, row: number): BreakView {
  const { breaks, clients } = state;
  const kind = breaks.u16(row, Break.kind);
  const client = breaks.u32(row, Break.client);
  return {
    slot: state.slot,
    sequence: breaks.f64(row, Break.sequence),
    time: breaks.f64(row, Break.time),
    kind: breakName(kind),
    open: breaks.u8(row, Break.closed) === 0,
    account: client === 0 ? '' : clients.text(client, Client.account, ACCOUNT_BYTES),
    orderSequence: breaks.f64(row, Break.orderSequence),
    segment: breaks.u8(row, Break.segment),
    token: breaks.u32(row, Break.token),
    side: breaks.u8(row, Break.side),
    quantity: breaks.f64(row, Break.quantity),
    price: breaks.f64(row, Break.price),
  };
}
