// Day's turnover of the client, working orders counted as if they will fill.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** turnoverLimit: value and limit in paise: traded today, working, and this order. */
export function turnoverLimit(d: DecisionContext): number {
  const limit = d.cells[d.clientAt + (Client.maxTurnover >> 3)] as number;
  const value = (d.cells[d.clientAt + (Client.turnover >> 3)] as number) + d.openOrderValue + d.leavesValue;
  d.measure(value, limit, LimitLevel.client);
  return limit === 0 || value <= limit ? 0 : RejectCode.turnoverLimit;
}
