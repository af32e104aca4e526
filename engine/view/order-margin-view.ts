// What one order does to its client's margin: the margin as a tree before it and with it working, as the decision weighed them; with it filled; and what would
// let it pass where margin is what it lacks. The order is entered into copies of the slot whatever the verdict, so that a refusal shows what it would have
// asked. Changes nothing, allocates much: for a look at the past, never beside live orders.
import { applyPlace, applyReplace } from '../apply.ts';
import { DecisionContext } from '../checks/decision-context.ts';
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { resolvePlace, resolveReplace } from '../checks/resolve.ts';
import type { CommandView } from '../command/command-view.ts';
import { ACCOUNT_BYTES, CommandKind, PlaceOrder } from '../command/layout.ts';
import type { Fold } from '../fold.ts';
import { InstrumentKind, Side } from '../instrument.ts';
import { openPosition } from '../lifecycle/open-position.ts';
import { withdraw } from '../lifecycle/working-order.ts';
import { type CheapestFix, cheapestFix, LENT_TOO_MUCH } from '../margin/basket-fix.ts';
import { Contract } from '../margin/contract-row.ts';
import { RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import { SlotState } from '../state/slot-state.ts';
import { Verdict } from '../verdict.ts';
import { type MarginExplanation, marginExplanation } from './margin-explain-view.ts';

/** Trees of the client's margin: `after` has the order working, `filled` has what was left of it filled at its price and no longer working. */
export interface OrderMargin {
  readonly before: MarginExplanation;
  readonly after: MarginExplanation;
  readonly filled: MarginExplanation;
  readonly fix: CheapestFix | undefined;
}

/** Verdicts whose margin is worth showing: what was refused for what would be lent on it asks margin, too. */
const WEIGHED: ReadonlySet<number> = new Set([RejectCode.none, RejectCode.insufficientMargin, ...LENT_TOO_MUCH]);

/** Undefined for a cancel, which frees nothing, and for a request that was refused before its margin was weighed. */
export function orderMargin(engine: Fold, state: SlotState, command: CommandView): OrderMargin | undefined {
  if (command.kind !== CommandKind.PlaceOrder && command.kind !== CommandKind.ReplaceOrder) return undefined;
  const verdict = new Verdict();
  engine.whatIf(state, command, verdict);
  if (!WEIGHED.has(verdict.code)) return undefined;
  // Every order command has its account in the same place.
  const account = command.text(PlaceOrder.account, ACCOUNT_BYTES);
  const before = marginExplanation(state, account);
  const after = marginExplanation(copyWith(state, command, work), account);
  const filled = marginExplanation(copyWith(state, command, fill), account);
  if (before === undefined || after === undefined || filled === undefined) return undefined;
  return { before, after, filled, fix: cheapestFix(engine, state, command) };
}

/** A copy of the slot in which something has happened to the order. */
function copyWith(state: SlotState, command: CommandView, happen: (d: DecisionContext) => void): SlotState {
  const copy = SlotState.restore(state.slot, state.snapshot());
  copy.rebuild(state.rules?.table);
  copy.meta.addF64(META_ROW, Meta.sequence, 1);
  const d = new DecisionContext();
  if (command.kind === CommandKind.PlaceOrder) resolvePlace(d, copy, command);
  else resolveReplace(d, copy, command);
  happen(d);
  return copy;
}

function work(d: DecisionContext): void {
  if (d.command.kind === CommandKind.PlaceOrder) applyPlace(d);
  else applyReplace(d);
}

function fill(d: DecisionContext): void {
  const { state, client, segment, token } = d;
  if (d.order !== 0 && d.command.kind === CommandKind.ReplaceOrder) withdraw(state, d.order);
  const position = openPosition(state, client, segment, token, isCashSegment(segment) ? d.product : 0);
  const units = d.side === Side.BUY ? d.leaves : -d.leaves;
  state.positions.addF64(position, Position.net, units);
  state.derived.book?.addPosition(client, d.instrument, d.product, units);
  const isOption = (d.contracts[d.contractAt + Contract.kind] as number) >= InstrumentKind.CE;
  if (isOption) state.clients.addF64(client, Client.premium, units * d.valuation);
}
