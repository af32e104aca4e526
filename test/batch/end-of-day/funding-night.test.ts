// The night of margin trading funding (MTF): loans follow what the engine's close left lent, interest counts by value date at the house's dated rate,
// and engine, books and register agree to the paisa.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loanPosting } from '../../../batch/ledger/client-postings.ts';
import type { Ledger } from '../../../batch/ledger/ledger.ts';
import { type DelayedPaymentRate, delayedPayments } from '../../../batch/nodes/end-of-day/delayed-payment.ts';
import { appendAll, planned, takenState } from '../../../batch/nodes/engine/engine-inbox.ts';
import { slotOf } from '../../../engine/index.ts';
import { withLedger } from '../ledger/scratch-ledger.ts';
import { DATE, TradingDay } from './trading-day.ts';

const RATES: readonly DelayedPaymentRate[] = [{ from: '2026-04-01', percentPerYear: '14', gst: false }];
const LAKH = 100_000 * 100;
const POLICY = { cashRateFloor: 2_000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 5_000_000, fundingLimit: 50 * LAKH };
const TODAY = Number(DATE.replaceAll('-', ''));

/** A loan as an earlier night booked it, counting from a value date. */
function lend(ledger: Ledger, client: string, date: number, due: number, paise: number): void {
  const posting = loanPosting({ businessDate: date, at: 1 }, client, paise, due);
  if (posting !== undefined) ledger.transact((books) => books.post(posting));
}

describe('interest on a loan', () => {
  const charged = (ledger: Ledger, date: string, next: string): string =>
    delayedPayments(ledger, ['C1'], { date, next }, RATES, (client) => [`MTF-LOAN/${client}`])
      .map(({ interest, days, debit }) => `${interest} on ${debit} for ${days}`)
      .join();

  it.each([
    ['Rs 7,50,000 at 14 % for 30 days is Rs 8,630.14', 20261001, '2026-10-05', '2026-11-04', '863014 on 75000000 for 30'],
    ['and for a day Rs 287.67', 20261001, '2026-10-05', '2026-10-06', '28767 on 75000000 for 1'],
    ['nothing until the shares are paid in', 20261006, '2026-10-05', '2026-10-06', ''],
    ['from their pay-in on', 20261007, '2026-10-05', '2026-10-08', '28767 on 0 for 1'],
  ])('%s', (_, due, date, next, expected) =>
    withLedger((ledger) => {
      lend(ledger, 'C1', 20260930, due, 7.5 * LAKH);
      expect(charged(ledger, date, next)).toBe(expected);
    }),
  );
});

describe('in the evening', () => {
  let day: TradingDay;
  afterEach(() => day.end());

  /** An engine that has closed the day with one lot of C0001: Rs 40,000 paid, Rs 30,000 of it lent. */
  async function begin(house: object = { mtf: { interest: RATES } }, lot: object | null = {}): Promise<Ledger> {
    day = new TradingDay({ CM: [] }, house);
    writeFileSync(join(day.data, 'clients.jsonl'), '');
    const slot = slotOf('g');
    const body = { account: 'C0001', segment: 1, token: 2885, boughtOn: TODAY, units: 40, pledged: 0, cost: 40_000_00, funded: 30_000_00 };
    await appendAll(day.data, [
      planned(DATE, 'open', { kind: 'OpenDay', slot: 'all', body: { businessDate: TODAY, ruleSet: 1, policy: POLICY } }),
      planned(DATE, 'account', {
        kind: 'OpenAccount',
        slot,
        body: { account: 'C0001', riskGroup: 'g', status: 'ACTIVE', kind: 'CLIENT', segments: [1] },
      }),
      ...(lot === null ? [] : [planned(DATE, 'lot', { kind: 'ImportFundedLot', slot, body: { ...body, reference: 'test', ...lot } })]),
      planned(DATE, 'close', { kind: 'CloseDay', slot: 'all', body: { businessDate: TODAY } }),
    ]);
    await takenState(day.data, ({ slots }) => slots.every(({ isOpen }) => !isOpen));
    return day.ledger();
  }
  const LOANS = /^(CLIENT|MTF-LOAN|MTF-INTEREST)(\/C0001)?$/;
  const register = (report: 'MTF' | 'MTFI' = 'MTFI'): string[] =>
    readFileSync((day.outputs('EOD-COMP-REPORT')[report] as { file: string }).file, 'latin1')
      .trimEnd()
      .split('\n');

  it('what the close lent is booked once; it bears nothing before the pay-in of its shares', async () => {
    const ledger = await begin();
    await day.run();
    expect(day.error('EOD-COMP-REPORT')).toBe('');
    expect(day.outputs('EOD-COMP-REPORT')).toMatchObject({ lent: 30_000_00, fundedClients: 1, fundingInterest: 0 });
    expect(await day.balances(LOANS)).toEqual({ 'CLIENT/C0001': 30_000_00, 'MTF-LOAN/C0001': -30_000_00 });
    const [line] = ledger.statement('MTF-LOAN/C0001', 0, 1)?.lines ?? [];
    expect(register('MTF').slice(1)).toEqual([`${DATE},C0001,NSE,,2885,${DATE},40,0,40000.00,30000.00,40000.00`]);
    expect(line).toMatchObject({ kind: 'MTF_LOAN', amount: -30_000_00, valueDate: 20261123, narration: 'lent on funded shares' });
    expect(ledger.verify().findings).toEqual([]);
  });

  it('a loan that stood before is not lent again, and is charged until the next traded day: 30,000 × 3 × 14 % / 365', async () => {
    const ledger = await begin();
    lend(ledger, 'C0001', 20261118, 20261119, 30_000_00);
    await day.run();
    expect(day.status('EOD-COMP-REPORT')).toBe('done');
    expect(await day.balances(LOANS)).toEqual({ 'CLIENT/C0001': 30_000_00 - 34_52, 'MTF-LOAN/C0001': -30_000_00, 'MTF-INTEREST': 34_52 });
    expect(register()[1]).toBe(`${DATE},C0001,30000.00,3,90000.00,14,34.52,0.00,34.52`);
  });

  it('what was repaid by sales goes back, from the next pay-in on', async () => {
    const ledger = await begin(undefined, { funded: 10_000_00 });
    lend(ledger, 'C0001', 20261118, 20261119, 30_000_00);
    await day.run();
    expect(day.status('EOD-COMP-REPORT')).toBe('done');
    // Three days on all of it: the sale's money comes on Monday.
    expect(await day.balances(LOANS)).toEqual({ 'CLIENT/C0001': 10_000_00 - 34_52, 'MTF-LOAN/C0001': -10_000_00, 'MTF-INTEREST': 34_52 });
    expect(ledger.verify().findings).toEqual([]);
  });

  it('a house that funds nobody has no register, no gate and no account of it', async () => {
    await begin({}, null);
    await day.run();
    expect(day.status('EOD-COMP-REPORT')).toBe('done');
    expect(Object.keys(day.outputs('EOD-COMP-REPORT')).filter((name) => /fund|lent|MTF/.test(name))).toEqual([]);
    expect(await day.balances(/MTF/)).toEqual({});
  });
});
