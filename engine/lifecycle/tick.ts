// Tick: the only way time passes. Segments open whose time has come; orders the exchange has not answered for too long become stuck; nothing is released.
import { BreakKind } from '../break-kind.ts';
import { Tick } from '../command/layout.ts';
import { AWAITING } from '../state/derived.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { Emission } from './emission.ts';
import { BreakSubject, openBreak } from './open-break.ts';
import { openDueSegments } from './segment-state.ts';

/**
 * Folds a Tick: opens the segments that are due, and flags each order whose last verdict has waited policy.confirmWithin or longer, once; not more of them
 * than the Tick says, so that an exchange that has fallen silent under thousands of orders does not stop the others. The next Tick goes on.
 */
export function tick(out: Emission): void {
  openDueSegments(out);
  const { state, command } = out;
  const { orders, derived } = state;
  const patience = state.meta.f64(META_ROW, Meta.confirmWithin);
  let left = command.length >= Tick.BYTES ? command.u32(Tick.stuckMost) : 0;
  if (left === 0) left = Number.POSITIVE_INFINITY;
  let order = derived.awaiting.head(AWAITING);
  while (order !== 0 && left > 0 && command.time - orders.f64(order, Order.awaitingSince) >= patience) {
    const next = derived.awaiting.next(order);
    // Out of the list, but still waiting: the flag and the break stay until a report answers.
    derived.awaiting.remove(order);
    stick(out, order);
    order = next;
    left -= 1;
  }
}

function stick(out: Emission, order: number): void {
  const { orders } = out.state;
  const subject = new BreakSubject();
  subject.client = orders.u32(order, Order.client);
  subject.order = order;
  subject.segment = orders.u8(order, Order.segment);
  subject.token = orders.u32(order, Order.token);
  subject.side = orders.u8(order, Order.side);
  orders.raise(order, OrderState.STUCK);
  orders.setU32(order, Order.stuckBreak, openBreak(out, BreakKind.stuckOrder, subject));
}
