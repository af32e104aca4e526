// The books inside one transaction. Requests are applied one after the other to copies of the accounts they touch; a refused one leaves them byte for byte as
// they were; nothing reaches LMDB's commit unless the whole transaction does. Invariants are asserted at every posting, not at the end of the day.
import { createHash } from 'node:crypto';
import { assert, paise, paiseText } from '../../engine/index.ts';
import { ACCOUNT_BYTES, AccountState, type LedgerTotals, segregated, shortfallOf } from './account-state.ts';
import { checkFloor, type Draft, draftOf, followUp, meaningOf, Refused, repeated, settledTransfers } from './draft.ts';
import { decodeEntry, type Entry, encodeEntry } from './entry.ts';
import type { LedgerHead, LedgerStore } from './ledger-store.ts';
import {
  checkHead,
  checkPosting,
  type Outcome,
  type PendingRequest,
  PostingError,
  type PostingRequest,
  type RequestHead,
  type SettleRequest,
  type Transfer,
} from './posting.ts';
import { postingKind } from './posting-kinds.ts';
import { encodeLine, LINE_BYTES, lineKey } from './statement.ts';

/** Committed accounts, kept between transactions by the one writing process. */
export type AccountCache = Map<string, AccountState>;

interface Mark {
  /** Each account and what it was. */
  readonly accounts: readonly (readonly [AccountState, AccountState])[];
  /** Accounts that did not exist. */
  readonly opened: readonly string[];
  readonly totals: LedgerTotals;
}

export class Books {
  private readonly store: LedgerStore;
  private readonly cache: AccountCache;
  private readonly from: LedgerHead;
  private readonly touched: AccountCache = new Map();
  private readonly totals: LedgerTotals;
  private readonly chain = createHash('sha256');
  private sequence: number;
  private accounts: number;
  private closed: number;

  constructor(store: LedgerStore, cache: AccountCache, head: LedgerHead) {
    this.store = store;
    this.cache = cache;
    this.from = head;
    this.totals = { ...head.totals };
    this.sequence = head.sequence;
    this.accounts = head.accounts;
    this.closed = head.closed;
    this.chain.update(head.hash);
  }

  /** Posts transfers at once. Throws PostingError for a malformed request. */
  post(request: PostingRequest): Outcome {
    checkPosting(request);
    return this.once('post', request, () => draftOf(request, 'posted', 0));
  }

  /** First phase: reserves on both sides. */
  pend(request: PendingRequest): Outcome {
    checkPosting(request);
    if (!Number.isSafeInteger(request.expiresAt) || request.expiresAt <= request.at)
      throw new PostingError(`${request.key}: expiresAt must lie after at`);
    // Its cover could be gone when it is settled, and then client money would pay the firm.
    if (request.kind === 'SWEEP') throw new PostingError(`${request.key}: SWEEP posts at once or not at all`);
    return this.once('pend', request, () => draftOf(request, 'pending', request.expiresAt));
  }

  /** Second phase: posts a pending entry, in full or in part; what is left is released. */
  settle(request: SettleRequest): Outcome {
    return this.once('settle', request, () => {
      const pending = this.openPending(request);
      const transfers = settledTransfers(pending, request.amounts);
      return { ...followUp(request, 'settled', pending), transfers };
    });
  }

  /** Second phase: gives a pending entry up. */
  void(request: RequestHead & { readonly pending: number }): Outcome {
    return this.once('void', request, () => followUp(request, 'voided', this.openPending(request)));
  }

  /** Books the mirror of a posted or settled entry, once. Needs the approvals of its kind. */
  reverse(request: RequestHead & { readonly entry: number }): Outcome {
    return this.once('reverse', request, () => {
      const original = this.entry(request.entry);
      if (original.type !== 'posted' && original.type !== 'settled') throw new Refused('notReversible', `entry ${request.entry} is ${original.type}`);
      const by = this.store.reversals.get(request.entry);
      if (by !== undefined) throw new Refused('alreadyReversed', `entry ${request.entry} was reversed by entry ${by}`);
      const needed = postingKind(original.kind)?.approvals ?? 0;
      if ((request.approvals?.length ?? 0) < needed)
        throw new PostingError(`${request.key}: reversing ${original.kind} needs the approval of ${needed} different persons`);
      const transfers = original.transfers.map(({ debit, credit, amount }) => ({ debit: credit, credit: debit, amount }));
      return { ...followUp(request, 'reversal', original), transfers };
    });
  }

  /** Ends every pending entry whose time is up. Returns how many there were. */
  expire(at: number, businessDate: number): number {
    if (businessDate <= this.closed) throw new PostingError(`expiry: business date ${businessDate} is closed`);
    const over = [...this.store.due.getRange({ end: [at, Number.MAX_SAFE_INTEGER] })].map(({ key }) => key[1]);
    for (const pending of over) {
      const entry = this.entry(pending);
      this.append({ ...followUp({ key: `expiry of ${pending}`, businessDate, narration: '', at }, 'expired', entry) });
    }
    return over.length;
  }

  /** An account as of now, in this transaction. */
  account(id: string): AccountState | undefined {
    const state = this.touched.get(id) ?? this.committed(id);
    return state?.copy();
  }

  get head(): LedgerHead {
    const { commit, hash } = this.from;
    return { commit, hash, sequence: this.sequence, accounts: this.accounts, closed: this.closed, totals: { ...this.totals } };
  }

  /** Marks a business date as closed; see close.ts for what must hold. */
  closeDate(date: number): void {
    assert(date > this.closed, 'business dates close in order');
    this.closed = date;
  }

  /** Writes accounts and head; to be called last, inside the transaction. */
  flush(): LedgerHead {
    for (const state of this.touched.values()) this.store.accounts.put(state.id, state.write(Buffer.allocUnsafe(ACCOUNT_BYTES)));
    if (this.sequence === this.from.sequence && this.closed === this.from.closed) return this.from;
    const hash = this.chain.digest('hex');
    const commit = this.from.commit + 1;
    this.store.commits.put(commit, { first: this.from.sequence + 1, last: this.sequence, hash, shortfall: shortfallOf(this.totals) });
    const head = { ...this.head, commit, hash };
    this.store.putHead(head);
    return head;
  }

  /** After the commit: what was touched is what the cache holds. */
  settleCache(): void {
    for (const [id, state] of this.touched) this.cache.set(id, state);
  }

  /** Runs a request unless its key is known; remembers what came of it. */
  private once(operation: string, request: RequestHead, draft: () => Draft): Outcome {
    checkHead(request);
    const meaning = meaningOf(operation, request);
    const known = this.store.keys.get(request.key);
    if (known !== undefined) return repeated(request.key, meaning, known);
    if (request.businessDate <= this.closed)
      throw new PostingError(`${request.key}: business date ${request.businessDate} is closed (last closed: ${this.closed})`);
    try {
      const sequence = this.append(draft());
      this.store.keys.put(request.key, { meaning, sequence });
      return { status: 'done', sequence, repeated: false };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { reason, message: detail } = error;
      this.store.keys.put(request.key, { meaning, sequence: 0, reason, detail });
      return { status: 'refused', reason, detail, repeated: false };
    }
  }

  private entry(sequence: number): Entry {
    const bytes = this.store.entries.get(sequence);
    if (bytes === undefined) throw new Refused('unknownEntry', `there is no entry ${sequence}`);
    return decodeEntry(bytes);
  }

  private openPending(request: RequestHead & { readonly pending: number }): Entry {
    const record = this.store.pendings.get(request.pending);
    if (record === undefined) {
      this.entry(request.pending);
      throw new Refused('notPending', `entry ${request.pending} is not a pending one`);
    }
    const resolved = { settled: 'alreadySettled', voided: 'alreadyVoided', expired: 'alreadyExpired' } as const;
    if (record.state !== 'open') throw new Refused(resolved[record.state], `entry ${request.pending} was ${record.state} by entry ${record.by}`);
    if (request.at >= record.expiresAt)
      throw new Refused('pendingExpired', `entry ${request.pending} expired at ${new Date(record.expiresAt).toISOString()}`);
    return this.entry(request.pending);
  }

  /** Books a draft and returns its number; throws Refused with everything as before. */
  private append(draft: Draft): number {
    const released = draft.type === 'settled' || draft.type === 'voided' || draft.type === 'expired' ? this.entry(draft.link).transfers : [];
    const mark = this.mark([...draft.transfers, ...released]);
    const sequence = this.sequence + 1;
    try {
      this.release(released);
      this.apply(draft);
      checkConservation(mark);
    } catch (error) {
      this.restore(mark);
      throw error;
    }
    this.sequence = sequence;
    const bytes = encodeEntry({ ...draft, sequence });
    this.chain.update(bytes);
    this.store.entries.put(sequence, bytes);
    if (draft.type !== 'pending') this.writeLines(sequence, draft.transfers, mark);
    this.follow(draft, sequence);
    return sequence;
  }

  /** Moves the amounts, transfer by transfer, refusing what floors and segregation forbid. */
  private apply(draft: Draft): void {
    const isVoluntary = (draft.type === 'posted' || draft.type === 'pending') && postingKind(draft.kind)?.nature === 'voluntary';
    const before = Math.max(0, shortfallOf(this.totals));
    for (const { debit, credit, amount } of draft.transfers) {
      const [from, to] = [this.take(debit), this.take(credit)];
      if (isVoluntary) for (const account of [from, to]) checkFloor(account, amount, account === from);
      if (draft.type === 'pending') {
        from.debitsPending += amount;
        to.creditsPending += amount;
        this.totals.pending += amount;
      } else {
        this.segregate(from, -1);
        this.segregate(to, -1);
        from.debits += amount;
        to.credits += amount;
        this.segregate(from, 1);
        this.segregate(to, 1);
        this.totals.posted += BigInt(amount);
      }
      from.check();
      to.check();
    }
    const missing = shortfallOf(this.totals);
    if (isVoluntary && missing > before)
      throw new Refused(
        'clientMoneyShortfall',
        `client money would be Rs ${paiseText(paise(missing))} short (Rs ${paiseText(paise(before))} before)`,
      );
  }

  /** Takes an account's part out of the segregation sums, or puts it in. */
  private segregate(account: AccountState, sign: 1 | -1): void {
    const { pool, claims } = segregated(account);
    this.totals.pool += sign * pool;
    this.totals.claims += sign * claims;
  }

  /** Takes a pending entry's reservation back. */
  private release(transfers: readonly Transfer[]): void {
    for (const { debit, credit, amount } of transfers) {
      const [from, to] = [this.take(debit), this.take(credit)];
      from.debitsPending -= amount;
      to.creditsPending -= amount;
      this.totals.pending -= amount;
      from.check();
      to.check();
    }
  }

  private writeLines(sequence: number, transfers: readonly Transfer[], mark: Mark): void {
    const running = new Map(mark.accounts.map(([state, before]) => [state.id, before.balance]));
    for (const [index, { debit, credit, amount }] of transfers.entries()) {
      for (const [id, isDebit] of [
        [debit, true],
        [credit, false],
      ] as const) {
        const account = this.take(id);
        const balance = (running.get(id) ?? 0) + (isDebit === account.debitNatured ? amount : -amount);
        running.set(id, balance);
        account.lines += 1;
        const bytes = encodeLine(Buffer.allocUnsafe(LINE_BYTES), { entry: sequence, transfer: index, balance });
        this.store.lines.put(lineKey(account.number, account.lines), bytes);
      }
    }
    for (const [state] of mark.accounts)
      if (running.has(state.id)) assert(running.get(state.id) === state.balance, 'a running balance must be the balance');
  }

  /** Keeps the indices of pending and reversed entries. */
  private follow(draft: Draft, sequence: number): void {
    if (draft.type === 'pending') {
      this.store.pendings.put(sequence, { state: 'open', expiresAt: draft.expiresAt, by: 0 });
      this.store.due.put([draft.expiresAt, sequence], true);
    } else if (draft.type === 'reversal') this.store.reversals.put(draft.link, sequence);
    else if (draft.type !== 'posted') {
      const open = this.store.pendings.get(draft.link);
      assert(open?.state === 'open', 'only an open pending entry is resolved');
      this.store.pendings.put(draft.link, { state: draft.type, expiresAt: open.expiresAt, by: sequence });
      this.store.due.remove([open.expiresAt, draft.link]);
    }
  }

  /** The account to change, opened when it has never been booked on. */
  private take(id: string): AccountState {
    const mine = this.touched.get(id);
    if (mine !== undefined) return mine;
    const state = this.committed(id)?.copy() ?? new AccountState(id, this.accounts++);
    this.touched.set(id, state);
    return state;
  }

  private committed(id: string): AccountState | undefined {
    const known = this.cache.get(id);
    if (known !== undefined) return known;
    const bytes = this.store.accounts.get(id);
    if (bytes === undefined) return undefined;
    const state = AccountState.read(id, bytes);
    this.cache.set(id, state);
    return state;
  }

  private mark(transfers: readonly Transfer[]): Mark {
    const ids = new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]));
    const opened = [...ids].filter((id) => !this.touched.has(id) && this.committed(id) === undefined);
    const states = [...ids].map((id) => this.take(id));
    return { accounts: states.map((state) => [state, state.copy()] as const), opened, totals: { ...this.totals } };
  }

  private restore(mark: Mark): void {
    for (const [state, before] of mark.accounts) state.take(before);
    for (const id of mark.opened) this.touched.delete(id);
    this.accounts -= mark.opened.length;
    Object.assign(this.totals, mark.totals);
  }
}

/** What an entry added to debits it added to credits, posted and pending, over the accounts it touched. */
function checkConservation(mark: Mark): void {
  let [posted, pending] = [0, 0];
  for (const [now, before] of mark.accounts) {
    posted += now.debits - before.debits - (now.credits - before.credits);
    pending += now.debitsPending - before.debitsPending - (now.creditsPending - before.creditsPending);
  }
  assert(posted === 0 && pending === 0, 'an entry must debit what it credits');
}
