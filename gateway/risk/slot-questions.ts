// Questions to the owners of slots on behalf of HTTP callers: one slot with a time budget, or all slots in small portions, so that a list never holds up
// orders. Answers of all slots are shared between callers who ask at about the same time.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SLOT_COUNT } from '../../engine/index.ts';
import { QueryRefused, type ShardQuery, type Shards } from '../../workers/index.ts';
import { refusal } from '../http/http-error.ts';
import type { AccountDirectory } from './account-directory.ts';

const BUDGET_MS = 3_000;
/** Slots asked at once when all are. */
const PORTION = 16;
/** How long an answer of all slots is shared, milliseconds. */
const SHARED_MS = 500;
const SHARED_MAX = 16;

interface Shared {
  readonly at: number;
  readonly answers: Promise<readonly unknown[]>;
}

export class SlotQuestions {
  private readonly shards: Shards;
  private readonly accounts: AccountDirectory;
  private readonly shared = new Map<string, Shared>();

  constructor(shards: Shards, accounts: AccountDirectory) {
    this.shards = shards;
    this.accounts = accounts;
  }

  /** Slot of an account; -1 when it was never opened. */
  slotOf(account: string): number {
    return this.accounts.find(account);
  }

  /** Asks the owner of a slot. Refuses with 503 when too many questions wait, with 504 when the answer does not come in time. */
  async ask<Answer>(slot: number, query: ShardQuery): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(refusal('TZ-TIMEOUT', 'the engine did not answer in time')), BUDGET_MS);
    });
    try {
      return (await Promise.race([this.shards.query(slot, query), late])) as Answer;
    } catch (error) {
      if (error instanceof QueryRefused)
        throw refusal('TZ-BUSY', 'too many questions wait for this part of the engine', { headers: { 'retry-after': '1' } });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks about one account; undefined when it is not known. */
  async askAbout<Answer>(account: string, query: ShardQuery): Promise<Answer | undefined> {
    const slot = this.slotOf(account);
    return slot < 0 ? undefined : this.ask<Answer | undefined>(slot, query);
  }

  /** Asks every slot; answers in slot order, up to half a second old. */
  async askAll<Answer>(query: ShardQuery): Promise<readonly Answer[]> {
    const name = JSON.stringify(query);
    const now = Date.now();
    const known = this.shared.get(name);
    if (known !== undefined && now - known.at < SHARED_MS) return known.answers as Promise<readonly Answer[]>;
    const answers = this.everySlot<unknown>(query);
    this.shared.delete(name);
    if (this.shared.size >= SHARED_MAX) this.shared.delete(this.shared.keys().next().value ?? '');
    this.shared.set(name, { at: now, answers });
    answers.catch(() => this.shared.delete(name));
    return answers as Promise<readonly Answer[]>;
  }

  /** Shares no answer from before: whoever has changed something sees it in the next. */
  forget(): void {
    this.shared.clear();
  }

  /** The same as of now, for whoever acts on it. */
  async everySlot<Answer>(query: ShardQuery): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    for (let first = 0; first < SLOT_COUNT; first += PORTION) {
      const portion = Array.from({ length: Math.min(PORTION, SLOT_COUNT - first) }, (_, index) => this.ask<Answer>(first + index, query));
      answers.push(...(await Promise.all(portion)));
      await nextTurn();
    }
    return answers;
  }
}
