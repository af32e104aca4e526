// The night's end of the books: taxes beside the clearing corporation's, the close at zero or with breaks two persons approved.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { receiptPosting } from '../../../batch/ledger/client-postings.ts';
import { DATE, obligationFile, TradingDay } from './trading-day.ts';

const TODAY = 20261120;
let day: TradingDay;
afterEach(() => day.end());

/** An evening of cash trades, obligations as they should be; C0001 has paid in what it may need. */
async function evening(paidIn: number): Promise<void> {
  day = new TradingDay();
  day.put(
    'obligation-cm',
    obligationFile('CM', ['C0001 M 2026224 176627.50 0.00', 'C0002 M 2026224 0.00 136010.00', 'C0003 M 2026224 0.00 16248.00']),
  );
  const ledger = await day.ledger();
  const receipt = receiptPosting({ businessDate: TODAY, at: 1 }, 'CLIENT-BANK/HDFC', { client: 'C0001', amount: paidIn, reference: 'N1' });
  ledger.transact((books) => books.post(receipt));
  await day.run();
}

/** Opens settlement, with the end of day declared ready, and runs the books. */
async function night(): Promise<string> {
  const { runner, operator } = await day.night();
  operator.propose(day.runId, 'EOD-READY', 'resolve', { by: 'asha', reason: 'notes and reports ran elsewhere' });
  operator.approve(day.runId, 'EOD-READY', 'binod');
  const run = runner.open(DATE, 'set', 'ops');
  await day.settle();
  const { status, error } = runner.states.state(run.id, 'LEDGER-NIGHT');
  return error === '' ? status : `${status}: ${error}`;
}

describe('the books at night', () => {
  it('close at zero, with the root of the trial balance', async () => {
    await evening(200_000_00);
    expect(await night()).toBe('done');
    const ledger = await day.ledger();
    const close = ledger.closeOf(TODAY);
    expect(close).toMatchObject({ date: TODAY, root: ledger.trialBalance().root, breaks: [] });
    expect(() =>
      ledger.transact((books) =>
        books.post(receiptPosting({ businessDate: TODAY, at: 1 }, 'CLIENT-BANK/HDFC', { client: 'C0001', amount: 1, reference: 'N2' })),
      ),
    ).toThrow('is closed');
  });

  it('book the difference of a tax as a line of its own, and owe what the clearing corporation asks', async () => {
    await evening(200_000_00);
    const before = (await day.balances(/LEVIES\/STT/))['LEVIES/STT'] ?? 0;
    expect(before).toBeGreaterThan(0);
    await night();
    // The clearing corporation's file says nothing is owed.
    expect((await day.balances(/LEVIES\/STT/))['LEVIES/STT']).toBe(0);
    expect((await day.balances(/TAX-DIFFERENCE/))['TAX-DIFFERENCE']).toBeLessThan(0);
  });

  it('do not close while client money is missing; two persons may explain it to the paisa', async () => {
    await evening(1_00);
    const said = await night();
    expect(said).toMatch(/^manual: 20261120 cannot close: SEGREGATION Rs [\d.]+$/);
    expect((await day.ledger()).closeOf(TODAY)).toBeUndefined();
    expect((await day.balances(/TAX-DIFFERENCE/))['TAX-DIFFERENCE']).toBeUndefined();
    const amount = /SEGREGATION Rs ([\d.]+)$/.exec(said)?.[1] ?? '';
    const folder = join(day.data, 'night', 'close-breaks');
    mkdirSync(folder);
    const explained = { account: 'SEGREGATION', amount, reason: 'pay-in of C0001 is on its way', raisedBy: 'asha', approvedBy: 'binod' };
    writeFileSync(join(folder, `${TODAY}.json`), JSON.stringify([explained]));
    const { runner, operator } = await day.night();
    operator.retry(`${DATE}/set/1`, 'LEDGER-NIGHT', { by: 'asha', reason: 'explained' });
    await day.settle();
    expect(runner.states.state(`${DATE}/set/1`, 'LEDGER-NIGHT').error).toBe('');
    expect((await day.ledger()).closeOf(TODAY)).toMatchObject({ breaks: [{ account: 'SEGREGATION' }] });
  });

  it('a correction after the close books on the next day, with the day as value date', async () => {
    await evening(200_000_00);
    expect(await night()).toBe('done');
    const before = (await day.ledger()).head.sequence;
    const trades = ['T1 B C0001 RELIANCE 100 1360.10', 'T1 S C0002 RELIANCE 100 1360.10', 'T2 B C0001 SBIN 50 812.35', 'T3 S C0003 SBIN 30 812.40'];
    day.trades('CM', trades);
    day.own('CM', trades);
    (await day.night()).operator.correct(DATE, 'eod', ['trades-cm'], { by: 'asha', reason: 'the exchange sent the file again' });
    await day.settle();
    expect(day.status('EOD-CHARGE-COMPUTE@CM')).toBe('done');
    const ledger = await day.ledger();
    const made = Array.from({ length: ledger.head.sequence - before }, (_, i) => ledger.entry(before + 1 + i));
    expect(made.length).toBe(4);
    expect(new Set(made.map((entry) => entry?.businessDate))).toEqual(new Set([20261123]));
  });
});
