// Which exchange segments settle shares. There a position has a product; elsewhere contracts net whatever the product.
import { ExchangeSegment } from '../instrument.ts';

/** NSE and BSE cash. */
export function isCashSegment(segment: number): boolean {
  return segment === ExchangeSegment.NSE || segment === ExchangeSegment.BSE;
}
