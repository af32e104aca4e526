// What the books keep of one account: four sums that only grow with postings (pending ones shrink again when resolved), and how many statement lines it has.
// Balances are always derived from them.
import { assert } from '../../engine/index.ts';
import { type ChartRow, chartRow } from './account-chart.ts';

const FIELDS = 6;
export const ACCOUNT_BYTES: number = FIELDS * 8;

export class AccountState {
  readonly id: string;
  readonly row: ChartRow;
  /** Number of the account in statement keys. */
  readonly number: number;
  debits = 0;
  credits = 0;
  debitsPending = 0;
  creditsPending = 0;
  lines = 0;

  constructor(id: string, number: number) {
    const row = chartRow(id);
    assert(typeof row !== 'string', 'an account of the books must be in the chart');
    this.id = id;
    this.row = row;
    this.number = number;
  }

  static read(id: string, bytes: Buffer): AccountState {
    assert(bytes.length === ACCOUNT_BYTES, 'an account record has another size');
    const state = new AccountState(id, bytes.readDoubleLE(40));
    state.debits = bytes.readDoubleLE(0);
    state.credits = bytes.readDoubleLE(8);
    state.debitsPending = bytes.readDoubleLE(16);
    state.creditsPending = bytes.readDoubleLE(24);
    state.lines = bytes.readDoubleLE(32);
    return state;
  }

  /** Written into `bytes`, which is returned. */
  write(bytes: Buffer): Buffer {
    bytes.writeDoubleLE(this.debits, 0);
    bytes.writeDoubleLE(this.credits, 8);
    bytes.writeDoubleLE(this.debitsPending, 16);
    bytes.writeDoubleLE(this.creditsPending, 24);
    bytes.writeDoubleLE(this.lines, 32);
    bytes.writeDoubleLE(this.number, 40);
    return bytes;
  }

  copy(): AccountState {
    return new AccountState(this.id, this.number).take(this);
  }

  /** Takes the figures of another state of the same account. */
  take(other: AccountState): this {
    this.debits = other.debits;
    this.credits = other.credits;
    this.debitsPending = other.debitsPending;
    this.creditsPending = other.creditsPending;
    this.lines = other.lines;
    return this;
  }

  /** Paise: debits above credits for assets and expenses, credits above debits for the others. */
  get balance(): number {
    return this.debitNatured ? this.debits - this.credits : this.credits - this.debits;
  }

  /** What a voluntary posting may still take out: the balance less what is reserved. */
  get available(): number {
    return this.balance - (this.debitNatured ? this.creditsPending : this.debitsPending);
  }

  get debitNatured(): boolean {
    return this.row.type === 'asset' || this.row.type === 'expense';
  }

  /** Holds after every posting. */
  check(): void {
    assert(
      Number.isSafeInteger(this.debits) && Number.isSafeInteger(this.credits) && this.debits >= 0 && this.credits >= 0,
      'sums of an account must be whole, not negative and below 2^53',
    );
    assert(
      Number.isSafeInteger(this.debitsPending) && Number.isSafeInteger(this.creditsPending) && this.debitsPending >= 0 && this.creditsPending >= 0,
      'pending sums of an account must be whole, not negative and below 2^53',
    );
  }
}

/** Sums over all accounts, kept with every commit. */
export interface LedgerTotals {
  /** Everything ever debited, which is everything ever credited; paise. */
  posted: bigint;
  /** Reserved now, on each side. */
  pending: number;
  /** Client money where it lies. */
  pool: number;
  /** What clients could ask for: credit balances only; debit balances of others do not pay for them. */
  claims: number;
}

/** Client money that is missing: claims above the pool, paise; negative when the firm has money in the pool. */
export const shortfallOf = (totals: LedgerTotals): number => totals.claims - totals.pool;

/** What an account adds to pool and claims. */
export function segregated(account: AccountState): { readonly pool: number; readonly claims: number } {
  if (account.row.money === 'pool') return { pool: account.debits - account.credits, claims: 0 };
  if (account.row.money === 'claim') return { pool: 0, claims: Math.max(0, account.credits - account.debits) };
  return { pool: 0, claims: 0 };
}
