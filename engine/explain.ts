// The live decision, asked for its reasons: the same decide, with every check's figures kept, and those after the first failure computed
// too where they can be. Changes nothing.
import type { DecisionContext } from './checks/decision-context.ts';
import { resolveCancel, resolvePlace, resolveReplace } from './checks/resolve.ts';
import { Trace } from './checks/trace.ts';
import type { CommandView } from './command/command-view.ts';
import { CommandKind, commandName } from './command/layout.ts';
import { decideCancel, decidePlace, decideReplace } from './decide.ts';
import { META_ROW, Meta } from './state/meta-table.ts';
import type { SlotState } from './state/slot-state.ts';
import type { Explanation } from './verdict.ts';

const COMMANDS: Readonly<Record<number, string>> = {
  [CommandKind.PlaceOrder]: 'PlaceOrder',
  [CommandKind.ReplaceOrder]: 'ReplaceOrder',
  [CommandKind.CancelOrder]: 'CancelOrder',
};

/** Verdict on an order command against the state as it is; figures are left in the context. Throws RangeError for any other kind. */
export function judge(d: DecisionContext, state: SlotState, command: CommandView): number {
  switch (command.kind) {
    case CommandKind.PlaceOrder:
      resolvePlace(d, state, command);
      return decidePlace(d);
    case CommandKind.ReplaceOrder:
      resolveReplace(d, state, command);
      return decideReplace(d);
    case CommandKind.CancelOrder:
      resolveCancel(d, state, command);
      return decideCancel(d);
    default:
      throw new RangeError(`${commandName(command.kind)} is not an order command: only PlaceOrder, ReplaceOrder and CancelOrder are decided`);
  }
}

/** Every check with its figures. Allocates. */
export function explainDecision(d: DecisionContext, state: SlotState, command: CommandView): Explanation {
  const trace = new Trace();
  d.trace = trace;
  try {
    judge(d, state, command);
  } finally {
    d.trace = null;
  }
  const { meta } = state;
  return {
    command: COMMANDS[command.kind] ?? '',
    ruleSet: meta.u16(META_ROW, Meta.ruleSet),
    parametersHash: state.parametersHash,
    businessDate: meta.u32(META_ROW, Meta.businessDate),
    time: command.time,
    code: trace.code,
    checks: trace.checks,
    requirementBefore: d.requirementBefore,
    requirementAfter: d.requirementAfter,
    available: d.available,
    marginBasis: d.marginBasis,
  };
}
