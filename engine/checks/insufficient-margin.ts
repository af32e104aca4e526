// The margin check: enough, or no worse than before (a client in shortfall can always reduce).
import { AFTER, BEFORE } from '../margin/margin-book.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { fillAvailable } from '../state/available-funds.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { scaleUp } from '../state/scale-up.ts';
import type { DecisionContext } from './decision-context.ts';

/** insufficientMargin: value is the requirement after, limit the available funds, paise. Passes too when the requirement does not rise. */
export function insufficientMargin(d: DecisionContext): number {
  const book = d.state.derived.book;
  if (book === undefined) return RejectCode.parametersMissing;
  const multiplier = d.state.meta.f64(META_ROW, Meta.spanMultiplier);
  book.weigh(d.client, d.adding, d.removes ? d.removing : null);
  d.requirementBefore = scaleUp(book.weighed[BEFORE] as number, multiplier);
  d.requirementAfter = scaleUp(book.weighed[AFTER] as number, multiplier);
  fillAvailable(d, d.state, d.client);
  d.measure(d.requirementAfter, d.available, LimitLevel.client);
  return d.requirementAfter <= d.available || d.requirementAfter <= d.requirementBefore ? 0 : RejectCode.insufficientMargin;
}
