// jspurefix brought to the two jobs of the codec bench: decode to a view and read six fields, encode an ExecutionReport. Built without its
// dependency container, which is no part of either job. Typed by what is used.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Peer } from './peers.ts';

/** The two jobs; both throw when the library does not do them. */
export interface CodecPeer {
  readonly version: string;
  /** Decodes every message of the buffer, reading account, ClOrdID, symbol, side, quantity and price; returns how many. */
  decode(messages: Buffer): number;
  /** Encodes one ExecutionReport; returns its bytes. */
  encode(): number;
}

interface View {
  getTyped(tag: number): unknown;
  getString(tag: number): string | null;
}
interface Buffered {
  reset(): void;
  getPos(): number;
}
interface Library {
  DefinitionFactory: new () => { getDefinitions(path: string): Promise<{ message: { get(name: string): unknown } }> };
  ElasticBuffer: new (size: number) => Buffered;
}
interface Ascii {
  AsciiParser: new (
    config: object,
    stream: null,
    buffer: Buffered,
    max: number,
  ) => { on(event: string, listener: (type: string, view: View) => void): void; parseBuffer(bytes: Buffer): void };
  AsciiSegmentParser: new (definitions: object) => object;
  AsciiParserState: new (buffer: Buffered) => object;
  AsciiEncoder: new (
    buffer: Buffered,
    definitions: object,
    time: object,
    delimiter: number,
    log: number,
  ) => { encodeSet(value: object, set: unknown): void; reset(): void };
  TimeFormatter: new (buffer: Buffered) => object;
}

const READ_TAGS = [1, 11, 55, 54, 38, 44] as const;
const BUFFER_BYTES = 160 * 1024;

/** Wires the library as loaded by loadPeer. */
export async function jspurefixCodec(peer: Extract<Peer, { module: unknown }>, folder: string): Promise<CodecPeer> {
  const require = createRequire(join(folder, 'package.json'));
  const library = peer.module as Library;
  const ascii = require('jspurefix/dist/buffer/ascii') as Ascii;
  const dictionary = join(folder, 'node_modules', 'jspurefix', 'data', 'FIX44.xml');
  const definitions = await new library.DefinitionFactory().getDefinitions(dictionary);
  const received = new library.ElasticBuffer(BUFFER_BYTES);
  const made: Record<string, () => object> = {
    AsciiSegmentParser: () => new ascii.AsciiSegmentParser(definitions),
    AsciiParserState: () => new ascii.AsciiParserState(received),
  };
  const sessionContainer = { resolve: (wanted: { name: string }): object => made[wanted.name]?.() ?? {} };
  const parser = new ascii.AsciiParser({ definitions, delimiter: 1, description: {}, factory: null, sessionContainer }, null, received, BUFFER_BYTES);
  let decoded = 0;
  parser.on('msg', (_type, view) => {
    let seen = 0;
    for (const tag of READ_TAGS) if (view.getTyped(tag) !== null) seen += 1;
    if (seen === READ_TAGS.length) decoded += 1;
  });
  const sent = new library.ElasticBuffer(BUFFER_BYTES);
  const encoder = new ascii.AsciiEncoder(sent, definitions, new ascii.TimeFormatter(sent), 1, 1);
  const reportSet = definitions.message.get('ExecutionReport');
  const report = sampleReport();
  return {
    version: peer.version,
    decode(messages) {
      decoded = 0;
      parser.parseBuffer(messages);
      return decoded;
    },
    encode() {
      encoder.encodeSet(report, reportSet);
      const bytes = sent.getPos();
      encoder.reset();
      return bytes;
    },
  };
}

function sampleReport(): object {
  return {
    OrderID: '17-123456',
    ExecID: '17:123456:0',
    ExecType: '0',
    OrdStatus: '0',
    Side: '1',
    LeavesQty: 650,
    CumQty: 0,
    AvgPx: 0,
    ClOrdID: 'L000000001',
    Account: 'C000001',
    Instrument: { Symbol: 'NIFTY26NOV24000CE', SecurityExchange: 'NFO' },
    OrderQtyData: { OrderQty: 650 },
    OrdType: '2',
    Price: 123.45,
    TransactTime: new Date(0),
  };
}
