// The daily margin file of a commodity clearing corporation and the list of cross margin: into the table, or refused with their place.
import { describe, expect, it, test } from 'vitest';
import { compiledRules, type ParameterTable, portfolioMargin } from '../../../engine/index.ts';
import { loadRiskParameters } from '../../../workers/reference/index.ts';
import { faultOf, scratch, spanText } from './fixtures.ts';

const { write } = scratch();
const gold = write(
  'mcxccl.20261120.s.spn',
  spanText().replace('<ec>TESTCC', '<ec>MCXCCL').replaceAll('ALPHA', 'GOLD').replace('22.000000', '2.000000'),
);
const HEADER =
  'Date,FileID,InstrumentID,Symbol,Expiry Date,Initial Margin(%),Tender Margin(%),Total Margin(%),ELM Long(%),ELM Short(%),Additional Long Margin(%),Additional Short Margin(%),Special Long Margin(%),Special Short Margin(%),Lean Period';
const daily = (...rows: readonly string[]): string => write('DailyMargin_20112026.csv', [HEADER, ...rows].join('\n'));
const load = (margins: string | undefined, businessDate: number): Promise<ParameterTable> =>
  loadRiskParameters({ span: gold, businessDate, ...(margins === undefined ? {} : { commodityMargins: margins }) });
/** Exposure of the near future (Rs 1,005; its worst loss is 15.40 a unit long, none short), rupees long and short. */
const near = (table: ParameterTable): readonly number[] => {
  const row = table.firstInstrument[0] ?? -1;
  return [(table.elmLong[row] ?? 0) / 1e6, (table.elmShort[row] ?? 0) / 1e6];
};

describe('a gold future that expires on Thursday 26 November 2026', () => {
  test.each<[string, number, string | undefined, readonly [number, number]]>([
    ['1 % ELM by rule, no file', 20_261_120, undefined, [10.05, 10.05]],
    ['5 % more from its tender period on, by rule', 20_261_125, undefined, [60.3, 60.3]],
    ['ELM of the file', 20_261_120, '20-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,0,0,0,1.25,1.50,0,0,0,0,N', [12.5625, 15.075]],
    ['additional 2 %, special 3 % on shorts, lean 2 %', 20_261_120, '20-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,0,0,0,1,1,2,2,0,3,Y', [50.25, 80.4]],
    [
      'initial 6 %: what the scan risk misses',
      20_261_120,
      '20-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,6.00,0,0,1,1,0,0,0,0,',
      [10.05 + 44.9, 10.05 + 60.3],
    ],
    [
      "the day's own file under the rules of the 25th: its tender period",
      20_261_125,
      '20-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,0,,0,1,1,0,0,0,0,',
      [60.3, 60.3],
    ],
    ['another contract of the file', 20_261_120, '20-Nov-2026,1,FUTCOM,GOLD,31-Dec-2026,9,9,9,9,9,9,9,9,9,', [10.05, 10.05]],
  ])('asks %s', async (_what, date, row, expected) => {
    const table = await load(row === undefined ? undefined : daily(row), date);
    expect(near(table).map((each) => Math.round(each * 1e4) / 1e4)).toEqual(expected);
  });

  it('states each part with its rule, and margins it apart from its spreads, in report and book table alike', async () => {
    const table = await load(daily('25-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,6,,0,1,1,2,2,0,0,'), 20_261_125);
    const [first = 0] = table.firstInstrument;
    const spread = [
      { instrument: first, quantity: 10 },
      { instrument: first + 3, quantity: -10 },
    ];
    const { underlyings } = portfolioMargin(table, spread, 2_000, (expiry) => compiledRules(table).dated.daysTo(expiry));
    expect(underlyings[0]?.addOns).toEqual([
      // The spread costs 2 a unit; apart the near month alone loses 15.40.
      {
        rule: 'calendar.commodity.tender',
        amount: 134_00,
        inExposure: false,
        basis: 'contracts in their tender period margined by themselves',
      },
      { rule: 'commodity.additional', amount: 201_00, inExposure: true, basis: '10 x GOLD26NOVFUT' },
      { rule: 'commodity.tender', amount: 502_50, inExposure: true, basis: '10 x GOLD26NOVFUT' },
      { rule: 'commodity.minimum', amount: 449_00, inExposure: true, basis: '10 x GOLD26NOVFUT' },
    ]);
    const apart = spread.map((each) => portfolioMargin(table, [each], 2_000).sum.total);
    expect(underlyings[0]?.total).toBe((apart[0] ?? 0) + (apart[1] ?? 0));
    expect(Array.from(compiledRules(table).dated.isWithdrawn.slice(0, 1))).toEqual([1]);
  });

  test.each([
    ['of another day', '19-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,0,0,0,0,0,0,0,0,0,', ':2: Date: is for 20261119, the parameters are for 20261120'],
    ['more than the whole', '20-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,101,0,0,0,0,0,0,0,0,', ':2: Initial Margin: 101 % is not between 0 and 100'],
    ['an instrument nobody knows', '20-Nov-2026,1,SPOT,GOLD,26-Nov-2026,1,0,0,0,0,0,0,0,0,', ':2: Instrument ID: "SPOT" is neither FUT… nor OPT…'],
    ['a lean period that is neither', '20-Nov-2026,1,FUTCOM,GOLD,26-Nov-2026,1,0,0,0,0,0,0,0,0,maybe', ':2: Lean Period: "MAYBE" is neither Y nor N'],
  ])('a file with %s is refused', async (_what, row, message) => {
    expect(await faultOf(load(daily(row), 20_261_120))).toContain(`DailyMargin_20112026.csv${message}`);
  });

  it('a column nobody knows is refused: it may ask for margin', async () => {
    const file = write('DailyMargin_20112026.csv', `${HEADER},Windfall Margin(%)\n`);
    expect(await faultOf(load(file, 20_261_120))).toContain('Windfall Margin(%)');
  });
});

describe('the list of cross margin', () => {
  const list = (...rows: readonly string[]): string => write('cross_margin_20112026.csv', ['Set,Family,Index,Leg,Type,Units', ...rows].join('\n'));
  const cross = (...rows: readonly string[]): Promise<ParameterTable> =>
    loadRiskParameters({ span: write('one.spn', spanText()), crossMargin: list(...rows) });

  it('is kept in the table', async () => {
    const { details } = await cross('a,CONSTITUENTS,ALPHA,ALPHA,EQ,1');
    expect(details.crossMargin).toEqual([{ family: 'constituents', index: 'ALPHA', legs: [{ symbol: 'ALPHA', kind: 'EQ', units: 1 }] }]);
  });

  test.each([
    ['a,FRIENDS,ALPHA,ALPHA,EQ,1', ':2: Family: "FRIENDS" is neither CONSTITUENTS nor CORRELATED'],
    ['a,CORRELATED,ALPHA,ALPHA,FUT,1', ':2: Leg: ALPHA cannot offset itself'],
    ['a,CORRELATED,ALPHA,BETA,FUT,1', ':2: Leg: BETA is no combined commodity of the SPAN files'],
    ['a,CONSTITUENTS,ALPHA,BETA,EQ,1', ':2: Leg: BETA is no share of the day'],
    ['a,CONSTITUENTS,BETA,ALPHA,EQ,1', ':2: Index: BETA is no combined commodity of the SPAN files'],
    ['a,CONSTITUENTS,ALPHA,ALPHA,EQ,0', ':2: Units: 0 is not above 0'],
  ])('%s is refused', async (row, message) => {
    expect(await faultOf(cross(row))).toContain(`cross_margin_20112026.csv${message}`);
  });
});
