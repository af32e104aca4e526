// Proof that the tables are the fold of the journal: reads every entry in order, checks the chain of hashes, adds the amounts up anew and compares accounts,
// statement chains, totals, keys, pending entries and the roots of closed days. Shares only the storage format with the code that books.
import { createHash } from 'node:crypto';
import { AccountState, segregated } from './account-state.ts';
import { storedAccounts } from './account-table.ts';
import type { Entry } from './entry.ts';
import { ANCHOR_EVERY, EntryBlock } from './entry-block.ts';
import { KeyIndex } from './key-index.ts';
import { type CommitRecord, GENESIS, type LedgerStore } from './ledger-store.ts';
import { byId, trialBalance } from './trial-balance.ts';

/** What was looked at and what is wrong; no findings = the books are whole. */
export interface LedgerReport {
  readonly entries: number;
  readonly commits: number;
  readonly accounts: number;
  readonly findings: readonly string[];
}

const FINDINGS_MAX = 100;

class Fold {
  /** By number. */
  readonly accounts: AccountState[] = [];
  readonly open = new Map<number, Entry>();
  readonly reversed = new Map<number, number>();
  readonly findings: string[] = [];
  posted = 0n;
  private readonly byId = new Map<string, AccountState>();
  private readonly store: LedgerStore;
  private readonly keys: KeyIndex;
  /** Accounts with lines in the block at hand. */
  private readonly inBlock = new Map<AccountState, { readonly previous: number; readonly anchor: number }>();

  constructor(store: LedgerStore) {
    this.store = store;
    this.keys = new KeyIndex(store);
  }

  find(text: string): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(text);
  }

  /** Takes in a block whose first entry is the next one. */
  block(block: EntryBlock): void {
    const place = `block of entries ${block.first} to ${block.last}`;
    if (block.accounts !== this.accounts.length)
      this.find(`${place}: begins with ${block.accounts} accounts, the journal has ${this.accounts.length}`);
    for (const id of block.opened()) {
      if (this.byId.has(id)) this.find(`${place}: opens ${id} a second time`);
      const state = new AccountState(id, this.accounts.length);
      this.accounts.push(state);
      this.byId.set(id, state);
    }
    const idOf = (account: number): string => this.accounts[account]?.id ?? '';
    for (let sequence = block.first; sequence <= block.last; sequence++) this.add(block.entry(sequence, idOf), block.first);
    this.compareIndex(block, place);
    this.inBlock.clear();
  }

  inOrder(): AccountState[] {
    return [...this.accounts].sort(byId);
  }

  private add(entry: Entry, block: number): void {
    if (entry.type === 'settled' || entry.type === 'voided' || entry.type === 'expired') this.resolve(entry);
    if (entry.type === 'reversal') {
      if (this.reversed.has(entry.link)) this.find(`entry ${entry.link} is reversed twice`);
      if (this.store.reversals.get(entry.link) !== entry.sequence) this.find(`entry ${entry.link} does not name its reversal ${entry.sequence}`);
      this.reversed.set(entry.link, entry.sequence);
    }
    if (entry.type !== 'expired' && this.keys.find(entry.key) !== entry.sequence)
      this.find(`key ${entry.key} does not name its entry ${entry.sequence}`);
    if (entry.type === 'pending') {
      this.open.set(entry.sequence, entry);
      this.reserve(entry, 1);
      return;
    }
    for (const { debit, credit, amount } of entry.transfers) {
      const [from, to] = [this.account(debit), this.account(credit)];
      from.debits += amount;
      to.credits += amount;
      this.posted += BigInt(amount);
      this.line(from, block);
      this.line(to, block);
    }
  }

  private resolve(entry: Entry): void {
    const pending = this.open.get(entry.link);
    if (pending === undefined) {
      this.find(`entry ${entry.sequence} resolves ${entry.link}, which is not an open pending entry`);
      return;
    }
    this.open.delete(entry.link);
    this.reserve(pending, -1);
  }

  private reserve(entry: Entry, sign: 1 | -1): void {
    for (const { debit, credit, amount } of entry.transfers) {
      this.account(debit).debitsPending += sign * amount;
      this.account(credit).creditsPending += sign * amount;
    }
  }

  private account(id: string): AccountState {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    this.find(`${id === '' ? 'an entry names an account that' : id} was never opened`);
    return new AccountState('SUSPENSE', 0);
  }

  private line(state: AccountState, block: number): void {
    state.lines += 1;
    if (state.last === block) return;
    this.inBlock.set(state, { previous: state.last, anchor: state.anchor });
    state.last = block;
    state.depth += 1;
    if (state.depth % ANCHOR_EVERY === 0) state.anchor = block;
  }

  private compareIndex(block: EntryBlock, place: string): void {
    if (block.indexed !== this.inBlock.size) this.find(`${place}: its index has ${block.indexed} accounts, its entries ${this.inBlock.size}`);
    for (const [state, { previous, anchor }] of this.inBlock) {
      const row = block.accountRow(state.number);
      if (row === undefined || row.previous !== previous || row.anchor !== anchor || row.depth !== state.depth || row.lines !== state.lines)
        this.find(`${place}: the statement of ${state.id} is broken`);
      else if (row.balance !== state.balance) this.find(`${place}: balance of ${state.id} ${row.balance}, the journal gives ${state.balance}`);
    }
  }
}

/** Verifies the whole journal; a few microseconds an entry. */
export function verifyLedger(store: LedgerStore): LedgerReport {
  const fold = new Fold(store);
  const head = store.head;
  let [hash, sequence, commits] = [GENESIS, 0, 0];
  const closes = new Map([...store.closes.getRange()].map(({ value }) => [value.commit, value]));
  checkCloses(fold, closes.get(0));
  for (const { key, value: commit } of store.commits.getRange()) {
    commits += 1;
    if (key !== commits || commit.first !== sequence + 1) fold.find(`commit ${key} does not follow the one before`);
    hash = foldCommit(fold, store, commit, hash);
    sequence = commit.last;
    if (hash !== commit.hash) fold.find(`commit ${key} (entries ${commit.first} to ${commit.last}) was changed: its hash does not fit`);
    checkCloses(fold, closes.get(key));
  }
  if (head.sequence !== sequence || head.commit !== commits || head.hash !== hash) fold.find('the head is not the end of the journal');
  compareTables(fold, store);
  return { entries: sequence, commits, accounts: fold.accounts.length, findings: fold.findings };
}

/** Folds the blocks of a commit; returns the hash of the chain behind them. */
function foldCommit(fold: Fold, store: LedgerStore, { first, last }: CommitRecord, before: string): string {
  const chain = createHash('sha256').update(before);
  for (let next = first; next <= last; ) {
    const bytes = store.blocks.get(next);
    if (bytes === undefined) {
      fold.find(`the block of entry ${next} is missing`);
      break;
    }
    chain.update(bytes);
    try {
      const block = new EntryBlock(bytes);
      if (block.first !== next || block.entries === 0) throw new RangeError('it begins elsewhere');
      fold.block(block);
      next = block.last + 1;
    } catch (error) {
      fold.find(`the block of entry ${next} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      break;
    }
  }
  return chain.digest('hex');
}

function checkCloses(fold: Fold, close: { readonly date: number; readonly root: string } | undefined): void {
  if (close === undefined || fold.findings.length > 0) return;
  const { root } = trialBalance(fold.inOrder());
  if (root !== close.root) fold.find(`close of ${close.date}: root ${close.root.slice(0, 16)} was stored, the journal gives ${root.slice(0, 16)}`);
}

const FIELDS = ['debits', 'credits', 'debitsPending', 'creditsPending', 'lines', 'last', 'anchor', 'depth'] as const;

function compareTables(fold: Fold, store: LedgerStore): void {
  let accounts = 0;
  let [pool, claims, pending] = [0, 0, 0];
  for (const stored of storedAccounts(store)) {
    const folded = fold.accounts[accounts];
    accounts += 1;
    if (folded?.id !== stored.id) fold.find(`account ${stored.number} is kept as ${stored.id}, the journal has ${folded?.id ?? 'none'}`);
    for (const field of FIELDS)
      if (stored[field] !== (folded?.[field] ?? 0)) fold.find(`${stored.id}: ${field} ${stored[field]}, the journal gives ${folded?.[field] ?? 0}`);
    const parts = segregated(stored);
    pool += parts.pool;
    claims += parts.claims;
    pending += stored.debitsPending;
  }
  if (accounts !== fold.accounts.length) fold.find(`${accounts} accounts are stored, the journal has ${fold.accounts.length}`);
  const { totals } = store.head;
  if (totals.pool !== pool || totals.claims !== claims || totals.pending !== pending || BigInt(totals.posted) !== fold.posted)
    fold.find('the totals are not those of the accounts');
  for (const { key, value } of store.pendings.getRange())
    if ((value.state === 'open') !== fold.open.has(key)) fold.find(`pending entry ${key} is kept as ${value.state}, the journal says otherwise`);
}
