// The 16 scenarios of one underlying of a client as a plain object, for the API. Reads state, changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import type { UnderlyingScenarios } from '../margin/scenario-losses.ts';
import type { SlotState } from '../state/slot-state.ts';
import { clientRow } from './order-view.ts';

/** Scenarios of the client's position in the underlying; undefined when the slot has no such account or the table no such underlying. */
export function scenarioView(state: SlotState, account: string, symbol: string): UnderlyingScenarios | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const row = clientRow(state, account);
  return row === 0 ? undefined : state.derived.book?.scenarios(row, symbol);
}
