// Gives each slot a slice of what the member may use at a clearing corporation, and takes back what it does not need. In two steps, each under a
// number: written down and counted first, then told to the slot; counted down again only when the slot has answered. After a crash the questions
// without an answer are told again, which changes nothing where they had arrived. Decides how much goes where; what a slot refuses is the engine's.
import { SLOT_COUNT, type SlicePoolName } from '../../engine/index.ts';
import { SliceBook, type SliceQuestion, type SliceRecord } from './slice-book.ts';
import type { SliceJournal } from './slice-journal.ts';

/** A slot's slice as the slot has it; paise. */
export interface SliceUse {
  readonly corporation: SlicePoolName;
  readonly slice: number;
  readonly used: number;
  /** Of the last grant or recall it folded. */
  readonly number: number;
  /** Is it limited at all? */
  readonly isOn: boolean;
}

/** How the coordinator reaches the slots. */
export interface SliceEngine {
  /** Resolves when the slot has folded the grant or recall. */
  tell(question: SliceQuestion): Promise<void>;
  /** Resolves when every slot has folded that there is no limit any more. */
  lift(corporation: SlicePoolName, number: number): Promise<void>;
  /** The slot's slices, those of a corporation that never granted it one included. */
  look(slot: number): Promise<readonly SliceUse[]>;
}

/** Part of the free limit that is handed out in equal shares before anybody asks; the rest waits for whoever does. */
const SPREAD = 0.5;

export class SliceCoordinator {
  readonly book: SliceBook = new SliceBook();
  private readonly journal: SliceJournal;
  private readonly engine: SliceEngine;
  private readonly slots: number;
  /** Questions go out one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(journal: SliceJournal, engine: SliceEngine, slots: number = SLOT_COUNT) {
    this.journal = journal;
    this.engine = engine;
    this.slots = slots;
    for (const record of journal.records) this.book.apply(record);
  }

  /** Tells again what has no answer, then puts the limits in force: paise by corporation; one that is gone is lifted. */
  start(limits: ReadonlyMap<SlicePoolName, number>): Promise<void> {
    return this.inTurn(async () => {
      for (const question of this.book.waiting()) await this.tell(question);
      for (const corporation of this.book.limited()) {
        if (limits.has(corporation)) continue;
        const number = this.book.nextNumber(corporation);
        await this.engine.lift(corporation, number);
        await this.write({ type: 'lift', corporation, number });
      }
      for (const [corporation, limit] of limits) if (limit !== this.book.limit(corporation)) await this.write({ type: 'limit', corporation, limit });
    });
  }

  /** Looks at one slot: gives it more room where it has little, takes back where it has far more than it uses. */
  balance(slot: number): Promise<void> {
    return this.inTurn(async () => {
      const limited = this.book.limited();
      if (limited.length === 0) return;
      for (const use of await this.engine.look(slot)) if (limited.includes(use.corporation)) await this.balanceUse(slot, use);
    });
  }

  /** The slot has refused an order for want of its slice: as much room as can be had, taken from others if need be. */
  hungry(slot: number, corporation: SlicePoolName): Promise<void> {
    return this.inTurn(async () => {
      if (this.book.limit(corporation) === 0) return;
      const share = this.share(corporation);
      if (this.book.free(corporation) < share) await this.collect(slot, corporation, share);
      const use = (await this.engine.look(slot)).find((each) => each.corporation === corporation);
      if (use === undefined) return;
      await this.learn(slot, use);
      await this.grant(slot, use, Math.max(use.used, use.slice) + Math.max(share, Math.floor(this.book.free(corporation) * SPREAD)));
    });
  }

  /** An equal share of what is spread. */
  private share(corporation: SlicePoolName): number {
    return Math.floor((this.book.limit(corporation) * SPREAD) / this.slots);
  }

  /** A slot that has a slice the journal knows nothing of (it was lost) is believed: what it has counts. */
  private async learn(slot: number, { corporation, number, slice, isOn }: SliceUse): Promise<void> {
    const isNews = number >= this.book.nextNumber(corporation) || (isOn && !this.book.knows(corporation, slot));
    if (isNews) await this.write({ type: 'done', corporation, number, slot, slice });
  }

  private async balanceUse(slot: number, use: SliceUse): Promise<void> {
    await this.learn(slot, use);
    const { corporation, slice, used, isOn } = use;
    const share = this.share(corporation);
    const isOver = this.book.free(corporation) < 0;
    if (slice > used + 2 * share || (isOver && slice > used)) await this.recall(slot, corporation, isOver ? used : used + share);
    else if (!isOn || slice < used + share / 2) await this.grant(slot, use, used + share);
  }

  /** Up to `wanted`, or what the limit has left; a slot that is not limited yet is told even of nothing. */
  private async grant(slot: number, { corporation, isOn }: SliceUse, wanted: number): Promise<void> {
    const { slice: held } = this.book.held(corporation, slot);
    const slice = Math.max(held, Math.min(Math.floor(wanted), held + Math.max(0, this.book.free(corporation))));
    if (slice > held || !isOn) await this.ask({ type: 'grant', corporation, number: this.book.nextNumber(corporation), slot, slice });
  }

  private async recall(slot: number, corporation: SlicePoolName, keep: number): Promise<void> {
    await this.ask({ type: 'recall', corporation, number: this.book.nextNumber(corporation), slot, keep: Math.floor(keep) });
  }

  /** Takes what the others do not use until `wanted` is free. */
  private async collect(hungry: number, corporation: SlicePoolName, wanted: number): Promise<void> {
    for (let step = 1; step < this.slots && this.book.free(corporation) < wanted; step++) {
      const slot = (hungry + step) % this.slots;
      const use = (await this.engine.look(slot)).find((each) => each.corporation === corporation);
      if (use !== undefined && use.slice > use.used) await this.recall(slot, corporation, use.used + (use.slice - use.used) * SPREAD);
    }
  }

  /** Asks, unless an earlier question to the slot still waits: then that one again. */
  private async ask(question: SliceQuestion): Promise<void> {
    const { question: waiting } = this.book.held(question.corporation, question.slot);
    if (waiting === undefined) await this.write(question);
    await this.tell(waiting ?? question);
  }

  /** Tells the slot; what it has then is written down, and counts from then on. */
  private async tell(question: SliceQuestion): Promise<void> {
    const { corporation, slot, number } = question;
    await this.engine.tell(question);
    const use = (await this.engine.look(slot)).find((each) => each.corporation === corporation);
    if (use !== undefined && use.number >= number) await this.write({ type: 'done', corporation, number, slot, slice: use.slice });
  }

  /** On disk first, then in the book. */
  private async write(record: SliceRecord): Promise<void> {
    await this.journal.append(record);
    this.book.apply(record);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.last.then(work);
    this.last = next.catch(() => undefined);
    return next;
  }
}
