// The member's own margin and collateral at each clearing corporation: what no slot knows, added up. A walk asks sixteen slots a second, so a figure is at
// most some seventeen seconds old. Where the policy names marks, it puts the corporation's segments into risk-reduction mode in every slot and
// out of it again, and raises alerts; also for clients with less placed than their positions ask.
import {
  ALL_SLOTS,
  ClearingCorporation,
  CommandKind,
  type MemberShare,
  type ShortClient,
  type ShortClients,
  SLOT_COUNT,
  segmentsOf,
} from '../../engine/index.ts';
import type { AlertBook } from '../alerts/alert-book.ts';
import { SlotWalk } from '../slot-walk.ts';
import { corporationName, type ShortAnswer, shortAnswer } from './collateral-answer.ts';
import type { CommandSender } from './command-sender.ts';
import { effectiveOf, type MemberFigures, type MemberMarks, memberLevel } from './member-level.ts';
import type { SlotQuestions } from './slot-questions.ts';

const STEP_MS = 1_000;
const SLOTS_A_STEP = 16;
/** Short clients a slot looks at closely before it lets others ask: about a millisecond. */
const CLIENTS_AT_ONCE = 40;
const SHORT_SHOWN = 200;

/** One corporation, all clients together. */
export interface CorporationAnswer {
  readonly corporation: string;
  readonly required_paise: number;
  readonly cash_paise: number;
  readonly cash_others_paise: number;
  readonly non_cash_paise: number;
  /** What counts: 50:50 at the member's level. */
  readonly effective_paise: number;
  /** Part of it that is used; null when nothing is placed there. */
  readonly used: number | null;
  readonly mode: 'NORMAL' | 'RISK_REDUCTION';
}

/** The member's level. */
export interface MemberAnswer {
  /** Age of the oldest figure in it, seconds; null before every slot was asked once. */
  readonly age_seconds: number | null;
  readonly corporations: readonly CorporationAnswer[];
  /** Clients with less placed than their positions ask; looked for only once anything is placed anywhere. */
  readonly short_clients: number;
  readonly short_paise: number;
  /** The largest. */
  readonly short: readonly ShortAnswer[];
}

const CORPORATIONS = Object.values(ClearingCorporation);

export class MemberWatch {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly marks: MemberMarks | undefined;
  private readonly now: () => number;
  private book: Pick<AlertBook, 'raise' | 'clear' | 'standing'> | undefined;
  private readonly shares = new Map<number, { readonly share: MemberShare; readonly at: number }>();
  private readonly short = new Map<number, readonly ShortClient[]>();
  private readonly alerted = new Set<string>();
  private readonly levels = new Map<number, number>();
  private readonly walk = new SlotWalk({
    look: (slot) => this.look(slot),
    together: SLOTS_A_STEP,
    stepped: async (isRound) => (isRound ? this.judge() : undefined),
  });

  /** `now` in milliseconds. Without marks it adds up and acts on nothing. */
  constructor(questions: SlotQuestions, sender: CommandSender, marks: MemberMarks | undefined, now: () => number) {
    this.questions = questions;
    this.sender = sender;
    this.marks = marks;
    this.now = now;
  }

  /** Begins the walk. */
  start(book: Pick<AlertBook, 'raise' | 'clear' | 'standing'>): void {
    this.book = book;
    this.walk.start(STEP_MS);
  }

  stop(): void {
    this.walk.stop();
  }

  /** Asks the next slots; after the last one, judges. The timer calls it. */
  step(): Promise<void> {
    return this.walk.step();
  }

  /** What was added up. */
  answer(): MemberAnswer {
    const times = [...this.shares.values()].map(({ at }) => at);
    const all = [...this.short.values()].flat().sort((a, b) => b.short - a.short);
    return {
      age_seconds: times.length < SLOT_COUNT ? null : Math.round((this.now() - Math.min(...times)) / 1_000),
      corporations: CORPORATIONS.map((corporation) => this.corporation(corporation)).filter(
        ({ required_paise, cash_paise, cash_others_paise, non_cash_paise }) => required_paise + cash_paise + cash_others_paise + non_cash_paise > 0,
      ),
      short_clients: new Set(all.map(({ account }) => account)).size,
      short_paise: all.reduce((sum, { short }) => sum + short, 0),
      short: all.slice(0, SHORT_SHOWN).map(shortAnswer),
    };
  }

  private async look(slot: number): Promise<void> {
    const share = await this.questions.ask<MemberShare>(slot, { type: 'memberShare' });
    this.shares.set(slot, { share, at: this.now() });
    if (!this.isPlaced()) return;
    const found: ShortClient[] = [];
    for (let from = 1; from > 0; ) {
      const page = await this.questions.ask<ShortClients>(slot, { type: 'shortClients', from, most: CLIENTS_AT_ONCE });
      found.push(...page.clients);
      from = page.next;
    }
    this.short.set(slot, found);
  }

  /** Has anybody's collateral been placed anywhere? A house that does not allocate is not short of it. */
  private isPlaced(): boolean {
    return [...this.shares.values()].some(({ share }) => share.corporations.some(({ cash, cashOthers, nonCash }) => cash + cashOthers + nonCash > 0));
  }

  private sum(corporation: number): MemberFigures & { readonly cash: number } {
    let [required, cash, others, nonCash] = [0, 0, 0, 0];
    for (const { share } of this.shares.values()) {
      const own = share.corporations.find((each) => each.corporation === corporation);
      if (own === undefined) continue;
      required += own.required;
      cash += own.cash;
      others += own.cashOthers;
      nonCash += own.nonCash;
    }
    return { required, cash, cashLike: cash + others, nonCash };
  }

  private corporation(corporation: number): CorporationAnswer {
    const figures = this.sum(corporation);
    const effective = effectiveOf(figures);
    return {
      corporation: corporationName(corporation),
      required_paise: figures.required,
      cash_paise: figures.cash,
      cash_others_paise: figures.cashLike - figures.cash,
      non_cash_paise: figures.nonCash,
      effective_paise: effective,
      used: effective > 0 ? Math.round((figures.required / effective) * 10_000) / 10_000 : null,
      mode: this.isReducing(corporation) === 'none' ? 'NORMAL' : 'RISK_REDUCTION',
    };
  }

  /** In how many slots the corporation's segments may only reduce. */
  private isReducing(corporation: number): 'all' | 'none' | 'some' {
    const bits = segmentsOf(corporation);
    const reducing = [...this.shares.values()].filter(({ share }) => (share.reducing & bits) === bits).length;
    return reducing === 0 ? 'none' : reducing === this.shares.size ? 'all' : 'some';
  }

  private async judge(): Promise<void> {
    const { marks } = this;
    if (marks === undefined || this.shares.size < SLOT_COUNT) return;
    for (const corporation of CORPORATIONS) await this.judgeCorporation(corporation, marks);
    this.judgeShort();
  }

  private async judgeCorporation(corporation: number, marks: MemberMarks): Promise<void> {
    const standing = this.isReducing(corporation);
    const before = standing === 'none' ? Math.min(1, this.levels.get(corporation) ?? 0) : 2;
    const figures = this.sum(corporation);
    const level = memberLevel(figures, before, marks);
    this.levels.set(corporation, level);
    const name = corporationName(corporation);
    const wanted = level === 2 ? 'all' : 'none';
    if (standing !== wanted) {
      const used = `${Math.round((figures.required / Math.max(1, effectiveOf(figures))) * 1_000) / 10} % used`;
      await this.sender.ask(CommandKind.SetMemberMode, ALL_SLOTS, {
        corporation: name,
        mode: level === 2 ? 'RISK_REDUCTION' : 'NORMAL',
        reason: used,
      });
    }
    this.alert('memberRiskReduction', name, level === 2, 'The member is in risk-reduction mode there: only orders that close positions pass');
    this.alert('memberUtilisation', name, level === 1, 'The member uses most of its collateral there: place more before only exits pass');
  }

  private judgeShort(): void {
    const short = new Set([...this.short.values()].flat().map(({ account }) => account));
    for (const account of this.alerted) {
      if (short.has(account)) continue;
      this.book?.clear('shortAllocation', account);
      this.alerted.delete(account);
    }
    for (const account of short) {
      if (this.alerted.size >= SHORT_SHOWN || this.alerted.has(account)) continue;
      this.alerted.add(account);
      this.alert(
        'shortAllocation',
        account,
        true,
        'Less is placed at a clearing corporation than the positions ask: see GET /v1/clients/…/collateral',
      );
    }
  }

  private alert(kind: 'memberRiskReduction' | 'memberUtilisation' | 'shortAllocation', subject: string, isOn: boolean, text: string): void {
    const stands = this.book?.standing(kind, subject) !== undefined;
    if (isOn && !stands) this.book?.raise(kind, subject, text);
    else if (!isOn && stands) this.book?.clear(kind, subject);
  }
}
