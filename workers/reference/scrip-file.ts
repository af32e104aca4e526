// BSE's scrip master (`SCRIP_….TXT`, fields between bars), by header name: scrip code, trading name, group, lot, tick, ISIN. Tick in paise. The names
// below are public, the order of its thirty columns is not; scrips that are not active are left out. A share without a close elsewhere fails closed.
import { ExchangeSegment } from '../../engine/index.ts';
import { type CsvLayout, readCsvRecords } from './csv-records.ts';
import type { ListingBook } from './listing.ts';
import type { SourceDigest } from './source-file.ts';

/** Columns read, as the file names them. */
export const SCRIP_COLUMNS = ['Scrip_Code', 'Scrip_Id', 'Scrip_Name', 'Scrip_Group', 'Market_Lot', 'Tick_Size', 'Status', 'ISIN_CODE'] as const;
const LAYOUT: CsvLayout = {
  required: ['Scrip_Code', 'Scrip_Id', 'Market_Lot', 'Tick_Size', 'ISIN_CODE'],
  optional: ['Scrip_Name', 'Scrip_Group', 'Status'],
  unknownColumns: 'keep',
  delimiter: '|',
};
const ACTIVE = 'A';

/** Adds the active scrips of the file. Throws ReferenceFileError. */
export function addScripFile(path: string, book: ListingBook): Promise<SourceDigest> {
  return readCsvRecords(path, LAYOUT, (record) => {
    const status = record.text('Status');
    if (status !== '' && status !== ACTIVE) return;
    const tick = record.integer('Tick_Size') ?? 0;
    if (tick <= 0) record.fail('Tick_Size', `${tick} is not a tick in paise`);
    const symbol = record.required('Scrip_Id');
    book.add({
      segment: ExchangeSegment.BSE,
      token: record.token('Scrip_Code'),
      kind: 'EQ',
      name: symbol,
      symbol,
      series: record.text('Scrip_Group'),
      expiry: 0,
      strike: 0,
      lot: record.integer('Market_Lot') ?? 0,
      tickSize: tick * 100,
      freezeQuantity: 0,
      bandLow: 0,
      bandHigh: 0,
      previousClose: 0,
      underlyingClose: 0,
      isIndex: false,
      isin: record.required('ISIN_CODE'),
      file: record.file,
      line: record.line,
    });
  });
}
