// One instrument as listed by an exchange, whichever file said so. Later files complete earlier ones; they may not contradict them.
import { ExchangeSegment, InstrumentKind } from '../../engine/index.ts';
import { type BhavcopyRow, readBhavcopy } from './bhavcopy.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

/** Prices in ticks, quantities in units, 0 = not known. */
export interface Listing {
  segment: number;
  token: number;
  kind: 'EQ' | 'FUT' | 'CE' | 'PE';
  /** Trading symbol. */
  name: string;
  /** Underlying's symbol; of a cash instrument its own. */
  symbol: string;
  series: string;
  expiry: number;
  strike: number;
  lot: number;
  tickSize: number;
  freezeQuantity: number;
  bandLow: number;
  bandHigh: number;
  previousClose: number;
  underlyingClose: number;
  isIndex: boolean;
  /** Of a share, where the file names one: what is the same at two exchanges. */
  isin?: string;
  file: string;
  line: number;
}

/** A holiday moves an expiry back by days; one file may print the nominal date. Difference of yyyymmdd numbers, within or across a month. */
const EXPIRY_SHIFT = 100;

/** Listings by segment and token. */
export class ListingBook {
  private readonly byKey = new Map<number, Listing>();
  /** Lines in which the file that is being read completed listings of others, by key. */
  private readonly completed = { file: '', lines: new Map<number, number>() };

  get size(): number {
    return this.byKey.size;
  }

  values(): IterableIterator<Listing> {
    return this.byKey.values();
  }

  /** Adds a listing, or completes the one of another file with what this one knows. */
  add(listing: Listing): void {
    const key = listing.segment * 0x1_0000_0000 + listing.token;
    const known = this.byKey.get(key);
    if (known === undefined) {
      this.byKey.set(key, listing);
      return;
    }
    const before = this.lineOf(key, known, listing);
    if (before > 0) fault(listing.file, listing.line, 'FinInstrmId', `token ${listing.token} appears twice, first in line ${before}`);
    const sameTerms = known.symbol === listing.symbol && known.kind === listing.kind && known.strike === listing.strike;
    if (!sameTerms || Math.abs(known.expiry - listing.expiry) > EXPIRY_SHIFT) {
      fault(
        listing.file,
        listing.line,
        'FinInstrmId',
        `token ${listing.token} is ${listing.name} here but ${known.name} in ${known.file}:${known.line}`,
      );
    }
    for (const field of ['lot', 'tickSize', 'freezeQuantity', 'bandLow', 'bandHigh', 'previousClose', 'underlyingClose'] as const) {
      if (known[field] === 0) known[field] = listing[field];
    }
    known.expiry = Math.min(known.expiry, listing.expiry);
    known.isIndex ||= listing.isIndex;
    if (known.isin === undefined && listing.isin !== undefined) known.isin = listing.isin;
  }

  /** Line of the listing's own file in which its token stood already; 0 when it did not. */
  private lineOf(key: number, known: Listing, { file, line }: Listing): number {
    if (known.file === file) return known.line;
    const { completed } = this;
    if (completed.file !== file) {
      completed.file = file;
      completed.lines.clear();
    }
    const before = completed.lines.get(key) ?? 0;
    completed.lines.set(key, line);
    return before;
  }
}

const SEGMENTS: Record<string, number> = {
  'NSE CM': ExchangeSegment.NSE,
  'NSE FO': ExchangeSegment.NFO,
  'NSE CD': ExchangeSegment.CDS,
  'BSE CM': ExchangeSegment.BSE,
  'BSE FO': ExchangeSegment.BFO,
  'BSE CD': ExchangeSegment.BCD,
  'MCX CO': ExchangeSegment.MCX,
};

/** Adds the instruments of a bhavcopy, NSE, BSE or MCX. Throws ReferenceFileError, also when it is of the other market than asked for. */
export function addBhavcopy(path: string, book: ListingBook, market: 'cash' | 'derivatives'): Promise<SourceDigest> {
  return readBhavcopy(path, (row, line) => {
    if ((row.segment === 'CM') !== (market === 'cash')) fault(path, line, 'Sgmt', `${row.segment} is not of the ${market} bhavcopy: wrong file`);
    book.add(listingOf(path, line, row));
  });
}

function listingOf(file: string, line: number, row: BhavcopyRow): Listing {
  const segment = SEGMENTS[`${row.source} ${row.segment}`];
  if (segment === undefined) return fault(file, line, 'Sgmt', `segment ${row.segment} of ${row.source} is not one tarazu trades`);
  const kind = kindOf(file, line, row);
  if (kind !== 'EQ' && row.expiry === 0) fault(file, line, 'XpryDt', 'is empty for a derivative');
  if ((kind === 'CE' || kind === 'PE') && row.strike === undefined) fault(file, line, 'StrkPric', 'is empty for an option');
  const close = row.settlementPrice || row.close || row.previousClose || 0;
  return {
    segment,
    token: row.token,
    kind,
    name: kind === 'EQ' ? cashName(row.symbol, segment === ExchangeSegment.BSE ? '' : row.series) : row.name || `${row.symbol} ${row.expiry} ${kind}`,
    symbol: row.symbol,
    series: row.series,
    // The day trading ends, which is the actual expiry when the nominal one is a holiday.
    expiry: kind === 'EQ' ? 0 : row.actualExpiry || row.expiry,
    strike: kind === 'CE' || kind === 'PE' ? (row.strike ?? 0) : 0,
    lot: row.lot ?? 0,
    tickSize: 0,
    freezeQuantity: 0,
    bandLow: 0,
    bandHigh: 0,
    previousClose: kind === 'EQ' ? row.close || close : close,
    underlyingClose: row.underlyingPrice ?? 0,
    isIndex: /^I/.test(row.instrumentType),
    ...(kind === 'EQ' && row.isin !== '' ? { isin: row.isin } : {}),
    file,
    line,
  };
}

/** RELIANCE for series EQ and without one, else symbol and series: TZJMILLS-BE. Groups of BSE are no part of a name. */
export function cashName(symbol: string, series: string): string {
  return series === 'EQ' || series === '' ? symbol : `${symbol}-${series}`;
}

function kindOf(file: string, line: number, row: BhavcopyRow): Listing['kind'] {
  if (row.segment === 'CM') return 'EQ';
  if (row.optionType === 'CE' || row.optionType === 'PE') return row.optionType;
  // STF, IDF, SF, IF, commodity FUTCOM; an option type would have said so.
  if (/F$|^FUT/.test(row.instrumentType)) return 'FUT';
  return fault(file, line, 'OptnTp', `is empty for an option (${row.instrumentType})`);
}

/** InstrumentKind number of a listing. */
export function instrumentKind(kind: Listing['kind']): number {
  return InstrumentKind[kind];
}
