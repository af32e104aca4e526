// Risk-reduction mode: a client that uses nearly all it has may only close positions until it is well below.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client, ClientFlag } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** riskReduction: value is the leaves, limit the net position. */
export function riskReduction(d: DecisionContext): number {
  d.measure(d.leaves, d.net, LimitLevel.firm);
  if ((d.state.clients.u32(d.client, Client.flags) & ClientFlag.RISK_REDUCTION) === 0) return 0;
  return reduces(d) ? 0 : RejectCode.riskReduction;
}
