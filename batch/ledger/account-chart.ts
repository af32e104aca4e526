// The chart of accounts as a table. An account is a code of this table, with a part of its own where the row says so: CLIENT/C000123,
// CLEARING/NCL-2026081@20260505. Accounts come into being with their first posting. Every account belongs to one money class, and posting kinds say
// which classes may move against which: that is how client money is kept from paying for the firm.

/**
 * Whose money an account is about:
 * claim: owed to clients (what they could ask for); pool: client money where it lies; own: the firm's money; levy: taxes and fees collected for others;
 * result: income, expense and capital of the firm.
 */
export type MoneyClass = 'claim' | 'pool' | 'own' | 'levy' | 'result';
export type AccountType = 'asset' | 'liability' | 'income' | 'expense' | 'equity';

/** One row of the chart. */
export interface ChartRow {
  readonly code: string;
  readonly type: AccountType;
  readonly money: MoneyClass;
  readonly title: string;
  /** What stands behind the slash; none = the code alone is the account. */
  readonly part: 'none' | 'client' | 'name' | 'dated';
  /** Must it be zero when a day closes? A dated account: from the day after its @ on, and on it. */
  readonly zeroAtClose: boolean;
  /** Voluntary postings may not take its balance below zero (in the sense of its type). */
  readonly floored: boolean;
}

/** All accounts there can be. */
export const CHART: readonly ChartRow[] = [
  { code: 'CLIENT', type: 'liability', money: 'claim', title: 'Client ledger', part: 'client', zeroAtClose: false, floored: true },
  {
    code: 'CLIENT-MARGIN',
    type: 'liability',
    money: 'claim',
    title: 'Client cash held as margin',
    part: 'client',
    zeroAtClose: false,
    floored: true,
  },
  // A claim whose balance is the client's debt: it takes nothing from other clients' money, and the firm puts in what it lacks
  // (nodes/settlement/funds-debits.ts).
  {
    code: 'MTF-LOAN',
    type: 'liability',
    money: 'claim',
    title: 'Lent to clients for shares bought with funding',
    part: 'client',
    zeroAtClose: false,
    floored: false,
  },
  { code: 'SUSPENSE', type: 'liability', money: 'claim', title: 'Receipts not yet identified', part: 'none', zeroAtClose: true, floored: true },
  { code: 'CLIENT-BANK', type: 'asset', money: 'pool', title: 'Client funds bank account', part: 'name', zeroAtClose: false, floored: true },
  { code: 'USCNBA', type: 'asset', money: 'pool', title: 'Up-streaming client nodal bank account', part: 'name', zeroAtClose: false, floored: true },
  {
    code: 'DSCNBA',
    type: 'asset',
    money: 'pool',
    title: 'Down-streaming client nodal bank account',
    part: 'name',
    zeroAtClose: false,
    floored: true,
  },
  {
    code: 'UPSTREAMED',
    type: 'asset',
    money: 'pool',
    title: 'Client funds at a clearing corporation',
    part: 'name',
    zeroAtClose: false,
    floored: true,
  },
  {
    code: 'SETTLEMENT',
    type: 'asset',
    money: 'pool',
    title: 'Settlement account at the clearing bank',
    part: 'name',
    zeroAtClose: false,
    floored: true,
  },
  { code: 'CLEARING', type: 'asset', money: 'pool', title: 'Clearing settlement, due on its date', part: 'dated', zeroAtClose: true, floored: false },
  { code: 'LEVIES', type: 'liability', money: 'levy', title: 'Levies payable', part: 'name', zeroAtClose: false, floored: false },
  { code: 'OWN-BANK', type: 'asset', money: 'own', title: 'Bank account of the firm', part: 'name', zeroAtClose: false, floored: true },
  { code: 'ERROR', type: 'asset', money: 'own', title: 'Error account', part: 'none', zeroAtClose: true, floored: false },
  { code: 'BROKERAGE', type: 'income', money: 'result', title: 'Brokerage', part: 'none', zeroAtClose: false, floored: false },
  { code: 'FEES', type: 'income', money: 'result', title: 'Depository and other fees', part: 'none', zeroAtClose: false, floored: false },
  {
    code: 'MTF-INTEREST',
    type: 'income',
    money: 'result',
    title: 'Interest of clients on funding',
    part: 'none',
    zeroAtClose: false,
    floored: false,
  },
  { code: 'INTEREST', type: 'income', money: 'result', title: 'Interest of clients', part: 'none', zeroAtClose: false, floored: false },
  {
    code: 'TAX-DIFFERENCE',
    type: 'expense',
    money: 'result',
    title: 'Taxes of notes less those of the clearing corporation',
    part: 'none',
    zeroAtClose: false,
    floored: false,
  },
  { code: 'PENALTIES', type: 'expense', money: 'result', title: 'Penalties the firm bears', part: 'none', zeroAtClose: false, floored: false },
  { code: 'BAD-DEBTS', type: 'expense', money: 'result', title: 'Client debits written off', part: 'none', zeroAtClose: false, floored: false },
  { code: 'CAPITAL', type: 'equity', money: 'result', title: 'Capital', part: 'none', zeroAtClose: false, floored: false },
];

const ROWS: ReadonlyMap<string, ChartRow> = new Map(CHART.map((row) => [row.code, row]));
const PART: Readonly<Record<ChartRow['part'], RegExp>> = {
  none: /^$/,
  client: /^[!-.0-~]{1,16}$/,
  name: /^[A-Za-z0-9-]{1,24}$/,
  dated: /^[A-Za-z0-9-]{1,24}@20\d{6}$/,
};

/** The row of an account, or why there is none. */
export function chartRow(account: string): ChartRow | string {
  const slash = account.indexOf('/');
  const code = slash < 0 ? account : account.slice(0, slash);
  const row = ROWS.get(code);
  if (row === undefined) return `${account} is not in the chart of accounts`;
  const part = slash < 0 ? '' : account.slice(slash + 1);
  const shape = { none: 'nothing behind it', client: '/CLIENT-CODE', name: '/NAME', dated: '/NAME@YYYYMMDD' }[row.part];
  return PART[row.part].test(part) && (row.part === 'none') === slash < 0 ? row : `${account}: ${code} is written with ${shape}`;
}

/** The date behind the @ of a dated account; 0 for others. */
export function dueDateOf(account: string): number {
  const at = account.lastIndexOf('@');
  return at < 0 ? 0 : Number(account.slice(at + 1));
}

/** The client ledger of a client code. */
export const clientAccount = (client: string): string => `CLIENT/${client}`;
/** Client cash held as margin. */
export const clientMarginAccount = (client: string): string => `CLIENT-MARGIN/${client}`;
/** What the house lent a client for shares bought with funding (MTF): in debit, or zero. */
export const clientLoanAccount = (client: string): string => `MTF-LOAN/${client}`;
/** What a settlement owes or is owed until its date: clearing corporation, settlement number, pay-in date. */
export const clearingAccount = (clearing: string, settlement: string, due: number): string => `CLEARING/${clearing}-${settlement}@${due}`;
