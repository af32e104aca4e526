// What the practice clearing corporation states in the evening: STT and stamp duty by hand, peak margins by when the trades were.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClearingTaxes } from '../../../batch/charges/clearing-tax-file.ts';
import type { SeenTrade } from '../../../batch/sandbox/files/evening-files.ts';
import { marginFiles, type ShortDelivery } from '../../../batch/sandbox/files/margin-files.ts';
import { taxFiles } from '../../../batch/sandbox/files/tax-files.ts';
import { type MarketDay, readMarketDay } from '../../../batch/sandbox/market-day.ts';
import { generateDay } from '../../../workers/reference/index.ts';

let folder = '';
let day: MarketDay;
let trades = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'statements-'));
  await generateDay({ seed: 7, date: 20261120, clients: 3, underlyings: 7, strikes: 3, versions: 1, beside: true, sameDay: true }, folder);
  day = await readMarketDay(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const share = (): number => [...day.shares.keys()][0] ?? 0;
const contract = (isOption: boolean): number => [...day.contracts].find(([, row]) => (row.optionType !== '') === isOption)?.[0] ?? 0;
function trade(segment: SeenTrade['segment'], token: number, side: 'B' | 'S', quantity: number, price: number, time = '10:00:00'): SeenTrade {
  trades += 1;
  return { segment, token, client: 'X1', side, quantity, price, time, tradeId: `T${trades}`, orderId: `O${trades}` };
}

const dated = (yyyymmdd: number): string => `${yyyymmdd}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

/** Rows of a file by column. */
function rows(text: string | undefined): Record<string, string>[] {
  const [header = '', ...lines] = (text ?? '').trimEnd().split('\n');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [header.split(',')[i] ?? '', cell])));
}

describe('STT and stamp duty', () => {
  it('of shares: what nets is intraday, the rest delivery at the average of all trades', () => {
    const made = taxFiles(day, [
      trade('CM', share(), 'B', 100, 100),
      trade('CM', share(), 'S', 40, 110),
      { ...trade('CM', share(), 'B', 1, 1), cancelled: true },
    ]);
    // 60 x 14,400/140 x 0.1 % + 40 x 110 x 0.025 % = 6.171 + 1.10; stamp 6,000 x 0.015 % + 4,000 x 0.003 %.
    expect(rows(made['stt-cm']).map(({ RptHdr, ClntId, TtlTaxs }) => [RptHdr, ClntId, TtlTaxs])).toEqual([
      ['10', '', '7.27'],
      ['40', 'X1', '7.27'],
    ]);
    expect(rows(made['stamp-cm'])[1]).toMatchObject({ ClntId: 'X1', CtrySubDvsn: '27', StmpDtyAmt: '1.02' });
    expect(rows(made['stt-fo'])).toMatchObject([{ RptHdr: '10', TtlTaxs: '0.00' }]);
  });

  it('of derivatives: on premium or value sold, and on what was bought', () => {
    const [option, future] = [contract(true), contract(false)];
    const made = taxFiles(day, [trade('FO', option, 'S', 75, 50), trade('FO', option, 'B', 75, 50), trade('FO', future, 'S', 10, 1_000)]);
    // 3,750 x 0.15 %; 10,000 x 0.05 %; stamp 3,750 x 0.003 %.
    expect(
      rows(made['stt-fo'])
        .map(({ TtlTaxs }) => TtlTaxs)
        .sort(),
    ).toEqual(['10.63', '5.00', '5.63']);
    expect(rows(made['stamp-fo'])[0]?.['StmpDtyAmt']).toBe('0.11');
  });
});

describe('a day without trades', () => {
  it('has tax files that are read as nothing', async () => {
    const file = join(folder, 'stt.csv');
    writeFileSync(file, taxFiles(day, [])['stt-cm'] ?? '');
    expect([...(await readClearingTaxes(file, 'stt')).byClient]).toEqual([]);
  });
});

interface StatementTerms {
  readonly of?: 'cm' | 'fo' | 'com';
  readonly date?: string;
  readonly undelivered?: readonly ShortDelivery[];
}

describe('peak-margin statements', () => {
  const statement = (
    lines: readonly SeenTrade[],
    collateral: number,
    { of = 'fo', date = day.date, undelivered = [] }: StatementTerms = {},
  ): Record<string, string> | undefined => {
    const client = { ...day.clients[0], account: 'X1', cash: collateral, cashEquivalent: 0, nonCash: 0, holdings: [], positions: [] };
    return rows(marginFiles({ ...day, date, clients: [client as MarketDay['clients'][number]] }, lines, undelivered)[`peak-margin-${of}`])[0];
  };
  it('count what was held at a snapshot, and what was lacking then', () => {
    const future = contract(false);
    const lot = day.contracts.get(future)?.lot ?? 1;
    const held = statement([trade('FO', future, 'B', lot, 100, '12:00:00')], 1_000_00);
    const peak = Number(held?.['Peak Initial']);
    expect(peak).toBeGreaterThan(1_000);
    expect(held).toMatchObject({ Initial: peak.toFixed(2), 'Shortfall peak': (peak - 1_000).toFixed(2), 'Collateral at PSA': '1000.00' });
    const between = statement([trade('FO', future, 'B', lot, 100, '12:00:00'), trade('FO', future, 'S', lot, 100, '12:15:00')], 0);
    expect(between).toBeUndefined();
    const late = statement([trade('FO', future, 'B', lot, 100, '15:05:00')], 0);
    expect(late).toMatchObject({ 'Peak Initial': '0.00', Initial: peak.toFixed(2), 'Shortfall peak': '0.00' });
  });

  it('ask for what was sold before and has not come, until its pay-out, net of what the day buys', () => {
    const [token, units] = [share(), 100];
    const asked = (until: number, lines: readonly SeenTrade[] = []): (string | undefined)[] => {
      const of = statement(lines, 0, { of: 'cm', undelivered: [{ client: 'X1', token, units, until }] });
      return [of?.['Peak Initial'], of?.['Initial']];
    };
    const sale = statement([trade('CM', token, 'S', units, 100)], 0, { of: 'cm' })?.['Peak Initial'];
    expect(Number(sale)).toBeGreaterThan(1_000);
    expect(asked(15 * 60 + 30)).toEqual([sale, '0.00']);
    expect(asked(Number.POSITIVE_INFINITY)).toEqual([sale, sale]);
    // Before the first snapshot, or bought back before it.
    expect(asked(10 * 60)).toEqual([undefined, undefined]);
    expect(asked(15 * 60 + 30, [trade('CM', token, 'B', units, 100)])).toEqual(['0.00', sale]);
  });

  it('ask for what was bought in T+0 at every snapshot of the day: it is paid out at half past four', () => {
    const [session = 0] = [...day.sameDayShares.keys()];
    const future = contract(false);
    const late = trade('FO', future, 'B', day.contracts.get(future)?.lot ?? 1, 100, '14:00:00');
    const bought = trade('T0', session, 'B', 10, 100);
    const asked = Number(statement([bought], 0, { of: 'cm' })?.['Peak Initial']);
    expect(asked).toBeGreaterThan(100);
    expect(statement([bought], 0, { of: 'cm' })?.['Initial']).toBe('0.00');
    // At 14:30 the future's collateral is what the shares leave of it.
    const short = (lines: readonly SeenTrade[]): number => Number(statement(lines, asked * 100)?.['Shortfall peak']);
    expect(short([late, bought]) - short([late])).toBeCloseTo(asked, 2);
  });

  it('ask nothing for a contract whose last day has closed', () => {
    const [dollar = 0, { expiry = 0 } = {}] = [...day.currency].find(([, { optionType }]) => optionType === '') ?? [];
    const [gold = 0, { lot = 0 } = {}] = [...day.commodities][0] ?? [];
    const commodity = trade('COM', gold, 'B', lot, 100, '17:30:00');
    const both = [trade('CD', dollar, 'B', 10_000, 88, '10:00:00'), commodity];
    const asked = Number(statement([commodity], 0, { of: 'com' })?.['Peak Initial']);
    expect(asked).toBeGreaterThan(1_000);
    // Collateral serves currency before commodity: until its last day, and on that until its close.
    const lastDay = dated(expiry);
    const short = (date: string): number => Number(statement(both, asked * 100, { of: 'com', date })?.['Shortfall peak']);
    expect([short(day.date) > 0, short(lastDay)]).toEqual([true, 0]);
  });

  it('ask for the shares a contract delivers what they ask of a purchase', () => {
    const [future = 0, { symbol = '', lot = 0, expiry = 0 } = {}] =
      [...day.contracts].find(([, { instrumentType }]) => instrumentType === 'STF') ?? [];
    const [own = 0] = [...day.shares].find(([, row]) => row.symbol === symbol && row.series === 'EQ') ?? [];
    const atEnd = (bought: SeenTrade): number => Number(statement([bought], 0, { of: 'cm', date: dated(expiry) })?.['Initial']);
    const delivered = atEnd(trade('FO', future, 'B', lot, 100));
    expect(delivered).toBeGreaterThan(1_000);
    expect(delivered).toBe(atEnd(trade('CM', own, 'B', lot, 100)));
  });
});
