// From trade files to settled money: a small day's real end of day, its books closed at night, and the settlement of its money against bank and
// clearing corporation over HTTP. By hand: C0001 buys for 1,76,627.50, C0002 and C0003 sell for 1,36,010.00 and 16,248.00; the member pays 24,369.50
// in.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { MoneyBreaks } from '../../../batch/nodes/settlement/funds-breaks.ts';
import { fundsLegs } from '../../../batch/nodes/settlement/funds-legs.ts';
import { ofLegs } from '../../../batch/nodes/settlement/settlement-leg.ts';
import { istMicros, type NodeBody } from '../../../batch/runner/index.ts';
import { DATE, evenings, obligationFile, TradingDay } from '../end-of-day/trading-day.ts';
import { BANK, Outside, PLACES } from './funds-world.ts';

const NET = 24_369_50;
const MONDAY = '2026-11-23';
const RUN = `${DATE}/set/1`;

class SettledDay extends TradingDay {
  protected override bodies(): ReadonlyMap<string, NodeBody> {
    const day = { dataDirectory: this.data, files: new NightFiles(this.data), calendar: new BusinessCalendar() };
    const legs = Object.entries(fundsLegs(day)).map(([id, leg]): [string, NodeBody] => [id, ofLegs(leg)]);
    return new Map([...evenings(this.data), ...legs]);
  }
}

const day = new SettledDay();
const outside = new Outside({ obligations: [`CM M 2026224 -${NET}`], clients: { C0001: 200_000_00 } });
afterAll(async () => {
  await day.end();
  await outside.close();
});

/** The counterparties' addresses beside the files the day has. */
async function connect(): Promise<void> {
  const path = join(day.data, 'ports.json');
  const files = JSON.parse(readFileSync(path, 'utf8')) as object;
  await outside.serve(day.data);
  const { calls } = JSON.parse(readFileSync(path, 'utf8')) as { calls: object };
  writeFileSync(path, JSON.stringify({ ...files, calls }));
}

it('is paid in under its number, closed, and agreed on three sides', async () => {
  await connect();
  const rows = ['C0001 M 2026224 176627.50 0.00', 'C0002 M 2026224 0.00 136010.00', 'C0003 M 2026224 0.00 16248.00'];
  day.put('obligation-cm', obligationFile('CM', rows));
  const ledger = await day.ledger();
  const head = { key: `OPENING ${BANK}`, kind: 'OPENING', businessDate: 20261120, at: 1, narration: '', approvals: ['asha', 'binod'] };
  ledger.transact((books) => books.post({ ...head, transfers: [{ debit: BANK, credit: 'CLIENT/C0001', amount: 200_000_00 }] }));
  await day.run();
  const { runner, operator, store } = await day.night();
  operator.propose(day.runId, 'EOD-READY', 'resolve', { by: 'asha', reason: 'notes and reports ran elsewhere' });
  operator.approve(day.runId, 'EOD-READY', 'binod');
  runner.open(DATE, 'set', 'ops');
  await day.settle();
  const status = (key: string): string => `${runner.states.state(RUN, key).status} ${runner.states.state(RUN, key).error}`.trim();
  expect(['SET-PAYIN-PREP@CM', 'SET-UPSTREAM', 'BANK-RECON', 'LEDGER-NIGHT'].map(status)).toEqual(['done', 'done', 'done', 'done']);
  expect(ledger.closeOf(20261120)?.date).toBe(20261120);

  day.now = istMicros(MONDAY, 9 * 60);
  for (const segment of ['CM', 'FO', 'CD', 'COM']) {
    operator.propose(RUN, `SET-PAYIN-EXECUTE@${segment}`, 'start', { by: 'asha', reason: 'pay-in of the day' });
    operator.approve(RUN, `SET-PAYIN-EXECUTE@${segment}`, 'binod');
  }
  await day.settle();
  expect(status('SET-PAYIN-EXECUTE@CM')).toBe('done');
  expect(runner.states.state(RUN, 'SET-PAYIN-EXECUTE@CM').outputs['funds']).toMatchObject({ payIn: NET, released: NET, lateMinutes: 0 });
  expect(outside.books.money.clearing.all['NCL-M2026224']).toMatchObject({ paidIn: NET, paidOut: 0 });
  expect(await day.balances(/^CLEARING/)).toEqual({ 'CLEARING/NCL-M2026224@20261123': 0 });
  const balances = Object.entries(await day.balances(PLACES)).filter(([, balance]) => balance !== 0);
  expect(Object.fromEntries(balances)).toEqual(outside.places);
  expect([ledger.head.totals.pending, new MoneyBreaks(store.root).all()]).toEqual([0, []]);
  // It paid on Monday: Friday is closed.
  expect(ledger.entry(ledger.head.sequence)?.businessDate).toBe(20261123);
});
