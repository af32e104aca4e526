// Client money of the day: what may come in, what may go out, and that each rupee does so once. Bank and clearing corporation are the sandbox's, in
// the same process.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { clearLedger } from '../../../batch/nodes/settlement/funds-clear-ledger.ts';
import { ClientBanks } from '../../../batch/nodes/settlement/funds-client-banks.ts';
import type { AskedScope } from '../../../batch/nodes/settlement/funds-once.ts';
import type { FundsParts } from '../../../batch/nodes/settlement/funds-ports.ts';
import { type Receipts, takeReceipts } from '../../../batch/nodes/settlement/funds-receipts.ts';
import { identify, sendBack } from '../../../batch/nodes/settlement/funds-suspense.ts';
import { type Withdrawal, withdraw } from '../../../batch/nodes/settlement/funds-withdrawals.ts';
import { ReceiptsClock } from '../../../batch/nodes/settlement/receipts-clock.ts';
import { BANK, FundsWorld, Outside, PLACES, SMALL } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';

const HDFC = 'HDFC0000060-50100012345678';
const ICIC = 'ICIC0000104-000401234567';
const STRANGER = 'SBIN0001234-20012345678';
const HOUR = 3600e6;

let world: FundsWorld;
let outside: Outside;
let parts: FundsParts;
let scope: AskedScope;
let banks: ClientBanks;
afterEach(() => world.end());

/** A house whose clients have money and no obligations; C0001's account is registered. */
function begin(): void {
  const script = { ...SMALL, obligations: [], taxes: 0, house: {} };
  outside = new Outside(script);
  const ports = {
    bank: new InProcessPort('bank', outside.books, outside.faults),
    clearing: new InProcessPort('clearing', outside.books, outside.faults),
  };
  world = new FundsWorld(script, { port: (target) => ports[target] });
  const { directory } = world;
  parts = { dataDirectory: directory, files: new NightFiles(directory), calendar: new BusinessCalendar(), port: (target) => ports[target] };
  scope = { store: world.runner.parts.store, now: () => world.now };
  banks = new ClientBanks(scope.store.root);
  banks.register({ client: 'C0001', account: HDFC, by: 'asha' }, world.now, 24);
}

const send = (from: string, paise: number, reference: string, isUncleared = false): void =>
  outside.books.money.bank.receive({ to: BANK, from, name: 'A SENDER', paise, reference, isUncleared });
const take = (): Promise<Receipts> => takeReceipts(parts, { root: scope.store.root, now: scope.now }, BANK);
const out = (id: string, amount: number, account = HDFC, client = 'C0001'): Promise<Withdrawal> =>
  withdraw(parts, scope, { id, client, amount, account });
const client = (code = 'C0001'): number => world.ledger.account(`CLIENT/${code}`)?.balance ?? 0;

function expectTied(): void {
  expect(world.balances(PLACES)).toEqual(outside.places);
  expect(world.ledger.head.totals.pending).toBe(0);
}

describe('money that comes in', () => {
  it('from a registered account is the client’s, once', async () => {
    begin();
    send(HDFC, 50_000_00, 'UPI1');
    expect(await take()).toMatchObject({ credited: 50_000_00, suspense: 0 });
    expect(await take()).toMatchObject({ credited: 0 });
    send(HDFC, 50_000_00, 'UPI1');
    expect(await take()).toMatchObject({ credited: 0 });
    expect(client()).toBe(30_000_000 + 50_000_00);
    expectTied();
  });

  it('from any other account is kept apart, owned by the client desk, and goes back', async () => {
    begin();
    send(STRANGER, 7_500_00, 'NEFT9');
    expect(await take()).toMatchObject({ credited: 0, suspense: 7_500_00 });
    expect(world.balances(/SUSPENSE/)).toEqual({ SUSPENSE: 7_500_00 });
    expect(world.breaks.all()).toMatchObject([{ kind: 'thirdParty', owner: 'client desk', state: 'open' }]);
    await sendBack(parts, scope, 'NEFT9');
    await sendBack(parts, scope, 'NEFT9');
    expect(world.balances(/SUSPENSE/)).toEqual({});
    expect(
      outside.books.money.bank
        .statement(BANK)
        .filter(({ counter }) => counter === STRANGER)
        .map(({ paise }) => paise),
    ).toEqual([7_500_00, -7_500_00]);
    expectTied();
  });

  it('becomes a client’s when its account is registered for that client, and nobody else’s', async () => {
    begin();
    send(STRANGER, 1_00, 'NEFT9');
    await take();
    await expect(identify(parts, scope, 'NEFT9', 'C0001')).rejects.toThrow('not registered for C0001');
    banks.register({ client: 'C0002', account: STRANGER, by: 'asha' }, world.now, 24);
    await expect(identify(parts, scope, 'NEFT9', 'C0001')).rejects.toThrow('not registered for C0001');
    await identify(parts, scope, 'NEFT9', 'C0002');
    expect(client('C0002')).toBe(10_000_000 + 1_00);
  });

  it('by cheque counts when it has cleared, and not at all when it comes back', async () => {
    begin();
    send(HDFC, 20_000_00, 'CHQ1', true);
    send(HDFC, 30_000_00, 'CHQ2', true);
    expect(await take()).toMatchObject({ credited: 0, uncleared: 50_000_00 });
    expect([client(), clearLedger(world.ledger, 'CLIENT/C0001', 20261119), world.ledger.head.totals.pending]).toEqual([
      30_000_000, 30_000_000, 50_000_00,
    ]);
    outside.books.money.bank.clear('CHQ1', true);
    outside.books.money.bank.clear('CHQ2', false);
    expect(await take()).toMatchObject({ credited: 20_000_00, returned: 30_000_00 });
    expect(client()).toBe(30_000_000 + 20_000_00);
    expect(world.breaks.all()).toMatchObject([{ kind: 'uncleared', owner: 'client desk', ours: 30_000_00 }]);
    expectTied();
  });
});

describe('money that comes in while the night is served', () => {
  it('is taken in every five minutes, one look at a time; a bank that is down is said once and asked again', async () => {
    begin();
    writeFileSync(join(world.directory, 'token'), 'token');
    const files = { primary: { kind: 'directory', path: world.directory } };
    const bank = { base: 'http://127.0.0.1:9', path: '/bank/instructions', tokenFile: join(world.directory, 'token'), timeoutSeconds: 1 };
    const ports = { exchange: files, clearing: files, depository: files, calls: { bank } };
    writeFileSync(join(world.directory, 'ports.json'), JSON.stringify(ports));
    const said: string[] = [];
    const clock = new ReceiptsClock(parts, { root: scope.store.root, now: scope.now }, (line) => said.push(line));
    send(HDFC, 1_00, 'UPI1');
    await Promise.all([clock.look(), clock.look()]);
    send(HDFC, 2_00, 'UPI2');
    world.now += 4 * 60e6;
    await clock.look();
    expect(client()).toBe(30_000_000 + 1_00);
    world.now += 60e6;
    await clock.look();
    expect(client()).toBe(30_000_000 + 3_00);
    outside.faults.switchOn('bank-down');
    send(HDFC, 4_00, 'UPI3');
    for (let look = 0; look < 3; look++) {
      world.now += 300e6;
      await clock.look();
    }
    outside.faults.switchOff('bank-down');
    world.now += 300e6;
    await clock.look();
    expect(client()).toBe(30_000_000 + 7_00);
    expect(said).toEqual([
      'receipts: 100 paise credited to clients, 0 in suspense, 0 not cleared, 0 came back',
      'receipts: 200 paise credited to clients, 0 in suspense, 0 not cleared, 0 came back',
      'receipts: bank: down; asked again at the next look',
      'receipts: 400 paise credited to clients, 0 in suspense, 0 not cleared, 0 came back',
    ]);
  });

  it('goes up with the rest of the day, whenever it was last looked for', async () => {
    begin();
    send(HDFC, 5_000_00, 'UPI1');
    await world.evening();
    expect(world.outputs('SET-UPSTREAM')).toMatchObject({ upstreamed: 45_000_000 + 5_000_00, kept: 0 });
  });
});

describe('money that goes out', () => {
  it.each(['', 'timeout-after-success-1', 'timeout-before-1', 'server-error-1', 'duplicate-answer-1', 'undecided-1'])(
    'is paid once to the registered account (%s)',
    async (fault) => {
      begin();
      if (fault !== '') outside.faults.switchOn(fault);
      let found: Withdrawal | undefined;
      for (let attempt = 0; attempt < 5 && found === undefined; attempt++) found = await out('W1', 10_000_00).catch(() => undefined);
      expect(found?.state).toBe('paid');
      expect(await out('W1', 10_000_00)).toEqual(found);
      expect(client()).toBe(30_000_000 - 10_000_00);
      expect(
        outside.books.money.bank
          .statement(BANK)
          .filter(({ counter }) => counter === HDFC)
          .map(({ paise }) => paise),
      ).toEqual([-10_000_00]);
      expectTied();
    },
  );

  it('comes down from the clearing corporation first when it lies there', async () => {
    begin();
    await world.evening();
    expect(world.ledger.account(BANK)?.balance).toBe(0);
    expect(await out('W1', 10_000_00)).toMatchObject({ state: 'paid', from: 'DSCNBA/HDFC' });
    expect(outside.books.money.clearing.acknowledgements.at(-1)).toMatchObject({ kind: 'release', reason: 'WITHDRAWAL', paise: 10_000_00 });
    expectTied();
  });

  it.each<[why: string, client: string, amount: number, account: string, error: string]>([
    ['an account nobody registered', 'C0001', 1_00, STRANGER, 'is not registered for C0001'],
    ['an account of somebody else', 'C0002', 1_00, HDFC, 'is not registered for C0002'],
    ['more than the clear ledger', 'C0001', 30_000_001, HDFC, 'has a clear ledger of 30000000 paise'],
    ['nothing', 'C0001', 0, HDFC, 'is not an amount'],
  ])('is refused for %s', async (_why, code, amount, account, error) => {
    begin();
    await expect(out('W1', amount, account, code)).rejects.toThrow(error);
    expect([world.ledger.head.totals.pending, outside.books.of('bank').length]).toEqual([0, 0]);
  });

  it('waits for the cool-off of an account that replaced another, to the second', async () => {
    begin();
    banks.register({ client: 'C0001', account: ICIC, by: 'asha' }, world.now, 24);
    const from = world.now;
    world.now = from + 24 * HOUR - 1e6;
    await expect(out('W1', 1_00, ICIC)).rejects.toThrow('was registered too recently');
    expect((await out('W2', 1_00)).state).toBe('paid');
    world.now = from + 24 * HOUR;
    expect((await out('W1', 1_00, ICIC)).state).toBe('paid');
  });

  it('leaves sale proceeds alone until their settlement day', async () => {
    begin();
    const sale = { debit: 'CLEARING/NCL-M2026223@20261120', credit: 'CLIENT/C0002', amount: 4_000_00 };
    const head = { businessDate: 20261119, valueDate: 20261120, at: 1, narration: 'sale', key: 'sale', kind: 'TRADE' };
    world.ledger.transact((books) => books.post({ ...head, transfers: [sale] }));
    expect([clearLedger(world.ledger, 'CLIENT/C0002', 20261119), clearLedger(world.ledger, 'CLIENT/C0002', 20261120)]).toEqual([
      10_000_000,
      10_000_000 + 4_000_00,
    ]);
  });

  it('is given back when the bank refuses it', async () => {
    begin();
    outside.faults.switchOn('reject-1');
    expect(await out('W1', 10_000_00)).toMatchObject({ state: 'refused', reason: 'the bank refused to pay it' });
    expect(client()).toBe(30_000_000);
    expectTied();
  });

  it('a rupee short is booked as paid, the rest is the client’s again, and somebody owns the break', async () => {
    begin();
    outside.faults.switchOn('short-movement-1');
    expect(await out('W1', 10_000_00)).toMatchObject({ state: 'paid' });
    expect(client()).toBe(30_000_000 - 9_999_00);
    expect(world.breaks.all()).toMatchObject([{ kind: 'amount', owner: 'treasury', ours: 10_000_00, theirs: 9_999_00 }]);
    expectTied();
  });

  it('two at once cannot take the same money', async () => {
    begin();
    const both = await Promise.allSettled([out('W1', 20_000_000), out('W2', 20_000_000)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(client()).toBe(10_000_000);
    expectTied();
  });
});
