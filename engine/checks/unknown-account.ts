// The account must be one that OpenAccount opened.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** unknownAccount: the account is not in this slot. */
export function unknownAccount(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.none);
  return d.client !== 0 ? 0 : RejectCode.unknownAccount;
}
