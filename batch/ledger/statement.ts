// Statement lines: one per transfer and account, numbered from 1 within the account, with the balance after it. The number is the cursor: a reader that names
// the last line it has gets the next ones, for ever, whatever was booked meanwhile. Pending entries have no lines; they are not booked.
import { assert } from '../../engine/index.ts';
import { AccountState } from './account-state.ts';
import { decodeEntry, type EntryType } from './entry.ts';
import type { LedgerStore } from './ledger-store.ts';

const LINES_MAX = 2 ** 28;
const ACCOUNTS_MAX = 2 ** 25;
export const LINE_BYTES = 24;

/** One line. Amounts in paise; `amount` raises the balance when above zero. */
export interface StatementLine {
  readonly line: number;
  readonly entry: number;
  readonly type: EntryType;
  readonly kind: string;
  readonly businessDate: number;
  readonly valueDate: number;
  readonly narration: string;
  readonly counter: string;
  readonly amount: number;
  readonly balance: number;
}

/** A page of an account. */
export interface Statement {
  readonly account: string;
  readonly title: string;
  readonly balance: number;
  readonly available: number;
  readonly lines: readonly StatementLine[];
  /** Pass as `after` for the next page; undefined when this is the last one for now. */
  readonly next: number | undefined;
}

/** Key of a line. */
export function lineKey(account: number, line: number): number {
  assert(account < ACCOUNTS_MAX && line < LINES_MAX, 'a statement key must stay below 2^53');
  return account * LINES_MAX + line;
}

/** Bytes of a line: entry, amount, balance after; the transfer's place is kept in the fraction-free part of the entry field. */
export function encodeLine(bytes: Buffer, line: { readonly entry: number; readonly transfer: number; readonly balance: number }): Buffer {
  bytes.writeDoubleLE(line.entry, 0);
  bytes.writeDoubleLE(line.transfer, 8);
  bytes.writeDoubleLE(line.balance, 16);
  return bytes;
}

/** A page of `limit` lines after line `after`; undefined when the account has never been booked on. */
export function readStatement(store: LedgerStore, account: string, after: number, limit: number): Statement | undefined {
  const bytes = store.accounts.get(account);
  if (bytes === undefined) return undefined;
  const state = AccountState.read(account, bytes);
  const lines: StatementLine[] = [];
  const last = Math.min(state.lines, after + limit);
  for (let line = after + 1; line <= last; line++) lines.push(readLine(store, state, line));
  return {
    account,
    title: state.row.title,
    balance: state.balance,
    available: state.available,
    lines,
    next: last < state.lines ? last : undefined,
  };
}

function readLine(store: LedgerStore, state: AccountState, line: number): StatementLine {
  const bytes = store.lines.get(lineKey(state.number, line));
  assert(bytes !== undefined && bytes.length === LINE_BYTES, 'a statement line is missing');
  const stored = store.entries.get(bytes.readDoubleLE(0));
  assert(stored !== undefined, 'a statement line names an entry that is missing');
  const entry = decodeEntry(stored);
  const transfer = entry.transfers[bytes.readDoubleLE(8)];
  assert(transfer !== undefined, 'a statement line names a transfer that is missing');
  const isDebit = transfer.debit === state.id;
  return {
    line,
    entry: entry.sequence,
    type: entry.type,
    kind: entry.kind,
    businessDate: entry.businessDate,
    valueDate: entry.valueDate,
    narration: entry.narration,
    counter: isDebit ? transfer.credit : transfer.debit,
    amount: isDebit === state.debitNatured ? transfer.amount : -transfer.amount,
    balance: bytes.readDoubleLE(16),
  };
}
