// Above the freeze quantity the exchange holds the order for confirmation; it is refused here.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** freezeQuantity: value is the quantity, limit the freeze quantity. */
export function freezeQuantity(d: DecisionContext): number {
  const table = d.state.derived.parameters;
  const freeze = table === undefined ? 0 : (table.freezeQuantity[d.instrument] ?? 0);
  d.measure(d.quantity, freeze, LimitLevel.exchange);
  return freeze <= 0 || d.quantity <= freeze ? 0 : RejectCode.freezeQuantity;
}
