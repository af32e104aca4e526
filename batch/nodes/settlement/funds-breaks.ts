// Exceptions of money: an instruction refused, an amount that came back wrong, a line at the bank that nobody here knows. Each has an owner from the
// moment it is raised, and whoever moves money goes on only when two persons have closed what stopped him. Kept in the night's environment; nothing
// is removed.
import type { Database, RootDatabase } from 'lmdb';

/** What can be wrong, and who looks after it. */
export const MONEY_BREAKS = {
  refused: { owner: 'treasury', meaning: 'the counterparty refused an instruction' },
  answer: { owner: 'treasury', meaning: 'the answer named another amount than the statement shows' },
  amount: { owner: 'treasury', meaning: 'another amount moved than was asked' },
  notMoved: { owner: 'treasury', meaning: 'an answer came for money that the statement does not show' },
  thirdParty: { owner: 'client desk', meaning: 'money from an account that is not registered for a client' },
  uncleared: { owner: 'client desk', meaning: 'a cheque came back unpaid' },
  notOurs: { owner: 'treasury', meaning: 'a line at the bank that our books do not have' },
  notTheirs: { owner: 'treasury', meaning: 'an entry of ours that the bank does not show' },
  lineAmount: { owner: 'treasury', meaning: 'our entry and the bank’s line differ in their amounts' },
  balance: { owner: 'treasury', meaning: 'balances differ' },
  collateral: { owner: 'clearing desk', meaning: 'client money placed differs from what the clearing corporation shows' },
  settlement: { owner: 'clearing desk', meaning: 'a settlement went in or out by another amount than ours' },
  buffer: { owner: 'treasury', meaning: 'liquid funds are below the buffer before a pay-in' },
  unpaid: { owner: 'clearing desk', meaning: 'a settlement that is due is not at zero' },
} as const;
/** Kinds of breaks. */
export type MoneyBreakKind = keyof typeof MONEY_BREAKS;

/** What was found. Amounts in paise. */
export interface FoundBreak {
  readonly kind: MoneyBreakKind;
  /** What it is about, and once: a call's key, a line's reference, an account. */
  readonly about: string;
  /** Instance that found it. */
  readonly instance: string;
  readonly date: string;
  readonly ours: number;
  readonly theirs: number;
  readonly text: string;
}

/** A break and what became of it. `raisedAt` in microseconds since 1970. */
export interface MoneyBreak extends FoundBreak {
  readonly id: string;
  readonly owner: string;
  readonly raisedAt: number;
  /** settled: found again and no longer there. */
  readonly state: 'open' | 'proposed' | 'closed' | 'settled';
  readonly assigned: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly approvedBy: string;
}

const REASON_MIN = 3;

/** Names a break for ever: the same kind about the same thing is the same break. */
export const breakId = (kind: MoneyBreakKind, about: string): string => `${kind}.${about}`;

/** Does somebody still have to do something about it? */
export const isOpen = ({ state }: MoneyBreak): boolean => state === 'open' || state === 'proposed';

/** See the file's head. Refusals are RangeErrors that say what would be needed. */
export class MoneyBreaks {
  private readonly root: RootDatabase;
  private readonly opened: Database<MoneyBreak, string> | undefined;

  constructor(root: RootDatabase) {
    this.root = root;
    // Opened for reading, a table that nobody has written to is not there.
    this.opened = root.openDB({ name: 'money-breaks', encoding: 'msgpack' }) as Database<MoneyBreak, string> | undefined;
  }

  /** Raises one, with its owner; the same about the same thing stays what it is, unless it was settled. */
  raise(found: FoundBreak, now: number): MoneyBreak {
    const id = breakId(found.kind, found.about);
    const before = this.table.get(id);
    if (before !== undefined && before.state !== 'settled') return before;
    const made: MoneyBreak = {
      ...found,
      id,
      owner: MONEY_BREAKS[found.kind].owner,
      raisedAt: now,
      state: 'open',
      assigned: '',
      reason: '',
      proposedBy: '',
      approvedBy: '',
    };
    this.table.putSync(id, made);
    return made;
  }

  /** Marks as settled what was raised of these kinds and is no longer found. */
  settleOthers(kinds: readonly MoneyBreakKind[], found: ReadonlySet<string>): void {
    for (const one of this.all())
      if (isOpen(one) && kinds.includes(one.kind) && !found.has(one.id)) this.table.putSync(one.id, { ...one, state: 'settled' });
  }

  /** All there ever were, or those of a date, by id. */
  all(date?: string): MoneyBreak[] {
    if (this.opened === undefined) return [];
    return [...this.opened.getRange({})].map(({ value }) => value).filter((one) => date === undefined || one.date === date);
  }

  /** Breaks that keep an instance from moving more money. */
  stopping(instance: string, date: string): MoneyBreak[] {
    return this.all(date).filter((one) => one.instance === instance && STOPPING.has(one.kind) && isOpen(one));
  }

  /** Names who looks after one. */
  assign(id: string, to: string): MoneyBreak {
    return this.change(id, (one) => ({ ...one, assigned: named(to) }));
  }

  /** First person: it may be closed, because. */
  propose(id: string, by: string, reason: string): MoneyBreak {
    if (reason.trim().length < REASON_MIN) throw new RangeError('a reason is needed');
    return this.change(id, (one) => {
      if (one.state !== 'open') throw new RangeError(`${id} is ${one.state}`);
      return { ...one, state: 'proposed', proposedBy: named(by), reason };
    });
  }

  /** Second person: it is closed. */
  approve(id: string, by: string): MoneyBreak {
    return this.change(id, (one) => {
      if (one.state !== 'proposed') throw new RangeError(`${id} is ${one.state}: nobody has proposed to close it`);
      if (one.proposedBy === named(by)) throw new RangeError(`${id}: ${by} proposed this; another person has to approve`);
      return { ...one, state: 'closed', approvedBy: by };
    });
  }

  private get table(): Database<MoneyBreak, string> {
    if (this.opened === undefined) throw new RangeError('there is no work list of money yet');
    return this.opened;
  }

  private change(id: string, to: (one: MoneyBreak) => MoneyBreak): MoneyBreak {
    const one = this.table.get(id);
    if (one === undefined) throw new RangeError(`there is no break ${id}`);
    const changed = to(one);
    this.root.transactionSync(() => {
      this.table.putSync(id, changed);
    });
    return changed;
  }
}

const STOPPING: ReadonlySet<MoneyBreakKind> = new Set(['refused', 'amount', 'notMoved']);

function named(name: string): string {
  if (name.trim() === '') throw new RangeError('a name is needed');
  return name;
}
