// Early pay-in of funds in the day: paid once whatever bank and clearing corporation answer, the settlement's pay-in that much smaller, what was not
// owed back with the pay-out, and the day's end the same money in the same hands as without it. Paise; 1,50,000.00 are owed in M2026223.
import { afterEach, describe, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { clearLedger } from '../../../batch/nodes/settlement/funds-clear-ledger.ts';
import { type EarlyFunds, type EarlyFundsRequest, payInEarly } from '../../../batch/nodes/settlement/funds-early-pay-in.ts';
import type { AskedScope } from '../../../batch/nodes/settlement/funds-once.ts';
import type { FundsParts } from '../../../batch/nodes/settlement/funds-ports.ts';
import { istMicros } from '../../../batch/runner/index.ts';
import { dyingStore } from './dying-store.ts';
import { BANK, DATE, FundsWorld, Outside, PLACES, type Script } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';

const SETTLEMENT = 'M2026223';
const OWED = 15_000_000;
const EARLY = 4_000_000;
const SCRIPT: Script = { obligations: [`CM M 2026223 -${OWED}`], clients: { C0001: 30_000_000, C0002: 10_000_000 }, house: {} };

let world: FundsWorld;
let outside: Outside;
let parts: FundsParts;
let scope: AskedScope;
afterEach(() => world.end());

/** `known`: what the clearing corporation knows of the day's obligations while it is traded. */
function begin(script: Script = SCRIPT, known: Script['obligations'] = script.obligations): void {
  outside = new Outside({ ...script, obligations: known });
  const ports = {
    bank: new InProcessPort('bank', outside.books, outside.faults),
    clearing: new InProcessPort('clearing', outside.books, outside.faults),
  };
  world = new FundsWorld(script, { port: (target) => ports[target] });
  world.now = istMicros(DATE, 11 * 60);
  const { directory } = world;
  parts = { dataDirectory: directory, files: new NightFiles(directory), calendar: new BusinessCalendar(), port: (target) => ports[target] };
  scope = { store: world.runner.parts.store, now: () => world.now };
}

const ask = (id: string, amount = EARLY, more: Partial<EarlyFundsRequest> = {}): Promise<EarlyFunds> =>
  payInEarly(parts, scope, { id, client: 'C0002', amount, settlement: SETTLEMENT, ...more });
const clear = (client: string): number => clearLedger(world.ledger, `CLIENT/${client}`, 20261119);
const theirs = (number = SETTLEMENT): object => outside.books.money.clearing.all[`NCL-${number}`] ?? {};
const sent = (): string[] => (['bank', 'clearing'] as const).flatMap((target) => outside.books.of(target).map(({ key }) => key));

/** Evening and settlement day; three sides agree and nothing is open. */
async function lived(): Promise<void> {
  world.now = istMicros(DATE, 18 * 60 + 31);
  await world.evening();
  await world.nextDay();
  expect(world.notDone()).toEqual({});
  expect(world.balances(/^CLEARING/)).toEqual({});
  expect(world.balances(PLACES)).toEqual(outside.places);
  expect(world.breaks.all().filter(({ state }) => state === 'open')).toEqual([]);
}

describe('early pay-in of funds', () => {
  it('is paid in the day, holds the client’s ledger, and leaves the rest to the pay-in of the settlement', async () => {
    begin();
    expect(await ask('F1')).toMatchObject({ state: 'paid', paid: EARLY, reason: '' });
    expect(theirs()).toMatchObject({ paidIn: EARLY });
    expect(world.balances(/^(CLEARING|SETTLEMENT)/)).toMatchObject({ 'CLEARING/NCL-M2026223@20261120': EARLY - OWED });
    expect(clear('C0002')).toBe(10_000_000 - EARLY);
    // The same again is the same; the id stands for it alone.
    expect(await ask('F1')).toMatchObject({ state: 'paid' });
    await expect(ask('F1', EARLY + 1)).rejects.toThrow(`F1 was asked for ${EARLY} paise of C0002 in M2026223`);
    expect(sent()).toEqual(['money/F1/fill', 'money/F1/payin']);
    await lived();
    expect(world.outputs('SET-PAYIN-EXECUTE@CM')).toMatchObject({ payIn: OWED - EARLY });
    expect(theirs()).toMatchObject({ paidIn: OWED, paidOut: 0 });
    // The evening books the purchase; what held the ledger until then is gone the next day.
    expect(clear('C0002')).toBe(10_000_000);
  });

  it('that was not owed comes back with the pay-out, of a settlement that owes less and of one that owes nothing', async () => {
    begin({ ...SCRIPT, obligations: ['CM M 2026223 -3000000'] }, []);
    await ask('F1');
    await ask('F2', 1_000_000, { settlement: 'Z2026223' });
    outside.books.money.change(({ clearing }) => {
      clearing.oblige('NCL', SETTLEMENT, -3_000_000);
      clearing.oblige('NCL', 'Z2026223', 0);
    });
    await lived();
    expect(world.outputs('SET-PAYOUT-RECV@CM')).toMatchObject({ payOut: 2_000_000, swept: 2_000_000 });
    expect([theirs(), theirs('Z2026223')]).toMatchObject([
      { paidIn: EARLY, paidOut: 1_000_000 },
      { paidIn: 1_000_000, paidOut: 1_000_000 },
    ]);
  });

  it.each(['timeout-after-success', 'timeout-before', 'undecided'] as const)(
    'under %s of both sides is in doubt until they have answered, and paid once',
    async (fault) => {
      begin();
      let unsure = 0;
      for (let tries = 0; tries < 9; tries++) {
        outside.faults.switchOn(`${fault}-1`);
        const found = await ask('F1').catch((error: Error) => {
          expect(error.name).toBe('InDoubt');
          unsure += 1;
        });
        outside.faults.switchOff(fault);
        if ((found ?? (await ask('F1').catch(() => undefined)))?.state === 'paid') break;
      }
      expect(unsure).toBeGreaterThan(0);
      expect([theirs(), sent()]).toMatchObject([{ paidIn: EARLY }, ['money/F1/fill', 'money/F1/payin']]);
      await lived();
    },
  );

  it('that the bank refuses has moved nothing; that the clearing corporation refuses goes back; the client may use it again', async () => {
    begin();
    outside.faults.switchOn('reject-1');
    expect(await ask('F1')).toMatchObject({ state: 'refused', reason: 'the bank refused to pay it', paid: 0 });
    expect([clear('C0002'), outside.books.money.bank.balances['SETTLEMENT/NCL'] ?? 0]).toEqual([10_000_000, 0]);
    // A paisa more than the settlement is owed.
    expect(await ask('F2', 2 * OWED, { client: 'C0001' }).catch((error: Error) => error.message)).toBe(
      'C0001 has a clear ledger of 15000000 paise, 30000000 are asked',
    );
    outside.books.money.change(({ clearing }) => clearing.oblige('NCL', SETTLEMENT, -EARLY + 1));
    expect(await ask('F3')).toMatchObject({ state: 'refused', reason: 'the clearing corporation did not take it' });
    expect([clear('C0002'), world.balances(/^(SETTLEMENT|USCNBA)/)]).toEqual([10_000_000, { [BANK]: 40_000_000 }]);
    expect(sent().filter((key) => key.startsWith('money/F3'))).toEqual(['money/F3/fill', 'money/F3/back', 'money/F3/payin']);
  });

  it('that is short by a rupee is booked as what moved, with a break that somebody owns', async () => {
    begin();
    outside.faults.switchOn('short-movement-1');
    expect(await ask('F1')).toMatchObject({ state: 'paid', filled: EARLY - 100, paid: EARLY - 100 });
    expect(world.breaks.all()).toMatchObject([{ kind: 'amount', owner: 'treasury', ours: EARLY, theirs: EARLY - 100 }]);
    await world.settleBreaks();
    await lived();
    expect(theirs()).toMatchObject({ paidIn: OWED });
  });

  it.each([
    [{ amount: 0 }, '0 is not an amount'],
    [{ settlement: '2026/1' }, '2026/1 is not a settlement such as M2026223'],
    [{ client: 'C0009' }, 'C0009 has a clear ledger of 0 paise'],
  ])('of %o is refused before anybody is asked: %s', async (more, message) => {
    begin();
    await expect(payInEarly(parts, scope, { id: 'F1', client: 'C0002', amount: EARLY, settlement: SETTLEMENT, ...more })).rejects.toThrow(message);
    expect(sent()).toEqual([]);
  });

  it('ended after any durable write, before or after its commit, goes on where it was', async () => {
    begin();
    const endedAt = dyingStore(scope.store);
    let kills = 0;
    for (let at = 1; ; at++) {
      const wasKilled = await endedAt(at, () => ask(`F${at}`, 1000));
      expect(await ask(`F${at}`, 1000)).toMatchObject({ state: 'paid', paid: 1000 });
      expect([theirs(), sent().length, clear('C0002')]).toMatchObject([{ paidIn: at * 1000 }, 2 * at, 10_000_000 - at * 1000]);
      if (!wasKilled) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(6);
    await lived();
  });
});
