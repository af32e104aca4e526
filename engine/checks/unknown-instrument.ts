// The day's parameter table must name the instrument.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** unknownInstrument: value is the token. Passes when no table is in force: parametersMissing says so better. */
export function unknownInstrument(d: DecisionContext): number {
  d.measure(d.token, 0, LimitLevel.exchange);
  return d.state.rules === undefined || d.instrument >= 0 ? 0 : RejectCode.unknownInstrument;
}
