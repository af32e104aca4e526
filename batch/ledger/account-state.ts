// One account as a value: what the books keep of it, and what follows from that. Balances are always derived.
import { assert } from '../../engine/index.ts';
import { type ChartRow, chartRow } from './account-chart.ts';

export class AccountState {
  readonly id: string;
  readonly row: ChartRow;
  /** Number of the account, in the order of opening. */
  readonly number: number;
  debits = 0;
  credits = 0;
  debitsPending = 0;
  creditsPending = 0;
  /** Lines of its statement. */
  lines = 0;
  /** First entry of the newest block with a line of it, of the newest anchor of its chain, and how many blocks have one; 0 = none. */
  last = 0;
  anchor = 0;
  depth = 0;

  constructor(id: string, number: number) {
    const row = chartRow(id);
    assert(typeof row !== 'string', 'an account of the books must be in the chart');
    this.id = id;
    this.row = row;
    this.number = number;
  }

  /** Takes the columns of the account table from `at`. */
  fill(figures: Float64Array, at: number): this {
    this.debits = figures[at] as number;
    this.credits = figures[at + 1] as number;
    this.debitsPending = figures[at + 2] as number;
    this.creditsPending = figures[at + 3] as number;
    this.lines = figures[at + 4] as number;
    this.last = figures[at + 5] as number;
    this.anchor = figures[at + 6] as number;
    this.depth = figures[at + 7] as number;
    return this;
  }

  /** Gives the columns back. */
  spill(figures: Float64Array, at: number): void {
    const { debits, credits, debitsPending, creditsPending, lines, last, anchor, depth } = this;
    figures.set([debits, credits, debitsPending, creditsPending, lines, last, anchor, depth], at);
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
export const shortfallOf = (totals: Pick<LedgerTotals, 'pool' | 'claims'>): number => totals.claims - totals.pool;

/** What an account adds to pool and claims. */
export function segregated(account: AccountState): { readonly pool: number; readonly claims: number } {
  if (account.row.money === 'pool') return { pool: account.debits - account.credits, claims: 0 };
  if (account.row.money === 'claim') return { pool: 0, claims: Math.max(0, account.credits - account.debits) };
  return { pool: 0, claims: 0 };
}
