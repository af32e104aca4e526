// The books from the command line, as operations use them: post a file, look, settle, close, verify; and what is said when something is wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLedger } from '../../batch/ledger/open-ledger.ts';
import { NightStore } from '../../batch/runner/index.ts';
import { runCommand, type Said } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-books-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ledger = (action: string, ...args: string[]): Promise<Said> => runCommand('ledger', action, '--data', folder, ...args);

function file(value: unknown): string {
  const path = join(folder, `f${Math.random()}.json`);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

const receipt = {
  key: 'UTR1',
  kind: 'RECEIPT',
  businessDate: '2026-11-20',
  narration: 'NEFT UTR1',
  transfers: [{ debit: 'USCNBA/HDFC', credit: 'CLIENT/C1', amount: 1_000.5 }],
};
const suspense = { ...receipt, key: 'UTR2', transfers: [{ debit: 'USCNBA/HDFC', credit: 'SUSPENSE', amount: '70' }] };
const withdrawal = {
  ...receipt,
  key: 'W1',
  kind: 'WITHDRAWAL',
  expires: '2099-11-20T18:30:00+05:30',
  transfers: [{ debit: 'CLIENT/C1', credit: 'USCNBA/HDFC', amount: 400 }],
};

beforeAll(async () => {
  expect((await ledger('statement', '--account', 'CLIENT/C1')).err).toContain('there are no books here');
  expect(await ledger('post', '--file', file([receipt, suspense, withdrawal]))).toMatchObject({
    code: 0,
    out: 'UTR1: entry 1\nUTR2: entry 2\nW1: entry 3\n',
  });
});

it('says that a night which has booked nothing yet has no books', async () => {
  const data = join(folder, 'young');
  await new NightStore(join(data, 'night', 'state')).close();
  const ended = await runCommand('ledger', 'trial-balance', '--data', data);
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('there are no books here; tarazu-batch ledger post begins them') });
});

it('posts once, shows a running balance, settles, closes with an approved break and verifies', async () => {
  const tooMuch = { ...withdrawal, key: 'W2', transfers: [{ debit: 'CLIENT/C1', credit: 'USCNBA/HDFC', amount: 700 }] };
  const again = await ledger('post', '--file', file([receipt, tooMuch]));
  expect(again.code).toBe(1);
  expect(again.out).toBe('UTR1: entry 1 (as before)\nW2: refused, insufficientFunds: CLIENT/C1 has Rs 600.50 available, Rs 700.00 are asked\n');
  const page = JSON.parse((await ledger('statement', '--account', 'CLIENT/C1', '--json')).out);
  expect(page).toMatchObject({ balance: '1000.50', available: '600.50', lines: [{ amount: '1000.50', balance: '1000.50', narration: 'NEFT UTR1' }] });
  expect((await ledger('settle', '--entry', '3', '--key', 'W1 paid', '--date', '2026-11-20')).out).toBe('entry 4\n');
  expect((await ledger('void', '--entry', '3', '--key', 'W1 not paid', '--date', '2026-11-20', '--why', 'twice')).out).toContain(
    'refused, alreadySettled',
  );

  const open = await ledger('close', '--date', '2026-11-20');
  expect(open.code).toBe(1);
  expect(open.out).toMatch(/^SUSPENSE +70\.00\n$/);
  const approved = [{ account: 'SUSPENSE', amount: 70, reason: 'payer named by the bank on Monday', raisedBy: 'mira', approvedBy: 'dev' }];
  const closed = JSON.parse((await ledger('close', '--date', '2026-11-20', '--breaks', file(approved), '--json')).out);
  expect(closed.root).toBe(JSON.parse((await ledger('trial-balance', '--json')).out).root);
  expect((await ledger('post', '--file', file([{ ...receipt, key: 'late' }]))).err).toContain('late: business date 20261120 is closed');
  expect(await ledger('verify')).toMatchObject({ code: 0, out: '4 entries, 3 commits, 3 accounts: the books are whole\n' });
});

it.each([
  ['an action that is none', ['balance'], 2, 'say what: post, settle'],
  ['a missing option', ['close'], 2, 'close needs --date'],
  ['a number that is none', ['statement', '--account', 'CLIENT/C1', '--after', 'x'], 2, '--after x is not a whole number'],
  ['an account never booked on', ['statement', '--account', 'CLIENT/C9'], 1, 'nothing was ever booked on CLIENT/C9'],
])('refuses %s', async (_name, [action = '', ...args], code, message) => {
  const said = await ledger(action, ...args);
  expect(said.code).toBe(code);
  expect(said.err).toContain(message);
});

it.each([
  [
    'an amount in fractions of a paisa',
    { ...receipt, key: 'x', transfers: [{ debit: 'USCNBA/HDFC', credit: 'CLIENT/C1', amount: 0.001 }] },
    'posting 2: transfers[0].amount: 0.001 is not an amount',
  ],
  ['a day that is none', { ...receipt, key: 'x', businessDate: '20-11-2026' }, 'posting 2: businessDate: "20-11-2026" is not a day'],
  ['an unknown field', { ...receipt, key: 'x', amount: 5 }, 'posting 2: amount: unknown field'],
  [
    'an account out of the chart',
    { ...receipt, key: 'x', businessDate: '2026-11-23', transfers: [{ debit: 'CASH', credit: 'CLIENT/C1', amount: 5 }] },
    'x: transfer 1: debit CASH is not in the chart',
  ],
])('books nothing of a file with %s', async (_name, bad, message) => {
  const fine = { ...receipt, key: `fine beside ${message}`, businessDate: '2026-11-23' };
  const said = await ledger('post', '--file', file([fine, bad]));
  expect(said).toMatchObject({ code: 1, out: '' });
  expect(said.err).toContain(message);
  expect((await ledger('verify')).out).toMatch(/^4 entries/);
});

it('says who has the books while another process writes them', async () => {
  const { close } = await openLedger(folder);
  try {
    expect((await ledger('post', '--file', file([receipt]))).err).toContain('is in use by');
    expect((await ledger('verify')).code).toBe(0);
  } finally {
    await close();
  }
});

it('finds a byte that was changed in the journal', async () => {
  const { root, close } = await openLedger(folder);
  const blocks = root.openDB<Buffer, number>({ name: 'ledger-blocks', encoding: 'binary' });
  const bytes = Buffer.from(blocks.get(1) as Buffer);
  bytes[bytes.indexOf('NEFT UTR1') + 5] = 'V'.charCodeAt(0);
  root.transactionSync(() => {
    blocks.put(1, bytes);
  });
  await close();
  const said = await ledger('verify');
  expect(said.code).toBe(1);
  expect(said.out).toContain('commit 1 (entries 1 to 3) was changed: its hash does not fit');
});
