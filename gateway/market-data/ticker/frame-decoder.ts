// One binary frame of the ticker into ticks. Every read is bounds-checked first; what cannot be read is told with its place and the rest of the
// frame is still used where its packets can be found. One Tick is reused.
import { emptyTick, INDEX_SEGMENT, type Tick } from '../market-data-port.ts';
import {
  DepthLevel,
  exchangeToken,
  IndexPacket,
  isPacketLength,
  PacketHead,
  PacketLength,
  QuotePacket,
  ticksOf,
  tokenSegment,
} from './ticker-layout.ts';

/** Segments a token may name: 1 to 7, and 9 for indices. */
const isSegment = (segment: number): boolean => (segment >= 1 && segment <= 7) || segment === INDEX_SEGMENT;

/** What the decoder calls back. */
export interface FrameReader {
  tick(tick: Tick): void;
  /** A place in the frame that could not be read, and why. */
  malformed(problem: string): void;
}

export class FrameDecoder {
  private readonly tick: Tick = emptyTick();
  private data: DataView = new DataView(new ArrayBuffer(0));

  /** Reads a frame; returns how many packets were ticks. A heartbeat is none, and no fault. */
  decode(frame: Uint8Array, reader: FrameReader): number {
    if (frame.length === 1) return 0;
    if (frame.length < 2) {
      reader.malformed('empty frame');
      return 0;
    }
    this.data = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    const count = this.data.getUint16(0);
    let at = 2;
    let ticks = 0;
    for (let packet = 0; packet < count; packet++) {
      if (at + 2 > frame.length) {
        reader.malformed(`byte ${at}: packet ${packet} of ${count} has no length`);
        return ticks;
      }
      const length = this.data.getUint16(at);
      at += 2;
      if (at + length > frame.length) {
        reader.malformed(`byte ${at}: packet ${packet} of ${count} has ${length} bytes, ${frame.length - at} are left`);
        return ticks;
      }
      const problem = this.readPacket(at, length);
      if (problem === '') {
        ticks += 1;
        reader.tick(this.tick);
      } else reader.malformed(`byte ${at}: packet ${packet} of ${count}: ${problem}`);
      at += length;
    }
    if (at < frame.length) reader.malformed(`byte ${at}: ${frame.length - at} bytes after the last packet`);
    return ticks;
  }

  /** Fills the tick; '' or what is wrong. */
  private readPacket(at: number, length: number): string {
    if (length < PacketLength.ltp) return `length ${length} is none of a packet`;
    const instrument = this.data.getUint32(at + PacketHead.token);
    const segment = tokenSegment(instrument);
    if (!isSegment(segment)) return `instrument token ${instrument} names segment ${segment}`;
    if (!isPacketLength(length, segment)) return `length ${length} is none of segment ${segment}`;
    this.clear(segment, exchangeToken(instrument));
    this.tick.price = this.price(at + PacketHead.lastPrice);
    if (length === PacketLength.indexQuote || length === PacketLength.indexFull) this.readIndex(at, length);
    else if (length !== PacketLength.ltp) this.readQuote(at, length);
    return '';
  }

  private clear(segment: number, token: number): void {
    const { tick } = this;
    tick.segment = segment;
    tick.token = token;
    tick.time = 0;
    tick.open = 0;
    tick.high = 0;
    tick.low = 0;
    tick.close = 0;
    tick.volume = 0;
    tick.openInterest = 0;
    tick.hasDepth = false;
  }

  private readIndex(at: number, length: number): void {
    const { tick } = this;
    tick.high = this.price(at + IndexPacket.high);
    tick.low = this.price(at + IndexPacket.low);
    tick.open = this.price(at + IndexPacket.open);
    tick.close = this.price(at + IndexPacket.close);
    if (length === PacketLength.indexFull) tick.time = this.time(at + IndexPacket.exchangeTime);
  }

  private readQuote(at: number, length: number): void {
    const { tick, data } = this;
    tick.volume = data.getUint32(at + QuotePacket.volume);
    tick.open = this.price(at + QuotePacket.open);
    tick.high = this.price(at + QuotePacket.high);
    tick.low = this.price(at + QuotePacket.low);
    tick.close = this.price(at + QuotePacket.close);
    if (length !== PacketLength.full) return;
    tick.openInterest = data.getUint32(at + QuotePacket.openInterest);
    tick.time = this.time(at + QuotePacket.exchangeTime);
    tick.hasDepth = true;
    for (let level = 0; level < DepthLevel.LEVELS; level++) {
      const from = at + QuotePacket.depth + level * DepthLevel.BYTES;
      tick.depth[level * 3] = data.getInt32(from + DepthLevel.quantity);
      tick.depth[level * 3 + 1] = this.price(from + DepthLevel.price);
      tick.depth[level * 3 + 2] = data.getUint16(from + DepthLevel.orders);
    }
  }

  private price(at: number): number {
    return ticksOf(this.data.getInt32(at), this.tick.segment);
  }

  private time(at: number): number {
    return this.data.getUint32(at) * 1_000;
  }
}
