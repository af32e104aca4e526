// The fold: state' = fold(state, command). Same commands, same state, same events, on any machine; no clock, no randomness, no I/O.
// Counts every command, drops duplicates by origin, and hands the rest to its life-cycle file. Writes no journal and stamps no position.
import { assert } from './assert.ts';
import { DecisionContext } from './checks/decision-context.ts';
import type { CommandView } from './command/command-view.ts';
import {
  CancelOrder,
  COMMAND_HEADER_BYTES,
  CommandKind,
  commandName,
  Header,
  isRareKind,
  MarkPrices,
  MassCancel,
  PlaceOrder,
  RecordExecution,
  ReplaceOrder,
} from './command/layout.ts';
import type { EventWriter } from './event/event-writer.ts';
import { explainDecision, judge } from './explain.ts';
import { openAccount, setLimit, updateAccount } from './lifecycle/accounts.ts';
import { allocateCollateral } from './lifecycle/allocate.ts';
import { closeSegment, settlePrices } from './lifecycle/close-segment.ts';
import { setCollateral } from './lifecycle/collateral.ts';
import { convertPosition } from './lifecycle/convert.ts';
import { applyCorporateAction } from './lifecycle/corporate-action.ts';
import { closeDay, openDay } from './lifecycle/day.ts';
import { creditDelivery } from './lifecycle/delivery.ts';
import { bookEarlyPayIn } from './lifecycle/early-pay-in.ts';
import { Emission } from './lifecycle/emission.ts';
import { recordExecution } from './lifecycle/execution.ts';
import { exerciseAssign } from './lifecycle/exercise.ts';
import { importFundedLot, pledgeFunded } from './lifecycle/funded-commands.ts';
import { creditFunds, grantAdhoc, importPosition, setHoldings } from './lifecycle/funds.ts';
import { setHaircuts } from './lifecycle/haircuts.ts';
import { setKillSwitch } from './lifecycle/kill-switch.ts';
import { takeMarginSnapshot } from './lifecycle/margin-snapshot.ts';
import { markPrices } from './lifecycle/marks.ts';
import { massCancel } from './lifecycle/mass-cancel.ts';
import { grantSlice, recallSlice, setMemberMode } from './lifecycle/member-mode.ts';
import { loadParameters } from './lifecycle/parameters.ts';
import { changePledge } from './lifecycle/pledge.ts';
import { refuse } from './lifecycle/refuse.ts';
import { cancel, place, replace } from './lifecycle/requests.ts';
import { setSegmentState } from './lifecycle/segment-state.ts';
import { settleShortage } from './lifecycle/shortage.ts';
import { tick } from './lifecycle/tick.ts';
import { transferTrade } from './lifecycle/transfer-trade.ts';
import { watchUtilisation } from './lifecycle/utilisation.ts';
import type { ParameterTable } from './parameters/parameter-table.ts';
import { META_ROW, Meta } from './state/meta-table.ts';
import { admitOrigin } from './state/origin-table.ts';
import type { SlotState } from './state/slot-state.ts';
import type { Explanation, Verdict } from './verdict.ts';

export class Fold {
  /** Why the last rare command was refused, located by key; '' when it was not. For the API's answer; not state. */
  refusal = '';
  private readonly parametersByHash: (hash: string) => ParameterTable | undefined;
  private readonly decision: DecisionContext = new DecisionContext();
  private readonly out: Emission = new Emission();

  constructor(parametersByHash: (hash: string) => ParameterTable | undefined) {
    this.parametersByHash = parametersByHash;
  }

  /**
   * Folds one command into its slot and appends what happened to `events`. `body` is the decoded map of a rare command, else unused.
   * Throws MissingParameterTable when LoadParameters names a table that parametersByHash does not have, or a snapshot of margins needs the day's opening
   * one and it is gone; then nothing but the count changed.
   */
  fold(state: SlotState, command: CommandView, body: unknown, events: EventWriter): void {
    assert(command.length >= COMMAND_HEADER_BYTES, 'command shorter than its header');
    const { meta } = state;
    this.refusal = '';
    meta.addF64(META_ROW, Meta.sequence, 1);
    meta.copyF64(META_ROW, Meta.time, command.data, command.at + Header.time);
    if (command.originNumber > 0 && !admitOrigin(state.origins, command)) return;
    this.out.point(state, command, events);
    if (isRareKind(command.kind)) this.refusal = this.foldRare(command.kind, body);
    else this.foldHot(command);
    watchUtilisation(this.out);
  }

  /** The verdict a PlaceOrder, ReplaceOrder or CancelOrder would get now. Changes nothing. Throws RangeError for another kind. */
  whatIf(state: SlotState, command: CommandView, verdict: Verdict): void {
    const d = this.decision;
    verdict.code = judge(d, state, command);
    verdict.value = d.value;
    verdict.limit = d.limit;
    verdict.level = d.level;
    verdict.requirementBefore = d.requirementBefore;
    verdict.requirementAfter = d.requirementAfter;
    verdict.available = d.available;
    verdict.marginBasis = d.marginBasis;
  }

  /** Every check of that decision with its figures, also those after the first that fails. Changes nothing; allocates. */
  explain(state: SlotState, command: CommandView): Explanation {
    return explainDecision(this.decision, state, command);
  }

  private foldHot(command: CommandView): void {
    const { out, decision } = this;
    if (command.length < shortest(command.kind)) {
      this.refusal = refuse(out, `${commandName(command.kind)} is shorter than its layout`);
      return;
    }
    switch (command.kind) {
      case CommandKind.PlaceOrder:
        place(decision, out);
        break;
      case CommandKind.ReplaceOrder:
        replace(decision, out);
        break;
      case CommandKind.CancelOrder:
        cancel(decision, out);
        break;
      case CommandKind.MassCancel:
        massCancel(out);
        break;
      case CommandKind.RecordExecution:
        recordExecution(out);
        break;
      case CommandKind.MarkPrices:
        markPrices(out);
        break;
      case CommandKind.Tick:
        tick(out);
        break;
      default:
        this.refusal = refuse(out, `command kind ${command.kind} is not known to this release`);
    }
  }

  private foldRare(kind: number, body: unknown): string {
    const { out } = this;
    switch (kind) {
      case CommandKind.OpenDay:
        return openDay(out, body);
      case CommandKind.LoadParameters:
        return loadParameters(out, body, this.parametersByHash);
      case CommandKind.OpenAccount:
        return openAccount(out, body);
      case CommandKind.UpdateAccount:
        return updateAccount(out, body);
      case CommandKind.SetLimit:
        return setLimit(out, body);
      case CommandKind.SetCollateral:
        return setCollateral(out, body);
      case CommandKind.SetHoldings:
        return setHoldings(out, body);
      case CommandKind.CreditFunds:
        return creditFunds(out, body);
      case CommandKind.GrantAdhoc:
        return grantAdhoc(out, body);
      case CommandKind.ImportPosition:
        return importPosition(out, body);
      case CommandKind.EngageKillSwitch:
        return setKillSwitch(out, body, 1);
      case CommandKind.ReleaseKillSwitch:
        return setKillSwitch(out, body, 0);
      case CommandKind.ConvertPosition:
        return convertPosition(out, body);
      case CommandKind.CloseSegment:
        return closeSegment(out, body);
      case CommandKind.SettlePrices:
        return settlePrices(out, body);
      case CommandKind.CreditDelivery:
        return creditDelivery(out, body);
      case CommandKind.SettleShortage:
        return settleShortage(out, body);
      case CommandKind.ExerciseAssign:
        return exerciseAssign(out, body);
      case CommandKind.ApplyCorporateAction:
        return applyCorporateAction(out, body);
      case CommandKind.TransferTrade:
        return transferTrade(out, body);
      case CommandKind.SetSegmentState:
        return setSegmentState(out, body);
      case CommandKind.TakeMarginSnapshot:
        return takeMarginSnapshot(out, body, this.parametersByHash);
      case CommandKind.CloseDay:
        return closeDay(out, body);
      default:
        return this.foldOfMember(kind, body);
    }
  }

  private foldOfMember(kind: number, body: unknown): string {
    const { out } = this;
    switch (kind) {
      case CommandKind.ChangePledge:
        return changePledge(out, body);
      case CommandKind.BookEarlyPayIn:
        return bookEarlyPayIn(out, body);
      case CommandKind.AllocateCollateral:
        return allocateCollateral(out, body);
      case CommandKind.SetHaircuts:
        return setHaircuts(out, body);
      case CommandKind.SetMemberMode:
        return setMemberMode(out, body);
      case CommandKind.GrantSlice:
        return grantSlice(out, body);
      case CommandKind.RecallSlice:
        return recallSlice(out, body);
      case CommandKind.PledgeFunded:
        return pledgeFunded(out, body);
      case CommandKind.ImportFundedLot:
        return importFundedLot(out, body);
      default:
        return refuse(out, `command kind ${kind} is not known to this release`);
    }
  }
}

/** Bytes a fixed-layout command has at least. */
function shortest(kind: number): number {
  switch (kind) {
    case CommandKind.PlaceOrder:
      return PlaceOrder.BYTES;
    case CommandKind.ReplaceOrder:
      return ReplaceOrder.BYTES;
    case CommandKind.CancelOrder:
      return CancelOrder.BYTES;
    case CommandKind.MassCancel:
      return MassCancel.BYTES;
    case CommandKind.RecordExecution:
      return RecordExecution.BYTES;
    case CommandKind.MarkPrices:
      return MarkPrices.entries;
    default:
      return COMMAND_HEADER_BYTES;
  }
}
