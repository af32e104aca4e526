// Statements out of the books: client ledger, cash margin, obligations. What one entry booked on the account with the same words is one line (the
// charges of a note); nothing else is summed that the ledger does not hold.
import { clientAccount, clientMarginAccount } from '../../ledger/account-chart.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { StatementLine } from '../../ledger/statement.ts';
import { dayText } from '../figures.ts';
import type { Cell, StatementSheet, StatementSubject } from './statement-sheet.ts';

const PAGE = 1000;
/** What settles through a clearing corporation. */
const OBLIGATIONS: ReadonlySet<string> = new Set(['TRADE', 'MTM', 'PREMIUM', 'AUCTION']);

const dashed = (date: number): string => dayText(`${String(date).slice(0, 4)}-${String(date).slice(4, 6)}-${String(date).slice(6)}`);
const numberOf = (date: string): number => Number(date.replaceAll('-', ''));

const SEGMENT_WORDS: Readonly<Record<string, string>> = {
  CM: 'equity',
  FO: 'equity derivatives',
  CD: 'currency derivatives',
  COM: 'commodity derivatives',
};

/** Words of an entry as a client reads them: a note of charges by its day and segment, not by the name it has in the books. */
function wordsOf(narration: string): string {
  const [, segment = '', year, month, day] = /^charges of note (\w+)\/(\d{4})(\d{2})(\d{2})\/\S+$/.exec(narration) ?? [];
  const words = SEGMENT_WORDS[segment];
  return words === undefined ? narration : `brokerage, taxes and levies of the contract note of ${day}-${month}-${year}, ${words}`;
}

/** Clearing corporation and settlement number of the account a settlement is booked on; other accounts as they are. */
const settlementOf = (account: string): string => account.replace(/^CLEARING\/([^-]+)-([^@]+)@\d+$/, '$1 $2');

/** Lines of an account by business date, and the balance before them. Paise. */
function period(
  ledger: Ledger,
  account: string,
  { from, to }: StatementSubject,
): { readonly opening: number; readonly lines: readonly StatementLine[] } {
  const [first, last] = [numberOf(from), numberOf(to)];
  const lines: StatementLine[] = [];
  let opening = 0;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = ledger.statement(account, after, PAGE);
    if (page === undefined) break;
    for (const line of page.lines) {
      if (line.businessDate < first) opening += line.amount;
      else if (line.businessDate <= last) lines.push(line);
    }
    after = page.next;
  }
  return { opening, lines };
}

/** The client's ledger, line by line with the balance after each; above zero is the client's credit. */
export function ledgerSheet(ledger: Ledger, subject: StatementSubject): StatementSheet {
  return accountSheet(ledger, subject, { account: clientAccount(subject.contact.code), title: 'Statement of account' });
}

/** Cash held as margin. */
export function marginSheet(ledger: Ledger, subject: StatementSubject): StatementSheet {
  const sheet = accountSheet(ledger, subject, { account: clientMarginAccount(subject.contact.code), title: 'Statement of cash margin' });
  return {
    ...sheet,
    remarks: [
      ...sheet.remarks,
      'Cash only: the margin that positions required and pledged securities are not in the ledger and not on this statement.',
    ],
  };
}

type EntryLine = Pick<StatementLine, 'entry' | 'businessDate' | 'valueDate' | 'narration' | 'kind'> & { amount: number };

/** Lines that follow each other in one entry, of one value date and with the same words, as one. */
function byEntry(lines: readonly StatementLine[]): EntryLine[] {
  const found: EntryLine[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last?.entry === line.entry && last.narration === line.narration && last.valueDate === line.valueDate) last.amount += line.amount;
    else found.push({ ...line });
  }
  return found;
}

function accountSheet(ledger: Ledger, subject: StatementSubject, { account, title }: { account: string; title: string }): StatementSheet {
  const { opening, lines } = period(ledger, account, subject);
  let balance = opening;
  const rows: { cells: Cell[]; bold?: boolean }[] = [{ cells: ['', '', '', 'Opening balance', '', '', { paise: opening }], bold: true }];
  for (const { entry, businessDate, valueDate, narration, kind, amount } of byEntry(lines)) {
    balance += amount;
    const [debit, credit]: [Cell, Cell] = amount < 0 ? [{ paise: -amount }, ''] : ['', { paise: amount }];
    rows.push({
      cells: [
        dashed(businessDate),
        dashed(valueDate),
        String(entry),
        narration === '' ? kind : wordsOf(narration),
        debit,
        credit,
        { paise: balance },
      ],
    });
  }
  rows.push({ cells: ['', '', '', 'Closing balance', '', '', { paise: balance }], bold: true });
  return {
    title,
    columns: [
      { title: 'Date', width: 54 },
      { title: 'Value date', width: 54 },
      { title: 'Entry', width: 44 },
      { title: 'Particulars', width: 171, wraps: true },
      { title: 'Debit (Rs)', width: 68, isAmount: true },
      { title: 'Credit (Rs)', width: 68, isAmount: true },
      { title: 'Balance (Rs)', width: 76, isAmount: true },
    ],
    rows,
    remarks: [
      'A balance in brackets is owed by you. Lines are in the order they were booked, one for each entry of our books; what a note charges is itemised on the note.',
    ],
  };
}

/** What settled, or is to settle, through clearing corporations, net per settlement and kind as it was booked. */
export function obligationSheet(ledger: Ledger, subject: StatementSubject): StatementSheet {
  const { lines } = period(ledger, clientAccount(subject.contact.code), subject);
  const booked = lines.filter(({ kind }) => OBLIGATIONS.has(kind));
  const total = booked.reduce((sum, { amount }) => sum + amount, 0);
  return {
    title: 'Statement of obligations',
    columns: [
      { title: 'Date', width: 60 },
      { title: 'Pay-in / pay-out', width: 70 },
      { title: 'Settlement', width: 100 },
      { title: 'Particulars', width: 215, wraps: true },
      { title: 'Payable in brackets (Rs)', width: 90, isAmount: true },
    ],
    rows: [
      ...booked.map(({ businessDate, valueDate, counter, narration, amount }) => ({
        cells: [dashed(businessDate), dashed(valueDate), settlementOf(counter), wordsOf(narration), { paise: amount }],
      })),
      { cells: ['', '', '', 'Net', { paise: total }], bold: true },
    ],
    remarks: ['Trades, mark to market, premium and auctions; charges are on the contract notes and in the statement of account.'],
  };
}
