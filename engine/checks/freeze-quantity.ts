// Above the freeze quantity the exchange holds the order for confirmation; it is refused here.
import { Contract } from '../margin/contract-row.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** freezeQuantity: value is the quantity, limit the freeze quantity. */
export function freezeQuantity(d: DecisionContext): number {
  const freeze = d.contracts[d.contractAt + Contract.freezeQuantity] as number;
  d.measure(d.quantity, freeze, LimitLevel.exchange);
  return freeze <= 0 || d.quantity <= freeze ? 0 : RejectCode.freezeQuantity;
}
