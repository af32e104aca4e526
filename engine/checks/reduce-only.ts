// Reduce-only accounts may only close what they have.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { AccountStatus, Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** reduceOnly: value is the leaves, limit the net position. */
export function reduceOnly(d: DecisionContext): number {
  d.measure(d.leaves, d.net, LimitLevel.client);
  if (d.state.clients.u8(d.client, Client.status) !== AccountStatus.REDUCE_ONLY) return 0;
  return reduces(d) ? 0 : RejectCode.reduceOnly;
}
