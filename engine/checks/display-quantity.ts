// Disclosed quantity: cannot be more than there is. It never lowers the margin.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** displayQuantity: value is DisplayQuantity, limit the quantity. 0 = all is shown. */
export function displayQuantity(d: DecisionContext): number {
  const shown = d.displayQuantity;
  d.measure(shown, d.quantity, LimitLevel.instrument);
  return Number.isInteger(shown) && shown >= 0 && shown <= d.quantity ? 0 : RejectCode.displayQuantity;
}
