// The engine's exchange segments by the night's segments.
import { ExchangeSegment } from '../../../engine/index.ts';
import type { Segment } from '../../graph/node-row.ts';

/** See the file's head. */
export const EXCHANGE_SEGMENTS: Readonly<Record<Segment, readonly number[]>> = {
  CM: [ExchangeSegment.NSE, ExchangeSegment.BSE],
  FO: [ExchangeSegment.NFO, ExchangeSegment.BFO],
  CD: [ExchangeSegment.CDS, ExchangeSegment.BCD],
  COM: [ExchangeSegment.MCX],
};

/** The segment of the night an exchange segment belongs to. */
export function nightSegmentOf(exchangeSegment: number): Segment {
  const found = (Object.keys(EXCHANGE_SEGMENTS) as Segment[]).find((segment) => EXCHANGE_SEGMENTS[segment].includes(exchangeSegment));
  if (found === undefined) throw new RangeError(`exchange segment ${exchangeSegment} is none`);
  return found;
}
