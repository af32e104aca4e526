// NSE F&O contract file `NSE_FO_contract_ddmmyyyy.csv.gz`, and that of currency contracts `NSE_CD_contract_…`, told by its instrument types: lots,
// ticks, tokens, names, base prices. Prices in paise, strike -1 = none, expiry as seconds since 1980 (or a date). Read by header name; a file without
// its header by the known positions. Freeze quantity and price range: the columns' published names are not known to us, so those below are taken when
// present.
import { ExchangeSegment } from '../../engine/index.ts';
import { type CsvLayout, type CsvRecord, readCsvRecords } from './csv-records.ts';
import { dateOf, dateOfExchangeSeconds } from './decimal-text.ts';
import type { Listing, ListingBook } from './listing.ts';
import type { SourceDigest } from './source-file.ts';

/** Known columns and their positions from 0; the published file has 111 or more. */
export const CONTRACT_POSITIONS: Readonly<Record<string, number>> = {
  FinInstrmId: 0,
  UndrlygFinInstrmId: 1,
  FinInstrmNm: 2,
  TckrSymb: 3,
  XpryDt: 4,
  StrkPric: 5,
  OptnTp: 6,
  PrtdToTrad: 7,
  MinLot: 8,
  NewBrdLotQty: 9,
  BidIntrvl: 10,
  StockNm: 18,
  SttlmMtd: 19,
  BasePric: 20,
  MktTpAndId: 27,
  OptnExrcStyle: 60,
  Mltplr: 71,
  ISIN: 110,
};
/** Width of the published row. */
export const CONTRACT_COLUMNS = 111;
const FREEZE_QUANTITY = 'FrzQty';
const PRICE_LOW = 'LwrPricRg';
const PRICE_HIGH = 'UpprPricRg';

const LAYOUT: CsvLayout = {
  required: ['FinInstrmId', 'FinInstrmNm', 'TckrSymb', 'XpryDt', 'StrkPric', 'OptnTp', 'MinLot', 'NewBrdLotQty'],
  optional: [...Object.keys(CONTRACT_POSITIONS), 'DelFlg', FREEZE_QUANTITY, PRICE_LOW, PRICE_HIGH],
  unknownColumns: 'keep',
  positional: (first) => (/^\d+$/.test(first[0] ?? '') ? positionalColumns(first.length) : undefined),
};

/** Segment of each exchange's equity derivatives, and of its currency contracts. */
const SEGMENTS = { NSE: [ExchangeSegment.NFO, ExchangeSegment.CDS], BSE: [ExchangeSegment.BFO, ExchangeSegment.BCD] } as const;

function positionalColumns(width: number): string[] {
  const columns = new Array<string>(width).fill('');
  for (const [name, at] of Object.entries(CONTRACT_POSITIONS)) if (at < width) columns[at] = name;
  return columns;
}

/** Adds the contracts of an exchange's F&O contract file. Throws ReferenceFileError. */
export function addContractFile(path: string, book: ListingBook, exchange: 'NSE' | 'BSE' = 'NSE'): Promise<SourceDigest> {
  return readCsvRecords(path, LAYOUT, (record) => {
    if (record.text('DelFlg') !== 'Y') book.add(listingOf(record, exchange));
  });
}

function listingOf(record: CsvRecord, exchange: 'NSE' | 'BSE'): Listing {
  const token = record.token('FinInstrmId');
  const option = record.text('OptnTp');
  const kind = option === 'CE' || option === 'PE' ? option : 'FUT';
  if (kind === 'FUT' && option !== '' && option !== 'XX') record.fail('OptnTp', `"${option}" is neither CE, PE nor XX`);
  const strike = record.integer('StrkPric') ?? -1;
  if (kind !== 'FUT' && strike <= 0) record.fail('StrkPric', `${strike} is not a strike in paise`);
  const lot = record.integer('NewBrdLotQty') || record.integer('MinLot') || 0;
  if (lot <= 0) record.fail('NewBrdLotQty', 'no lot');
  const symbol = record.required('TckrSymb');
  return {
    segment: SEGMENTS[exchange][/CUR$|^IRF|^UND(CUR|IRD)/.test(record.text('FinInstrmNm')) ? 1 : 0],
    token,
    kind,
    name: record.text('StockNm') || `${symbol} ${record.text('XpryDt')} ${kind}`,
    symbol,
    series: '',
    expiry: expiryOf(record),
    strike: kind === 'FUT' ? 0 : strike * 100,
    lot,
    tickSize: (record.integer('BidIntrvl') ?? 0) * 100,
    freezeQuantity: record.integer(FREEZE_QUANTITY) ?? 0,
    bandLow: (record.integer(PRICE_LOW) ?? 0) * 100,
    bandHigh: (record.integer(PRICE_HIGH) ?? 0) * 100,
    previousClose: (record.integer('BasePric') ?? 0) * 100,
    underlyingClose: 0,
    isIndex: /IDX$|^ID/.test(record.text('FinInstrmNm')),
    file: record.file,
    line: record.line,
  };
}

function expiryOf(record: CsvRecord): number {
  const text = record.required('XpryDt');
  const date = dateOf(text) || dateOfExchangeSeconds(Number(text));
  return date === 0 ? record.fail('XpryDt', `"${text}" is neither a date nor seconds since 1980`) : date;
}
