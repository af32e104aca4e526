// The engine's exchange segments by the night's segments and chains.
import { ExchangeSegment } from '../../../engine/index.ts';
import { type Chain, SEGMENT_OF, type Segment } from '../../graph/node-row.ts';

const { NSE, NFO, CDS, BSE, BFO, BCD, MCX } = ExchangeSegment;

/** Those cleared in a segment, at whichever exchange. */
export const EXCHANGE_SEGMENTS: Readonly<Record<Segment, readonly number[]>> = { CM: [NSE, BSE], FO: [NFO, BFO], CD: [CDS, BCD], COM: [MCX] };

/** Chains that are one exchange segment's alone. */
const OWN: Readonly<Partial<Record<Chain, number>>> = { BSE, BFO, T0: NSE };
const EXCHANGES: Readonly<Record<number, string>> = {
  [NSE]: 'NSE',
  [NFO]: 'NSE',
  [CDS]: 'NSE',
  [BSE]: 'BSE',
  [BFO]: 'BSE',
  [BCD]: 'BSE',
  [MCX]: 'MCX',
};

/** Exchange segments that open, close and are reconciled with a chain of a house: all of its segment's but those that have a chain of their own there. */
export function segmentsOf(chain: Chain, chains: readonly Chain[]): readonly number[] {
  const own = OWN[chain];
  if (own !== undefined) return [own];
  // T+0 is traded within NSE's: that stays CM's.
  const apart = chains.map((each) => (each === 'T0' ? undefined : OWN[each]));
  return EXCHANGE_SEGMENTS[SEGMENT_OF[chain]].filter((segment) => !apart.includes(segment));
}

/** Name of the exchange an exchange segment belongs to. */
export const exchangeOf = (exchangeSegment: number): string => EXCHANGES[exchangeSegment] ?? '';

/** The segment of the night an exchange segment belongs to. */
export function nightSegmentOf(exchangeSegment: number): Segment {
  const found = (Object.keys(EXCHANGE_SEGMENTS) as Segment[]).find((segment) => EXCHANGE_SEGMENTS[segment].includes(exchangeSegment));
  if (found === undefined) throw new RangeError(`exchange segment ${exchangeSegment} is none`);
  return found;
}

/** The engine's segment of an exchange in a chain of the night. */
export function exchangeSegmentOf(chain: string, exchange: string): number {
  const found = EXCHANGE_SEGMENTS[SEGMENT_OF[chain as Chain]]?.find((segment) => EXCHANGES[segment] === exchange);
  if (found === undefined) throw new RangeError(`${exchange} has no segment ${chain}`);
  return found;
}
