// A replace changes terms, never what is traded (FIX 4.4: symbol and side must match).
import { ReplaceOrder } from '../command/layout.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Order } from '../state/order-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** replaceMismatch: a token, segment or side is given and differs. value is what was given, limit what the order has. */
export function replaceMismatch(d: DecisionContext): number {
  const { orders } = d.state;
  const token = d.command.u32(ReplaceOrder.token);
  const segment = d.command.u8(ReplaceOrder.segment);
  const side = d.command.u8(ReplaceOrder.side);
  d.measure(token, d.token, LimitLevel.exchange);
  if (token !== 0 && token !== orders.u32(d.order, Order.token)) return RejectCode.replaceMismatch;
  if (segment !== 0 && segment !== orders.u8(d.order, Order.segment)) return RejectCode.replaceMismatch;
  return side === 0 || side === orders.u8(d.order, Order.side) ? 0 : RejectCode.replaceMismatch;
}
