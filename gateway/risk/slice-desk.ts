// Slices of the member's limits in a running gateway: the coordinator's way to the slots, its rounds (sixteen slots a second), and what it is told at
// once: an order that was refused for want of a slice. Without limits in the policy nothing is asked of anybody.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ALL_SLOTS,
  CommandKind,
  corporationOf,
  EventField,
  EventKind,
  type EventView,
  RejectCode,
  SLOT_COUNT,
  type SlicePoolName,
  type SliceView,
} from '../../engine/index.ts';
import { FileSliceJournal, SliceCoordinator, type SliceEngine, type SliceQuestion } from '../../workers/index.ts';
import type { Logger } from '../log.ts';
import { corporationName } from './collateral-answer.ts';
import type { CommandSender } from './command-sender.ts';
import type { SlotQuestions } from './slot-questions.ts';

const STEP_MS = 1_000;
const SLOTS_A_STEP = 16;

/** The member's limit at a clearing corporation, or on what it lends in all (FUNDING), and how much of it is given away. */
export interface SliceAnswer {
  readonly corporation: string;
  readonly limit_paise: number;
  /** What all slots together can have at most. */
  readonly given_paise: number;
  readonly free_paise: number;
  /** Grants and recalls that wait for an answer. */
  readonly waiting: number;
}

/** What the desk stands on. */
export interface SliceGround {
  readonly limits: MemberLimits;
  readonly dataDirectory: string;
  readonly log: Logger;
}

/** Paise by corporation, and what the house lends in all. */
export type MemberLimits = ReadonlyMap<SlicePoolName, number>;

export class SliceDesk implements SliceEngine {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly limits: MemberLimits;
  private readonly log: Logger;
  private readonly journal: FileSliceJournal | undefined;
  private readonly coordinator: SliceCoordinator | undefined;
  private readonly asked = new Set<string>();
  private nextSlot = 0;
  private isBusy = false;
  private timer: NodeJS.Timeout | undefined;

  /** Throws RangeError when the journal in the data directory is damaged. A house that never had limits has none. */
  constructor(questions: SlotQuestions, sender: CommandSender, { limits, dataDirectory, log }: SliceGround) {
    this.questions = questions;
    this.sender = sender;
    this.limits = limits;
    this.log = log;
    const path = join(dataDirectory, 'slices', 'journal');
    if (limits.size === 0 && !existsSync(path)) return;
    this.journal = new FileSliceJournal(path);
    this.coordinator = new SliceCoordinator(this.journal, this);
    this.journal.rewrite(this.coordinator.book.records());
  }

  /** Puts the limits in force, or lifts those there were, and begins the rounds. */
  async start(): Promise<void> {
    await this.coordinator?.start(this.limits);
    if (this.limits.size > 0) this.timer = setInterval(() => void this.step().catch((error: unknown) => this.log.warn({ error }, 'slices')), STEP_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.journal?.close();
  }

  /** Looks at the next slots; the timer calls it. */
  async step(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let i = 0; i < SLOTS_A_STEP; i++) await this.coordinator?.balance((this.nextSlot + i) % SLOT_COUNT);
      this.nextSlot = (this.nextSlot + SLOTS_A_STEP) % SLOT_COUNT;
    } finally {
      this.isBusy = false;
    }
  }

  /** Sees every event: a slot that has refused for want of its slice is looked after at once. */
  see(event: EventView): void {
    if (this.coordinator === undefined || !(event.rejectCode === RejectCode.sliceExhausted || event.rejectCode === RejectCode.fundingExhausted))
      return;
    if (event.kind !== EventKind.OrderRejected && event.kind !== EventKind.ReplaceRejected) return;
    const isFunding = event.rejectCode === RejectCode.fundingExhausted;
    const corporation = isFunding ? 'FUNDING' : corporationName(corporationOf(event.u8(EventField.segment)));
    const { slot } = event;
    const name = `${slot} ${corporation}`;
    if (this.asked.has(name)) return;
    this.asked.add(name);
    void this.coordinator
      ?.hungry(slot, corporation)
      .catch((error: unknown) => this.log.warn({ error }, 'slices'))
      .finally(() => this.asked.delete(name));
  }

  /** The limits and what is given away of them. */
  answer(): SliceAnswer[] {
    if (this.coordinator === undefined) return [];
    const { book } = this.coordinator;
    const waiting = book.waiting();
    return book.limited().map((corporation) => ({
      corporation,
      limit_paise: book.limit(corporation),
      given_paise: book.given(corporation),
      free_paise: book.free(corporation),
      waiting: waiting.filter((question) => question.corporation === corporation).length,
    }));
  }

  async tell(question: SliceQuestion): Promise<void> {
    const { type, corporation, number, slot } = question;
    if (type === 'grant') await this.sender.ask(CommandKind.GrantSlice, slot, { corporation, number, slice: question.slice });
    else await this.sender.ask(CommandKind.RecallSlice, slot, { corporation, number, keep: question.keep });
  }

  async lift(corporation: SlicePoolName, number: number): Promise<void> {
    await this.sender.ask(CommandKind.GrantSlice, ALL_SLOTS, { corporation, number });
  }

  look(slot: number): Promise<readonly SliceView[]> {
    return this.questions.ask<readonly SliceView[]>(slot, { type: 'slices' });
  }
}
