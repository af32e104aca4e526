// `tarazu-batch ledger post|settle|void|reverse|expire|statement|trial-balance|close|verify --data DIR ...`: the books from the command line. Amounts
// are rupees on the way in and out; keys make every booking command safe to repeat.
import { parseArgs } from 'node:util';
import { businessDate, dateText, paise, paiseText } from '../../engine/index.ts';
import { FileError } from '../files/file-error.ts';
import { readJson } from '../files/read-json.ts';
import { NotClosable } from '../ledger/close.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger, openLedgerToRead } from '../ledger/open-ledger.ts';
import type { Outcome } from '../ledger/posting.ts';
import { breakRecords, postingRecords } from '../ledger/posting-records.ts';
import { dateOption } from './date-option.ts';

const OPTIONS = {
  data: { type: 'string' },
  file: { type: 'string' },
  account: { type: 'string' },
  after: { type: 'string' },
  limit: { type: 'string' },
  date: { type: 'string' },
  breaks: { type: 'string' },
  key: { type: 'string' },
  entry: { type: 'string' },
  why: { type: 'string' },
  by: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** A missing or unfit option: exit code 2. */
class Usage extends Error {}

interface Action {
  readonly writes: boolean;
  readonly needs: readonly (keyof Values)[];
  readonly run: (ledger: Ledger, values: Values) => Promise<number> | number;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  post: { writes: true, needs: ['file'], run: post },
  settle: { writes: true, needs: ['entry', 'key', 'date'], run: (ledger, values) => follow(ledger, values, 'settle') },
  void: { writes: true, needs: ['entry', 'key', 'date', 'why'], run: (ledger, values) => follow(ledger, values, 'void') },
  reverse: { writes: true, needs: ['entry', 'key', 'date', 'why'], run: (ledger, values) => follow(ledger, values, 'reverse') },
  expire: { writes: true, needs: ['date'], run: expire },
  close: { writes: true, needs: ['date'], run: close },
  statement: { writes: false, needs: ['account'], run: statement },
  'trial-balance': { writes: false, needs: [], run: trialBalance },
  verify: { writes: false, needs: [], run: verify },
};

/** Runs one action on the books of --data. */
export async function run(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  const usage = (reason: string): number => {
    process.stderr.write(`tarazu-batch ledger: ${reason}\n`);
    return 2;
  };
  if (action === undefined) return usage(`say what: ${Object.keys(ACTIONS).join(', ')}`);
  const { values } = parseArgs({ args: rest, options: OPTIONS });
  const missing = (['data', ...action.needs] as const).filter((option) => values[option] === undefined);
  if (missing.length > 0) return usage(`${name} needs ${missing.map((option) => `--${option}`).join(' and ')}`);
  const { ledger, close: end } = action.writes ? await openLedger(values.data ?? '') : openLedgerToRead(values.data ?? '');
  try {
    return await action.run(ledger, values);
  } catch (error) {
    if (error instanceof Usage) return usage(error.message);
    throw error;
  } finally {
    await end();
  }
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const rupees = (amount: number): string => paiseText(paise(amount));
const day = (values: Values): number => dateOption(values.date ?? '');

function wholeNumber(values: Values, option: 'entry' | 'after' | 'limit', absent: number): number {
  const text = values[option];
  if (text === undefined) return absent;
  if (!/^\d{1,15}$/.test(text)) throw new Usage(`--${option} ${text} is not a whole number`);
  return Number(text);
}

function outcomeText(outcome: Outcome): string {
  const again = outcome.repeated ? ' (as before)' : '';
  return outcome.status === 'done' ? `entry ${outcome.sequence}${again}` : `refused, ${outcome.reason}: ${outcome.detail}${again}`;
}

/** Books all postings of a file in one transaction; exit code 1 when any was refused (the others stand). */
async function post(ledger: Ledger, values: Values): Promise<number> {
  const file = values.file ?? '';
  const requests = postingRecords(await readJson(file), file, Date.now());
  const outcomes = ledger.transact((books) => requests.map((request) => ('expiresAt' in request ? books.pend(request) : books.post(request))));
  if (values.json) say(JSON.stringify(outcomes.map((outcome, index) => ({ key: requests[index]?.key, ...outcome }))));
  else for (const [index, outcome] of outcomes.entries()) say(`${requests[index]?.key}: ${outcomeText(outcome)}`);
  return outcomes.every((outcome) => outcome.status === 'done') ? 0 : 1;
}

function follow(ledger: Ledger, values: Values, operation: 'settle' | 'void' | 'reverse'): number {
  const entry = wholeNumber(values, 'entry', 0);
  const head = { key: values.key ?? '', businessDate: day(values), narration: values.why ?? '', at: Date.now(), approvals: values.by ?? [] };
  const outcome = ledger.transact((books) =>
    operation === 'reverse' ? books.reverse({ ...head, entry }) : books[operation]({ ...head, pending: entry }),
  );
  say(values.json ? JSON.stringify(outcome) : outcomeText(outcome));
  return outcome.status === 'done' ? 0 : 1;
}

function expire(ledger: Ledger, values: Values): number {
  const expired = ledger.transact((books) => books.expire(Date.now(), day(values)));
  say(values.json ? JSON.stringify({ expired }) : `${expired} pending entries expired`);
  return 0;
}

async function close(ledger: Ledger, values: Values): Promise<number> {
  const breaks = values.breaks === undefined ? [] : breakRecords(await readJson(values.breaks), values.breaks);
  try {
    const record = ledger.close({ date: day(values), at: Date.now(), breaks });
    say(
      values.json
        ? JSON.stringify(record)
        : `${dateText(businessDate(record.date))} closed at entry ${record.sequence}, ${record.accounts} accounts, root ${record.root}`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof NotClosable)) throw error;
    if (values.json) say(JSON.stringify({ open: error.open.map(({ account, amount }) => ({ account, amount: rupees(amount) })) }));
    else for (const { account, amount } of error.open) say(`${account.padEnd(40)} ${rupees(amount).padStart(18)}`);
    process.stderr.write(
      'tarazu-batch ledger: the day does not close: bring these to zero, or explain each in --breaks FILE.json, raised and approved by two\n',
    );
    return 1;
  }
}

function statement(ledger: Ledger, values: Values): number {
  const account = values.account ?? '';
  const page = ledger.statement(account, wholeNumber(values, 'after', 0), wholeNumber(values, 'limit', 100));
  if (page === undefined) throw new FileError(values.data ?? '', '', `nothing was ever booked on ${account}`);
  if (values.json) {
    const lines = page.lines.map((line) => ({ ...line, amount: rupees(line.amount), balance: rupees(line.balance) }));
    say(JSON.stringify({ ...page, balance: rupees(page.balance), available: rupees(page.available), lines }));
    return 0;
  }
  say(`${account}, ${page.title}: balance ${rupees(page.balance)}, available ${rupees(page.available)}`);
  for (const { line, businessDate: date, kind, narration, amount, balance, entry } of page.lines)
    say(
      `${String(line).padStart(6)}  ${dateText(businessDate(date))}  ${kind.padEnd(14)} ${rupees(amount).padStart(16)} ${rupees(balance).padStart(16)}  entry ${entry}  ${narration}`,
    );
  if (page.next !== undefined) say(`more: --after ${page.next}`);
  return 0;
}

function trialBalance(ledger: Ledger, values: Values): number {
  const { lines, root, sum } = ledger.trialBalance();
  if (values.json) {
    const amounts = lines.map((line) => ({
      ...line,
      debit: rupees(line.debit),
      credit: rupees(line.credit),
      pendingDebit: rupees(line.pendingDebit),
      pendingCredit: rupees(line.pendingCredit),
    }));
    say(JSON.stringify({ root, sum: rupees(Number(sum)), lines: amounts }));
    return 0;
  }
  const width = Math.max(12, ...lines.map((line) => line.account.length));
  for (const { account, debit, credit, title } of lines)
    say(`${account.padEnd(width)} ${(debit === 0 ? '' : rupees(debit)).padStart(18)} ${(credit === 0 ? '' : rupees(credit)).padStart(18)}  ${title}`);
  say(`${'sum'.padEnd(width)} ${rupees(Number(sum)).padStart(18)} ${rupees(Number(sum)).padStart(18)}\nroot ${root}`);
  return 0;
}

function verify(ledger: Ledger, values: Values): number {
  const report = ledger.verify();
  if (values.json) say(JSON.stringify(report));
  else {
    for (const finding of report.findings) say(finding);
    say(
      `${report.entries} entries, ${report.commits} commits, ${report.accounts} accounts: ${report.findings.length === 0 ? 'the books are whole' : 'DAMAGED'}`,
    );
  }
  return report.findings.length === 0 ? 0 : 1;
}
