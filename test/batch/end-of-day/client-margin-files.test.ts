// MG-12 and MG-13 of the evening: end-of-day positions under the morning's parameters. A unit of the future scans 1,000 and has 480 of ELM; the sold
// call scans 600 and has 470; the bought put on the share expires in three trading days, deep in the money; of the share's future a unit scans 60 and
// has 20 of ELM, a quarter of it where the share was bought.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import { segmentMargins } from '../../../batch/nodes/end-of-day/client-margin-files.ts';
import { type PositionInput, positionDay } from '../../../batch/nodes/end-of-day/derivative-positions.ts';
import { publicLayout } from '../../../batch/reports/layouts.ts';
import { buildParameterTable, ExchangeSegment, InstrumentKind, type InstrumentRow } from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import { saveTable } from '../../../workers/reference/index.ts';
import { flatArray, futureArray } from '../../engine/margin/synthetic-table.ts';
import { table as csv, DATE, PRICE_HEADER, priceCells, TradingDay } from './trading-day.ts';

const EXPIRY = 20_261_231;
const NEAR = 20_261_126;
const [FUTURE, CALL, SHARE_FUTURE, SHARE_PUT, SHARE] = [35_001, 35_002, 35_003, 35_004, 3_045];
const row = (token: number, kind: number, more: Partial<InstrumentRow>): InstrumentRow => ({
  segment: ExchangeSegment.NFO,
  token,
  kind,
  name: `T${token}`,
  underlying: 'NIFTY',
  expiry: EXPIRY,
  strike: 0,
  lot: 1,
  tickSize: 500,
  freezeQuantity: 0,
  bandLow: 0,
  bandHigh: 0,
  previousClose: 0,
  price: 0,
  delta: 10_000,
  elmLong: 0,
  elmShort: 0,
  cashRate: 0,
  scanTier: 0,
  flags: 0,
  riskArray: [],
  ...more,
});
const paise = (rupees: readonly number[]): number[] => rupees.map((each) => Math.round(each * 100));
const commodity = {
  currency: 'INR',
  scanTiers: [],
  intraTiers: [],
  interTiers: [],
  spreads: [],
  spotCharges: [],
  shortOptionMinimum: [],
  somMethod: 'GROSS' as const,
  wfprMethod: 'NORMAL' as const,
  priceScan: 0,
  volScan: 0,
  adjustment: 1,
};
const parameters = buildParameterTable(
  20_261_120,
  [
    row(FUTURE, InstrumentKind.FUT, { elmLong: 480e6, elmShort: 480e6, riskArray: paise(futureArray(1_000)) }),
    row(CALL, InstrumentKind.CE, { strike: 240_000_000, elmShort: 470e6, price: 100_00, riskArray: paise(flatArray(-600)) }),
    row(SHARE_FUTURE, InstrumentKind.FUT, { underlying: 'SBIN', elmLong: 20e6, elmShort: 20e6, riskArray: paise(futureArray(60)) }),
    row(SHARE_PUT, InstrumentKind.PE, { underlying: 'SBIN', expiry: NEAR, strike: 10_000_000, price: 190_00, riskArray: paise(flatArray(10)) }),
    row(SHARE, InstrumentKind.EQ, {
      segment: ExchangeSegment.NSE,
      name: 'SBIN',
      underlying: '',
      expiry: 0,
      previousClose: 8_120_000,
      cashRate: 2_000,
    }),
  ],
  ['NIFTY', 'SBIN'].map((symbol) => ({ symbol, somRate: 0, calendarRateMax: 0, spot: symbol === 'SBIN' ? 8_120_000 : 241_000_000, tierCount: 1 })),
  {
    sources: [],
    clearing: [],
    tradingDays: { [EXPIRY]: 28, [NEAR]: 3 },
    commodities: [
      { symbol: 'NIFTY', spot: 24_100, ...commodity },
      { symbol: 'SBIN', spot: 812, deliveryRate: 1_800, ...commodity },
    ],
    crossMargin: [{ family: 'constituents', index: 'SBIN', legs: [{ symbol: 'SBIN', kind: 'EQ', units: 1 }] }],
  },
);

/** Opening units, then trades as units at rupees; the future settles at 24,100, it did at 24,000 the day before. */
function day(client: string, token: number, opening: number, ...trades: readonly (readonly [number, number])[]): ReturnType<typeof positionDay> {
  const sum = (side: 1 | -1): number => trades.reduce((total, [units]) => total + Math.max(0, side * units), 0);
  const value = (side: 1 | -1): bigint => BigInt(trades.reduce((total, [units, price]) => total + Math.max(0, side * units) * price * 10_000, 0));
  const contract = {
    token,
    type: 'IDF',
    symbol: 'X',
    isin: '',
    expiry: EXPIRY,
    actualExpiry: EXPIRY,
    strike: 0,
    option: token === FUTURE ? ('' as const) : ('CE' as const),
    lot: 1,
    settlement: 241_000_000,
    previous: 240_000_000,
    underlying: 0,
  };
  const input: PositionInput = { client, contract, opening, bought: sum(1), boughtValue: value(1), sold: sum(-1), soldValue: value(-1) };
  return positionDay(input, 20_261_120);
}
/** SPAN, ELM, delivery, crystallised obligation of client A, rupees. */
const rupees = (...days: readonly ReturnType<typeof positionDay>[]): readonly number[] => {
  const { rows } = segmentMargins(parameters, [{ segments: [ExchangeSegment.NFO, ExchangeSegment.BFO], days }], 20_261_120);
  return rows.flatMap(({ span, elm, delivery, crystallised }) => [span, elm, delivery, crystallised].map((amount) => amount / 100));
};

describe('a client’s row', () => {
  test.each([
    ['a future carried in', [day('A', FUTURE, 50)], [50_000, 24_000, 0, 0]],
    ['a future bought today: what is open is no crystallised loss', [day('A', FUTURE, 0, [50, 24_200])], [50_000, 24_000, 0, 0]],
    ['bought and sold again at a loss: crystallised', [day('A', FUTURE, 0, [50, 24_200], [-50, 24_150])], [0, 0, 0, 2_500]],
    ['half of what was carried in sold below yesterday’s settlement', [day('A', FUTURE, 50, [-20, 23_900])], [30_000, 14_400, 0, 2_000]],
    ['a gain is no credit', [day('A', FUTURE, 0, [50, 24_000], [-50, 24_150])], []],
    ['a call sold: its premium received pays for nothing but premium and closed trades', [day('A', CALL, 0, [-50, 100])], [35_000, 23_500, 0, 0]],
    ['premium of a bought call, and a closed loss less premium received', [day('A', CALL, 0, [50, 100])], [0, 0, 0, 5_000]],
    ['physical delivery at E-3: a quarter of 18 % on strike', [day('A', SHARE_PUT, 100)], [0, 0, 100 * 1_000 * 0.18 * 0.25, 0]],
  ])('%s', (_what, days, expected) => {
    expect(rupees(...days)).toEqual(expected);
  });

  it('with a contract the parameters do not name is not whole, and says which', () => {
    expect(segmentMargins(parameters, [{ segments: [ExchangeSegment.NFO], days: [day('A', 99, 10)] }], 20_261_120).missing).toEqual([
      'X 20261231 (99)',
    ]);
  });
});

describe('the files of a night', () => {
  let outside: TradingDay;
  afterEach(() => outside.end());

  /** Trades, and an evening that knows the morning's parameters or not. */
  async function evening(morning: boolean): Promise<Readonly<Record<string, { file: string; rows: number }>>> {
    const futures = ['T1 B C0002 NIFTYFUT 50 24100', 'T1 S C0001 NIFTYFUT 50 24100', 'T2 S C0003 SBINFUT 50 815', 'T2 B C0004 SBINFUT 50 815'];
    outside = new TradingDay({ CM: ['T3 B C0003 SBIN 50 812', 'T3 S C0004 SBIN 50 812'], FO: futures });
    const prices = ['NIFTYFUT IDF 2026-12-31 - 24000 24050 24100', 'SBINFUT STF 2026-12-31 - 815 812 815'];
    outside.put(
      'bhavcopy-fo',
      csv(
        PRICE_HEADER,
        prices.map((words) => priceCells('FO', words)),
      ),
    );
    outside.put('peak-margin-fo', 'Trade Date,Client ID,Peak Initial,Shortfall peak\n');
    writeFileSync(join(outside.data, 'house.json'), JSON.stringify({ reports: ['MG-12', 'MG-13'] }));
    const { runner, operator } = await outside.night();
    if (morning) {
      const run = runner.open(DATE, 'bod', 'ops');
      const outputs = { parametersHash: saveTable(parametersDirectory(outside.data), parameters) };
      operator.propose(run.id, 'BOD-RMS-RELOAD', 'resolve', { by: 'asha', reason: 'the morning ran elsewhere', outputs });
      operator.approve(run.id, 'BOD-RMS-RELOAD', 'binod');
    }
    await outside.run();
    expect(outside.error('EOD-COMP-REPORT')).toBe('');
    return outside.outputs('EOD-COMP-REPORT') as unknown as Readonly<Record<string, { file: string; rows: number }>>;
  }
  const linesOf = (file: string): string[] => readFileSync(file, 'latin1').trimEnd().split('\n');

  it('have a row per client, and one for the member, gross over its clients', async () => {
    const made = await evening(true);
    const [mg13 = '', mg12 = ''] = ['MG-13@FO', 'MG-12@FO'].map((name) => made[name]?.file);
    expect(mg13).toContain('F_MG13_90001_20112026.csv');
    expect(linesOf(mg13)).toEqual([
      'Trade date,Client code,SPAN margin,Filler,ELM,Delivery margin,Margin on consolidated crystallised obligation,Total margin',
      `${DATE},C0001,50000.00,,24000.00,0.00,0.00,74000.00`,
      `${DATE},C0002,50000.00,,24000.00,0.00,0.00,74000.00`,
      // Sold against the share bought: a quarter of 3,000 and 1,000. A sale that no close of the engine calls short came out of what was held.
      `${DATE},C0003,750.00,,250.00,0.00,0.00,1000.00`,
      `${DATE},C0004,3000.00,,1000.00,0.00,0.00,4000.00`,
    ]);
    expect(linesOf(mg12)[1]).toBe(`${DATE},90001,103750.00,,49250.00,0.00,0.00,153000.00`);
  });

  it('are not made, and the night says so, where the morning’s parameters are not known', async () => {
    expect(await evening(false)).toEqual({});
    const { runner } = await outside.night();
    expect(runner.states.state(outside.runId, 'EOD-COMP-REPORT').note).toBe(
      'MG-12 and MG-13 of FO not made: the parameters of the morning are not known',
    );
  });

  it('have no public layout before the circular', () => {
    outside = new TradingDay();
    expect([20_230_501, 20_230_502].map((date) => publicLayout('MG-13', date)?.columns.length)).toEqual([undefined, 8]);
  });
});
