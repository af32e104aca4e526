// What the house lends one client (MTF): on what it holds, has bought today and is buying, never above what it is sanctioned or what the house lends anybody.
import { Side } from '../instrument.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { drawnBy, fundedRateOf, houseFundingLimit, lentOn, sanctionOf } from '../state/funding.ts';
import type { DecisionContext } from './decision-context.ts';

/** fundingLimit: value is what would be lent with the order filled, limit the smaller of sanction and house limit, paise. Only of MTF orders. */
export function fundingLimit(d: DecisionContext): number {
  const sanction = sanctionOf(d.state, d.client);
  const house = houseFundingLimit(d.state);
  const limit = Math.min(sanction, house);
  const own = d.side === Side.BUY ? lentOn(d.leavesValue, fundedRateOf(d.state, d.instrument)) : 0;
  const value = drawnBy(d.state, d.client, d.order) + own;
  d.measure(value, limit, sanction <= house ? LimitLevel.client : LimitLevel.firm);
  return d.side === Side.SELL || value <= limit ? 0 : RejectCode.fundingLimit;
}
