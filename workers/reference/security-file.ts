// NSE cash security file `NSE_CM_security_ddmmyyyy.csv.gz`, by header name: ticks and lots, and the price range where one is printed. Tick in
// paise (as face values are in the same file), range as "low-high" in rupees. A security without a close elsewhere fails closed.
import { ExchangeSegment } from '../../engine/index.ts';
import { type CsvLayout, type CsvRecord, readCsvRecords } from './csv-records.ts';
import { scaledDecimalOf } from './decimal-text.ts';
import { cashName, type ListingBook } from './listing.ts';
import type { SourceDigest } from './source-file.ts';

const LAYOUT: CsvLayout = {
  required: ['FinInstrmId', 'TckrSymb', 'SctySrs', 'NewBrdLotQty', 'BidIntrvl'],
  optional: ['FinInstrmNm', 'ISIN', 'ParVal', 'PricRg', 'DelFlg'],
  unknownColumns: 'keep',
};

/** Adds the securities of the file that are not marked deleted. Throws ReferenceFileError. */
export function addSecurityFile(path: string, book: ListingBook): Promise<SourceDigest> {
  return readCsvRecords(path, LAYOUT, (record) => {
    if (record.text('DelFlg') === 'Y') return;
    const token = record.token('FinInstrmId');
    const tick = record.integer('BidIntrvl') ?? 0;
    if (tick <= 0) record.fail('BidIntrvl', `${tick} is not a tick in paise`);
    const symbol = record.required('TckrSymb');
    const series = record.text('SctySrs');
    const [bandLow, bandHigh] = priceRange(record);
    book.add({
      segment: ExchangeSegment.NSE,
      token,
      kind: 'EQ',
      name: cashName(symbol, series),
      symbol,
      series,
      expiry: 0,
      strike: 0,
      lot: record.integer('NewBrdLotQty') ?? 0,
      tickSize: tick * 100,
      freezeQuantity: 0,
      bandLow,
      bandHigh,
      previousClose: 0,
      underlyingClose: 0,
      isIndex: false,
      file: record.file,
      line: record.line,
    });
  });
}

/** Lowest and highest price in ticks; zeros when the file gives none (empty, or from zero up). */
function priceRange(record: CsvRecord): [number, number] {
  const text = record.text('PricRg');
  if (text === '' || text === '-') return [0, 0];
  const [low = Number.NaN, high = Number.NaN] = text.split('-').map((part) => scaledDecimalOf(part.trim(), 4));
  if (!(low <= high)) record.fail('PricRg', `"${text}" is not a range of prices`);
  return low > 0 ? [low, high] : [0, 0];
}
