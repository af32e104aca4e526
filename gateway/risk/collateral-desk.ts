// Collateral through the API: one client's, pledges, moves between places, the day's list of haircuts. Asks the owners of slots; keeps nothing.
import {
  ALL_SLOTS,
  type AllocateCollateralBody,
  type ChangePledgeBody,
  type CollateralView,
  CommandKind,
  type HaircutBody,
} from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import { rejectText } from '../reject-text.ts';
import { type CollateralAnswer, collateralAnswer } from './collateral-answer.ts';
import type { CommandSender } from './command-sender.ts';
import type { SlotQuestions } from './slot-questions.ts';

/** Rows of a list told in one command: a shard folds it once per slot, some milliseconds in which it does nothing else. */
const ROWS_AT_ONCE = 100;

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
  async setHaircuts({ date, rows, replace, revalue }: HaircutList): Promise<number> {
    const parts = Math.max(1, Math.ceil(rows.length / ROWS_AT_ONCE));
    for (let part = 0; part < parts; part++) {
      await this.send(CommandKind.SetHaircuts, ALL_SLOTS, {
        date,
        rows: rows.slice(part * ROWS_AT_ONCE, (part + 1) * ROWS_AT_ONCE),
        replace: replace && part === 0,
        revalue: revalue && part === parts - 1,
      });
    }
    return parts;
  }

  private async change(kind: number, body: ChangePledgeBody | AllocateCollateralBody): Promise<CollateralAnswer | undefined> {
    const slot = this.questions.slotOf(body.account);
    if (slot < 0) return undefined;
    await this.send(kind, slot, body);
    return this.collateral(body.account);
  }

  private async send(kind: number, slot: number, body: object): Promise<void> {
    const answer = await this.sender.ask(kind, slot, body);
    if (answer.refused > 0) throw refusal('TZ-REFUSED', rejectText(answer.rejectCode).text);
  }
}
