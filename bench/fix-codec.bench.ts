// FIX decode of a NewOrderSingle with 16 fields and encode of an ExecutionReport: own codec beside jspurefix, in one process, in turn.
import { Bench as TinyBench } from 'tinybench';
import { FrameScanner } from '../gateway/fix/codec/frame-scanner.ts';
import { MessageView } from '../gateway/fix/codec/message-view.ts';
import { MessageWriter } from '../gateway/fix/codec/message-writer.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { type CodecPeer, jspurefixCodec } from './jspurefix-peer.ts';
import { fieldsOf, fixTime, orderText } from './load/order-stream.ts';
import { configurationHash } from './machine.ts';
import { loadPeer, PEERS_FOLDER } from './peers.ts';
import { timeLoop } from './timed.ts';

const JSPUREFIX = '5.11.4';
/** Messages per timed call: a call must be long against the timer. */
const BATCH = 128;
const FRAME_FOUND = 1;
const IDS = { sender: 'OMS', target: 'TARAZU' };
const HEAD = Buffer.from('8=FIX.4.4\x019=', 'latin1');
const TEXTS = ['17-123456', '17:123456:0', 'L000000001', 'C000001', 'NIFTY26NOV24000CE', 'NFO'].map((text) => Buffer.from(text, 'latin1')) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
const NOON = Date.UTC(2026, 10, 20, 6, 30) * 1000;

/** 16 fields: 8 9 35 34 49 52 56 | 11 1 55 54 38 40 44 60 | 10. */
function orders(): Buffer {
  const body = fieldsOf([
    [11, 'L000000001'],
    [1, 'C000001'],
    [55, 'NIFTY26NOV24000CE'],
    [54, '1'],
    [38, '650'],
    [40, '2'],
    [44, '123.45'],
    [60, fixTime(NOON / 1000)],
  ]);
  return Buffer.from(orderText('D', '123456', IDS, fixTime(NOON / 1000), body).repeat(BATCH), 'latin1');
}

/** Cuts, checks and reads the six fields a decision needs, of each message. */
function decodeOwn(messages: Buffer, scanner: FrameScanner, view: MessageView, account: Uint8Array): number {
  scanner.push(messages);
  let decoded = 0;
  while (scanner.next() === FRAME_FOUND) {
    if (view.scan(scanner.bytes, scanner.start, scanner.end) !== 0) throw new Error('own decoder refused a sound message');
    const texts = view.copy(1, account, 0, 16) && view.copy(11, account, 16, 40) && view.has(55);
    if (texts && view.quantity(38) === 650 && view.ticks(44) === 1_234_500 && view.char(54) === 49) decoded += 1;
  }
  return decoded;
}

function encodeOwn(writer: MessageWriter, sequence: number): void {
  const [orderId, execId, clOrdId, account, symbol, exchange] = TEXTS;
  writer.begin(HEAD);
  writer.char(35, 56).int(34, sequence).text(49, IDS.target).timestamp(52, NOON).text(56, IDS.sender);
  writer.raw(1, account).ticks(6, 0).raw(11, clOrdId).int(14, 0).raw(17, execId).raw(37, orderId).int(38, 650).char(39, 48).char(40, 50);
  writer.ticks(44, 1_234_500).char(54, 49).raw(55, symbol).timestamp(60, NOON).char(150, 48).int(151, 650).raw(207, exchange);
  writer.finish();
}

async function jspurefix(size: Size): Promise<CodecPeer | string> {
  const peer = loadPeer('jspurefix', JSPUREFIX, size === 'smoke', ['reflect-metadata']);
  return 'absent' in peer ? peer.absent : jspurefixCodec(peer, PEERS_FOLDER);
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const messages = orders();
  const scanner = new FrameScanner();
  const view = new MessageView();
  const writer = new MessageWriter();
  const account = new Uint8Array(56);
  const peer = await jspurefix(size);
  if (typeof peer === 'string') say(peer);
  const tiny = new TinyBench({ time: size === 'smoke' ? 60 : 2000, warmupTime: size === 'smoke' ? 20 : 500 });
  const mustBe = (decoded: number): void => {
    if (decoded !== BATCH) throw new Error(`decoded ${decoded} of ${BATCH}`);
  };
  tiny.add('decode, own', () => mustBe(decodeOwn(messages, scanner, view, account)));
  tiny.add('encode, own', () => {
    writer.clear();
    for (let i = 0; i < BATCH; i++) encodeOwn(writer, 100_000 + i);
  });
  if (typeof peer !== 'string') {
    tiny.add('decode, jspurefix', () => mustBe(peer.decode(messages)));
    tiny.add('encode, jspurefix', () => {
      for (let i = 0; i < BATCH; i++) peer.encode();
    });
  }
  await tiny.run();
  const nanoseconds = new Map<string, number>();
  for (const task of tiny.tasks) {
    if (task.result.state !== 'completed') throw new Error(`${task.name}: ${'error' in task.result ? String(task.result.error) : task.result.state}`);
    nanoseconds.set(task.name, (task.result.latency.p50 * 1e6) / BATCH);
  }
  const measures: Measure[] = [...nanoseconds].map(([label, value]) => ({
    label,
    value,
    unit: 'ns/message',
    note: `${Math.round(1e9 / value).toLocaleString('en-IN')}/s`,
  }));
  const decodeHeap = timeLoop(200, 5, (from, to) => {
    for (let i = from; i < to; i++) decodeOwn(messages, scanner, view, account);
  });
  measures.push({ label: 'heap, own decode', value: decodeHeap.heapBytes / BATCH, unit: 'bytes/message' });
  for (const job of ['decode', 'encode']) {
    const [own, other] = [nanoseconds.get(`${job}, own`), nanoseconds.get(`${job}, jspurefix`)];
    if (own !== undefined && other !== undefined) measures.push({ label: `${job}, jspurefix / own`, value: other / own, unit: 'times' });
  }
  const parameters = {
    orderBytes: messages.length / BATCH,
    orderFields: 16,
    batch: BATCH,
    jspurefix: typeof peer === 'string' ? 'absent' : peer.version,
  };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series: [],
    targets: [],
    excluded: ['sockets, session rules and dictionary validation', 'jspurefix encodes the body only, without header and checksum (in its favour)'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'fix-codec', title: 'FIX decode and encode beside jspurefix', run };
