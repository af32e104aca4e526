// Topic desk: the house in one picture. Each slot is summed up by its owner; slots that something happened in are asked again first, the others in turn, so
// that the picture is at most a few seconds old and never costs more than a part of the slots a second.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ClientSummary, SLOT_COUNT, type SlotSummary } from '../../engine/index.ts';
import { type Principal, requireScope } from '../http/auth/principal.ts';
import { rejectName, rejectText } from '../reject-text.ts';
import { standingAnswer } from '../risk/client-answer.ts';
import type { InstrumentResolver } from '../risk/instrument-resolver.ts';
import { orderAnswer } from '../risk/order-answer.ts';
import type { SlotQuestions } from '../risk/slot-questions.ts';
import type { TopicData } from './difference.ts';
import type { TopicSource } from './topic-source.ts';

const NAME = 'desk';
/** Clients or orders in each list. */
const TOP = 50;
/** Slots asked in one reading: those touched, at most so many, and so many of the others in turn. */
const TOUCHED_PER_READING = 96;
const OTHERS_PER_READING = 26;
/** Slots asked at once. */
const PORTION = 8;

/** What the desk shows beside the clients, as the API does. */
export interface HouseState {
  readonly sessions: readonly object[];
  readonly parameters: object;
  readonly feed: object;
  readonly firmKilled: boolean;
}

export class DeskSource implements TopicSource {
  readonly silent: readonly string[] = [];
  readonly restMs = 1_000;
  readonly recheckMs = 1_000;
  private readonly questions: SlotQuestions;
  private readonly instruments: InstrumentResolver;
  private readonly house: () => HouseState;
  private readonly summaries: (SlotSummary | undefined)[] = [];
  private readonly touched = new Uint8Array(SLOT_COUNT).fill(1);
  private next = 0;

  constructor(questions: SlotQuestions, instruments: InstrumentResolver, house: () => HouseState) {
    this.questions = questions;
    this.instruments = instruments;
    this.house = house;
  }

  /** Something happened in the slot. */
  touch(slot: number): void {
    this.touched[slot] = 1;
  }

  owns(name: string): boolean {
    return name === NAME;
  }

  authorize(_name: string, principal: Principal): void {
    requireScope(principal, 'house:read');
  }

  async read(): Promise<TopicData> {
    const slots = this.due();
    for (let from = 0; from < slots.length; from += PORTION) {
      await Promise.all(slots.slice(from, from + PORTION).map((slot) => this.ask(slot)));
      await nextTurn();
    }
    return this.picture(this.summaries.filter((summary) => summary !== undefined));
  }

  private due(): number[] {
    const isFirst = this.summaries.length === 0;
    const due = new Set<number>();
    for (let slot = 0; slot < SLOT_COUNT && (isFirst || due.size < TOUCHED_PER_READING); slot++) if (this.touched[slot] === 1) due.add(slot);
    for (let i = 0; i < OTHERS_PER_READING; i++) {
      due.add(this.next);
      this.next = (this.next + 1) % SLOT_COUNT;
    }
    return [...due];
  }

  private async ask(slot: number): Promise<void> {
    this.touched[slot] = 0;
    try {
      this.summaries[slot] = await this.questions.ask<SlotSummary>(slot, { type: 'slotSummary', top: TOP });
    } catch (error) {
      this.touched[slot] = 1;
      throw error;
    }
  }

  private picture(summaries: readonly SlotSummary[]): TopicData {
    const { sessions, parameters, feed, firmKilled } = this.house();
    const sum = (value: (totals: SlotSummary['totals']) => number): number => summaries.reduce((total, { totals }) => total + value(totals), 0);
    const worst = (lists: readonly ClientSummary[], by: (client: ClientSummary) => number): object[] =>
      [...lists]
        .sort((a, b) => by(a) - by(b))
        .slice(0, TOP)
        .map(standingAnswer);
    const killed = summaries.flatMap((summary) => summary.killed).sort();
    return {
      totals: {
        clients: sum(({ clients }) => clients),
        short: sum(({ shortClients }) => shortClients),
        needs_paise: sum(({ lacking }) => lacking),
        requirement_paise: sum(({ requirement }) => requirement),
        available_paise: sum(({ available }) => available),
        mtm_paise: sum(({ gain }) => gain),
        open_orders: sum(({ openOrders }) => openOrders),
      },
      shortfalls: worst(
        summaries.flatMap(({ shortfalls }) => shortfalls),
        ({ requirement, available }) => available - requirement,
      ),
      mtm: worst(
        summaries.flatMap(({ losers }) => losers),
        ({ realised, unrealised }) => realised + unrealised,
      ),
      rejects: rejectCounts(summaries),
      stuck: summaries
        .flatMap(({ stuck }) => stuck)
        .slice(0, TOP)
        .map((order) => orderAnswer(order, this.instruments.symbols)),
      sessions,
      parameters,
      feed,
      kill_switches: [
        ...(firmKilled ? [{ scope: 'FIRM', account: '' }] : []),
        ...killed.slice(0, TOP).map((account) => ({ scope: 'ACCOUNT', account })),
      ],
    };
  }
}

function rejectCounts(summaries: readonly SlotSummary[]): object[] {
  const counts = new Map<number, number>();
  for (const { rejects } of summaries) for (const [code, count] of rejects) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts]
    .map(([code, count]) => ({ code, name: rejectName(code), message: rejectText(code).text, count }))
    .sort((a, b) => b.count - a.count);
}
