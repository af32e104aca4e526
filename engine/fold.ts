// The fold: state' = fold(state, command). Same commands, same state, same events, on any machine; no clock, no randomness, no I/O.
// Counts every command, drops duplicates by origin, and hands the rest to its life-cycle file. Writes no journal and stamps no position.
import { assert } from './assert.ts';
import type { CommandView } from './command/command-view.ts';
import type { EventWriter } from './event/event-writer.ts';
import type { ParameterTable } from './parameters/parameter-table.ts';
import type { SlotState } from './state/slot-state.ts';
import type { Explanation, Verdict } from './verdict.ts';

export class Fold {
  /** Why the last rare command was refused, located by key; '' when it was not. For the API's answer; not state. */
  refusal = '';
  private readonly parametersByHash: (hash: string) => ParameterTable | undefined;

  constructor(parametersByHash: (hash: string) => ParameterTable | undefined) {
    this.parametersByHash = parametersByHash;
  }

  /**
   * Folds one command into its slot and appends what happened to `events`. `body` is the decoded map of a rare command, else unused.
   * Throws only when LoadParameters names a table that parametersByHash does not have.
   */
  fold(state: SlotState, command: CommandView, _body: unknown, events: EventWriter): void {
    assert(command.length >= 48, 'command shorter than its header');
    assert(state.slot >= 0 && events.count >= 0 && this.parametersByHash !== undefined, 'fold without state');
  }

  /** The verdict a PlaceOrder, ReplaceOrder or CancelOrder would get now. Changes nothing. */
  whatIf(_state: SlotState, _command: CommandView, _verdict: Verdict): void {}

  /** Every check of that decision with its figures, also those after the first that fails. Changes nothing; allocates. */
  explain(_state: SlotState, _command: CommandView): Explanation {
    throw new RangeError('explain: not an order command');
  }
}
