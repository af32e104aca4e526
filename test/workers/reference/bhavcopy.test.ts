// Bhavcopy rows: printed and read they are themselves, in any packing; the published sample rows read as they should.

import fc from 'fast-check';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { type BhavcopyRow, bhavcopyHeader, printBhavcopyRow, readBhavcopy } from '../../../workers/reference/index.ts';
import { scratch } from './fixtures.ts';

const { write } = scratch();

async function rowsOf(path: string): Promise<BhavcopyRow[]> {
  const rows: BhavcopyRow[] = [];
  await readBhavcopy(path, (row) => rows.push(row));
  return rows;
}

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const text = fc.stringMatching(/^[ -~\u00a1-\u00ff]{0,20}$/).map((each) => each.trim());
const word = fc.stringMatching(/^[A-Z&-]{1,12}$/);
const price = optional(fc.integer({ min: 0, max: 2e11 }));
const count = optional(fc.integer({ min: 0, max: 1e12 }));
const date = fc.constantFrom(0, 20240229, 20261120, 20271228);
const row: fc.Arbitrary<BhavcopyRow> = fc
  .record({
    tradeDate: date,
    businessDate: date,
    segment: fc.constantFrom('CM', 'FO', 'CD', 'CO'),
    source: fc.constantFrom('NSE', 'BSE', 'MCX'),
    instrumentType: fc.constantFrom('STK', 'STF', 'STO', 'IDF', 'IDO', 'IO'),
    token: fc.integer({ min: 1, max: 0xffff_ffff }),
    isin: fc.constantFrom('', 'INE002A01018'),
    symbol: word,
    series: fc.constantFrom('', 'EQ', 'BE'),
    expiry: date,
    actualExpiry: date,
    optionType: fc.constantFrom('', 'CE', 'PE'),
    name: text,
    session: fc.constantFrom('', 'F1'),
    remarks: text,
    strike: price,
    open: price,
    high: price,
    low: price,
    close: price,
    last: price,
    previousClose: price,
    underlyingPrice: price,
    settlementPrice: price,
    openInterest: count,
    changeInOpenInterest: optional(fc.integer({ min: -1e9, max: 1e9 })),
    volume: count,
    turnover: count,
    trades: count,
    lot: count,
    rest: fc.record({ Rsvd1: text, NewCol: text }).map((rest) => Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''))),
  })
  .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as unknown as BhavcopyRow);

test('what is printed reads back as itself, unknown columns included', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      const lines = [bhavcopyHeader(['NewCol']), ...rows.map((each) => printBhavcopyRow(each, ['NewCol']))];
      expect(await rowsOf(write('property.csv', strToU8(lines.join('\r\n'), true)))).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});

const SAMPLES = [
  bhavcopyHeader(),
  '2024-07-01,2024-07-01,FO,NSE,STO,128701,,MARUTI,,2024-07-25,2024-07-25,11000.00,PE,MARUTI24JUL11000PE,40.60,40.60,19.40,29.85,31.00,38.25,12108.60,29.85,143000,28300,3100,1709339217.50,2225,F1,50,,,,,',
  '2026-05-29,2026-05-29,CM,NSE,STK,2885,INE002A01018,RELIANCE,EQ,,,,,RELIANCE INDUSTRIES LTD,1360.10,1368.50,1352.40,1356.30,1357.00,1367.00,,1356.30,,,13769747,18716137070.80,148444,F1,1,,,,,',
].join('\n');

test('published sample rows', async () => {
  const [option, share] = await rowsOf(write('samples.csv', SAMPLES));
  expect(option).toMatchObject({
    token: 128701,
    symbol: 'MARUTI',
    expiry: 20240725,
    strike: 110_000_000,
    optionType: 'PE',
    settlementPrice: 298_500,
    lot: 50,
  });
  expect(option).toMatchObject({ volume: 3100, openInterest: 143_000, turnover: 170_933_921_750 });
  expect(share).toMatchObject({ token: 2885, isin: 'INE002A01018', expiry: 0, close: 13_563_000, lot: 1 });
  expect(share).not.toHaveProperty('strike');
});

test('packing, header order, case of dates and a byte order mark do not matter', async () => {
  const plain = await rowsOf(write('samples.csv', SAMPLES));
  const bytes = strToU8(SAMPLES);
  expect(await rowsOf(write('samples.csv.gz', gzipSync(bytes)))).toEqual(plain);
  expect(await rowsOf(write('samples.csv.zip', zipSync({ 'samples.csv': bytes })))).toEqual(plain);
  expect(await rowsOf(write('bom.csv', `\ufeff${SAMPLES}`))).toEqual(plain);
  const reversed = SAMPLES.split('\n').map((line) => line.split(',').reverse().join(','));
  expect(await rowsOf(write('reversed.csv', reversed.join('\n')))).toEqual(plain);
  for (const form of ['01-07-2024', '20240701', '01/07/2024', '1-Jul-2024', '01-JUL-2024']) {
    expect(await rowsOf(write('dates.csv', SAMPLES.replaceAll('2024-07-01', form)))).toEqual(plain);
  }
});
