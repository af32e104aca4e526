// Cover and bracket orders that have something to exit, and what their exit legs work: for whoever keeps the two equal. Reads state, changes nothing,
// allocates; never called while deciding.
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { Client } from '../state/client-table.ts';
import { Leg, legOf, targetOf, uncoveredOf } from '../state/linked-orders.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { leavesOf } from '../state/working-terms.ts';
import { clientRow } from './order-view.ts';

/** An entry of a cover or bracket order. Units, ticks. */
export interface CoverOrder {
  readonly slot: number;
  /** Slot sequence the view is as of. */
  readonly asOf: number;
  readonly account: string;
  /** Sequence the entry was accepted at. */
  readonly sequence: number;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly product: number;
  /** Trigger of its stop-loss. */
  readonly stopPx: number;
  /** Price of its target, 0 = it has none. */
  readonly targetPx: number;
  /** What it has filled and its exits have not. */
  readonly uncovered: number;
  /** The stop-loss that is open; null: none. */
  readonly leg: CoverLeg | null;
  /** The target that is open; null: none. */
  readonly target: CoverLeg | null;
}

/** An open exit leg. Units, ticks. */
export interface CoverLeg {
  readonly sequence: number;
  readonly cumQuantity: number;
  readonly leavesQuantity: number;
  readonly price: number;
  readonly stopPx: number;
  /** A replace or a cancel of it waits for the exchange. */
  readonly isPending: boolean;
}

/** Entries of an account (absent: of the slot) that have something to exit or a leg that is open, oldest first. */
export function coverOrders(state: SlotState, account?: string): CoverOrder[] {
  const { orders } = state;
  const client = account === undefined ? 0 : clientRow(state, account);
  const found: CoverOrder[] = [];
  if (account !== undefined && client === 0) return found;
  for (let row = 1; row < orders.rows; row++) {
    if (orders.u8(row, Order.leg) !== Leg.ENTRY || (client !== 0 && orders.u32(row, Order.client) !== client)) continue;
    if (uncoveredOf(state, row) > 0 || orders.u32(row, Order.link) !== 0) found.push(coverOrder(state, row));
  }
  return found;
}

function coverOrder(state: SlotState, row: number): CoverOrder {
  const { orders, clients } = state;
  const [leg, target] = [legOf(state, row, Leg.STOP), legOf(state, row, Leg.TARGET)];
  return {
    slot: state.slot,
    asOf: state.sequence,
    account: clients.text(orders.u32(row, Order.client), Client.account, ACCOUNT_BYTES),
    sequence: orders.f64(row, Order.sequence),
    segment: orders.u8(row, Order.segment),
    token: orders.u32(row, Order.token),
    side: orders.u8(row, Order.side),
    product: orders.u8(row, Order.product),
    stopPx: orders.f64(row, Order.stopPx),
    targetPx: targetOf(state, row),
    uncovered: uncoveredOf(state, row),
    leg: leg === 0 ? null : coverLeg(state, leg),
    target: target === 0 ? null : coverLeg(state, target),
  };
}

function coverLeg(state: SlotState, row: number): CoverLeg {
  const { orders } = state;
  return {
    sequence: orders.f64(row, Order.sequence),
    cumQuantity: orders.f64(row, Order.cumQuantity),
    leavesQuantity: leavesOf(state, row),
    price: orders.f64(row, Order.price),
    stopPx: orders.f64(row, Order.stopPx),
    isPending: orders.has(row, OrderState.PENDING_REPLACE | OrderState.PENDING_CANCEL),
  };
}
