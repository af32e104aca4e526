// Commodity and currency files: which segment their contracts are listed in, and which exposure rule applies without an ELM file.
import { describe, expect, test } from 'vitest';
import { ExchangeSegment, type ParameterTable } from '../../../engine/index.ts';
import { loadRiskParameters } from '../../../workers/reference/index.ts';
import { scratch, spanText } from './fixtures.ts';

const { write } = scratch();

/** Exposure of one future in rupees, long and short, with its segment; the near future costs 1,005. */
async function future(clearingOrg: string, symbol: string, currency = 'INR'): Promise<[number, number, number]> {
  const text = spanText().replace('<ec>TESTCC', `<ec>${clearingOrg}`).replaceAll('ALPHA', symbol).replace('<currency>INR', `<currency>${currency}`);
  const table: ParameterTable = await loadRiskParameters({ span: write('file.spn', text) });
  const row = table.firstInstrument[0] ?? -1;
  return [table.segment[row] ?? 0, (table.elmLong[row] ?? 0) / 1e6, (table.elmShort[row] ?? 0) / 1e6];
}

describe('contracts of', () => {
  test.each([
    ['a commodity: 1 %', 'MCXCCL', 'GOLD', [ExchangeSegment.MCX, 10.05, 10.05]],
    ['crude oil: a short pays 1.25 %', 'MCXCCL', 'CRUDEOIL', [ExchangeSegment.MCX, 10.05, 12.5625]],
    ['a currency: 1 %', 'NSCCL', 'USDINR', [ExchangeSegment.CDS, 10.05, 10.05]],
    ['a currency at the other exchange', 'ICCL', 'EURINR', [ExchangeSegment.BCD, 10.05, 10.05]],
    ['an index there', 'ICCL', 'SENSEX', [ExchangeSegment.BFO, 20.1, 20.1]],
    ['a stock', 'NSCCL', 'ALPHA', [ExchangeSegment.NFO, 35.175, 35.175]],
  ])('%s', async (_what, clearingOrg, symbol, expected) => {
    expect(await future(clearingOrg, symbol)).toEqual(expected);
  });

  test('another country bring no exposure rule of this one', async () => {
    expect((await future('CME', 'GC', 'USD')).slice(1)).toEqual([0, 0]);
  });
});
