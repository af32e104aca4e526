// The ledger over an LMDB environment: transactions in, statements and balances out. One process writes; readers in others see whole commits. A transaction
// is durable when transact returns, and what the caller writes to its own databases of the same environment inside it is in the same commit.
import type { RootDatabase } from 'lmdb';
import { assert } from '../../engine/index.ts';
import { AccountState } from './account-state.ts';
import { type AccountCache, Books } from './books.ts';
import { type CloseRequest, closeDay, type OpenBreak, openBreaks } from './close.ts';
import { decodeEntry, type Entry } from './entry.ts';
import { type CloseRecord, type LedgerHead, LedgerStore, type PendingRecord } from './ledger-store.ts';
import { readStatement, type Statement } from './statement.ts';
import { storedAccounts, type TrialBalance, trialBalance } from './trial-balance.ts';
import { type LedgerReport, verifyLedger } from './verify.ts';

const STATEMENT_LINES_MAX = 1_000;

export class Ledger {
  private readonly store: LedgerStore;
  private cache: AccountCache = new Map();
  private cachedCommit = -1;
  private isInside = false;

  /** `root` must leave room for LEDGER_DATABASES named databases. */
  constructor(root: RootDatabase) {
    this.store = new LedgerStore(root);
  }

  /**
   * Runs `work` in one transaction: what it posts, and what it writes to the caller's databases of the same environment, commits whole and durably before this
   * returns. If `work` throws, nothing happened. `work` is synchronous.
   */
  transact<Result>(work: (books: Books) => Result): Result {
    assert(!this.isInside, 'ledger transactions do not nest');
    let result: { readonly value: Result } | undefined;
    let committed: { readonly books: Books; readonly head: LedgerHead } | undefined;
    this.isInside = true;
    try {
      // A block body: lmdb takes a returned promise for an asynchronous transaction and commits nothing.
      this.store.root.transactionSync(() => {
        const head = this.store.head;
        // Another process may have written since.
        if (head.commit !== this.cachedCommit) this.cache.clear();
        const books = new Books(this.store, this.cache, head);
        const value = work(books);
        assert(!(value instanceof Promise), 'ledger transactions are synchronous');
        result = { value };
        committed = { books, head: books.flush() };
      });
    } catch (error) {
      this.cache.clear();
      throw error;
    } finally {
      this.isInside = false;
    }
    assert(result !== undefined && committed !== undefined, 'a transaction must have run');
    committed.books.settleCache();
    this.cachedCommit = committed.head.commit;
    return result.value;
  }

  /** Closes a business date; see close.ts. */
  close(request: CloseRequest): CloseRecord {
    return this.transact((books) => closeDay(this.store, books, request));
  }

  /** What keeps `date` from closing now. */
  openBreaks(date: number): OpenBreak[] {
    return openBreaks(this.store, date);
  }

  get head(): LedgerHead {
    return this.store.head;
  }

  /** The close of a date, or undefined. */
  closeOf(date: number): CloseRecord | undefined {
    return this.store.closes.get(date);
  }

  /** An account as committed; undefined when it has never been booked on. */
  account(id: string): AccountState | undefined {
    const bytes = this.store.accounts.get(id);
    return bytes === undefined ? undefined : AccountState.read(id, bytes);
  }

  /** All accounts in order of their id. */
  accounts(): Iterable<AccountState> {
    return storedAccounts(this.store);
  }

  /** An entry by its number. */
  entry(sequence: number): Entry | undefined {
    const bytes = this.store.entries.get(sequence);
    return bytes === undefined ? undefined : decodeEntry(bytes);
  }

  /** The entry a key made; 0 when the key was refused, undefined when it is not known. */
  sequenceOf(key: string): number | undefined {
    return this.store.keys.get(key)?.sequence;
  }

  /** What became of a pending entry. */
  pending(sequence: number): PendingRecord | undefined {
    return this.store.pendings.get(sequence);
  }

  /** Lines of an account after line `after`. */
  statement(account: string, after = 0, limit = 100): Statement | undefined {
    assert(Number.isSafeInteger(after) && after >= 0, 'a cursor is a line number');
    return readStatement(this.store, account, after, Math.max(1, Math.min(limit, STATEMENT_LINES_MAX)));
  }

  trialBalance(): TrialBalance {
    return trialBalance(storedAccounts(this.store));
  }

  /** Books everything anew from the journal and compares; see verify.ts. */
  verify(): LedgerReport {
    return verifyLedger(this.store);
  }
}
