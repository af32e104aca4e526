// Margin snapshots as the API has them: take one now, slot by slot, and what those of the day came to. The rows are the engine's; the night reads them there.
import { CommandKind, type DayView, FINAL_SNAPSHOT, SLOT_COUNT, type SnapshotSumView } from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import type { CommandSender } from './command-sender.ts';
import type { SlotQuestions } from './slot-questions.ts';

/** Slots asked at once: orders pass between two portions. */
const PORTION = 8;
const FIRST_BY_HAND = 8;

/** Which snapshot. */
export interface SnapshotRequest {
  readonly label: string;
  /** 1 to 31; undefined: the lowest that is free from 8. */
  readonly number?: number | undefined;
  /** Exchange segments; undefined: all. */
  readonly segments?: readonly number[] | undefined;
}

/** What a snapshot came to. */
export interface SnapshotAnswer {
  readonly number: number;
  /** Microseconds since 1970; 0 when nobody held anything. */
  readonly time_micros: number;
  readonly clients: number;
  readonly short_clients: number;
  readonly required_paise: number;
  readonly shortfall_paise: number;
}

export class SnapshotDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;

  constructor(questions: SlotQuestions, sender: CommandSender) {
    this.questions = questions;
    this.sender = sender;
  }

  /** Takes one in every slot that has not taken it yet; resolves when all have it in their journals. Refuses when every slot had. */
  async take({ label, number: asked, segments }: SnapshotRequest): Promise<SnapshotAnswer> {
    const number = asked ?? (await this.firstFree());
    const body = { label, number, ...(segments === undefined ? {} : { segments }) };
    let taken = 0;
    for (let first = 0; first < SLOT_COUNT; first += PORTION) {
      const slots = Array.from({ length: PORTION }, (_, i) => first + i);
      const answers = await Promise.all(slots.map((slot) => this.sender.ask(CommandKind.TakeMarginSnapshot, slot, body)));
      taken += answers.filter(({ refused }) => refused === 0).length;
    }
    if (taken === 0) throw refusal('TZ-REFUSED', `snapshot ${number} of the day was taken already`);
    const sums = await this.list();
    return sums.find((each) => each.number === number) ?? emptySnapshot(number);
  }

  /** The day's snapshots, by number. */
  async list(): Promise<readonly SnapshotAnswer[]> {
    const found = new Map<number, SnapshotAnswer>();
    for (const { number, time, clients, short, required, shortfall } of (await this.sums()).flat()) {
      const before = found.get(number) ?? emptySnapshot(number);
      found.set(number, {
        number,
        time_micros: Math.max(before.time_micros, Math.floor(time)),
        clients: before.clients + clients,
        short_clients: before.short_clients + short,
        required_paise: before.required_paise + required,
        shortfall_paise: before.shortfall_paise + shortfall,
      });
    }
    return [...found.values()].sort((a, b) => a.number - b.number);
  }

  /** By slot, in portions. */
  private async sums(): Promise<(readonly SnapshotSumView[])[]> {
    const sums: (readonly SnapshotSumView[])[] = [];
    for (let first = 0; first < SLOT_COUNT; first += PORTION) {
      const slots = Array.from({ length: PORTION }, (_, i) => first + i);
      sums.push(...(await Promise.all(slots.map((slot) => this.questions.ask<readonly SnapshotSumView[]>(slot, { type: 'snapshots' })))));
    }
    return sums;
  }

  private async firstFree(): Promise<number> {
    const { snapshots } = await this.questions.ask<DayView>(0, { type: 'day' });
    let number = FIRST_BY_HAND;
    while (snapshots.includes(number)) number += 1;
    if (number >= FINAL_SNAPSHOT) throw refusal('TZ-REFUSED', 'no number is free any more today');
    return number;
  }
}

const emptySnapshot = (number: number): SnapshotAnswer => ({
  number,
  time_micros: 0,
  clients: 0,
  short_clients: 0,
  required_paise: 0,
  shortfall_paise: 0,
});
