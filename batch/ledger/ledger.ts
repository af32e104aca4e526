// The ledger over an LMDB environment: transactions in, statements and balances out. One process writes; readers in others see whole commits. A transaction
// is durable when transact returns, and what the caller writes to its own databases of the same environment inside it is in the same commit.
import type { RootDatabase } from 'lmdb';
import { assert } from '../../engine/index.ts';
import type { AccountState } from './account-state.ts';
import { AccountTable, storedAccount } from './account-table.ts';
import { Books } from './books.ts';
import { type CloseRequest, closeDay, type OpenBreak, openBreaks } from './close.ts';
import type { Entry } from './entry.ts';
import { KeyIndex } from './key-index.ts';
import { type CloseRecord, type LedgerHead, LedgerStore, type PendingRecord } from './ledger-store.ts';
import { readStatement, type Statement } from './statement.ts';
import { accountsById, type TrialBalance, trialBalance } from './trial-balance.ts';
import { type LedgerReport, verifyLedger } from './verify.ts';

const STATEMENT_LINES_MAX = 1_000;

export class Ledger {
  private readonly store: LedgerStore;
  private readonly table = new AccountTable();
  /** Commit whose accounts the table holds; -1 = none. */
  private tableCommit = -1;
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
    let commit = -1;
    this.isInside = true;
    try {
      // A block body: lmdb takes a returned promise for an asynchronous transaction and commits nothing.
      this.store.root.transactionSync(() => {
        const head = this.store.head;
        // Another process may have written since, or an outer transaction have been given up.
        if (head.commit !== this.tableCommit) this.load(head);
        const books = new Books(this.store, this.table, head);
        const value = work(books);
        assert(!(value instanceof Promise), 'ledger transactions are synchronous');
        result = { value };
        commit = books.flush().commit;
      });
    } catch (error) {
      this.tableCommit = -1;
      throw error;
    } finally {
      this.isInside = false;
    }
    assert(result !== undefined, 'a transaction must have run');
    this.tableCommit = commit;
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
    const number = this.directory().find(id);
    return number === undefined ? undefined : storedAccount(this.store, number);
  }

  /** All accounts in order of their id. */
  accounts(): Iterable<AccountState> {
    return accountsById(this.store);
  }

  /** An entry by its number. */
  entry(sequence: number): Entry | undefined {
    return this.store.blockOf(sequence)?.entry(sequence, this.idOf);
  }

  /** Entries from one number to another, in order; blocks are read once each. */
  *entries(first: number, last: number): Generator<Entry> {
    for (let next = first; next <= last; ) {
      const block = this.store.blockOf(next);
      if (block === undefined) return;
      for (; next <= Math.min(last, block.last); next++) yield block.entry(next, this.idOf);
    }
  }

  /** The entry that reversed an entry; undefined when none did. */
  reversalOf(sequence: number): number | undefined {
    return this.store.reversals.get(sequence);
  }

  /** The entry a key made; 0 when the key was refused, undefined when it is not known. */
  sequenceOf(key: string): number | undefined {
    const known = new KeyIndex(this.store).find(key);
    return typeof known === 'object' ? 0 : known;
  }

  /** What became of a pending entry. */
  pending(sequence: number): PendingRecord | undefined {
    return this.store.pendings.get(sequence);
  }

  /** Lines of an account after line `after`. */
  statement(account: string, after = 0, limit = 100): Statement | undefined {
    assert(Number.isSafeInteger(after) && after >= 0, 'a cursor is a line number');
    const state = this.account(account);
    if (state === undefined) return undefined;
    return readStatement(this.store, state, this.idOf, { after, limit: Math.max(1, Math.min(limit, STATEMENT_LINES_MAX)) });
  }

  trialBalance(): TrialBalance {
    return trialBalance(accountsById(this.store));
  }

  /** Books everything anew from the journal and compares; see verify.ts. */
  verify(): LedgerReport {
    return verifyLedger(this.store);
  }

  /** Numbers of accounts hold for ever, so a table that knows the number knows its id. */
  private readonly idOf = (account: number): string => (account < this.table.size ? this.table : this.directory()).idOf(account);

  /** The accounts there are: inside a transaction those of the transaction. */
  private directory(): AccountTable {
    if (this.isInside) return this.table;
    const head = this.store.head;
    if (head.commit !== this.tableCommit) this.load(head);
    return this.table;
  }

  private load(head: LedgerHead): void {
    this.table.load(this.store, head.accounts);
    const { pool, claims, pending } = this.table;
    assert(pool === head.totals.pool && claims === head.totals.claims && pending === head.totals.pending, 'totals must be those of the accounts');
    this.tableCommit = head.commit;
  }
}
