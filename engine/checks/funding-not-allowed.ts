// Who may buy what with the house's money (MTF): an enabled client, a share on the list of the day. Closing what is funded always passes.
import { Side } from '../instrument.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { isFundable, sanctionOf } from '../state/funding.ts';
import type { DecisionContext } from './decision-context.ts';

/** fundingNotAllowed: value is 1 for a share that may be funded, else 0; limit is what the client is sanctioned, paise. Only of MTF orders. */
export function fundingNotAllowed(d: DecisionContext): number {
  const isListed = isFundable(d.state, d.instrument);
  const sanction = sanctionOf(d.state, d.client);
  d.measure(isListed ? 1 : 0, sanction, isListed ? LimitLevel.client : LimitLevel.instrument);
  return d.side === Side.SELL || (isListed && sanction > 0) ? 0 : RejectCode.fundingNotAllowed;
}
