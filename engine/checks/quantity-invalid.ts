// Quantities are whole units within the bounds the engine computes with.
import { QUANTITY_MAX } from '../limits.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** quantityInvalid: value is the quantity, limit the engine's bound. */
export function quantityInvalid(d: DecisionContext): number {
  d.measure(d.quantity, QUANTITY_MAX, LimitLevel.firm);
  return Number.isInteger(d.quantity) && d.quantity > 0 && d.quantity <= QUANTITY_MAX ? 0 : RejectCode.quantityInvalid;
}
