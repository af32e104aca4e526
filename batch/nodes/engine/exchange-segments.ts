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

const { NSE, NFO, CDS, BSE, BFO, BCD, MCX } = ExchangeSegment;
/** Exchange of each of the engine's segments, by segment of the night. */
export const EXCHANGE_OF: Readonly<Record<Segment, Readonly<Record<number, string>>>> = {
  CM: { [NSE]: 'NSE', [BSE]: 'BSE' },
  FO: { [NFO]: 'NSE', [BFO]: 'BSE' },
  CD: { [CDS]: 'NSE', [BCD]: 'BSE' },
  COM: { [MCX]: 'MCX' },
};

/** The segment of the night an exchange segment belongs to. */
export function nightSegmentOf(exchangeSegment: number): Segment {
  const found = (Object.keys(EXCHANGE_SEGMENTS) as Segment[]).find((segment) => EXCHANGE_SEGMENTS[segment].includes(exchangeSegment));
  if (found === undefined) throw new RangeError(`exchange segment ${exchangeSegment} is none`);
  return found;
}

/** The engine's segment of an exchange in a segment of the night. */
export function exchangeSegmentOf(segment: string, exchange: string): number {
  const found = Object.entries(EXCHANGE_OF[segment as Segment] ?? {}).find(([, name]) => name === exchange);
  if (found === undefined) throw new RangeError(`${exchange} has no segment ${segment}`);
  return Number(found[0]);
}
