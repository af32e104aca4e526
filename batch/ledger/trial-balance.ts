// The trial balance: every account with its sums, in order of its id, and the Merkle root over them. Debit balances equal credit balances, or something is
// broken. The root names the books: two ledgers with the same root hold the same figures.
import { hash } from 'node:crypto';
import { assert } from '../../engine/index.ts';
import type { AccountState } from './account-state.ts';
import { storedAccounts } from './account-table.ts';
import type { LedgerStore } from './ledger-store.ts';

/** One account; amounts in paise. */
export interface TrialLine {
  readonly account: string;
  readonly title: string;
  /** debits − credits when above zero. */
  readonly debit: number;
  /** credits − debits when above zero. */
  readonly credit: number;
  readonly pendingDebit: number;
  readonly pendingCredit: number;
}

/** All accounts at one instant. */
export interface TrialBalance {
  readonly lines: readonly TrialLine[];
  /** Sum of the debit column, which is that of the credit column. */
  readonly sum: bigint;
  readonly root: string;
}

/** All stored accounts in order of their id. */
export function accountsById(store: LedgerStore): AccountState[] {
  return [...storedAccounts(store)].sort(byId);
}

/** Order of ids, character by character. */
export const byId = (a: AccountState, b: AccountState): number => (a.id < b.id ? -1 : Number(a.id > b.id));

/** The trial balance of some accounts, in order of their id. */
export function trialBalance(accounts: Iterable<AccountState>): TrialBalance {
  const lines: TrialLine[] = [];
  const leaves: string[] = [];
  let [debits, credits] = [0n, 0n];
  for (const state of accounts) {
    const net = state.debits - state.credits;
    const line = { debit: Math.max(0, net), credit: Math.max(0, -net), pendingDebit: state.debitsPending, pendingCredit: state.creditsPending };
    lines.push({ account: state.id, title: state.row.title, ...line });
    leaves.push(leafOf(state));
    debits += BigInt(line.debit);
    credits += BigInt(line.credit);
  }
  assert(debits === credits, 'the trial balance must balance');
  return { lines, sum: debits, root: merkleRoot(leaves) };
}

/** Hash of one account's sums. */
function leafOf({ id, debits, credits, debitsPending, creditsPending }: AccountState): string {
  return hash('sha256', `leaf ${id} ${debits} ${credits} ${debitsPending} ${creditsPending}`, 'hex');
}

/** Root over leaves in order; an odd last one is carried up as it is. No leaves: 64 zeros. */
export function merkleRoot(leaves: readonly string[]): string {
  let level = leaves;
  while (level.length > 1) {
    const above: string[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] ?? '', level[i + 1]];
      above.push(right === undefined ? left : hash('sha256', `node ${left} ${right}`, 'hex'));
    }
    level = above;
  }
  return level[0] ?? '0'.repeat(64);
}
