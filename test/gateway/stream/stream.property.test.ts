// Any interleaving of changes, subscriptions, slow readers, drops, resumes and refused readings: who applies what the stream sends holds exactly the topic's
// state at its number, and in the end its last state.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HttpRequest } from '../../../gateway/http/adapter/http-adapter.ts';
import type { Principal } from '../../../gateway/http/auth/principal.ts';
import { RateLimiter } from '../../../gateway/http/rate-limit.ts';
import type { TopicData } from '../../../gateway/stream/difference.ts';
import { JSON_PROTOCOL, MSGPACK_PROTOCOL } from '../../../gateway/stream/encoding.ts';
import { MarginStream } from '../../../gateway/stream/margin-stream.ts';
import type { TopicSource } from '../../../gateway/stream/topic-source.ts';
import { FakeChannel } from './fake-channel.ts';
import { inKeyOrder, Subscriber } from './subscriber.ts';

const TOPICS = ['client:A', 'client:B', 'desk'];
const CLIENTS = 4;
const PRINCIPAL: Principal = { subject: 's', role: 'admin', scopes: new Set(['stream']), accounts: 'all' };

/** Topics whose data the test makes; each state carries a version that only grows. */
class World implements TopicSource {
  readonly silent = ['as_of'];
  readonly restMs = 50;
  readonly recheckMs = 1_000;
  readonly data = new Map<string, TopicData>(
    TOPICS.map((name) => [name, { version: 1, as_of: 1, totals: { a: 1 }, orders: [], positions: [], tags: [] }]),
  );
  refusals = 0;

  owns(name: string): boolean {
    return this.data.has(name);
  }
  authorize(): void {}
  async read(name: string): Promise<TopicData | undefined> {
    await Promise.resolve();
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new Error('busy');
    }
    return this.data.get(name);
  }

  change(name: string, seed: number): void {
    const before = this.data.get(name) as { version: number; orders: { id: string }[]; positions: { symbol: string }[] };
    const id = `1-${seed % 7}`;
    const orders = before.orders.filter((order) => order.id !== id);
    if (seed % 3 !== 0) orders.push({ id, state: seed % 5, filled: seed } as { id: string });
    const positions = before.positions.filter(({ symbol }) => symbol !== `S${seed % 4}`);
    if (seed % 4 !== 0) positions.unshift({ exchange: 'NSE', symbol: `S${seed % 4}`, product: 'CNC', net: seed } as unknown as { symbol: string });
    const next = {
      ...before,
      version: before.version + (seed % 11 === 0 ? 0 : 1),
      as_of: seed,
      orders,
      positions,
      totals: { a: seed % 2 },
      tags: [seed % 3],
    };
    this.data.set(name, next);
  }
}

interface Client {
  channel: FakeChannel | undefined;
  subscriber: Subscriber;
  readonly wanted: Map<string, number>;
}

class Simulation {
  readonly world = new World();
  now = 0;
  readonly stream: MarginStream;
  readonly clients: Client[] = Array.from({ length: CLIENTS }, () => ({ channel: undefined, subscriber: new Subscriber(), wanted: new Map() }));
  /** State of each (stream, number) as the first client saw it. */
  readonly truth = new Map<string, string>();
  readonly figures = { connections: 0, subscriptions: 0, messages: 0, conflated: 0, gaps: 0, refused: 0 };

  constructor() {
    this.stream = new MarginStream({
      authenticate: async () => PRINCIPAL,
      sources: [this.world],
      figures: this.figures,
      refusals: new RateLimiter('address', { perSecond: 0, burst: 1 }),
      failed: () => undefined,
      followed: () => undefined,
      run: 'r',
      now: () => this.now,
    });
  }

  connect(client: Client, index: number): void {
    if (client.channel !== undefined) return;
    client.channel = new FakeChannel(index % 2 === 0 ? JSON_PROTOCOL : MSGPACK_PROTOCOL, index === 0 ? 0 : 700);
    this.stream.open(client.channel, { principal: PRINCIPAL, request: {} as HttpRequest });
    for (const [topic, interval] of client.wanted) this.subscribe(client, topic, interval);
  }

  subscribe(client: Client, topic: string, interval: number): void {
    client.wanted.set(topic, interval);
    const held = client.subscriber.topics.get(topic);
    const resume = held?.data === undefined || held.isGap ? {} : { after: held.seq, stream: held.stream };
    if (client.channel !== undefined) this.tell(client.channel, { op: 'subscribe', topic, interval_ms: interval, ...resume });
  }

  tell(channel: FakeChannel, message: object): void {
    this.stream.message(channel, JSON.stringify(message));
  }

  read(client: Client, count: number): void {
    for (const message of client.channel?.read(count) ?? []) {
      // What was on its way when the client left the topic is not its any more.
      if (message.topic !== undefined && !client.wanted.has(message.topic)) continue;
      client.subscriber.take(message);
      const held = client.subscriber.topics.get(message.topic ?? '');
      if (held?.data === undefined || held.isGap) continue;
      const state = JSON.stringify(inKeyOrder(held.data));
      const name = `${message.topic} ${held.stream} ${held.seq}`;
      expect(this.truth.get(name) ?? state, name).toBe(state);
      this.truth.set(name, state);
    }
    if (client.channel !== undefined) this.stream.drained(client.channel);
  }

  drop(client: Client): void {
    if (client.channel === undefined) return;
    this.stream.closed(client.channel);
    client.channel = undefined;
  }

  async turn(ms: number): Promise<void> {
    this.now += ms;
    while (this.stream.turn());
    for (let i = 0; i < 8; i++) await Promise.resolve();
  }

  /** Everybody reads, and nothing changes any more. */
  async settle(): Promise<void> {
    this.clients.forEach((client, index) => {
      // One who read nothing for too long was sent away: what he had not read is lost.
      if (client.channel?.closedWith !== undefined) this.drop(client);
      this.connect(client, index);
    });
    for (let i = 0; i < 30; i++) {
      await this.turn(500);
      for (const client of this.clients) this.read(client, Number.POSITIVE_INFINITY);
    }
  }
}

const client = fc.nat(CLIENTS - 1);
const topic = fc.constantFrom(...TOPICS);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('change' as const), topic, seed: fc.nat(1000) }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('turn' as const), ms: fc.constantFrom(0, 20, 60, 300, 2_000) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('read' as const), client, count: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('subscribe' as const), client, topic, interval: fc.constantFrom(50, 250, 5_000) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('unsubscribe' as const), client, topic }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('drop' as const), client }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('connect' as const), client }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('refuse' as const), count: fc.nat(3) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function play(run: Simulation, one: Step): Promise<void> {
  const who = 'client' in one ? run.clients[one.client] : undefined;
  if (one.op === 'change') {
    run.world.change(one.topic, one.seed);
    run.stream.board.touch(one.topic);
  } else if (one.op === 'turn') await run.turn(one.ms);
  else if (one.op === 'refuse') run.world.refusals = one.count;
  else if (who === undefined) return;
  else if (one.op === 'read') run.read(who, one.count);
  else if (one.op === 'subscribe') run.subscribe(who, one.topic, one.interval);
  else if (one.op === 'drop') run.drop(who);
  else if (one.op === 'connect') run.connect(who, one.client);
  else if (one.op === 'unsubscribe') {
    who.wanted.delete(one.topic);
    who.subscriber.topics.delete(one.topic);
    if (who.channel !== undefined) run.tell(who.channel, { op: 'unsubscribe', topic: one.topic });
  }
}

it('brings every subscriber to the topic’s state, whatever happens on the way', async () => {
  const seen = { snapshots: 0, deltas: 0, gaps: 0, conflated: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 150, size: 'max' }), async (steps) => {
      const run = new Simulation();
      run.clients.forEach((who, index) => {
        run.connect(who, index);
      });
      for (const one of steps) await play(run, one);
      await run.settle();
      for (const { wanted, subscriber } of run.clients) {
        expect(subscriber.errors).toEqual([]);
        for (const name of wanted.keys()) {
          const { as_of: _, ...held } = subscriber.topics.get(name)?.data ?? {};
          const { as_of: __, ...truth } = run.world.data.get(name) ?? {};
          expect(inKeyOrder(held)).toEqual(inKeyOrder(truth));
        }
        for (const held of subscriber.topics.values()) {
          seen.snapshots += held.snapshots;
          seen.deltas += held.deltas;
        }
      }
      seen.gaps += run.figures.gaps;
      seen.conflated += run.figures.conflated;
      expect(run.figures.subscriptions).toBe(run.clients.reduce((sum, { wanted }) => sum + wanted.size, 0));
    }),
    { numRuns: Number(process.env['STREAM_RUNS'] ?? 300) },
  );
  // Each way of being brought up to date was taken.
  for (const [way, count] of Object.entries(seen)) expect(count, way).toBeGreaterThan(20);
});
