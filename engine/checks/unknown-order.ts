// A replace or cancel names an order of its own client.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** unknownOrder: OrderID, else OrigClOrdID, names no order of this client. */
export function unknownOrder(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.none);
  return d.order !== 0 ? 0 : RejectCode.unknownOrder;
}
