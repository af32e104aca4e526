// Bytes of the Kite ticker's binary form, big-endian. A frame is one byte (heartbeat), or a u16 count of packets, each with a u16 length before it.
// The length says what a packet holds: 8 last price; 28 and 32 an index, without and with its time; 44 a quote; 184 a quote with depth.
// Prices are i32 in 1/divisor rupee, times u32 seconds since 1970. The offsets are the public documentation's; a table test repeats them.
import { ExchangeSegment } from '../../../engine/index.ts';
import { INDEX_SEGMENT } from '../market-data-port.ts';

/** Packet lengths. */
export const PacketLength = { ltp: 8, indexQuote: 28, indexFull: 32, quote: 44, full: 184 } as const;

/** Fields every packet begins with. */
export const PacketHead = { token: 0, lastPrice: 4 } as const;

/** An index: its day comes high first. */
export const IndexPacket = { high: 8, low: 12, open: 16, close: 20, change: 24, exchangeTime: 28 } as const;

/** A tradable instrument. */
export const QuotePacket = {
  lastQuantity: 8,
  averagePrice: 12,
  volume: 16,
  totalBuy: 20,
  totalSell: 24,
  open: 28,
  high: 32,
  low: 36,
  close: 40,
  lastTradeTime: 44,
  openInterest: 48,
  openInterestHigh: 52,
  openInterestLow: 56,
  exchangeTime: 60,
  depth: 64,
} as const;

/** One depth level: quantity i32, price i32, orders u16, two bytes unused. Five bids, then five offers. */
export const DepthLevel = { quantity: 0, price: 4, orders: 8, BYTES: 12, LEVELS: 10 } as const;

const TICKS_PER_RUPEE = 10_000;
const PLAIN_DIVISOR = 100;
const DIVISORS: Readonly<Record<number, number>> = { [ExchangeSegment.CDS]: 10_000_000, [ExchangeSegment.BCD]: 10_000 };

/** How many units of a packet's price make a rupee, by segment. */
export const divisorOf = (segment: number): number => DIVISORS[segment] ?? PLAIN_DIVISOR;

/** A packet's price in ticks; finer than a tick is rounded to the nearest. */
export const ticksOf = (price: number, segment: number): number => Math.round((price * TICKS_PER_RUPEE) / divisorOf(segment));

/** A price in ticks as a packet carries it. */
export const packetPriceOf = (ticks: number, segment: number): number => Math.round((ticks * divisorOf(segment)) / TICKS_PER_RUPEE);

/** The ticker's number of an instrument: exchange token and segment in one. */
export const instrumentTokenOf = (segment: number, token: number): number => token * 256 + segment;

/** Segment of an instrument token. */
export const tokenSegment = (instrumentToken: number): number => instrumentToken & 0xff;

/** Exchange token of an instrument token. */
export const exchangeToken = (instrumentToken: number): number => instrumentToken >>> 8;

/** Is the length one a packet of the segment may have? */
export function isPacketLength(length: number, segment: number): boolean {
  if (length === PacketLength.ltp) return true;
  const isIndexLength = length === PacketLength.indexQuote || length === PacketLength.indexFull;
  return segment === INDEX_SEGMENT ? isIndexLength : length === PacketLength.quote || length === PacketLength.full;
}
