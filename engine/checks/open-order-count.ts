// Number of open orders of the client.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** openOrderCount: value counts this order, limit is the client's maxOpenOrders. */
export function openOrderCount(d: DecisionContext): number {
  const limit = d.cells[d.clientAt + (Client.maxOpenOrders >> 3)] as number;
  const count = d.state.clients.u32(d.client, Client.openOrders) + 1;
  d.measure(count, limit, LimitLevel.client);
  return limit === 0 || count <= limit ? 0 : RejectCode.openOrderCount;
}
