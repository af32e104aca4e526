// A ClOrdID names one request of a client for the whole day (FIX 4.4, tag 11).
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { ClientOrderId } from '../state/client-order-id-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** duplicateClOrdId: value is the slot sequence of the command that used the id. */
export function duplicateClOrdId(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.client);
  if (d.knownId === 0) return 0;
  d.measure(d.state.clOrdIds.f64(d.knownId, ClientOrderId.sequence), 0, LimitLevel.client);
  return RejectCode.duplicateClOrdId;
}
