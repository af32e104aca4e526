// Daily price bands of shares, in percent of the previous close. NSE's `sec_list_DDMMYYYY.csv` is public (Symbol, Series, Band; "No Band" for shares
// with derivatives). BSE names scrips by code; what its members get is not public, columns and name here are ours. A range of prices in a master file
// counts before a percentage.
import { type CsvLayout, type CsvRecord, readCsvRecords } from './csv-records.ts';
import { scaledDecimalOf } from './decimal-text.ts';
import type { SourceDigest } from './source-file.ts';

/** Percent either side of the previous close, by what priceBandKey names; a share without a band is not in it. */
export type PriceBands = ReadonlyMap<string, number>;

/** Exchange a list of bands is of. */
export type BandExchange = 'NSE' | 'BSE';

const NO_BAND = 'No Band';
const LAYOUTS: Readonly<Record<BandExchange, CsvLayout>> = {
  NSE: { required: ['Symbol', 'Series', 'Band'], optional: [], unknownColumns: 'keep' },
  BSE: { required: ['Scrip_Code', 'Band'], optional: [], unknownColumns: 'keep' },
};

/** How a share is named in bands: at NSE by symbol and series, at BSE by its scrip code. */
export const priceBandKey = (exchange: BandExchange, symbol: string, series: string, token: number): string =>
  exchange === 'NSE' ? `${symbol}|${series}` : `BSE ${token}`;

/** Reads a list of an exchange; `rows` with those that have no band. Throws ReferenceFileError, also when a share stands in it twice. */
export async function readPriceBandFile(path: string, exchange: BandExchange): Promise<{ bands: PriceBands; rows: number; source: SourceDigest }> {
  const bands = new Map<string, number>();
  const lineOf = new Map<string, number>();
  const source = await readCsvRecords(path, LAYOUTS[exchange], (record) => {
    const key =
      exchange === 'NSE'
        ? priceBandKey('NSE', record.required('Symbol'), record.text('Series'), 0)
        : priceBandKey('BSE', '', '', record.token('Scrip_Code'));
    const column = exchange === 'NSE' ? 'Symbol' : 'Scrip_Code';
    const before = lineOf.get(key);
    if (before !== undefined) record.fail(column, `${record.text(column)} stands in line ${before} already`);
    lineOf.set(key, record.line);
    const percent = percentOf(record);
    if (percent !== undefined) bands.set(key, percent);
  });
  return { bands, rows: lineOf.size, source };
}

/** Undefined: no band. */
function percentOf(record: CsvRecord): number | undefined {
  const text = record.required('Band');
  if (text === NO_BAND) return undefined;
  const hundredths = scaledDecimalOf(text, 2);
  return hundredths > 0 && hundredths < 10_000
    ? hundredths / 100
    : record.fail('Band', `"${text}" is neither a percentage between 0 and 100 nor ${NO_BAND}`);
}
