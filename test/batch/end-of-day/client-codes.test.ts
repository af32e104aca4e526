// The register of modified client codes: what was moved today, by whom and why, and what the month comes to by segment; trades moved to the ERROR
// account cost nothing.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BreakStore } from '../../../batch/recon/break-store.ts';
import { DATE, TradingDay } from './trading-day.ts';

let day: TradingDay;
beforeAll(async () => {
  day = new TradingDay();
  const { store } = await day.night();
  const breaks = new BreakStore(store.root);
  // On an earlier day of the month one trade of Rs 50,000; today one of 20 SBIN at 812.40, and one moved to the member's error account.
  modified(breaks, '2026-11-19', 'T77', { from: 'C0009', to: undefined, quantity: 50, rupees: 1_000 });
  modified(breaks, '2026-10-30', 'T78', { from: 'C0009', to: undefined, quantity: 50, rupees: 1_000 });
  await day.run();
  modified(breaks, DATE, 'T3', { from: 'C0009', to: undefined, quantity: 20, rupees: 812.4 });
  modified(breaks, DATE, 'T2', { from: 'C0001', to: 'ERROR', quantity: 50, rupees: 812.35 });
  const { operator } = await day.night();
  operator.clear(day.runId, 'EOD-COMP-REPORT', 'one', { by: 'asha', reason: 'two trades were moved' });
  await day.settle();
});
afterAll(() => day.end());

/** Two persons moved a trade that stood under another client at the exchange, and the engine took it. */
function modified(
  breaks: BreakStore,
  date: string,
  tradeId: string,
  { from, to, quantity, rupees }: { readonly from: string; readonly to: string | undefined; readonly quantity: number; readonly rupees: number },
): void {
  const side = { exchange: 'NSE', tradeId, side: 'S', token: 3045, quantity, price: rupees * 10_000, isCancelled: false } as const;
  const sides = { ours: { ...side, client: from }, theirs: { ...side, client: 'C0003' } };
  breaks.replace(
    date,
    'CM',
    [...breaks.of(date, 'CM'), { class: 'client', list: 'engine', owner: 'dealing-desk', tradeId, side: 'S', client: from, ...sides }],
    1,
  );
  const id = `client.engine.${tradeId}.S.${from}`;
  breaks.propose(date, id, { by: 'asha', reason: 'punched under another code', correction: to === undefined ? {} : { to } });
  breaks.approve(date, id, 'binod');
  breaks.sent(date, id);
}

it('names every trade of the day that was moved, and what the month comes to', () => {
  const { file } = day.outputs('EOD-COMP-REPORT')['client-codes'] as { file: string };
  const rows = readFileSync(file, 'latin1').trimEnd().split('\n').slice(1);
  // Turnover of the day: 200 × 1,360.10 + 50 × 812.35 + 20 × 812.40. Modified: 50,000 + 16,248, more than 5 % of it: 2 %.
  const month = '66248.00,328885.50,1324.96';
  expect(rows).toEqual([
    `${DATE},CM,NSE,T2,S,50,812.3500,40617.50,C0001,ERROR,Y,punched under another code,asha,binod,${month}`,
    `${DATE},CM,NSE,T3,S,20,812.4000,16248.00,C0009,C0003,N,punched under another code,asha,binod,${month}`,
  ]);
});

it('keeps the figures of the month with the node, and says when the exchange will inspect', async () => {
  expect(day.outputs('EOD-COMP-REPORT')['client-codes']).toMatchObject({
    rows: 2,
    CM: { modified: 66_248_00, turnover: 328_885_50, penalty: 1_324_96 },
  });
  const { runner } = await day.night();
  expect(runner.states.state(day.runId, 'EOD-COMP-REPORT').note).toContain("more than 1 % of the month's turnover in CM: the exchange inspects");
});
