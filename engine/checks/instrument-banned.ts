// F&O ban period (open interest above 95 % of the market-wide limit): only reducing orders pass.
import { Contract } from '../margin/contract-row.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** instrumentBanned: value is the order's leaves, limit the net position. */
export function instrumentBanned(d: DecisionContext): number {
  const flags = d.contracts[d.contractAt + Contract.flags] as number;
  d.measure(d.leaves, d.net, LimitLevel.exchange);
  return (flags & InstrumentFlag.BANNED) !== 0 && !reduces(d) ? RejectCode.instrumentBanned : 0;
}
