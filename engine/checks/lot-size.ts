// Contracts trade in lots.
import { Contract } from '../margin/contract-row.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** lotSize: value is the quantity, limit the lot. */
export function lotSize(d: DecisionContext): number {
  const lot = d.contracts[d.contractAt + Contract.lot] as number;
  d.measure(d.quantity, lot, LimitLevel.exchange);
  return lot <= 1 || d.quantity % lot === 0 ? 0 : RejectCode.lotSize;
}
