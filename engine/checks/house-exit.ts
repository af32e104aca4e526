// A dealer's order that only brings the client's position nearer to zero: how the house squares off, and never refused for margin.
import { OrderFlag, PlaceOrder } from '../command/layout.ts';
import { OrderState } from '../state/order-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** Is it one? A replace is of the nature of its order. */
export function isHouseExit(d: DecisionContext): boolean {
  const isDealer = d.order === 0 ? (d.command.u8(PlaceOrder.flags) & OrderFlag.DEALER) !== 0 : d.state.orders.has(d.order, OrderState.DEALER);
  return isDealer && reduces(d);
}
