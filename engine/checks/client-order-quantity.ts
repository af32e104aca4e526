// Largest single order of the client, units.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import { isExit } from '../state/linked-orders.ts';
import type { DecisionContext } from './decision-context.ts';

/** clientOrderQuantity: value is the quantity, limit the client's maxOrderQuantity. */
export function clientOrderQuantity(d: DecisionContext): number {
  const limit = d.cells[d.clientAt + (Client.maxOrderQuantity >> 3)] as number;
  d.measure(d.quantity, limit, LimitLevel.client);
  return limit === 0 || isExit(d.leg) || d.quantity <= limit ? 0 : RejectCode.clientOrderQuantity;
}
