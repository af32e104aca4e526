// Fails closed: what cannot be margined, or a client who holds what cannot be margined, takes no new risk.
import { InstrumentKind } from '../instrument.ts';
import { Contract } from '../margin/contract-row.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** parametersMissing: value is the number of the client's open positions without parameters. Orders that reduce pass. */
export function parametersMissing(d: DecisionContext): number {
  const { derived } = d.state;
  const orphans = derived.orphansOf(d.client);
  d.measure(orphans, 0, LimitLevel.exchange);
  if (d.instrument < 0) return RejectCode.parametersMissing;
  const derivative = d.contracts[d.contractAt + Contract.kind] !== InstrumentKind.EQ;
  const missing = derivative && ((d.contracts[d.contractAt + Contract.flags] as number) & InstrumentFlag.NO_RISK_ARRAY) !== 0;
  return (missing || orphans > 0) && !reduces(d) ? RejectCode.parametersMissing : 0;
}
