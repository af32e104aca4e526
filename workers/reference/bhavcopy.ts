// UDiFF common bhavcopy: 34 columns, the same for cash and derivatives, NSE and BSE (layout in force at NSE since 2024-07-08).
// Rows are kept in full, unknown columns included, so that what is printed again is what was read. Judges nothing about the market.
import { type CsvRecord, csvField, readCsvRecords } from './csv-records.ts';
import { isoDate, printScaled } from './decimal-text.ts';
import type { SourceDigest } from './source-file.ts';

/** Column names in the published order. */
const BHAVCOPY_COLUMNS = [
  'TradDt',
  'BizDt',
  'Sgmt',
  'Src',
  'FinInstrmTp',
  'FinInstrmId',
  'ISIN',
  'TckrSymb',
  'SctySrs',
  'XpryDt',
  'FininstrmActlXpryDt',
  'StrkPric',
  'OptnTp',
  'FinInstrmNm',
  'OpnPric',
  'HghPric',
  'LwPric',
  'ClsPric',
  'LastPric',
  'PrvsClsgPric',
  'UndrlygPric',
  'SttlmPric',
  'OpnIntrst',
  'ChngInOpnIntrst',
  'TtlTradgVol',
  'TtlTrfVal',
  'TtlNbOfTxsExctd',
  'SsnId',
  'NewBrdLotQty',
  'Rmks',
  'Rsvd1',
  'Rsvd2',
  'Rsvd3',
  'Rsvd4',
] as const;

const PRICES = {
  strike: 'StrkPric',
  open: 'OpnPric',
  high: 'HghPric',
  low: 'LwPric',
  close: 'ClsPric',
  last: 'LastPric',
  previousClose: 'PrvsClsgPric',
  underlyingPrice: 'UndrlygPric',
  settlementPrice: 'SttlmPric',
} as const;
const COUNTS = {
  openInterest: 'OpnIntrst',
  changeInOpenInterest: 'ChngInOpnIntrst',
  volume: 'TtlTradgVol',
  trades: 'TtlNbOfTxsExctd',
  lot: 'NewBrdLotQty',
} as const;

/** One row. Prices in ticks (1/10,000 rupee), dates yyyymmdd (0 = empty), undefined = empty field. */
export interface BhavcopyRow extends Partial<Record<keyof typeof PRICES | keyof typeof COUNTS, number>> {
  readonly tradeDate: number;
  readonly businessDate: number;
  /** CM, FO, CD, CO. */
  readonly segment: string;
  /** NSE, BSE, MSE, MCX. */
  readonly source: string;
  /** STK, STF, STO, IDF, IDO; BSE also SF, SO, IF, IO. */
  readonly instrumentType: string;
  readonly token: number;
  readonly isin: string;
  readonly symbol: string;
  readonly series: string;
  readonly expiry: number;
  readonly actualExpiry: number;
  /** CE, PE or ''. */
  readonly optionType: string;
  readonly name: string;
  /** Traded value, paise. NSE F&O: volume is in lots, open interest in units. */
  readonly turnover?: number;
  readonly session: string;
  readonly remarks: string;
  /** Rsvd1..Rsvd4 and columns this release does not know, as text. */
  readonly rest: Readonly<Record<string, string>>;
}

const LAYOUT = { required: BHAVCOPY_COLUMNS.slice(0, 29), optional: BHAVCOPY_COLUMNS.slice(29), unknownColumns: 'keep' } as const;
const TYPED = new Set<string>(BHAVCOPY_COLUMNS.slice(0, 30));

/** Streams a bhavcopy (.csv, .csv.gz or .csv.zip) to `onRow` with its line number. Throws ReferenceFileError. */
export function readBhavcopy(path: string, onRow: (row: BhavcopyRow, line: number) => void): Promise<SourceDigest> {
  return readCsvRecords(path, LAYOUT, (record) => onRow(rowOf(record), record.line));
}

function rowOf(record: CsvRecord): BhavcopyRow {
  const optionType = record.text('OptnTp');
  if (optionType !== '' && optionType !== 'CE' && optionType !== 'PE') record.fail('OptnTp', `"${optionType}" is neither CE nor PE`);
  const token = record.token('FinInstrmId');
  const row = {
    tradeDate: record.date('TradDt'),
    businessDate: record.date('BizDt'),
    segment: record.required('Sgmt'),
    source: record.required('Src'),
    instrumentType: record.required('FinInstrmTp'),
    token,
    isin: record.text('ISIN'),
    symbol: record.required('TckrSymb'),
    series: record.text('SctySrs'),
    expiry: record.date('XpryDt'),
    actualExpiry: record.date('FininstrmActlXpryDt'),
    optionType,
    name: record.text('FinInstrmNm'),
    session: record.text('SsnId'),
    remarks: record.text('Rmks'),
    rest: restOf(record),
  };
  return Object.assign(row, numbersOf(record, row.segment === 'CO'));
}

function numbersOf(record: CsvRecord, isCommodity: boolean): Partial<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, column] of PRICE_ENTRIES) {
    const value = record.scaled(column, 4);
    if (value === undefined) continue;
    // Commodities have settled below zero (crude oil in April 2020); shares, currencies and options cannot.
    if (value < 0 && !isCommodity) record.fail(column, `${record.text(column)} is below zero`);
    numbers[name] = value;
  }
  for (const [name, column] of COUNT_ENTRIES) {
    const value = record.integer(column);
    if (value !== undefined) numbers[name] = value;
  }
  const turnover = record.scaled('TtlTrfVal', 2);
  if (turnover !== undefined) numbers['turnover'] = turnover;
  return numbers;
}

const PRICE_ENTRIES = Object.entries(PRICES);
const COUNT_ENTRIES = Object.entries(COUNTS);

function restOf(record: CsvRecord): Record<string, string> {
  const rest: Record<string, string> = {};
  for (const column of record.columns) {
    if (TYPED.has(column)) continue;
    const text = record.text(column);
    if (text !== '') rest[column] = text;
  }
  return rest;
}

/** The header line, with `extraColumns` after the published ones. */
export function bhavcopyHeader(extraColumns: readonly string[] = []): string {
  return [...BHAVCOPY_COLUMNS, ...extraColumns].join(',');
}

/** One row as the exchange prints it: dates YYYY-MM-DD, prices with two decimals (four when needed), empty = empty field. */
export function printBhavcopyRow(row: BhavcopyRow, extraColumns: readonly string[] = []): string {
  const count = (value: number | undefined): string => (value === undefined ? '' : String(value));
  const fields = [
    isoDate(row.tradeDate),
    isoDate(row.businessDate),
    row.segment,
    row.source,
    row.instrumentType,
    String(row.token),
    row.isin,
    row.symbol,
    row.series,
    isoDate(row.expiry),
    isoDate(row.actualExpiry),
    printPrice(row.strike),
    row.optionType,
    row.name,
    printPrice(row.open),
    printPrice(row.high),
    printPrice(row.low),
    printPrice(row.close),
    printPrice(row.last),
    printPrice(row.previousClose),
    printPrice(row.underlyingPrice),
    printPrice(row.settlementPrice),
    count(row.openInterest),
    count(row.changeInOpenInterest),
    count(row.volume),
    row.turnover === undefined ? '' : printScaled(row.turnover, 2),
    count(row.trades),
    row.session,
    count(row.lot),
    row.remarks,
  ];
  for (const column of [...BHAVCOPY_COLUMNS.slice(30), ...extraColumns]) fields.push(row.rest[column] ?? '');
  return fields.map(csvField).join(',');
}

function printPrice(ticks: number | undefined): string {
  if (ticks === undefined) return '';
  return ticks % 100 === 0 ? printScaled(ticks / 100, 2) : printScaled(ticks, 4);
}
