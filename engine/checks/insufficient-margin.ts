// The margin check: enough, or no worse than before (a client in shortfall can always reduce).
import { AFTER, BEFORE } from '../margin/margin-book.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { fillAvailable } from '../state/available-funds.ts';
import { weighHouse } from '../state/house-requirement.ts';
import type { DecisionContext } from './decision-context.ts';

/** insufficientMargin: value is the requirement after, limit the available funds, paise. Passes too when the requirement does not rise. */
export function insufficientMargin(d: DecisionContext): number {
  const weighed = weighHouse(d.state, d.client, d.adding, d.removes ? d.removing : null);
  if (weighed === undefined) return RejectCode.parametersMissing;
  d.requirementBefore = weighed[BEFORE] as number;
  d.requirementAfter = weighed[AFTER] as number;
  fillAvailable(d, d.state, d.client);
  d.measure(d.requirementAfter, d.available, LimitLevel.client);
  return d.requirementAfter <= d.available || d.requirementAfter <= d.requirementBefore ? 0 : RejectCode.insufficientMargin;
}
