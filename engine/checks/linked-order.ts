// Exit legs of cover and bracket orders: each names its entry and works exactly what that has filled and not yet exited, one stop-loss and one target
// at a time; while there is something to exit, it is not cancelled by whoever placed the order, only changed (the stop-loss to the market, to get out
// now). The house may take it away: to close the position itself.
import { CancelFlag, CancelOrder } from '../command/layout.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { AccountStatus, Client } from '../state/client-table.ts';
import { isExit, isNeeded, Leg, legOf, uncoveredOf } from '../state/linked-orders.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import type { DecisionContext } from './decision-context.ts';

/** linkedOrder for a new leg or a changed one: value is what it would work, limit what is to be exited, units. */
export function linkedOrder(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.firm);
  if (!isExit(d.leg)) return 0;
  const { orders } = d.state;
  if (d.entry === 0 || orders.u8(d.entry, Order.leg) !== Leg.ENTRY) return RejectCode.linkedOrder;
  const uncovered = uncoveredOf(d.state, d.entry);
  d.measure(d.leaves, uncovered, LimitLevel.firm);
  const working = legOf(d.state, d.entry, d.leg);
  if (working !== 0 && working !== d.order) return RejectCode.linkedOrder;
  return d.leaves === uncovered && isOpposite(d) ? 0 : RejectCode.linkedOrder;
}

function isOpposite(d: DecisionContext): boolean {
  const { orders } = d.state;
  const isSame = orders.u32(d.entry, Order.token) === d.token && orders.u8(d.entry, Order.segment) === d.segment;
  return isSame && orders.u8(d.entry, Order.product) === d.product && orders.u8(d.entry, Order.side) !== d.side;
}

/** linkedOrder for a cancel: value and limit are the units that would be left without a stop-loss. */
export function legStays(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.firm);
  const { state, order, command } = d;
  if (!isNeeded(state, order) || (command.u8(CancelOrder.flags) & CancelFlag.HOUSE) !== 0 || isStopped(state, d.client)) return 0;
  const uncovered = uncoveredOf(state, state.orders.u32(order, Order.link));
  d.measure(uncovered, 0, LimitLevel.firm);
  return RejectCode.linkedOrder;
}

/** Is the client killed or frozen, so that everything it has working is to go? */
export function isStopped(state: SlotState, client: number): boolean {
  const { meta, clients } = state;
  const status = clients.u8(client, Client.status);
  return meta.u8(META_ROW, Meta.firmKilled) !== 0 || clients.u8(client, Client.killed) !== 0 || status === AccountStatus.FROZEN;
}
