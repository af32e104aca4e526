// The 16 scenarios of one underlying of a client as a plain object, for the API. Reads state, changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import type { UnderlyingScenarios } from '../margin/scenario-losses.ts';
import type { SlotState } from '../state/slot-state.ts';
import { clientRow } from './order-view.ts';

/** A contract as if it were held as well: signed units, bought + and sold -. */
export interface AsIfHeld {
  readonly segment: number;
  readonly token: number;
  readonly units: number;
}

/** Scenarios of the client's position in the underlying, `also` added; undefined when the slot has no such account or the table no such underlying. */
export function scenarioView(state: SlotState, account: string, symbol: string, also?: AsIfHeld): UnderlyingScenarios | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const row = clientRow(state, account);
  const { book, parameters } = state.derived;
  if (row === 0 || book === undefined) return undefined;
  const instrument = also === undefined ? -1 : (parameters?.find(also.segment, also.token) ?? -1);
  return book.scenarios(row, symbol, also === undefined || instrument < 0 ? undefined : { instrument, quantity: also.units });
}
