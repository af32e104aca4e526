// Where the books lie: named databases of one LMDB environment that the caller opened. Sharing the environment is the point: a step of the night commits its
// own state and its postings in one transaction. LMDB has no checksums, so every commit carries the hash of its blocks and of the commit before.
import type { Database, RootDatabase } from 'lmdb';
import type { LedgerTotals } from './account-state.ts';
import { EntryBlock } from './entry-block.ts';
import type { KeyRun } from './key-index.ts';
import type { Refusal } from './posting.ts';

/** Databases the ledger opens in the environment; `maxDbs` must leave room for them. */
export const LEDGER_DATABASES = 10;

/** Where the journal stands after a commit. */
export interface LedgerHead {
  readonly commit: number;
  readonly sequence: number;
  readonly accounts: number;
  /** Last closed business date; 0 = none. */
  readonly closed: number;
  /** Hex SHA-256 over the previous commit's hash and this one's blocks of entries. */
  readonly hash: string;
  readonly totals: LedgerTotals;
}

/** One commit: its last entry, the chain, and what segregation came to. */
export interface CommitRecord {
  readonly first: number;
  readonly last: number;
  readonly hash: string;
  /** Client money missing after it, paise; not above 0 = none. */
  readonly shortfall: number;
}

/** A closed day. */
export interface CloseRecord {
  readonly date: number;
  readonly sequence: number;
  readonly commit: number;
  /** Merkle root of the trial balance. */
  readonly root: string;
  readonly accounts: number;
  /** Sum of all debit balances, paise. */
  readonly sum: string;
  readonly shortfall: number;
  readonly breaks: readonly ApprovedBreak[];
  readonly at: number;
}

/** An account that was not zero at a close, explained and approved by two persons. */
export interface ApprovedBreak {
  /** An account, or SEGREGATION for client money that is missing. */
  readonly account: string;
  /** Its balance as approved, paise. */
  readonly amount: number;
  readonly reason: string;
  readonly raisedBy: string;
  readonly approvedBy: string;
}

/** Why a request was refused, under its key. A key that made an entry has its number instead. */
export interface RefusalRecord {
  /** Digest of the request, to tell a repeat from another use of the key. */
  readonly meaning: string;
  readonly reason: Refusal;
  readonly detail: string;
}

/** What became of a pending entry. */
export interface PendingRecord {
  readonly state: 'open' | 'settled' | 'voided' | 'expired';
  readonly expiresAt: number;
  /** Entry that resolved it; 0 while open. */
  readonly by: number;
}

/** Books are to be read where nothing was ever booked. */
export class NoBooks extends Error {
  override readonly name = 'NoBooks';
}

/** Books of another layout than this release keeps. */
export class OtherLayout extends Error {
  override readonly name = 'OtherLayout';
}

const HEAD = 'head';
const LAYOUT = 'layout';
/** 1 kept every entry and statement line by itself; 2 packs them in blocks. */
const LAYOUT_NUMBER = 2;
export const GENESIS: string = '0'.repeat(64);

export class LedgerStore {
  readonly root: RootDatabase;
  /** Blocks of entries by the number of their first, see entry-block.ts. */
  readonly blocks: Database<Buffer, number>;
  /** Pages of accounts, see account-table.ts. */
  readonly accounts: Database<Buffer, number>;
  /** Idempotency, see key-index.ts: keys of entries in runs by the first, and keys of refused requests. */
  readonly keyRuns: Database<KeyRun, string>;
  readonly refusals: Database<RefusalRecord, string>;
  readonly pendings: Database<PendingRecord, number>;
  /** Open pendings by [expiry, sequence]. */
  readonly due: Database<true, [number, number]>;
  /** Reversed entry to the entry that reversed it. */
  readonly reversals: Database<number, number>;
  readonly commits: Database<CommitRecord, number>;
  readonly closes: Database<CloseRecord, number>;
  private readonly meta: Database<LedgerHead | number, string>;

  /** Throws OtherLayout when the environment holds books of an earlier release, NoBooks when it is open for reading and holds none. */
  constructor(root: RootDatabase) {
    this.root = root;
    const meta: typeof this.meta | undefined = root.openDB({ name: 'ledger-meta' });
    if (meta === undefined) throw new NoBooks('nothing has been booked here yet');
    this.meta = meta;
    this.checkLayout();
    this.blocks = root.openDB({ name: 'ledger-blocks', encoding: 'binary' });
    this.accounts = root.openDB({ name: 'ledger-account-pages', encoding: 'binary' });
    this.keyRuns = root.openDB({ name: 'ledger-key-runs' });
    this.refusals = root.openDB({ name: 'ledger-refusals' });
    this.pendings = root.openDB({ name: 'ledger-pendings' });
    this.due = root.openDB({ name: 'ledger-due' });
    this.reversals = root.openDB({ name: 'ledger-reversals' });
    this.commits = root.openDB({ name: 'ledger-commits' });
    this.closes = root.openDB({ name: 'ledger-closes' });
  }

  get head(): LedgerHead {
    const none: LedgerHead = {
      commit: 0,
      sequence: 0,
      accounts: 0,
      closed: 0,
      hash: GENESIS,
      totals: { posted: 0n, pending: 0, pool: 0, claims: 0 },
    };
    return (this.meta.get(HEAD) as LedgerHead | undefined) ?? none;
  }

  putHead(head: LedgerHead): void {
    if (this.meta.get(LAYOUT) === undefined) this.meta.put(LAYOUT, LAYOUT_NUMBER);
    this.meta.put(HEAD, head);
  }

  /** The block an entry is in; undefined when there is no such entry. */
  blockOf(sequence: number): EntryBlock | undefined {
    for (const { value } of this.blocks.getRange({ start: sequence, reverse: true, limit: 1 })) {
      const block = new EntryBlock(value);
      return sequence <= block.last ? block : undefined;
    }
    return undefined;
  }

  private checkLayout(): void {
    if (this.meta.get(HEAD) === undefined || this.meta.get(LAYOUT) === LAYOUT_NUMBER) return;
    throw new OtherLayout(
      'these books have layout 1, this release keeps layout 2: close the day with the release that wrote them, then begin new books with an OPENING posting of their trial balance',
    );
  }
}
