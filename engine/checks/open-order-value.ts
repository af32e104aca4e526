// Value of the client's unexecuted orders.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** openOrderValue: value and limit in paise, this order counted at its leaves. */
export function openOrderValue(d: DecisionContext): number {
  const limit = d.cells[d.clientAt + (Client.maxOpenOrderValue >> 3)] as number;
  const value = d.openOrderValue + d.leavesValue;
  d.measure(value, limit, LimitLevel.client);
  return limit === 0 || value <= limit ? 0 : RejectCode.openOrderValue;
}
