// Closing a business date: what must be zero is zero, or is explained to the paisa by a break that one person raised and another approved; client money is all
// there, or its absence is such a break; then the trial balance's root is stored and nothing can be booked on that date or before it any more.
import { assert, paise, paiseText } from '../../engine/index.ts';
import { dueDateOf } from './account-chart.ts';
import { type AccountState, shortfallOf } from './account-state.ts';
import type { Books } from './books.ts';
import type { ApprovedBreak, CloseRecord, LedgerStore } from './ledger-store.ts';
import { isDay, PostingError } from './posting.ts';
import { accountsById, trialBalance } from './trial-balance.ts';

/** Name of the break that explains missing client money. */
export const SEGREGATION = 'SEGREGATION';

/** What to close, and the breaks that were approved. */
export interface CloseRequest {
  readonly date: number;
  readonly at: number;
  readonly breaks?: readonly ApprovedBreak[];
}

/** Something that keeps a day from closing. */
export interface OpenBreak {
  readonly account: string;
  /** Paise; the balance that should be zero, or the client money that is missing. */
  readonly amount: number;
}

/** The day cannot close: balances that are not explained. */
export class NotClosable extends Error {
  override readonly name = 'NotClosable';
  readonly open: readonly OpenBreak[];

  constructor(date: number, open: readonly OpenBreak[]) {
    super(`${date} cannot close: ${open.map(({ account, amount }) => `${account} Rs ${paiseText(paise(amount))}`).join(', ')}`);
    this.open = open;
  }
}

/** Must this account be zero when `date` closes? */
export function mustBeZero(account: AccountState, date: number): boolean {
  if (!account.row.zeroAtClose) return false;
  return account.row.part !== 'dated' || dueDateOf(account.id) <= date;
}

/** Everything that would have to be explained for `date` to close now. */
export function openBreaks(store: LedgerStore, date: number): OpenBreak[] {
  const open: OpenBreak[] = [];
  for (const account of accountsById(store))
    if (mustBeZero(account, date) && account.balance !== 0) open.push({ account: account.id, amount: account.balance });
  const shortfall = shortfallOf(store.head.totals);
  return shortfall > 0 ? [...open, { account: SEGREGATION, amount: shortfall }] : open;
}

/**
 * Closes `date`. Runs inside a transaction in which nothing was booked. Throws NotClosable with what is left to explain, PostingError for a date that is closed
 * or a break that is not approved by two, or explains nothing.
 */
export function closeDay(store: LedgerStore, books: Books, request: CloseRequest): CloseRecord {
  const { date, at, breaks = [] } = request;
  const head = books.head;
  if (!isDay(date) || date <= head.closed) throw new PostingError(`${date} is not a day after the last closed one (${head.closed})`);
  assert(head.sequence === store.head.sequence, 'a day closes in a transaction of its own');
  const open = openBreaks(store, date);
  for (const one of breaks) checkBreak(one, open);
  const unexplained = open.filter(({ account }) => !breaks.some((one) => one.account === account));
  if (unexplained.length > 0) throw new NotClosable(date, unexplained);
  const trial = trialBalance(accountsById(store));
  const record: CloseRecord = {
    date,
    sequence: head.sequence,
    commit: head.commit,
    root: trial.root,
    accounts: trial.lines.length,
    sum: trial.sum.toString(),
    shortfall: shortfallOf(head.totals),
    breaks,
    at,
  };
  store.closes.put(date, record);
  books.closeDate(date);
  return record;
}

function checkBreak(one: ApprovedBreak, open: readonly OpenBreak[]): void {
  const wrong = (reason: string): PostingError => new PostingError(`break ${one.account}: ${reason}`);
  if (one.raisedBy === '' || one.approvedBy === '' || one.raisedBy === one.approvedBy)
    throw wrong('needs two persons, one who raised and another who approved it');
  if (one.reason.trim() === '') throw wrong('needs a reason');
  const found = open.find(({ account }) => account === one.account);
  if (found === undefined) throw wrong('there is nothing open under this name');
  if (found.amount !== one.amount) throw wrong(`was approved at Rs ${paiseText(paise(one.amount))}, but it is Rs ${paiseText(paise(found.amount))}`);
}
