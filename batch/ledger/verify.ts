// Proof that the tables are the fold of the journal: reads every entry in order, checks the chain of hashes, adds the amounts up anew and compares accounts,
// statement lines, totals, pending entries and the roots of closed days. Shares only the storage format with the code that books.
import { createHash } from 'node:crypto';
import { AccountState, segregated } from './account-state.ts';
import { decodeEntry, type Entry } from './entry.ts';
import { GENESIS, type LedgerStore } from './ledger-store.ts';
import { lineKey } from './statement.ts';
import { storedAccounts, trialBalance } from './trial-balance.ts';

/** What was looked at and what is wrong; no findings = the books are whole. */
export interface LedgerReport {
  readonly entries: number;
  readonly commits: number;
  readonly accounts: number;
  readonly findings: readonly string[];
}

const FINDINGS_MAX = 100;

class Fold {
  readonly accounts = new Map<string, AccountState>();
  readonly open = new Map<number, Entry>();
  readonly reversed = new Map<number, number>();
  readonly findings: string[] = [];
  posted = 0n;
  private readonly store: LedgerStore;

  constructor(store: LedgerStore) {
    this.store = store;
  }

  find(text: string): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(text);
  }

  add(entry: Entry): void {
    if (entry.type === 'settled' || entry.type === 'voided' || entry.type === 'expired') this.resolve(entry);
    if (entry.type === 'reversal') {
      if (this.reversed.has(entry.link)) this.find(`entry ${entry.link} is reversed twice`);
      this.reversed.set(entry.link, entry.sequence);
    }
    if (entry.type === 'pending') {
      this.open.set(entry.sequence, entry);
      this.reserve(entry, 1);
      return;
    }
    for (const [index, { debit, credit, amount }] of entry.transfers.entries()) {
      const [from, to] = [this.account(debit), this.account(credit)];
      from.debits += amount;
      to.credits += amount;
      this.posted += BigInt(amount);
      this.line(from, entry.sequence, index);
      this.line(to, entry.sequence, index);
    }
    const record = this.store.keys.get(entry.key);
    if (entry.type !== 'expired' && record?.sequence !== entry.sequence) this.find(`key ${entry.key} does not name its entry ${entry.sequence}`);
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
    const known = this.accounts.get(id);
    if (known !== undefined) return known;
    const stored = this.store.accounts.get(id);
    if (stored === undefined) this.find(`${id} is not among the accounts`);
    const state = new AccountState(id, stored === undefined ? 0 : AccountState.read(id, stored).number);
    this.accounts.set(id, state);
    return state;
  }

  private line(state: AccountState, sequence: number, transfer: number): void {
    state.lines += 1;
    const bytes = this.store.lines.get(lineKey(state.number, state.lines));
    const place = `statement of ${state.id}, line ${state.lines}`;
    if (bytes === undefined || bytes.readDoubleLE(0) !== sequence || bytes.readDoubleLE(8) !== transfer)
      this.find(`${place}: does not name entry ${sequence}, transfer ${transfer + 1}`);
    else if (bytes.readDoubleLE(16) !== state.balance) this.find(`${place}: balance ${bytes.readDoubleLE(16)}, the journal gives ${state.balance}`);
  }

  inOrder(): AccountState[] {
    return [...this.accounts.values()].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
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
    const chain = createHash('sha256').update(hash);
    for (sequence = commit.first; sequence <= commit.last; sequence++) {
      const bytes = store.entries.get(sequence);
      if (bytes === undefined) {
        fold.find(`entry ${sequence} is missing`);
        continue;
      }
      chain.update(bytes);
      fold.add(decodeEntry(bytes));
    }
    sequence = commit.last;
    hash = chain.digest('hex');
    if (hash !== commit.hash) fold.find(`commit ${key} (entries ${commit.first} to ${commit.last}) was changed: its hash does not fit`);
    checkCloses(fold, closes.get(key));
  }
  if (head.sequence !== sequence || head.commit !== commits || head.hash !== hash) fold.find('the head is not the end of the journal');
  compareTables(fold, store);
  return { entries: sequence, commits, accounts: fold.accounts.size, findings: fold.findings };
}

function checkCloses(fold: Fold, close: { readonly date: number; readonly root: string } | undefined): void {
  if (close === undefined) return;
  const { root } = trialBalance(fold.inOrder());
  if (root !== close.root) fold.find(`close of ${close.date}: root ${close.root.slice(0, 16)} was stored, the journal gives ${root.slice(0, 16)}`);
}

function compareTables(fold: Fold, store: LedgerStore): void {
  let accounts = 0;
  let [pool, claims, pending] = [0, 0, 0];
  for (const stored of storedAccounts(store)) {
    accounts += 1;
    const folded = fold.accounts.get(stored.id);
    const fields = ['debits', 'credits', 'debitsPending', 'creditsPending', 'lines'] as const;
    for (const field of fields)
      if (stored[field] !== (folded?.[field] ?? 0)) fold.find(`${stored.id}: ${field} ${stored[field]}, the journal gives ${folded?.[field] ?? 0}`);
    const parts = segregated(stored);
    pool += parts.pool;
    claims += parts.claims;
    pending += stored.debitsPending;
  }
  if (accounts !== fold.accounts.size) fold.find(`${accounts} accounts are stored, the journal has ${fold.accounts.size}`);
  const { totals } = store.head;
  if (totals.pool !== pool || totals.claims !== claims || totals.pending !== pending || BigInt(totals.posted) !== fold.posted)
    fold.find('the totals are not those of the accounts');
  for (const { key, value } of store.pendings.getRange())
    if ((value.state === 'open') !== fold.open.has(key)) fold.find(`pending entry ${key} is kept as ${value.state}, the journal says otherwise`);
}
