// The fixed-column form of a SPAN file: what it means, in the shapes of several exchanges, and where it is refused.
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type ParameterTable, portfolioMargin } from '../../../engine/index.ts';
import { loadRiskParameters } from '../../../workers/reference/index.ts';
import { faultOf, scratch, spanText } from './fixtures.ts';
import { line, moves, type Pa2CommoditySpec, pa2Text } from './pa2-fixture.ts';

const { write } = scratch();

/** A stock as NSE lists it: the share, two futures, a call and a put; arrays in whole rupees. */
const STOCK: Pa2CommoditySpec = {
  symbol: 'ALPHA',
  families: [
    { id: 'ALPHA', type: 'PHY', contracts: [{ price: 100_000, delta: 1, array: moves(0) }] },
    {
      id: 'ALPHA',
      type: 'FUT',
      priceScan: 150,
      contracts: [
        { future: '202611', expiry: 20261126, price: 100_500, delta: 1, array: moves(150) },
        { future: '202612', expiry: 20261231, price: 101_100, delta: 1, array: moves(150) },
      ],
    },
    {
      id: 'ALPHA',
      type: 'OOP',
      contracts: [
        { right: 'C', option: '202611', expiry: 20261126, strike: 100_000, price: 3_510, delta: 0.55, array: moves(75) },
        { right: 'P', option: '202611', expiry: 20261126, strike: 100_000, price: 3_005, delta: -0.45, array: moves(-60) },
      ],
    },
  ],
  records: [
    line([1, 'S '], [3, 'ALPHA'], [9, '01'], [83, '2']),
    line([1, '3 '], [3, 'ALPHA'], [9, '01']),
    line([1, 'E '], [3, 'ALPHA'], [9, '00001'], [14, '0000022'], [21, '2611'], [28, '010000A'], [35, '2612'], [42, '010000B']),
    line([1, '4 '], [3, 'ALPHA'], [9, '01'], [63, '0000012'], [70, '100100100'], [79, '1']),
  ],
};

/** A metal as MCX lists it: 100 units a contract, options on the future of the month after, a delivery month. */
const METAL: Pa2CommoditySpec = {
  symbol: 'GOLD',
  exponent: 1,
  families: [
    {
      id: 'GOLD',
      type: 'FUT',
      valueFactor: 100,
      priceScan: 400,
      contracts: [
        { future: '202612', expiry: 20261204, price: 6_000_000, delta: 1, array: moves(300) },
        { future: '202702', expiry: 20270205, price: 6_050_000, delta: 1, array: moves(300) },
      ],
    },
    {
      id: 'GOLDOPT',
      type: 'OOF',
      underlying: 'GOLD',
      valueFactor: 100,
      contracts: [
        { right: 'C', future: '202612', option: '202611', expiry: 20261126, strike: 6_000_000, price: 90_000, delta: 0.5, array: moves(150) },
      ],
    },
  ],
  records: [
    line([1, 'S '], [3, 'GOLD'], [9, '10'], [11, '02'], [13, '01202612202612'], [27, '02202701209912'], [83, '1']),
    line([1, '3 '], [3, 'GOLD'], [9, '10'], [11, '01202612202612'], [25, '02202701209912']),
    line([1, 'C '], [3, 'GOLD'], [9, '10'], [11, '01'], [13, '02'], [15, '0000040'], [22, '010101A'], [29, '020201B']),
    line(
      [1, '4 '],
      [3, 'GOLD'],
      [9, '10'],
      [11, '01'],
      [13, '01'],
      [15, '202612'],
      [21, '0000003'],
      [28, '0000009'],
      [63, '0000005'],
      [70, '100100100'],
      [79, '2'],
    ),
  ],
};

const nse = pa2Text('NSCCL', 'NSE', [STOCK]);
const mcx = pa2Text('MCXCCL', 'MCX', [METAL]);

const load = (...files: readonly (string | Uint8Array)[]): Promise<ParameterTable> =>
  loadRiskParameters({ span: files.map((file, at) => write(`file${at}.pa2`, file)) });

function rowOf(table: ParameterTable, name: string): number {
  for (let row = 0; row < table.instruments; row++) if (table.instrumentName(row) === name) return row;
  throw new RangeError(`no ${name} in the table`);
}

function margin(table: ParameterTable, units: Readonly<Record<string, number>>) {
  const positions = Object.entries(units).map(([name, quantity]) => ({ instrument: rowOf(table, name), quantity }));
  return portfolioMargin(table, positions, 2_000).underlyings[0];
}

describe('a pa2 file', () => {
  test('gives prices, arrays, deltas and dates as the XML form does', async () => {
    const table = await load(nse);
    expect([table.businessDate, table.underlyings, table.details.clearing[0]?.clearingOrg]).toEqual([20261120, 1, 'NSCCL']);
    const call = rowOf(table, 'ALPHA26NOV1000CE');
    expect([table.expiry[call], table.strike[call], table.price[call], table.delta[call]]).toEqual([20261126, 10_000_000, 3_510, 5_500]);
    expect([...table.riskArray.subarray(call * 16, call * 16 + 4)]).toEqual([0, 0, -2_500, -2_500]);
    expect(table.details.commodities[0]).toMatchObject({ spot: 1000, priceScan: 150, wfprMethod: 'SCANRANGE_CAP', somMethod: 'MAX' });
    expect(margin(table, { ALPHA26NOVFUT: 10, ALPHA26DECFUT: -10 })).toMatchObject({ scan: 0, calendar: 220_00 });
    expect(margin(table, { ALPHA26NOV1000CE: -10 })).toMatchObject({ scan: 750_00, shortOptionMinimum: 120_00, netOptionValue: -351_00 });
  });

  test('is read the same plain, gzipped and zipped', async () => {
    const bytes = strToU8(nse, true);
    const contents = async (file: string | Uint8Array): Promise<string> => JSON.stringify((await load(file)).details.commodities);
    const plain = await contents(nse);
    expect(await contents(gzipSync(bytes))).toBe(plain);
    expect(await contents(zipSync({ 'nsccl.pa2': bytes }))).toBe(plain);
    expect(await contents(nse.replaceAll('\r\n', '\n'))).toBe(plain);
  });

  test('scales arrays and rates by the risk exponent, prices by the value factor', async () => {
    const table = await load(mcx);
    const future = rowOf(table, 'GOLD26DECFUT');
    expect([table.riskArray[future * 16 + 12], table.price[future]]).toEqual([3_000_00, 6_000_000_00]);
    expect(table.details.commodities[0]).toMatchObject({ priceScan: 4_000, spotCharges: [{ expiry: 20261204, spreadRate: 30, outrightRate: 90 }] });
    expect(margin(table, { GOLD26DECFUT: 1, GOLD27FEBFUT: -1 })).toMatchObject({ calendar: 400_00, spot: 30_00, scan: 6_000_00 });
    expect(margin(table, { GOLD26DECFUT: 1 })).toMatchObject({ calendar: 0, spot: 90_00 });
  });

  test('counts an option’s delta in the month of its future', async () => {
    const table = await load(mcx);
    expect(table.details.commodities[0]?.deltaExpiry).toEqual({ 20261126: 20261204 });
    // Half a delta of December against half a future of February: half a spread at 400.
    expect(margin(table, { GOLD26NOV60000CE: 2, GOLD27FEBFUT: -1 })).toMatchObject({ calendar: 400_00 });
  });

  test('stands beside an XML file of another clearing organisation', async () => {
    const table = await loadRiskParameters({ span: [write('a.pa2', mcx), write('b.spn', spanText())] });
    expect(table.details.clearing.map((each) => each.clearingOrg)).toEqual(['MCXCCL', 'TESTCC']);
    expect([table.underlyingName(0), table.underlyingName(1)]).toEqual(['GOLD', 'ALPHA']);
  });
});

describe('credits', () => {
  const other: Pa2CommoditySpec = {
    symbol: 'SILVER',
    families: [{ id: 'SILVER', type: 'FUT', contracts: [{ future: '202612', expiry: 20261204, price: 100_00, delta: 1, array: moves(3_000) }] }],
  };
  const legs = (rate: string, more: readonly (readonly [number, string])[]): string =>
    line(
      [1, '6 '],
      [3, 'COM'],
      [6, '0001'],
      [10, rate],
      [17, 'MCX'],
      [21, 'GOLD'],
      [27, '0010000A'],
      [35, 'MCX'],
      [39, 'SILVER'],
      [45, '0010000B'],
      ...more,
    );
  const spread = { GOLD26DECFUT: 1, SILVER26DECFUT: -1 };
  const plain = { ...METAL, records: METAL.records?.slice(0, 1) ?? [] };
  test.each([
    [
      'by delta',
      legs('0500000', [
        [89, '01'],
        [101, 'W'],
      ]),
      1_500_00,
    ],
    [
      'flat, shared by the legs',
      legs('0010000', [
        [89, '01'],
        [101, 'F'],
      ]),
      50_00,
    ],
    [
      'before the calendar charge',
      legs('0500000', [
        [89, '01'],
        [101, 'W'],
        [110, 'S'],
      ]),
      1_500_00,
    ],
    [
      'by scanning',
      legs('0700000', [
        [89, '04'],
        [91, 'MCX'],
        [95, 'GOLD'],
      ]),
      2_100_00,
    ],
    ['none by a method that is not known', legs('0500000', [[89, '03']]), 0],
  ])('%s', async (_how, record, paise) => {
    const table = await load(pa2Text('MCXCCL', 'MCX', [plain, other], [record]));
    expect(margin(table, spread)?.interCommodity).toBe(paise);
  });

  test('never across clearing organisations', async () => {
    const table = await load(pa2Text('MCXCCL', 'MCX', [plain], [legs('0500000', [[89, '01']])]), pa2Text('ICCL', 'BSE', [other]));
    expect(margin(table, spread)?.interCommodity).toBe(0);
  });
});

describe('the same symbol at two clearing organisations', () => {
  const bse = pa2Text('ICCL', 'BSE', [{ ...STOCK, records: [] }]);
  test('stays two underlyings', async () => {
    const table = await load(nse, bse);
    expect([table.underlyingName(0), table.underlyingName(1)]).toEqual(['ALPHA', 'ALPHA@ICCL']);
    expect(table.details.commodities.map((each) => each.clearingOrg)).toEqual(['NSCCL', 'ICCL']);
    const positions = [0, 1].map((underlying, at) => ({ instrument: table.firstInstrument[underlying] ?? -1, quantity: at === 0 ? 10 : -10 }));
    expect(portfolioMargin(table, positions, 2_000).sum.scan).toBe(3_000_00);
  });

  test('but twice at one is refused', async () => {
    expect(await faultOf(load(nse, nse))).toContain('file1.pa2: commodity ALPHA: is also in');
  });
});

describe('a faulty file is refused with line and columns', () => {
  const lines = nse.trimEnd().split('\r\n');
  const first = (start: string): number => lines.findIndex((each) => each.startsWith(start)) + 1;
  const changed = (number: number, column: number, text: string): string =>
    lines.map((each, at) => (at === number - 1 ? line([1, each], [column, text + each.slice(column - 1 + text.length)]) : each)).join('\n');
  test.each([
    ['another format', changed(1, 36, 'UP'), 'file0.pa2:1: columns 36-37: format "UP" is not U2 (expanded unpacked)'],
    ['a letter in an array', changed(first('81'), 57, 'x'), `file0.pa2:${first('81')}: columns 55-59: "00x00" is not a whole number`],
    ['no sign after a value', changed(first('82'), 60, '?'), `file0.pa2:${first('82')}: column 60: "?" is not a sign`],
    ['a month that does not exist', changed(first('B '), 19, '202613'), `file0.pa2:${first('B ')}: columns 19-24: "202613" is not a month`],
    ['a record of no kind', changed(first('E '), 1, 'Q '), `file0.pa2:${first('E ')}: columns 1-2: "Q" is not a record of a SPAN file`],
    ['a spread side', changed(first('E '), 34, 'X'), `file0.pa2:${first('E ')}: column 34: side "X" is neither A nor B`],
    [
      'an array without its second half',
      lines.filter((_, at) => at !== first('82') - 1).join('\n'),
      `file0.pa2:${first('82')}: columns 1-2: a record 81 is not followed by its 82`,
    ],
    [
      'halves of two contracts',
      changed(first('82'), 48, '0099999'),
      `file0.pa2:${first('82')}: columns 3-54: is of another contract than the record 81 before it`,
    ],
    [
      'a commodity that was not defined',
      changed(first('4 '), 3, 'BETA '),
      `file0.pa2:${first('4 ')}: columns 3-8: commodity BETA has no record 2 before this one`,
    ],
    ['no beginning', lines.slice(1).join('\n'), 'file0.pa2:1: is not XML'],
  ])('%s', async (_what, text, reason) => {
    expect(await faultOf(load(text))).toContain(reason);
  });

  test('cut anywhere: never half a file', async () => {
    const whole = (await load(nse)).instruments;
    // A cut between the two contracts of the last series cannot be told from a shorter file; everywhere else it is found.
    const lastContract = nse.lastIndexOf('\r\n81');
    for (let at = 1; at < lastContract; at += 97) {
      expect(await faultOf(load(nse.slice(0, at))), `cut at ${at}`).toMatch(/ends early|cut short|not followed|is not|has no record 2/);
    }
    expect((await load(nse.slice(0, lastContract + 2))).instruments).toBe(whole - 1);
  });

  test('what cannot be worked out fails closed, contract by contract', async () => {
    const noPrice = await load(nse.replace(/^(82.{26}C.{81})0003510/m, '$19999999'));
    const flags = (table: ParameterTable): number[] => [...table.flags.subarray(0, 4)];
    expect(flags(noPrice).filter((flag) => flag === 4)).toHaveLength(1);
    const basis = await load(nse.replace(/^4 ALPHA 01/m, '4 ALPHA 11'));
    expect(flags(basis)).toEqual([4, 4, 4, 4]);
  });
});
