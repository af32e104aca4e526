// Largest single order by value (SEBI circular of December 2012: Rs 10 crore unless the member allows more).
import { ORDER_VALUE_MAX_PAISE } from '../limits.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import { isExit } from '../state/linked-orders.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** orderValue: value and limit in paise; the smallest of the client's, the firm's and the engine's own bound. */
export function orderValue(d: DecisionContext): number {
  const client = d.cells[d.clientAt + (Client.maxOrderValue >> 3)] as number;
  const firm = d.cells[d.state.meta.word(META_ROW) + (Meta.maxOrderValue >> 3)] as number;
  d.measure(d.orderValue, ORDER_VALUE_MAX_PAISE, LimitLevel.firm);
  // What its entry was let in with, an exit leg gets out.
  if (isExit(d.leg)) return d.orderValue <= d.limit ? 0 : RejectCode.orderValue;
  if (firm > 0 && firm < d.limit) d.limit = firm;
  if (client > 0 && client < d.limit) {
    d.limit = client;
    d.level = LimitLevel.client;
  }
  return d.orderValue <= d.limit ? 0 : RejectCode.orderValue;
}
