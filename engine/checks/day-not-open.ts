// Orders need an open day: the policy and rule set they are judged by come with OpenDay.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** dayNotOpen: no business day is open in this slot. */
export function dayNotOpen(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.none);
  return d.state.meta.u8(META_ROW, Meta.dayStatus) === DayStatus.OPEN ? 0 : RejectCode.dayNotOpen;
}
