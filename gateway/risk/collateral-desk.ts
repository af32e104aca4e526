// Collateral through the API: one client's, pledges, moves between places, the day's list of haircuts. Asks the owners of slots; keeps nothing.
import {
  ALL_SLOTS,
  type AllocateCollateralBody,
  type ChangePledgeBody,
  type CollateralView,
  CommandKind,
  type HaircutBody,
} from '../../engine/index.ts';
import { haircutParts } from '../../workers/reference/index.ts';
import { type CollateralAnswer, collateralAnswer } from './collateral-answer.ts';
import type { CommandSender } from './command-sender.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { tellEngine } from './tell-engine.ts';

/** A part of a list. */
export interface HaircutList {
  /** yyyymmdd. */
  readonly date: number;
  readonly rows: readonly HaircutBody[];
  /** The first part: what was listed before is dropped. */
  readonly replace: boolean;
  /** The last part: everybody's collateral is valued by it. */
  readonly revalue: boolean;
}

export class CollateralDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;

  constructor(questions: SlotQuestions, sender: CommandSender) {
    this.questions = questions;
    this.sender = sender;
  }

  /** The client's collateral; undefined when the account is not known. */
  async collateral(account: string): Promise<CollateralAnswer | undefined> {
    const view = await this.questions.askAbout<CollateralView>(account, { type: 'collateral', account });
    return view === undefined ? undefined : collateralAnswer(view);
  }

  /** Pledges units or takes them back; resolves to what there is then, undefined when the account is not known. */
  pledge(body: ChangePledgeBody): Promise<CollateralAnswer | undefined> {
    return this.change(CommandKind.ChangePledge, body);
  }

  /** Moves collateral between places; resolves as pledge() does. */
  allocate(body: AllocateCollateralBody): Promise<CollateralAnswer | undefined> {
    return this.change(CommandKind.AllocateCollateral, body);
  }

  /** Tells every slot a part of a list; resolves to how many commands it took. */
  async setHaircuts(list: HaircutList): Promise<number> {
    const parts = haircutParts(list);
    for (const part of parts) await tellEngine(this.sender, { kind: CommandKind.SetHaircuts, slot: ALL_SLOTS, body: part });
    return parts.length;
  }

  private async change(kind: number, body: ChangePledgeBody | AllocateCollateralBody): Promise<CollateralAnswer | undefined> {
    const slot = this.questions.slotOf(body.account);
    if (slot < 0) return undefined;
    await tellEngine(this.sender, { kind, slot, body });
    return this.collateral(body.account);
  }
}
