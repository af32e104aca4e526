// Interest on what clients owe: who is charged for which days, by value date; booked once, shown in the register and the statement, put right by a correction.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../batch/ledger/ledger.ts';
import { type DelayedPaymentRate, delayedPayments } from '../../../batch/nodes/end-of-day/delayed-payment.ts';
import { request, withLedger } from '../ledger/scratch-ledger.ts';
import { DATE, TRADES, TradingDay } from './trading-day.ts';

const RATES: readonly DelayedPaymentRate[] = [{ from: '2026-04-01', percentPerYear: '18', gst: true }];
const BANK = 'CLIENT-BANK/HDFC';
const FRIDAY = { date: '2026-11-20', next: '2026-11-23' };
const compact = (date: string): number => Number(date.replaceAll('-', ''));

/** `date value-date rupees`: below zero the client pays for what it bought. */
function book(ledger: Ledger, client: string, lines: readonly string[]): void {
  for (const words of lines) {
    const [date = '', value = '', rupees = ''] = words.split(' ');
    const [amount, about] = [Math.round(Number(rupees) * 100), { businessDate: compact(date), valueDate: compact(value) }];
    const settlement = `CLEARING/NCL-M1@${compact(value)}`;
    const [debit, credit] = amount > 0 ? [BANK, `CLIENT/${client}`] : [`CLIENT/${client}`, settlement];
    ledger.transact((books) => books.post(request(amount > 0 ? 'RECEIPT' : 'TRADE', debit, credit, Math.abs(amount), about)));
  }
}

/** Rupees of interest and GST for a night, and on how many days: "14.79 + 2.66 for 3 days". */
const charged = (ledger: Ledger, days = FRIDAY, rates = RATES): string =>
  delayedPayments(ledger, ['C1'], days, rates)
    .map(({ interest, gst, days: count }) => `${interest / 100} + ${gst / 100} for ${count} days`)
    .join();

describe('a night charges the days until the next traded one', () => {
  const cases: readonly [string, readonly string[], string][] = [
    ['10,000 owed since Thursday: 10,000 × 3 × 18 % / 365, and 18 % GST', ['2026-11-18 2026-11-19 -10000'], '14.79 + 2.66 for 3 days'],
    ['bought on Friday and due on Monday: nothing yet', ['2026-11-20 2026-11-23 -10000'], ''],
    [
      'sold on Friday: the money counts from Monday, until then the debit stands',
      ['2026-11-18 2026-11-19 -10000', '2026-11-20 2026-11-23 10000'],
      '14.79 + 2.66 for 3 days',
    ],
    ['paid on Friday: nothing', ['2026-11-18 2026-11-19 -10000', '2026-11-20 2026-11-20 10000'], ''],
    [
      'a part due on Saturday: one day on 10,000, two on 15,000',
      ['2026-11-18 2026-11-19 -10000', '2026-11-20 2026-11-21 -5000'],
      '19.73 + 3.55 for 3 days',
    ],
    ['ten rupees: half a paisa a day and a bit', ['2026-11-18 2026-11-19 -10'], '0.01 + 0 for 3 days'],
  ];
  it.each(cases)('%s', (_, lines, expected) =>
    withLedger((ledger) => {
      book(ledger, 'C1', lines);
      expect(charged(ledger)).toBe(expected);
    }),
  );

  it('rates are dated, charge nothing before the first and at 0, and say themselves whether there is GST', () =>
    withLedger((ledger) => {
      book(ledger, 'C1', ['2026-11-18 2026-11-19 -10000']);
      const of = (from: string, percentPerYear: string, gst: boolean): DelayedPaymentRate => ({ from, percentPerYear, gst });
      expect(charged(ledger, FRIDAY, [of('2026-11-23', '18', true)])).toBe('');
      expect(charged(ledger, FRIDAY, [of('2026-04-01', '18', true), of('2026-11-20', '0', true)])).toBe('');
      expect(charged(ledger, FRIDAY, [of('2026-04-01', '18', false)])).toBe('14.79 + 0 for 3 days');
      // A day at 18 with GST on its 4.93, two at 9 without.
      expect(charged(ledger, FRIDAY, [of('2026-04-01', '18', true), of('2026-11-21', '9', false)])).toBe('9.86 + 0.89 for 3 days');
    }));

  it('interest bears none before its month is over, and cash held as margin is no debit', () =>
    withLedger((ledger) => {
      book(ledger, 'C1', ['2026-11-18 2026-11-19 -10000']);
      ledger.transact((books) => books.post(request('INTEREST', 'CLIENT/C1', 'INTEREST', 500_000, { businessDate: 20261119 })));
      expect(charged(ledger)).toBe('14.79 + 2.66 for 3 days');
      expect(charged(ledger, { date: '2026-12-01', next: '2026-12-02' })).toBe('7.4 + 1.33 for 1 days');
      ledger.transact((books) => books.post(request('RECEIPT', BANK, 'CLIENT-MARGIN/C1', 600_000, { businessDate: 20261119 })));
      expect(charged(ledger)).toBe('5.92 + 1.07 for 3 days');
    }));
});

describe('in the evening', () => {
  let day: TradingDay;
  afterEach(() => day.end());
  const REGISTER = 'Date,Client code,Debit at the end of the day,Days,Debit times days,Per cent a year,Interest,GST,Total';
  const register = (): string[] => {
    const { file } = day.outputs('EOD-COMP-REPORT')['DPC'] as { file: string };
    return readFileSync(file, 'latin1').trimEnd().split('\n');
  };
  async function begin(): Promise<Ledger> {
    day = new TradingDay({}, { delayedPayment: RATES });
    writeFileSync(join(day.data, 'clients.jsonl'), '');
    const ledger = await day.ledger();
    book(ledger, 'C0001', ['2026-11-18 2026-11-19 -10000']);
    book(ledger, 'C0002', ['2026-11-18 2026-11-18 5000']);
    return ledger;
  }

  it('it is booked, in the register, in the statement, and all three agree', async () => {
    const ledger = await begin();
    await day.run();
    expect(day.error('EOD-COMP-REPORT')).toBe('');
    expect(day.status('EOD-COMP-REPORT')).toBe('done');
    // What C0001 bought today is owed on Monday, with its charges.
    expect(register()).toEqual([REGISTER, `${DATE},C0001,10000.00,3,30000.00,18,14.79,2.66,17.45`]);
    expect(await day.balances(/^INTEREST$/)).toEqual({ INTEREST: 1479 });
    const state = ledger.account('CLIENT/C0001');
    const lines = ledger.statement('CLIENT/C0001', 0, state?.lines ?? 0)?.lines ?? [];
    expect(lines.filter(({ kind }) => kind === 'INTEREST').map(({ amount, counter, narration }) => [amount, counter, narration])).toEqual([
      [-1479, 'INTEREST', 'delayed payment 2026-11-20 to 2026-11-22: 3 days in debit at 18 % a year'],
      [-266, 'LEVIES/GST', 'delayed payment 2026-11-20 to 2026-11-22: 3 days in debit at 18 % a year'],
    ]);
    expect(ledger.verify().findings).toEqual([]);
  });

  it('a correction of what was owed reverses it and charges what is right; run again, nothing more', async () => {
    const ledger = await begin();
    await day.run();
    // The bank found a receipt of Friday that nobody had booked: 4,000 were owed for nothing.
    book(ledger, 'C0001', [`${DATE} ${DATE} 4000`]);
    const changed = [...TRADES.CM.filter((words) => !words.startsWith('T3')), 'T3 S C0003 SBIN 30 812.40'];
    day.trades('CM', changed);
    day.own(
      'CM',
      changed.filter((words) => !words.endsWith(' CN')),
    );
    const { operator } = await day.night();
    operator.correct(DATE, 'eod', ['trades-cm'], { by: 'asha', reason: 'the exchange sent the file again' });
    await day.settle();
    expect(day.status('EOD-COMP-REPORT')).toBe('done');
    // 6,000 × 3 × 18 % / 365.
    expect(register()).toEqual([REGISTER, `${DATE},C0001,6000.00,3,18000.00,18,8.88,1.60,10.48`]);
    expect(await day.balances(/^INTEREST$/)).toEqual({ INTEREST: 888 });
    const state = ledger.account('CLIENT/C0001');
    const lines = ledger.statement('CLIENT/C0001', 0, state?.lines ?? 0)?.lines ?? [];
    expect(lines.filter(({ kind }) => kind === 'INTEREST').map(({ amount, type }) => [amount, type])).toEqual([
      [-1479, 'posted'],
      [-266, 'posted'],
      [1479, 'reversal'],
      [266, 'reversal'],
      [-888, 'posted'],
      [-160, 'posted'],
    ]);
    expect(ledger.verify().findings).toEqual([]);
  });
});
