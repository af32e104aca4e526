// The books inside one transaction. Requests are applied one after the other to the table of accounts; a refused one leaves it byte for byte as it was; nothing
// reaches LMDB's commit unless the whole transaction does. Invariants are asserted at every posting, not at the end of the day. Entries are packed into blocks
// as they come, so that a night of a million lines is some hundred values of the database.
import { createHash } from 'node:crypto';
import { assert, paise, paiseText } from '../../engine/index.ts';
import { chartRow } from './account-chart.ts';
import { type AccountState, type LedgerTotals, shortfallOf } from './account-state.ts';
import { type AccountTable, Column, moveBit, movesMask } from './account-table.ts';
import { BlockWriter, type Moves } from './block-writer.ts';
import {
  checkFloor,
  type Draft,
  draftOf,
  followUp,
  meaningOf,
  Refused,
  refusedBefore,
  saysTheSame,
  settledTransfers,
  usedOtherwise,
} from './draft.ts';
import type { Entry } from './entry.ts';
import { KeyIndex } from './key-index.ts';
import type { LedgerHead, LedgerStore } from './ledger-store.ts';
import {
  checkHead,
  checkKind,
  checkPosting,
  type Outcome,
  type PendingRequest,
  PostingError,
  type PostingRequest,
  type RequestHead,
  type SettleRequest,
  TRANSFERS_MAX,
  type Transfer,
  wrongTransfer,
} from './posting.ts';
import { POSTING_KINDS, postingKind } from './posting-kinds.ts';

/** Moves each kind may make. */
const MAY_MOVE: ReadonlyMap<string, number> = new Map(Object.entries(POSTING_KINDS).map(([name, { moves }]) => [name, movesMask(moves)]));
/** Settlements and reversals move what their originals were allowed to. */
const ANY_MOVE = -1;
/** Sums are carried over into a bigint before they could pass 2^53. */
const POSTED_MAX = 2 ** 52;

const newMoves = (): Moves => ({
  count: 0,
  debits: new Uint32Array(TRANSFERS_MAX),
  credits: new Uint32Array(TRANSFERS_MAX),
  amounts: new Float64Array(TRANSFERS_MAX),
});
/** Transfers of the entry at hand, and of the pending one it resolves, by account number. One process has one transaction at a time. */
const [moves, freed] = [newMoves(), newMoves()];

/** A draft, and the pending entry that it resolves. */
interface Making {
  readonly draft: Draft;
  readonly resolved?: Entry;
}

/** See the file's head. */
export class Books {
  private readonly store: LedgerStore;
  private readonly table: AccountTable;
  private readonly from: LedgerHead;
  private readonly writer: BlockWriter;
  private readonly keys: KeyIndex;
  private readonly chain = createHash('sha256');
  private posted: bigint;
  private sequence: number;
  private closed: number;

  /** `table` holds the accounts as of `head`. */
  constructor(store: LedgerStore, table: AccountTable, head: LedgerHead) {
    this.store = store;
    this.table = table;
    this.from = head;
    this.writer = new BlockWriter(table);
    this.keys = new KeyIndex(store);
    this.posted = head.totals.posted;
    this.sequence = head.sequence;
    this.closed = head.closed;
    this.chain.update(head.hash);
  }

  /** Posts transfers at once. Throws PostingError for a malformed request. */
  post(request: PostingRequest): Outcome {
    checkKind(request);
    const making = (): Making => ({ draft: draftOf(request, 'posted', 0) });
    return this.once('post', request, making, (entry) => saysTheSame(entry, checked(request, draftOf(request, 'posted', 0))));
  }

  /** First phase: reserves on both sides. */
  pend(request: PendingRequest): Outcome {
    checkKind(request);
    if (!Number.isSafeInteger(request.expiresAt) || request.expiresAt <= request.at)
      throw new PostingError(`${request.key}: expiresAt must lie after at`);
    // Its cover could be gone when it is settled, and then client money would pay the firm.
    if (request.kind === 'SWEEP') throw new PostingError(`${request.key}: SWEEP posts at once or not at all`);
    const draft = draftOf(request, 'pending', request.expiresAt);
    return this.once(
      'pend',
      request,
      () => ({ draft }),
      (entry) => saysTheSame(entry, checked(request, draft)),
    );
  }

  /** Second phase: posts a pending entry, in full or in part; what is left is released. */
  settle(request: SettleRequest): Outcome {
    const draft = (pending: Entry): Draft => ({ ...followUp(request, 'settled', pending), transfers: settledTransfers(pending, request.amounts) });
    const making = (): Making => {
      const resolved = this.openPending(request);
      return { draft: draft(resolved), resolved };
    };
    return this.once('settle', request, making, (entry) => saysTheSame(entry, draft(this.entry(request.pending))));
  }

  /** Second phase: gives a pending entry up. */
  void(request: RequestHead & { readonly pending: number }): Outcome {
    const making = (): Making => {
      const resolved = this.openPending(request);
      return { draft: followUp(request, 'voided', resolved), resolved };
    };
    return this.once('void', request, making, (entry) => saysTheSame(entry, followUp(request, 'voided', this.entry(request.pending))));
  }

  /** Books the mirror of a posted or settled entry, once. Needs the approvals of its kind. */
  reverse(request: RequestHead & { readonly entry: number }): Outcome {
    const mirror = (original: Entry): Draft => {
      const transfers = original.transfers.map(({ debit, credit, amount }) => ({ debit: credit, credit: debit, amount }));
      return { ...followUp(request, 'reversal', original), transfers };
    };
    const making = (): Making => {
      const original = this.entry(request.entry);
      if (original.type !== 'posted' && original.type !== 'settled') throw new Refused('notReversible', `entry ${request.entry} is ${original.type}`);
      const by = this.store.reversals.get(request.entry);
      if (by !== undefined) throw new Refused('alreadyReversed', `entry ${request.entry} was reversed by entry ${by}`);
      const needed = postingKind(original.kind)?.approvals ?? 0;
      if ((request.approvals?.length ?? 0) < needed)
        throw new PostingError(`${request.key}: reversing ${original.kind} needs the approval of ${needed} different persons`);
      return { draft: mirror(original) };
    };
    return this.once('reverse', request, making, (entry) => saysTheSame(entry, mirror(this.entry(request.entry))));
  }

  /** Ends every pending entry whose time is up. Returns how many there were. */
  expire(at: number, businessDate: number): number {
    if (businessDate <= this.closed) throw new PostingError(`expiry: business date ${businessDate} is closed`);
    const over = [...this.store.due.getRange({ end: [at, Number.MAX_SAFE_INTEGER] })].map(({ key }) => key[1]);
    for (const pending of over) {
      const resolved = this.entry(pending);
      this.append({ draft: followUp({ key: `expiry of ${pending}`, businessDate, narration: '', at }, 'expired', resolved), resolved });
    }
    return over.length;
  }

  /** An account as of now, in this transaction. */
  account(id: string): AccountState | undefined {
    const number = this.table.find(id);
    return number === undefined ? undefined : this.table.state(number);
  }

  get head(): LedgerHead {
    const { commit, hash } = this.from;
    const { size, pending, pool, claims, posted } = this.table;
    const totals: LedgerTotals = { posted: this.posted + BigInt(posted), pending, pool, claims };
    return { commit, hash, sequence: this.sequence, accounts: size, closed: this.closed, totals };
  }

  /** Marks a business date as closed; see close.ts for what must hold. */
  closeDate(date: number): void {
    assert(date > this.closed, 'business dates close in order');
    this.closed = date;
  }

  /** Writes the last block, accounts and head; to be called last, inside the transaction. */
  flush(): LedgerHead {
    this.seal();
    this.keys.flush();
    this.table.flush(this.store);
    if (this.sequence === this.from.sequence && this.closed === this.from.closed) return this.from;
    const hash = this.chain.digest('hex');
    const commit = this.from.commit + 1;
    const head = { ...this.head, commit, hash };
    this.store.commits.put(commit, { first: this.from.sequence + 1, last: this.sequence, hash, shortfall: shortfallOf(head.totals) });
    this.store.putHead(head);
    this.table.posted = 0;
    return head;
  }

  /** Runs a request unless its key is known; remembers what came of it. */
  private once(operation: string, request: RequestHead, making: () => Making, isSame: (entry: Entry) => boolean): Outcome {
    checkHead(request);
    const known = this.keys.find(request.key);
    if (typeof known === 'object') return refusedBefore(request.key, meaningOf(operation, request), known);
    if (known !== undefined) {
      if (!this.isRepeat(known, isSame)) throw usedOtherwise(request.key);
      return { status: 'done', sequence: known, repeated: true };
    }
    if (request.businessDate <= this.closed)
      throw new PostingError(`${request.key}: business date ${request.businessDate} is closed (last closed: ${this.closed})`);
    try {
      const sequence = this.append(making());
      this.keys.add(request.key, sequence);
      return { status: 'done', sequence, repeated: false };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { reason, message: detail } = error;
      this.keys.refuse(request.key, { meaning: meaningOf(operation, request), reason, detail });
      return { status: 'refused', reason, detail, repeated: false };
    }
  }

  private isRepeat(sequence: number, isSame: (entry: Entry) => boolean): boolean {
    try {
      return isSame(this.entry(sequence));
    } catch (error) {
      // What it asks for now could not even be drafted.
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  private entry(sequence: number): Entry {
    if (this.writer.first !== 0 && sequence >= this.writer.first) this.seal();
    const block = this.store.blockOf(sequence);
    if (block === undefined) throw new Refused('unknownEntry', `there is no entry ${sequence}`);
    return block.entry(sequence, (account) => this.table.idOf(account));
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

  /** Books a draft and returns its number; throws with everything as before. */
  private append({ draft, resolved }: Making): number {
    const { table } = this;
    const accounts = table.size;
    try {
      this.resolve(freed, resolved?.transfers ?? []);
      this.resolve(moves, draft.transfers, draft);
      this.shift(freed, Column.DEBITS_PENDING, -1);
      this.apply(draft);
    } catch (error) {
      table.truncate(accounts);
      throw error;
    }
    table.checkConservation();
    if (table.posted > POSTED_MAX) {
      this.posted += BigInt(table.posted);
      table.posted = 0;
    }
    this.sequence += 1;
    this.writer.add(this.sequence, draft, moves);
    if (this.writer.isFull) this.seal();
    this.follow(draft, this.sequence);
    return this.sequence;
  }

  /** Moves the amounts, refusing what floors and segregation forbid; the reservation stands again when it throws. */
  private apply(draft: Draft): void {
    const { table } = this;
    const column = draft.type === 'pending' ? Column.DEBITS_PENDING : Column.DEBITS;
    const isVoluntary = (draft.type === 'posted' || draft.type === 'pending') && postingKind(draft.kind)?.nature === 'voluntary';
    const before = Math.max(0, shortfallOf(table));
    try {
      this.shift(moves, column, 1, isVoluntary);
    } catch (error) {
      this.shift(freed, Column.DEBITS_PENDING, 1);
      throw error;
    }
    const missing = shortfallOf(table);
    if (!isVoluntary || missing <= before) return;
    this.shift(moves, column, -1);
    throw new Refused('clientMoneyShortfall', `client money would be Rs ${paiseText(paise(missing))} short (Rs ${paiseText(paise(before))} before)`);
  }

  /** Adds amounts (or with sign −1 takes them back) to a debit column and the credit column behind it; nothing has changed when it throws. */
  private shift({ count, debits, credits, amounts }: Moves, column: number, sign: 1 | -1, isVoluntary = false): void {
    const { table } = this;
    let steps = 0;
    try {
      for (let i = 0; i < count; i++) {
        const [from, to, amount] = [debits[i] as number, credits[i] as number, sign * (amounts[i] as number)];
        if (isVoluntary) {
          checkFloor(table, from, amount, true);
          checkFloor(table, to, amount, false);
        }
        table.add(from, column, amount);
        steps += 1;
        table.add(to, column + 1, amount);
        steps += 1;
      }
    } catch (error) {
      while (steps > 0) {
        steps -= 1;
        const i = steps >> 1;
        table.add(((steps & 1) === 0 ? debits[i] : credits[i]) as number, column + (steps & 1), -sign * (amounts[i] as number));
      }
      throw error;
    }
  }

  /** Accounts of transfers as numbers, opening those that are new. Throws PostingError for one that `asked` may not make. */
  private resolve(into: Moves, transfers: readonly Transfer[], asked?: Draft): void {
    const isNew = asked !== undefined && (asked.type === 'posted' || asked.type === 'pending');
    const mask = isNew ? (MAY_MOVE.get(asked.kind) ?? 0) : ANY_MOVE;
    into.count = transfers.length;
    let [last, from] = ['', -1];
    for (let i = 0; i < transfers.length; i++) {
      const transfer = transfers[i] as Transfer;
      const { debit, credit, amount } = transfer;
      // Charges of a note debit one account many times over.
      if (debit !== last || from < 0) [last, from] = [debit, this.table.find(debit) ?? this.open(debit)];
      const to = this.table.find(credit) ?? this.open(credit);
      if (from < 0 || to < 0 || !Number.isSafeInteger(amount) || amount <= 0 || from === to || !this.mayMove(mask, from, to)) {
        const kind = postingKind(asked?.kind ?? '');
        const reason = kind === undefined ? undefined : wrongTransfer(transfer, asked?.kind ?? '', kind);
        throw new PostingError(`${asked?.key ?? ''}: transfer ${i + 1}: ${reason ?? 'is none'}`);
      }
      into.debits[i] = from;
      into.credits[i] = to;
      into.amounts[i] = amount;
    }
  }

  private mayMove(mask: number, from: number, to: number): boolean {
    return ((mask >> moveBit(this.table.moneyOf(from), this.table.moneyOf(to))) & 1) === 1;
  }

  /** Number of a new account; -1 when it is not in the chart. */
  private open(id: string): number {
    const row = chartRow(id);
    return typeof row === 'string' ? -1 : this.table.open(id, row);
  }

  private seal(): void {
    const { first } = this.writer;
    if (first === 0) return;
    const bytes = this.writer.seal();
    this.chain.update(bytes);
    this.store.blocks.put(first, bytes);
  }

  /** Keeps the indices of pending and reversed entries. */
  private follow(draft: Draft, sequence: number): void {
    if (draft.type === 'posted') return;
    if (draft.type === 'pending') {
      this.store.pendings.put(sequence, { state: 'open', expiresAt: draft.expiresAt, by: 0 });
      this.store.due.put([draft.expiresAt, sequence], true);
    } else if (draft.type === 'reversal') this.store.reversals.put(draft.link, sequence);
    else {
      const open = this.store.pendings.get(draft.link);
      assert(open?.state === 'open', 'only an open pending entry is resolved');
      this.store.pendings.put(draft.link, { state: draft.type, expiresAt: open.expiresAt, by: sequence });
      this.store.due.remove([open.expiresAt, draft.link]);
    }
  }
}

/** A draft whose transfers may be made. Throws PostingError. */
function checked(request: PostingRequest, draft: Draft): Draft {
  checkPosting(request);
  return draft;
}
