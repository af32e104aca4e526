// ELM files of NSE Clearing: `ael_DDMMYYYY.csv` (a rate per symbol, OTH and OTM) and `F_AEL_OPT_CONTRACTS_DDMMYYYY.csv(.gz)` (a rate per
// contract; options since 2024-11, futures too since 2026-06-09). Rates are percent numbers, kept in 1/10,000.
// The per-contract layout is not public in detail: the columns below are the ones accepted, anything else is refused by name.
import { type CsvLayout, type CsvRecord, readCsvRecords } from './csv-records.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

/** ELM rates of one day. Keys of `contracts` are those of contractKey. */
export interface ExposureRates {
  /** OTH: futures and ordinary options; OTM: deep out-of-the-money options. */
  readonly symbols: ReadonlyMap<string, { readonly oth?: number; readonly otm?: number }>;
  readonly contracts: ReadonlyMap<string, number>;
}

/** Key of a derivative contract: symbol, expiry, FUT/CE/PE, strike in ticks. */
export function contractKey(symbol: string, expiry: number, kind: string, strike: number): string {
  return `${symbol}|${expiry}|${kind}|${strike}`;
}

const SYMBOL = 'Symbol';
const TYPE = 'Instrument Type';
const EXPIRY = 'Expiry Date';
const STRIKE = 'Strike Price';
const OPTION = 'Option Type';
const NORMAL = 'Normal ELM Margin%';
const ADDITIONAL = 'Additional ELM%';
const TOTAL = 'Total applicable ELM%';

/** The additional column's header carries the trade date; headers differ in spacing and case between copies. */
function columnOf(header: string): string {
  const bare = header.toLowerCase().replace(/[^a-z%]/g, '');
  if (bare.startsWith('additionalelm')) return ADDITIONAL;
  const names = ['Sr No.', SYMBOL, TYPE, EXPIRY, STRIKE, OPTION, NORMAL, TOTAL];
  return names.find((name) => name.toLowerCase().replace(/[^a-z%]/g, '') === bare) ?? header;
}

const BY_SYMBOL = new Set(['Sr No.', SYMBOL, TYPE, NORMAL, ADDITIONAL, TOTAL]);
const BY_CONTRACT = new Set([...BY_SYMBOL, EXPIRY, STRIKE, OPTION]);
const LAYOUT: CsvLayout = { required: [SYMBOL], optional: [TOTAL, NORMAL], unknownColumns: 'keep', columnOf };

/** The total as printed, or where the file prints none the normal rate and the day's addition; printed, it must be their sum. */
function totalRate(record: CsvRecord): number {
  const normal = record.scaled(NORMAL, 2);
  const sum = normal === undefined ? undefined : normal + (record.scaled(ADDITIONAL, 2) ?? 0);
  const rate = record.scaled(TOTAL, 2) ?? sum ?? record.fail(TOTAL, 'is empty');
  if (sum !== undefined && record.has(ADDITIONAL) && rate !== sum) {
    record.fail(TOTAL, `${rate / 100} % is not the normal and the additional rate together (${sum / 100} %)`);
  }
  if (rate < 0 || rate > 10_000) record.fail(TOTAL, `${rate / 100} % is not between 0 and 100`);
  return rate;
}

/** Reads either kind of ELM file; which it is, its columns say. Throws ReferenceFileError. */
export async function readExposureFile(path: string): Promise<{ rates: ExposureRates; source: SourceDigest }> {
  const symbols = new Map<string, { oth?: number; otm?: number }>();
  const contracts = new Map<string, number>();
  let take: ((record: CsvRecord) => void) | undefined;
  const source = await readCsvRecords(path, LAYOUT, (record) => {
    if (take === undefined) {
      const perContract = record.has(EXPIRY) || record.has(STRIKE) || record.has(OPTION);
      checkColumns(record, perContract);
      take = perContract ? (each) => takeContract(each, contracts) : (each) => takeSymbol(each, symbols);
    }
    take(record);
  });
  return { rates: { symbols, contracts }, source };
}

function checkColumns(record: CsvRecord, perContract: boolean): void {
  const needed = [...(perContract ? [EXPIRY, STRIKE, OPTION] : [TYPE]), ...(record.has(NORMAL) ? [] : [TOTAL])];
  for (const column of needed) if (!record.has(column)) fault(record.file, 1, column, 'column is missing');
  const known = perContract ? BY_CONTRACT : BY_SYMBOL;
  // A column we do not know may change what a rate applies to.
  for (const column of record.columns) {
    if (column !== '' && !known.has(column)) fault(record.file, 1, column, 'column is not known in an ELM file');
  }
}

function takeSymbol(record: CsvRecord, symbols: Map<string, { oth?: number; otm?: number }>): void {
  const type = record.required(TYPE);
  if (type !== 'OTH' && type !== 'OTM') record.fail(TYPE, `"${type}" is neither OTH nor OTM`);
  const field = type === 'OTH' ? 'oth' : 'otm';
  const symbol = record.required(SYMBOL);
  const rates = symbols.get(symbol) ?? {};
  if (rates[field] !== undefined) record.fail(SYMBOL, `${symbol} ${type} appears twice`);
  rates[field] = totalRate(record);
  symbols.set(symbol, rates);
}

function takeContract(record: CsvRecord, contracts: Map<string, number>): void {
  const option = record.text(OPTION);
  const kind = option === '' || option === 'XX' || option === 'FF' ? 'FUT' : option;
  if (kind !== 'FUT' && kind !== 'CE' && kind !== 'PE') record.fail(OPTION, `"${option}" is neither CE, PE nor XX`);
  const strike = kind === 'FUT' ? 0 : (record.scaled(STRIKE, 4) ?? record.fail(STRIKE, 'is empty'));
  const expiry = record.date(EXPIRY) || record.fail(EXPIRY, 'is empty');
  const key = contractKey(record.required(SYMBOL), expiry, kind, strike);
  if (contracts.has(key)) record.fail(SYMBOL, `contract ${key} appears twice`);
  contracts.set(key, totalRate(record));
}
