// What the oracle says happened: events as plain facts. Only the facts it states are compared with the engine's.
import type { EventKind } from '../../engine/index.ts';
import type { Order } from './book.ts';
import type { Facts } from './picture.ts';

/** One predicted event. */
export interface Happening {
  readonly kind: keyof typeof EventKind;
  readonly facts: Facts;
}

const ENDING = { FILLED: '2', CANCELED: '4', REJECTED: '8', EXPIRED: 'C' } as const;

/** FIX OrdStatus of an order: how it ended, else what is pending, else how much is filled. */
export function statusOf(order: Order): string {
  if (order.ending !== undefined) return ENDING[order.ending];
  if (order.pendingCancel !== undefined) return '6';
  if (order.pendingReplace !== undefined) return 'E';
  return order.filled > 0n ? '1' : '0';
}

/** Order facts every report carries. */
export function orderFacts(order: Order): Facts {
  const open = order.ending === undefined ? order.terms.quantity - order.filled : 0n;
  return {
    account: order.account,
    orderSequence: order.sequence,
    token: order.token,
    segment: order.segment,
    side: order.side,
    ordStatus: statusOf(order),
    orderQuantity: Number(order.terms.quantity),
    price: Number(order.terms.price),
    leavesQuantity: Number(open > 0n ? open : 0n),
    cumQuantity: Number(order.filled),
  };
}

/** A break, by the number of its kind. */
export const opened = (breakKind: number, account: string): Happening => ({ kind: 'BreakOpened', facts: { breakKind, account } });
