// One message to thousands of terminals: the gateway's two WebSocket servers side by side, publishing many messages per turn of the loop (what a
// burst of marks looks like) and one; then the margin stream itself with 10,000 subscribers of whom some do not read.
import type { Bench, BenchResult, Measure, Size, Target } from './bench.ts';
import { AskedProcess } from './load/asked-process.ts';
import type { SubscriberAnswer, SubscriberTask } from './load/fan-out-client.ts';
import type { FanOutAnswer, FanOutTask } from './load/fan-out-server.ts';
import { configurationHash } from './machine.ts';

const MESSAGE_BYTES = 200;
/** A server frame of 126 to 65,535 bytes has a head of four. */
const FRAME_BYTES = MESSAGE_BYTES + 4;
const SERVERS = ['uws', 'node'] as const;
/** The native server should deliver so many times what the twin does when messages come in batches. The twin merges a batch into one write, too. */
const BATCH_RATIO = 1.5;
/** Memory that 10,000 subscribers may add while some of them do not read, MiB. */
const STREAM_MIB = 300;

interface Plan {
  readonly subscribers: readonly number[];
  /** Messages in all per run, by messages per turn. */
  readonly messages: Readonly<Record<number, number>>;
  readonly stream: { readonly subscribers: number; readonly seconds: number };
}

const PLANS: Readonly<Record<Size, Plan>> = {
  smoke: { subscribers: [50], messages: { 30: 6_000, 1: 1_000 }, stream: { subscribers: 100, seconds: 0.8 } },
  real: { subscribers: [1_000, 10_000], messages: { 30: 6_000_000, 1: 600_000 }, stream: { subscribers: 10_000, seconds: 10 } },
};

class Pair {
  readonly server = new AskedProcess<FanOutTask, FanOutAnswer>(new URL('load/fan-out-server.ts', import.meta.url));
  readonly client = new AskedProcess<SubscriberTask, SubscriberAnswer>(new URL('load/fan-out-client.ts', import.meta.url));

  /** Bytes the subscribers will have got when everything published so far is there. */
  expectedBytes = 0;

  async connect(server: 'uws' | 'node', subject: 'publish' | 'stream', subscribers: number): Promise<void> {
    const listening = await this.server.ask({ op: 'listen', server, subject });
    if (listening.op !== 'listening') throw new Error('the server does not listen');
    await this.client.ask({ op: 'connect', port: listening.port, subscribers, subscribe: subject === 'stream' });
  }

  async end(): Promise<void> {
    await this.client.end();
    await this.server.end();
  }
}

interface Delivery {
  readonly server: 'uws' | 'node';
  readonly subscribers: number;
  readonly perTurn: number;
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly rssMiB: number;
}

async function deliver(pair: Pair, run: Pick<Delivery, 'server' | 'subscribers' | 'perTurn'>, messages: number): Promise<Delivery> {
  const turns = Math.max(2, Math.round(messages / run.subscribers / run.perTurn));
  const total = turns * run.perTurn * run.subscribers;
  const start = process.hrtime.bigint();
  pair.expectedBytes += total * FRAME_BYTES;
  const counted = pair.client.ask({ op: 'count', bytes: pair.expectedBytes });
  const published = await pair.server.ask({ op: 'publish', bytes: MESSAGE_BYTES, perTurn: run.perTurn, turns });
  const arrived = await counted;
  if (published.op !== 'published' || arrived.op !== 'counted') throw new Error('the fan-out gave no figures');
  const seconds = Number(BigInt(arrived.at) - start) / 1e9;
  return { ...run, perSecond: total / seconds, cpuMicros: (published.cpuSeconds * 1e6) / total, rssMiB: published.rssMiB };
}

async function deliveries(plan: Plan, say: (line: string) => void): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (const subscribers of plan.subscribers)
    for (const server of SERVERS) {
      say(`${server}, ${subscribers} subscribers`);
      const pair = new Pair();
      try {
        await pair.connect(server, 'publish', subscribers);
        for (const perTurn of [30, 1]) {
          // Once for the compiler, at a tenth.
          await deliver(pair, { server, subscribers, perTurn }, (plan.messages[perTurn] ?? 0) / 10);
          found.push(await deliver(pair, { server, subscribers, perTurn }, plan.messages[perTurn] ?? 0));
        }
      } finally {
        await pair.end();
      }
    }
  return found;
}

async function streamed(plan: Plan, say: (line: string) => void): Promise<{ measures: Measure[]; targets: Target[] }> {
  const { subscribers, seconds } = plan.stream;
  say(`margin stream, ${subscribers} subscribers`);
  const pair = new Pair();
  try {
    await pair.connect('uws', 'stream', subscribers);
    await pair.client.ask({ op: 'deaf', subscribers: Math.round(subscribers / 100) });
    const found = await pair.server.ask({ op: 'stream', seconds });
    if (found.op !== 'streamed' || found.messages < subscribers)
      throw new Error(`the stream sent ${found.op === 'streamed' ? found.messages : 0} messages`);
    const label = `margin stream, ${subscribers} subscribers of 1,000 clients`;
    const grown = found.rssAfterMiB - found.rssBeforeMiB;
    return {
      measures: [
        {
          label: `${label}, delivered`,
          value: found.messages / found.seconds,
          unit: 'messages/s',
          note: 'every client changes 4 times a second; 1 in 100 does not read',
        },
        { label: `${label}, processor`, value: (found.cpuSeconds * 1e6) / found.messages, unit: 'µs/message' },
        { label: `${label}, memory`, value: found.rssAfterMiB, unit: 'MiB', note: `${grown.toFixed(0)} more than before the changes` },
        { label: `${label}, longest turn`, value: found.longestTurnMillis, unit: 'ms of processor' },
      ],
      targets:
        subscribers < 10_000
          ? []
          : [{ claim: '10,000 subscribers: memory added while some do not read, MiB', value: grown, bound: STREAM_MIB, sense: 'at most' }],
    };
  } finally {
    await pair.end();
  }
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const plan = PLANS[size];
  const found = await deliveries(plan, say);
  const measures = found.flatMap(({ server, subscribers, perTurn, perSecond, cpuMicros, rssMiB }): Measure[] => {
    const label = `${server === 'uws' ? 'uWebSockets.js' : 'ws'}, ${subscribers} subscribers, ${perTurn} per turn`;
    return [{ label, value: perSecond, unit: 'messages/s', note: `${cpuMicros.toFixed(2)} µs of processor a message, ${rssMiB.toFixed(0)} MiB` }];
  });
  const most = Math.max(...plan.subscribers);
  const rate = (server: string): number =>
    found.find((one) => one.server === server && one.subscribers === most && one.perTurn === 30)?.perSecond ?? 0;
  const stream = await streamed(plan, say);
  const parameters = {
    messageBytes: MESSAGE_BYTES,
    subscribers: plan.subscribers.join(' / '),
    messages: Object.entries(plan.messages)
      .map(([perTurn, messages]) => `${messages} at ${perTurn} a turn`)
      .join(' / '),
    stream: `${plan.stream.subscribers} for ${plan.stream.seconds} s`,
  };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures: [...measures, ...stream.measures],
    series: [],
    targets: [
      { claim: `uWebSockets.js / ws, ${most} subscribers, 30 per turn`, value: rate('uws') / rate('node'), bound: BATCH_RATIO, sense: 'at least' },
      ...stream.targets,
    ],
    excluded: [
      'the network (loopback)',
      'making the states: each message is encoded once',
      'the client shares the machine: with two cores it is part of the limit',
    ],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'fan-out', title: 'One message to thousands of WebSockets, beside the ws twin', run };
