// A frozen or closed account places and replaces nothing; REDUCE_ONLY is a check of its own.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { AccountStatus, Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** accountNotActive: value is the AccountStatus. */
export function accountNotActive(d: DecisionContext): number {
  const status = d.state.clients.u8(d.client, Client.status);
  d.measure(status, 0, LimitLevel.client);
  return status === AccountStatus.FROZEN || status === AccountStatus.CLOSED ? RejectCode.accountNotActive : 0;
}
