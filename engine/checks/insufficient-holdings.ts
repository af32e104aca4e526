// A delivery sale needs the shares: short delivery goes to auction. Funded shares (MTF) are sold out of what is funded, and nothing else.
import { Product, Side } from '../instrument.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';

/** insufficientHoldings: value is the leaves with other working sells, limit the units free to sell (free, T+1 and bought today). */
export function insufficientHoldings(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.client);
  if (d.side !== Side.SELL || (d.product !== Product.CNC && d.product !== Product.MTF)) return 0;
  const wanted = d.sellLeaves + d.leaves;
  const free = d.deliverable + d.net;
  d.measure(wanted, free, LimitLevel.client);
  return wanted <= free ? 0 : RejectCode.insufficientHoldings;
}
