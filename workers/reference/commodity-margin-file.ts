// Daily margin file of a commodity clearing corporation (`DailyMargin_DDMMYYYY.csv`): margins in percent per contract, beside the SPAN file. Date,
// FileID, InstrumentID, Symbol, Expiry Date, Initial and Tender Margin(%) are the columns of a published copy; the further ones are accepted by these
// names, any other is refused: it may ask for margin. A contract the file does not name has the dated rules only.
import { type CsvLayout, type CsvRecord, readCsvRecords } from './csv-records.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

/** Rates of one contract in 1/10,000; undefined where the file prints none. */
export interface CommodityMarginRow {
  /** Least initial margin of an outright future. */
  readonly initial: number | undefined;
  readonly elmLong: number | undefined;
  readonly elmShort: number | undefined;
  readonly tender: number | undefined;
  /** Both sides; one side. */
  readonly additionalLong: number;
  readonly additionalShort: number;
  readonly specialLong: number;
  readonly specialShort: number;
  readonly preExpiry: number;
  /** Agri contract that expires in its lean period. */
  readonly isLean: boolean;
}

/** Rows by commodityMarginKey. */
export type CommodityMargins = ReadonlyMap<string, CommodityMarginRow>;

/** Key of the contracts a row is for: a future, or every option of an expiry. */
export function commodityMarginKey(symbol: string, expiry: number, kind: 'FUT' | 'CE' | 'PE'): string {
  return `${symbol}|${expiry}|${kind === 'FUT' ? 'FUT' : 'OPT'}`;
}

const KNOWN = [
  'Date',
  'File ID',
  'Sr No',
  'Instrument ID',
  'Symbol',
  'Expiry Date',
  'Initial Margin',
  'ELM Long',
  'ELM Short',
  'Tender Margin',
  'Total Margin',
  'Additional Long Margin',
  'Additional Short Margin',
  'Special Long Margin',
  'Special Short Margin',
  'Pre-Expiry Margin',
  'Delivery Margin',
  'Lean Period',
] as const;

const bare = (header: string): string => header.toLowerCase().replace(/[^a-z]/g, '');
/** Copies differ in spaces, case and the percent sign. */
const columnOf = (header: string): string => KNOWN.find((name) => bare(name) === bare(header)) ?? header;
const LAYOUT: CsvLayout = {
  required: ['Instrument ID', 'Symbol', 'Expiry Date', 'Initial Margin'],
  optional: [...KNOWN],
  unknownColumns: 'refuse',
  columnOf,
};

/** Reads it; a row dated for none of `dates` (yyyymmdd, the business date first) is refused. Throws ReferenceFileError. */
export async function readCommodityMarginFile(
  path: string,
  dates: readonly number[],
): Promise<{ readonly margins: CommodityMargins; readonly source: SourceDigest }> {
  const margins = new Map<string, CommodityMarginRow>();
  const source = await readCsvRecords(path, LAYOUT, (record) => {
    const date = record.date('Date');
    if (date !== 0 && !dates.includes(date)) record.fail('Date', `is for ${date}, the parameters are for ${dates[0]}`);
    const instrument = record.required('Instrument ID');
    const kind = /^FUT/.test(instrument)
      ? 'FUT'
      : /^OPT/.test(instrument)
        ? 'CE'
        : record.fail('Instrument ID', `"${instrument}" is neither FUT… nor OPT…`);
    const expiry = record.date('Expiry Date') || record.fail('Expiry Date', 'is empty');
    const key = commodityMarginKey(record.required('Symbol'), expiry, kind);
    if (margins.has(key)) record.fail('Symbol', `${key} appears twice`);
    margins.set(key, rowOf(record));
  });
  if (margins.size === 0) fault(path, 0, '', 'the file names no contract');
  return { margins, source };
}

function rowOf(record: CsvRecord): CommodityMarginRow {
  return {
    initial: percent(record, 'Initial Margin'),
    elmLong: percent(record, 'ELM Long'),
    elmShort: percent(record, 'ELM Short'),
    tender: percent(record, 'Tender Margin'),
    additionalLong: percent(record, 'Additional Long Margin') ?? 0,
    additionalShort: percent(record, 'Additional Short Margin') ?? 0,
    specialLong: percent(record, 'Special Long Margin') ?? 0,
    specialShort: percent(record, 'Special Short Margin') ?? 0,
    preExpiry: percent(record, 'Pre-Expiry Margin') ?? 0,
    isLean: leanOf(record),
  };
}

function percent(record: CsvRecord, column: string): number | undefined {
  const rate = record.scaled(column, 2);
  if (rate === undefined || (rate >= 0 && rate <= 10_000)) return rate;
  return record.fail(column, `${rate / 100} % is not between 0 and 100`);
}

function leanOf(record: CsvRecord): boolean {
  const text = record.text('Lean Period').toUpperCase();
  return text === 'Y' || (text === '' || text === 'N' ? false : record.fail('Lean Period', `"${text}" is neither Y nor N`));
}
