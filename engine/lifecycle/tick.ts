// Tick: the only way time passes. Segments open whose time has come; orders the exchange has not answered for too long become stuck; nothing is released.
import { BreakKind } from '../break-kind.ts';
import { AWAITING } from '../state/derived.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { Emission } from './emission.ts';
import { BreakSubject, openBreak } from './open-break.ts';
import { openDueSegments } from './segment-state.ts';

/** Folds a Tick: opens the segments that are due, and flags each order whose last verdict has waited policy.confirmWithin or longer, once. */
export function tick(out: Emission): void {
  openDueSegments(out);
  const { state, command } = out;
  const { orders, derived } = state;
  const patience = state.meta.f64(META_ROW, Meta.confirmWithin);
  let order = derived.awaiting.head(AWAITING);
  while (order !== 0 && command.time - orders.f64(order, Order.awaitingSince) >= patience) {
    const next = derived.awaiting.next(order);
    // Out of the list, but still waiting: the flag and the break stay until a report answers.
    derived.awaiting.remove(order);
    stick(out, order);
    order = next;
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
