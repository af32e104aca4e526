// Kill switch of one account.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** accountKilled: the account's kill switch is engaged. */
export function accountKilled(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.client);
  return d.state.clients.u8(d.client, Client.killed) === 0 ? 0 : RejectCode.accountKilled;
}
