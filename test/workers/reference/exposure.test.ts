// Exposure margin: which file or rule decides, on which price, and the real file as NSE Clearing published it.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expiryDayRate, exposureRate } from '../../../engine/index.ts';
import { readExposureFile } from '../../../workers/reference/exposure-file.ts';
import { loadRiskParameters, type ParameterFiles } from '../../../workers/reference/index.ts';
import { scratch, spanText } from './fixtures.ts';

const { write } = scratch();
const span = write('alpha.spn', spanText());
/** ALPHA: spot 1,000, near future 1,005 (token 1), call 1,000 (token 3). */
async function shortElm(files: Omit<ParameterFiles, 'span'>, from: string = span): Promise<{ future: number; call: number }> {
  const table = await loadRiskParameters({ span: from, ...files });
  const rupees = (token: number): number => (table.elmShort[table.find(2, token)] ?? Number.NaN) / 1e6;
  expect(table.elmLong[table.find(2, 3)]).toBe(0);
  return { future: rupees(1), call: rupees(3) };
}

const BY_SYMBOL = write(
  'ael.csv',
  'Sr No.,Symbol,Instrument Type,Normal ELM Margin%,Additional ELM% for Trade Date 20-Nov-2026,Total applicable ELM%\n1,ALPHA,OTH,3.5,15,18.5\n2,ALPHA,OTM,5.25,15,20.25\n',
);
const BY_CONTRACT = write('contracts.csv', 'Symbol,Expiry Date,Strike Price,Option Type,Total applicable ELM%\nALPHA,26-Nov-2026,1000.00,CE,6\n');

describe('exposure of a short, rupees per unit', () => {
  test('by rule: 3.5 % of a stock', async () => {
    expect(await shortElm({})).toEqual({ future: 35.175, call: 35 });
  });
  test('by the symbol file: 18.5 %', async () => {
    expect(await shortElm({ elm: BY_SYMBOL })).toEqual({ future: 185.925, call: 185 });
  });
  test('the contract file before the symbol file', async () => {
    expect(await shortElm({ elm: BY_SYMBOL, elmContracts: BY_CONTRACT })).toEqual({ future: 185.925, call: 60 });
    expect(await shortElm({ elm: [BY_SYMBOL, BY_CONTRACT] })).toEqual({ future: 185.925, call: 60 });
  });
  test('the OTM rate of the symbol file beyond 30 %', async () => {
    const far = write('far.spn', spanText().replaceAll('<k>1000.00</k>', '<k>1300.05</k>'));
    expect((await shortElm({ elm: BY_SYMBOL }, far)).call).toBe(202.5);
    const edge = write('edge.spn', spanText().replaceAll('<k>1000.00</k>', '<k>1300.00</k>'));
    expect((await shortElm({ elm: BY_SYMBOL }, edge)).call).toBe(185);
  });
  test('an index pays 2 %, and 2 % more on the day its option expires', async () => {
    const index = write('index.spn', spanText().replaceAll('ALPHA', 'NIFTY'));
    expect(await shortElm({}, index)).toEqual({ future: 20.1, call: 20 });
    expect(await shortElm({ businessDate: 20261126 }, index)).toEqual({ future: 20.1, call: 40 });
  });
});

test('the expiry-day add-on began on 2024-11-20 and spares stocks and futures', () => {
  const option = { isIndex: true, kind: 'CE', strike: 235_000_000, expiry: 20241120, underlyingPrice: 235_000_000 } as const;
  expect(expiryDayRate(option, 20241120)).toBe(200);
  expect(expiryDayRate({ ...option, expiry: 20241119 }, 20241119)).toBe(0);
  expect(expiryDayRate(option, 20241119)).toBe(0);
  expect(expiryDayRate({ ...option, isIndex: false }, 20241120)).toBe(0);
  expect(expiryDayRate({ ...option, kind: 'FUT' }, 20241120)).toBe(0);
});

test.each([
  ['index call at the money', true, 'CE', 1000, 20261126, 200],
  ['index call 10 % away', true, 'CE', 1100, 20261126, 200],
  ['index call beyond 10 %', true, 'CE', 1101, 20261126, 300],
  ['index put beyond 10 %', true, 'PE', 899, 20261126, 300],
  ['index put deep in the money', true, 'PE', 1500, 20261126, 200],
  ['index option of nine months and a day', true, 'CE', 1000, 20270821, 500],
  ['index option of nine months', true, 'CE', 1000, 20270820, 200],
  ['index future, however long', true, 'FUT', 0, 20271228, 200],
  ['stock put beyond 30 %', false, 'PE', 699, 20261126, 525],
  ['stock call 20 % away', false, 'CE', 1200, 20261126, 350],
] as const)('by rule, %s', (_what, isIndex, kind, strike, expiry, rate) => {
  expect(exposureRate({ isIndex, kind, strike: strike * 10_000, expiry, underlyingPrice: 10_000_000 }, 20261120)).toBe(rate);
});

const REAL = new URL('../../../../shared/data/exchange/ael_11022026.csv', import.meta.url).pathname;
const isMissing = !existsSync(REAL) && process.env['CI'] !== 'true';

test.skipIf(isMissing)(`the published ael_11022026.csv${isMissing ? ' (SKIPPED: ../shared/data/exchange is not here)' : ''}`, async () => {
  const { rates } = await readExposureFile(REAL);
  expect(rates.symbols.size).toBe(207);
  expect(rates.symbols.get('360ONE')).toEqual({ oth: 350, otm: 525 });
  expect(rates.symbols.get('ABCAPITAL')).toEqual({ oth: 1850, otm: 2025 });
  expect(rates.contracts.size).toBe(0);
});
