// The desk's day with client money, as typed: register an account, take in what came, send back what nobody knows, pay out, close the break by two
// persons with tokens.
import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nightDirectory } from '../../../batch/night/night.ts';
import { People } from '../../../batch/night/people.ts';
import { runCommand, type Said } from '../run-command.ts';
import { BANK, FundsWorld, Outside } from './funds-world.ts';

const ACCOUNT = 'HDFC0000060-50100012345678';
const SCRIPT = { obligations: [], clients: { C0001: 1_000_000_00 } };
const outside = new Outside(SCRIPT);
let data = '';
beforeAll(async () => {
  const world = new FundsWorld(SCRIPT);
  data = world.directory;
  await outside.serve(data);
  await world.close();
  mkdirSync(nightDirectory(data), { recursive: true });
});
afterAll(async () => {
  await outside.close();
  rmSync(data, { recursive: true, force: true });
});

const money = (words: string): Promise<Said> => runCommand('money', ...words.split(' '), '--data', data, '--at', '2026-11-19T16:00:00+05:30');

it('is done line by line, and says what it refuses', async () => {
  expect(await money(`bank add --client C0001 --account ${ACCOUNT} --by asha`)).toMatchObject({
    code: 0,
    out: `${ACCOUNT}  in force, registered by asha\n`,
  });
  outside.books.money.bank.receive({ to: BANK, from: ACCOUNT, name: 'A', paise: 2_500_00, reference: 'UPI1' });
  outside.books.money.bank.receive({ to: BANK, from: 'SBIN0001234-20012345678', name: 'B', paise: 999_00, reference: 'NEFT7' });
  expect(await money('receipts')).toMatchObject({ code: 0, out: expect.stringContaining('2500.00 credited to clients, 999.00 in suspense') });
  expect(await money('breaks')).toMatchObject({ code: 1, out: expect.stringContaining('thirdParty.RECEIPT USCNBA/HDFC NEFT7  open, client desk') });
  expect(await money('send-back --id NEFT7')).toMatchObject({ code: 0, out: '999.00 sent back to SBIN0001234-20012345678\n' });
  expect(await money(`withdraw --id W1 --client C0001 --amount 1000.00 --account ${ACCOUNT}`)).toMatchObject({ code: 0, out: 'W1: paid\n' });
  expect(await money('withdrawals')).toMatchObject({ out: 'W1  C0001  1000.00  paid\n' });
  expect(await money(`withdraw --id W2 --client C0001 --amount 1.005 --account ${ACCOUNT}`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('--amount 1.005'),
  });
  expect(await money('withdraw --id W2')).toMatchObject({ code: 2, err: expect.stringContaining('needs --client, --amount, --account') });
  expect(await money('state')).toMatchObject({ code: 0, out: expect.stringMatching(/^USCNBA\/HDFC +1001500\.00 +1001500\.00\n$/) });
  expect(await money('nothing')).toMatchObject({ code: 2, err: expect.stringContaining('say what: bank, receipts') });
});

it('closes a break by two persons, each known by a token', async () => {
  const people = new People(nightDirectory(data));
  const [asha, binod] = [people.add('asha'), people.add('binod')];
  const close = (words: string[], token: string): Promise<Said> => runCommand('money', ...words, '--data', data, '--token', token);
  const id = 'thirdParty.RECEIPT USCNBA/HDFC NEFT7';
  expect(await close(['close', id, '--why', 'sent back'], 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('nobody’s who may act') });
  expect(await close(['close', id, '--why', 'sent back'], asha)).toMatchObject({ code: 0, out: `${id} is proposed: sent back\n` });
  expect(await close(['approve', id], asha)).toMatchObject({ code: 1, err: expect.stringContaining('another person has to approve') });
  expect(await close(['approve', id], binod)).toMatchObject({ code: 0, out: `${id} is closed: sent back\n` });
});
