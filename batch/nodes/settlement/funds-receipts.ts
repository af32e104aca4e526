// Money that clients pay in, read from the bank's statement: from a registered account it is the client's, from any other it is kept apart in
// suspense until it has gone back, with a break the client desk owns. A cheque that has not cleared is reserved, not booked; it counts when the bank
// shows it, and is given back when it bounces. Every line is taken once, in the order of the statement.
import type { Database, RootDatabase } from 'lmdb';
import { clientAccount } from '../../ledger/account-chart.ts';
import type { Books } from '../../ledger/books.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { receiptReference } from './bank-recon.ts';
import { MoneyBreaks } from './funds-breaks.ts';
import { ClientBanks } from './funds-client-banks.ts';
import { noteCredit } from './funds-engine.ts';
import { bookingDate } from './funds-moves.ts';
import { type FundsParts, type StatementLine, statementOf, type UnclearedCredit, unclearedAt } from './funds-ports.ts';

/** What was taken in, paise. */
export interface Receipts {
  credited: number;
  suspense: number;
  uncleared: number;
  returned: number;
}

interface Cheque {
  readonly client: string;
  readonly paise: number;
  readonly pending: number;
}

const MILLIS = 1000;
const RESERVED_MILLIS = 30 * 86_400_000;

/** Money of nobody known here, as it came. */
export interface ThirdPartyReceipt {
  /** Account of ours it came to, and the sender's. */
  readonly account: string;
  readonly from: string;
  readonly name: string;
  readonly paise: number;
  readonly reference: string;
  /** Paise that have gone back, and how often it was tried to an end. */
  readonly sent?: number;
  readonly tries?: number;
}

/** Receipts in suspense by the bank's reference. */
export const thirdPartyOf = (root: RootDatabase): Database<ThirdPartyReceipt, string> =>
  root.openDB({ name: 'third-party-receipts', encoding: 'msgpack' });
const cursorOf = (root: RootDatabase): Database<number, string> => root.openDB({ name: 'receipt-cursors', encoding: 'msgpack' });
const chequesOf = (root: RootDatabase): Database<Cheque, string> => root.openDB({ name: 'uncleared-receipts', encoding: 'msgpack' });

/** Whose clock and whose books. `now` in microseconds since 1970. */
export interface MoneyScope {
  readonly root: RootDatabase;
  readonly now: () => number;
}

/** Takes in what has come to `account` since the last time. */
export async function takeReceipts(parts: FundsParts, scope: MoneyScope, account: string): Promise<Receipts> {
  const { root } = scope;
  const bank = parts.port('bank');
  const uncleared = (await unclearedAt(bank)).filter(({ to }) => to === account);
  const { lines } = await statementOf(bank, account, cursorOf(root).get(account) ?? 0);
  const found: Receipts = { credited: 0, suspense: 0, uncleared: 0, returned: 0 };
  for (const line of lines) takeLine(parts, scope, account, line, found);
  const cleared = new Set(lines.map(({ reference }) => reference));
  for (const cheque of uncleared) if (!cleared.has(cheque.reference)) reserveCheque(parts, scope, account, cheque, found);
  giveBackBounced(parts, scope, account, new Set(uncleared.map(({ reference }) => reference)), found);
  return found;
}

/** What every booking of a moment carries. */
export interface Head {
  readonly businessDate: number;
  readonly at: number;
  readonly narration: string;
}

/** Head of a booking that happens now. */
export const headOf = (parts: FundsParts, { root, now }: MoneyScope, narration: string): Head => ({
  businessDate: bookingDate(parts, root, now()),
  at: Math.floor(now() / MILLIS),
  narration,
});

function takeLine(parts: FundsParts, scope: MoneyScope, account: string, line: StatementLine, found: Receipts): void {
  const { root, now } = scope;
  const head = headOf(parts, scope, `receipt ${line.reference}`);
  const isReceipt = line.key === '' && line.paise > 0;
  const client = isReceipt ? new ClientBanks(root).owner(line.counter) : undefined;
  const key = receiptReference(account, line.reference);
  booksOf(root).transact((books) => {
    if (isReceipt && client !== undefined) {
      settleReceipt(books, root, { ...head, key }, { account, client, line });
      noteCredit(root, { key: `money/${key}`, client, amount: line.paise });
      found.credited += line.paise;
    } else if (isReceipt) {
      books.post({ ...head, key, kind: 'RECEIPT', transfers: [{ debit: account, credit: 'SUSPENSE', amount: line.paise }] });
      const text = `${line.paise} paise from ${line.name} ${line.counter}, registered for nobody: to be sent back`;
      const date = dateText(head.businessDate);
      new MoneyBreaks(root).raise({ kind: 'thirdParty', about: key, instance: 'receipts', date, ours: 0, theirs: line.paise, text }, now());
      const { reference, counter: from, name, paise } = line;
      thirdPartyOf(root).putSync(reference, { account, from, name, paise, reference });
      found.suspense += paise;
    }
    cursorOf(root).putSync(account, line.line);
  });
}

interface Receipt {
  readonly account: string;
  readonly client: string;
  readonly line: StatementLine;
}

/** A cheque that was reserved is settled; everything else is posted. */
function settleReceipt(books: Books, root: RootDatabase, head: Head & { readonly key: string }, { account, client, line }: Receipt): void {
  const cheque = chequesOf(root).get(line.reference);
  const transfers = [{ debit: account, credit: clientAccount(client), amount: line.paise }];
  if (cheque === undefined) books.post({ ...head, kind: 'RECEIPT', transfers });
  else if (cheque.paise === line.paise && cheque.client === client) books.settle({ ...head, key: `${head.key} settled`, pending: cheque.pending });
  else {
    books.void({ ...head, key: `${head.key} voided`, pending: cheque.pending });
    books.post({ ...head, kind: 'RECEIPT', transfers });
  }
  chequesOf(root).removeSync(line.reference);
}

function reserveCheque(parts: FundsParts, scope: MoneyScope, account: string, cheque: UnclearedCredit, found: Receipts): void {
  const { root } = scope;
  const client = new ClientBanks(root).owner(cheque.from);
  if (client === undefined || chequesOf(root).get(cheque.reference) !== undefined) return;
  const head = headOf(parts, scope, `cheque ${cheque.reference}, not cleared`);
  booksOf(root).transact((books) => {
    const key = `${receiptReference(account, cheque.reference)} pending`;
    const transfers = [{ debit: account, credit: clientAccount(client), amount: cheque.paise }];
    const outcome = books.pend({ ...head, key, kind: 'RECEIPT', transfers, expiresAt: head.at + RESERVED_MILLIS });
    if (outcome.status === 'refused') return;
    chequesOf(root).putSync(cheque.reference, { client, paise: cheque.paise, pending: outcome.sequence });
    found.uncleared += cheque.paise;
  });
}

/** Cheques that are neither on their way nor in the statement came back. */
function giveBackBounced(parts: FundsParts, scope: MoneyScope, account: string, onTheWay: ReadonlySet<string>, found: Receipts): void {
  const { root, now } = scope;
  for (const { key: reference, value } of [...chequesOf(root).getRange({})]) {
    if (onTheWay.has(reference)) continue;
    const head = headOf(parts, scope, `cheque ${reference} came back`);
    booksOf(root).transact((books) => {
      books.void({ ...head, key: `${receiptReference(account, reference)} voided`, pending: value.pending });
      chequesOf(root).removeSync(reference);
      const text = `cheque ${reference} of ${value.client} over ${value.paise} paise came back unpaid`;
      const date = dateText(head.businessDate);
      new MoneyBreaks(root).raise({ kind: 'uncleared', about: reference, instance: 'receipts', date, ours: value.paise, theirs: 0, text }, now());
    });
    found.returned += value.paise;
  }
}

const dateText = (day: number): string => `${day}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
