// Firm-wide kill switch: nothing new leaves, cancels do.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** firmKilled: the firm-wide kill switch is engaged. */
export function firmKilled(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.firm);
  return d.state.meta.u8(META_ROW, Meta.firmKilled) === 0 ? 0 : RejectCode.firmKilled;
}
