// What of the member's limit at each clearing corporation is given away: how much to which slot, and what was asked and not yet answered. Counts
// every slot at the most it can have whatever became of a question, so that the sum of slices never passes the limit. Pure: records in, the same book
// out.
import { assert, type SlicePoolName } from '../../engine/index.ts';

/** One line of the coordinator's journal. Amounts in paise; numbers grow for ever, by corporation. */
export type SliceRecord =
  /** The limit from now on. One below what is given away takes effect as slices are recalled. */
  | { readonly type: 'limit'; readonly corporation: SlicePoolName; readonly limit: number }
  /** Asked: the slot is to have `slice` in all, or is to give back down to `keep`. */
  | { readonly type: 'grant'; readonly corporation: SlicePoolName; readonly number: number; readonly slot: number; readonly slice: number }
  | { readonly type: 'recall'; readonly corporation: SlicePoolName; readonly number: number; readonly slot: number; readonly keep: number }
  /** Answered: the slot has `slice`. */
  | { readonly type: 'done'; readonly corporation: SlicePoolName; readonly number: number; readonly slot: number; readonly slice: number }
  /** No limit any more: every slot was told so. */
  | { readonly type: 'lift'; readonly corporation: SlicePoolName; readonly number: number };

/** What is asked of a slot and waits for its answer. */
export type SliceQuestion = Extract<SliceRecord, { type: 'grant' | 'recall' }>;

interface Held {
  slice: number;
  question: SliceQuestion | undefined;
}

interface Shares {
  limit: number;
  number: number;
  readonly slots: Map<number, Held>;
}

export class SliceBook {
  private readonly shares = new Map<SlicePoolName, Shares>();

  /** Takes a record over. Throws when a grant would pass the limit, or asks while a question waits. */
  apply(record: SliceRecord): void {
    const shares = this.of(record.corporation);
    if (record.type !== 'limit') shares.number = Math.max(shares.number, record.number);
    if (record.type === 'limit') shares.limit = record.limit;
    else if (record.type === 'lift') this.shares.set(record.corporation, { limit: 0, number: shares.number, slots: new Map() });
    else if (record.type === 'done') shares.slots.set(record.slot, { slice: record.slice, question: undefined });
    else {
      const held = shares.slots.get(record.slot) ?? { slice: 0, question: undefined };
      assert(held.question === undefined, 'a slot was asked while a question waits');
      if (record.type === 'grant')
        assert(record.slice <= held.slice || record.slice - held.slice <= this.free(record.corporation), 'a grant would pass the limit');
      shares.slots.set(record.slot, { slice: held.slice, question: record });
    }
  }

  /** The limit; 0 = none was set. */
  limit(corporation: SlicePoolName): number {
    return this.shares.get(corporation)?.limit ?? 0;
  }

  /** Corporations that have a limit. */
  limited(): SlicePoolName[] {
    return [...this.shares].filter(([, { limit }]) => limit > 0).map(([corporation]) => corporation);
  }

  /** The most all slots together can have. */
  given(corporation: SlicePoolName): number {
    let sum = 0;
    for (const { slice, question } of this.of(corporation).slots.values())
      sum += question?.type === 'grant' ? Math.max(slice, question.slice) : slice;
    return sum;
  }

  /** What may still be given away; below zero when the limit was lowered. */
  free(corporation: SlicePoolName): number {
    return this.limit(corporation) - this.given(corporation);
  }

  /** What the slot has at least; and the question that waits for it. */
  held(corporation: SlicePoolName, slot: number): Readonly<Held> {
    return this.of(corporation).slots.get(slot) ?? { slice: 0, question: undefined };
  }

  /** Was the slot ever asked? */
  knows(corporation: SlicePoolName, slot: number): boolean {
    return this.of(corporation).slots.has(slot);
  }

  /** Questions without an answer, in the order they were asked. */
  waiting(): SliceQuestion[] {
    const all = [...this.shares.values()].flatMap(({ slots }) => [...slots.values()].flatMap(({ question }) => question ?? []));
    return all.sort((a, b) => a.number - b.number);
  }

  /** A number above every one before it. */
  nextNumber(corporation: SlicePoolName): number {
    return this.of(corporation).number + 1;
  }

  /** The book in as few records as make it: what came before may be forgotten. */
  records(): SliceRecord[] {
    return [...this.shares].flatMap(([corporation, { limit, number, slots }]) => {
      const all: SliceRecord[] = [
        { type: 'lift', corporation, number },
        // A limit that was lowered since comes last: what was asked before was asked under the higher one.
        { type: 'limit', corporation, limit: Math.max(limit, this.given(corporation)) },
      ];
      for (const [slot, { slice, question }] of slots) {
        // A question waits with a number below the last one; what the slot has is written under one that says nothing.
        if (slice > 0 || question === undefined) all.push({ type: 'done', corporation, number: 0, slot, slice });
        if (question !== undefined) all.push(question);
      }
      all.push({ type: 'limit', corporation, limit });
      return all;
    });
  }

  private of(corporation: SlicePoolName): Shares {
    const known = this.shares.get(corporation) ?? { limit: 0, number: 0, slots: new Map<number, Held>() };
    this.shares.set(corporation, known);
    return known;
  }
}
