// Ticks into one binary frame of the ticker, for the server that plays it. The counterpart of frame-decoder.ts; both follow ticker-layout.ts.
import { INDEX_SEGMENT, type Tick } from '../market-data-port.ts';
import { DepthLevel, IndexPacket, instrumentTokenOf, PacketHead, PacketLength, packetPriceOf, QuotePacket } from './ticker-layout.ts';

/** How much of an instrument a client wants. */
export type TickerMode = 'ltp' | 'quote' | 'full';

/** The one-byte frame that says "still here". */
export const HEARTBEAT: Uint8Array = new Uint8Array(1);

/** Bytes of a packet. */
export function packetLength(segment: number, mode: TickerMode): number {
  if (mode === 'ltp') return PacketLength.ltp;
  if (segment === INDEX_SEGMENT) return mode === 'full' ? PacketLength.indexFull : PacketLength.indexQuote;
  return mode === 'full' ? PacketLength.full : PacketLength.quote;
}

/** A frame of the given ticks, each in its mode. At most 65,535 of them. */
export function encodeFrame(entries: readonly { readonly tick: Tick; readonly mode: TickerMode }[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { tick, mode }) => sum + 2 + packetLength(tick.segment, mode), 2));
  const data = new DataView(bytes.buffer);
  data.setUint16(0, entries.length);
  let at = 2;
  for (const { tick, mode } of entries) {
    const length = packetLength(tick.segment, mode);
    data.setUint16(at, length);
    writePacket(data, at + 2, length, tick);
    at += 2 + length;
  }
  return bytes;
}

function writePacket(data: DataView, at: number, length: number, tick: Tick): void {
  const price = (offset: number, ticks: number): void => data.setInt32(at + offset, packetPriceOf(ticks, tick.segment));
  const seconds = Math.floor(tick.time / 1_000);
  data.setUint32(at + PacketHead.token, instrumentTokenOf(tick.segment, tick.token));
  price(PacketHead.lastPrice, tick.price);
  if (length === PacketLength.ltp) return;
  if (tick.segment === INDEX_SEGMENT) {
    price(IndexPacket.high, tick.high);
    price(IndexPacket.low, tick.low);
    price(IndexPacket.open, tick.open);
    price(IndexPacket.close, tick.close);
    price(IndexPacket.change, tick.price - tick.close);
    if (length === PacketLength.indexFull) data.setUint32(at + IndexPacket.exchangeTime, seconds);
    return;
  }
  data.setUint32(at + QuotePacket.volume, tick.volume);
  price(QuotePacket.averagePrice, tick.price);
  price(QuotePacket.open, tick.open);
  price(QuotePacket.high, tick.high);
  price(QuotePacket.low, tick.low);
  price(QuotePacket.close, tick.close);
  if (length !== PacketLength.full) return;
  data.setUint32(at + QuotePacket.lastTradeTime, seconds);
  data.setUint32(at + QuotePacket.openInterest, tick.openInterest);
  data.setUint32(at + QuotePacket.exchangeTime, seconds);
  for (let level = 0; level < DepthLevel.LEVELS; level++) {
    const from = QuotePacket.depth + level * DepthLevel.BYTES;
    data.setInt32(at + from + DepthLevel.quantity, tick.depth[level * 3] ?? 0);
    price(from + DepthLevel.price, tick.depth[level * 3 + 1] ?? 0);
    data.setUint16(at + from + DepthLevel.orders, tick.depth[level * 3 + 2] ?? 0);
  }
}
