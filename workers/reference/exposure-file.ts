// ELM files of NSE Clearing: `ael_DDMMYYYY.csv` (a rate per symbol, OTH and OTM) and `F_AEL_OPT_CONTRACTS_DDMMYYYY.csv(.gz)` (a rate per
// contract; options since 2024-11, futures too since 2026-06-09). Rates are percent numbers, kept in 1/10,000.
// The per-contract layout is not public in detail: the columns below are the ones accepted, anything else is refused by name.
import { type CsvLayout, type CsvRecord, readCsvRecords } from './csv-records.ts';
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

const SYMBOL_LAYOUT: CsvLayout = { required: [SYMBOL, TYPE, TOTAL], optional: ['Sr No.', NORMAL, ADDITIONAL], unknownColumns: 'keep', columnOf };
const CONTRACT_LAYOUT: CsvLayout = {
  required: [SYMBOL, EXPIRY, STRIKE, OPTION, TOTAL],
  optional: ['Sr No.', TYPE, NORMAL, ADDITIONAL],
  unknownColumns: 'refuse',
  columnOf,
};

function totalRate(record: CsvRecord): number {
  const rate = record.scaled(TOTAL, 2) ?? record.fail(TOTAL, 'is empty');
  if (rate < 0 || rate > 10_000) record.fail(TOTAL, `${rate / 100} % is not between 0 and 100`);
  return rate;
}

/** Reads an ael file. Throws ReferenceFileError. */
export async function readSymbolExposure(path: string): Promise<{ symbols: ExposureRates['symbols']; source: SourceDigest }> {
  const symbols = new Map<string, { oth?: number; otm?: number }>();
  const source = await readCsvRecords(path, SYMBOL_LAYOUT, (record) => {
    const type = record.required(TYPE);
    if (type !== 'OTH' && type !== 'OTM') record.fail(TYPE, `"${type}" is neither OTH nor OTM`);
    const field = type === 'OTH' ? 'oth' : 'otm';
    const symbol = record.required(SYMBOL);
    const rates = symbols.get(symbol) ?? {};
    if (rates[field] !== undefined) record.fail(SYMBOL, `${symbol} ${type} appears twice`);
    rates[field] = totalRate(record);
    symbols.set(symbol, rates);
  });
  return { symbols, source };
}

/** Reads a per-contract ELM file. Throws ReferenceFileError. */
export async function readContractExposure(path: string): Promise<{ contracts: ExposureRates['contracts']; source: SourceDigest }> {
  const contracts = new Map<string, number>();
  const source = await readCsvRecords(path, CONTRACT_LAYOUT, (record) => {
    const option = record.text(OPTION);
    const kind = option === '' || option === 'XX' || option === 'FF' ? 'FUT' : option;
    if (kind !== 'FUT' && kind !== 'CE' && kind !== 'PE') record.fail(OPTION, `"${option}" is neither CE, PE nor XX`);
    const strike = kind === 'FUT' ? 0 : (record.scaled(STRIKE, 4) ?? record.fail(STRIKE, 'is empty'));
    const expiry = record.date(EXPIRY) || record.fail(EXPIRY, 'is empty');
    const key = contractKey(record.required(SYMBOL), expiry, kind, strike);
    if (contracts.has(key)) record.fail(SYMBOL, `contract ${key} appears twice`);
    contracts.set(key, totalRate(record));
  });
  return { contracts, source };
}
