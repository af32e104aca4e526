// What an underlying is, where no instrument type says so: a SPAN file names symbols only. Decides which rules apply, computes nothing.
import { ExchangeSegment } from '../instrument.ts';

/** Underlyings that are indices. */
export const INDEX_UNDERLYINGS: ReadonlySet<string> = new Set([
  'NIFTY',
  'BANKNIFTY',
  'FINNIFTY',
  'MIDCPNIFTY',
  'NIFTYNXT50',
  'SENSEX',
  'BANKEX',
  'SENSEX50',
  'BSXOPT',
  'BKXOPT',
]);

export type UnderlyingKind = 'index' | 'stock' | 'currency' | 'commodity';

/** Kind of an underlying by its symbol and the exchange segment its contracts are listed in. */
export function underlyingKind(symbol: string, segment: number): UnderlyingKind {
  if (segment === ExchangeSegment.CDS || segment === ExchangeSegment.BCD) return 'currency';
  if (segment === ExchangeSegment.MCX) return 'commodity';
  return INDEX_UNDERLYINGS.has(symbol) ? 'index' : 'stock';
}
