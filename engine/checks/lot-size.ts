// Contracts trade in lots.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** lotSize: value is the quantity, limit the lot. */
export function lotSize(d: DecisionContext): number {
  const table = d.state.derived.parameters;
  const lot = table === undefined ? 1 : (table.lot[d.instrument] ?? 1);
  d.measure(d.quantity, lot, LimitLevel.exchange);
  return lot <= 1 || d.quantity % lot === 0 ? 0 : RejectCode.lotSize;
}
