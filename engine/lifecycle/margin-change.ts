// Requirements of every client of a slot, taken before and told after a command that moves them all: another parameter table, another session. Allocates.
import { EventField, EventKind } from '../event/layout.ts';
import type { SlotState } from '../state/slot-state.ts';
import { type Emission, requirementOf } from './emission.ts';

/** Paise by client row. */
export function requirementsOf(state: SlotState): Float64Array {
  const all = new Float64Array(state.clients.rows);
  for (let client = 1; client < all.length; client++) all[client] = requirementOf(state, client);
  return all;
}

/** One MarginChanged per client whose requirement is no longer what it was; returns how many. */
export function tellChanges(out: Emission, before: Float64Array): number {
  const { state } = out;
  let changes = 0;
  for (let client = 1; client < state.clients.rows; client++) {
    const was = before[client] ?? 0;
    if (requirementOf(state, client) === was) continue;
    out.margin(out.account(out.begin(EventKind.MarginChanged), client), client).f64(EventField.requirementBefore, was);
    changes += 1;
  }
  return changes;
}
