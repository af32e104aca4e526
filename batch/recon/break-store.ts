// The work list of breaks: what a reconciliation of a date and segment found, who looks after each, and how it ended. Lives in the night's environment. A
// reconciliation that runs again keeps what people did: a break it still finds stays as it is, one it no longer finds is settled by itself. Closing one needs
// a reason and two persons, and so does putting its trade right; one whose correction was sent and that is found all the same is open again.
import type { Database, RootDatabase } from 'lmdb';
import type { TradeBreak, TradeCorrection } from './trade-break.ts';

/** A break and what became of it. Times in microseconds since 1970. */
export interface StoredBreak extends TradeBreak {
  readonly id: string;
  readonly date: string;
  readonly segment: string;
  readonly raisedAt: number;
  /** closed: two persons accept the difference. agreed: they want it corrected; sent: the engine has taken that. settled: no longer found. */
  readonly state: 'open' | 'proposed' | 'closed' | 'agreed' | 'sent' | 'settled';
  readonly assigned: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly approvedBy: string;
  /** What is proposed or agreed is this correction; absent: to leave the trade as it is. */
  readonly correction?: TradeCorrection | undefined;
}

/** Who proposes what; without a correction, that the break is closed. */
export interface BreakProposal {
  readonly by: string;
  readonly reason: string;
  readonly correction?: TradeCorrection | undefined;
}

/** Is somebody still to do something about it? */
export const isUnfinished = ({ state }: StoredBreak): boolean => state === 'open' || state === 'proposed' || state === 'agreed';

type Key = [date: string, segment: string, id: string];
const REASON_MIN = 3;

/** Names a break for ever: the same difference of the same trade is the same break. */
export const breakId = ({ class: kind, list, tradeId, side, client }: TradeBreak): string => `${kind}.${list}.${tradeId}.${side}.${client}`;

/** See the file's head. Refusals are RangeErrors that say what would be needed. */
export class BreakStore {
  private readonly root: RootDatabase;
  private readonly opened: Database<StoredBreak, Key> | undefined;

  constructor(root: RootDatabase) {
    this.root = root;
    // Opened for reading, a table that nobody has written to is not there.
    this.opened = root.openDB({ name: 'breaks', encoding: 'msgpack' }) as Database<StoredBreak, Key> | undefined;
  }

  private get table(): Database<StoredBreak, Key> {
    if (this.opened === undefined) throw new RangeError('there is no work list yet: nothing was reconciled here');
    return this.opened;
  }

  /** Takes in what a reconciliation of a segment found. To be called inside the transaction that stores its node as done. */
  replace(date: string, segment: string, found: readonly TradeBreak[], now: number): void {
    const left = new Map(this.of(date, segment).map((one) => [one.id, one]));
    for (const one of found) {
      const id = breakId(one);
      const before = left.get(id);
      left.delete(id);
      const fresh = { raisedAt: now, state: 'open', assigned: '', reason: '', proposedBy: '', approvedBy: '', correction: undefined } as const;
      const kept = before === undefined || before.state === 'settled' || before.state === 'sent' ? fresh : before;
      this.table.putSync([date, segment, id], { ...kept, ...one, id, date, segment });
    }
    for (const [id, before] of left) if (before.state !== 'settled') this.table.putSync([date, segment, id], { ...before, state: 'settled' });
  }

  /** Breaks of a date, of one segment or of all. */
  of(date: string, segment?: string): StoredBreak[] {
    if (this.opened === undefined) return [];
    const range = { start: [date, segment ?? '', ''] as Key, end: [date, segment ?? '\uffff', '\uffff'] as Key };
    return [...this.table.getRange(range)].map(({ value }) => value);
  }

  /** Names who looks after one. */
  assign(date: string, id: string, to: string): StoredBreak {
    return this.change(date, id, (one) => ({ ...one, assigned: named(to) }));
  }

  /** First person: it may be closed, or its trade is to be put right, because. */
  propose(date: string, id: string, { by, reason, correction }: BreakProposal): StoredBreak {
    if (reason.trim().length < REASON_MIN) throw new RangeError('a reason is needed');
    return this.change(date, id, (one) => {
      if (one.state !== 'open' && (correction === undefined || one.state !== 'closed')) throw new RangeError(`${id} is ${one.state}`);
      return { ...one, state: 'proposed', proposedBy: named(by), approvedBy: '', reason, correction };
    });
  }

  /** Second person: it is closed, or its correction agreed. */
  approve(date: string, id: string, by: string): StoredBreak {
    return this.change(date, id, (one) => {
      if (one.state !== 'proposed') throw new RangeError(`${id} is ${one.state}: nobody has proposed anything`);
      if (one.proposedBy === named(by)) throw new RangeError(`${id}: ${by} proposed this; another person has to approve`);
      return { ...one, state: one.correction === undefined ? 'closed' : 'agreed', approvedBy: by };
    });
  }

  /** Takes a proposal back. */
  withdraw(date: string, id: string): StoredBreak {
    return this.change(date, id, (one) => {
      if (one.state !== 'proposed') throw new RangeError(`${id} is ${one.state}: nothing is proposed`);
      return { ...one, state: 'open', proposedBy: '', reason: '', correction: undefined };
    });
  }

  /** The engine has taken the correction. */
  sent(date: string, id: string): StoredBreak {
    return this.change(date, id, (one) => (one.state === 'agreed' ? { ...one, state: 'sent' } : one));
  }

  /** The break of a date by its id. Throws RangeError when there is none, or two. */
  find(date: string, id: string): StoredBreak {
    const found = this.of(date).filter((one) => one.id === id);
    const [one] = found;
    if (one === undefined) throw new RangeError(`${date} has no break ${id}`);
    if (found.length > 1) throw new RangeError(`${id} stands in ${found.map(({ segment }) => segment).join(' and ')}`);
    return one;
  }

  private change(date: string, id: string, to: (one: StoredBreak) => StoredBreak): StoredBreak {
    return this.root.transactionSync(() => {
      const one = this.find(date, id);
      const changed = to(one);
      this.table.putSync([date, one.segment, id], changed);
      return changed;
    });
  }
}

function named(name: string): string {
  if (name.trim() === '') throw new RangeError('a name is needed');
  return name;
}
