// The stream's manners towards one client at a time: what it refuses, what it bounds, whom it sends away, and that a message is made once for all.
import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../gateway/http/adapter/http-adapter.ts';
import type { Principal } from '../../../gateway/http/auth/principal.ts';
import { refusal } from '../../../gateway/http/http-error.ts';
import { RateLimiter } from '../../../gateway/http/rate-limit.ts';
import type { TopicData } from '../../../gateway/stream/difference.ts';
import { JSON_PROTOCOL, MSGPACK_PROTOCOL } from '../../../gateway/stream/encoding.ts';
import { MarginStream } from '../../../gateway/stream/margin-stream.ts';
import type { TopicSource } from '../../../gateway/stream/topic-source.ts';
import { FakeChannel, type Received } from './fake-channel.ts';

const PRINCIPAL: Principal = { subject: 's', role: 'admin', scopes: new Set(['stream']), accounts: 'all' };
const REQUEST = { remoteAddress: '10.0.0.1' } as HttpRequest;

class Source implements TopicSource {
  readonly silent = ['as_of'];
  readonly restMs = 50;
  readonly recheckMs = 1_000;
  readings = 0;
  data: TopicData | undefined = { value: 1, as_of: 1, orders: [{ id: '1-1', state: 'NEW' }] };
  owns(name: string): boolean {
    return name.startsWith('client:');
  }
  authorize(name: string): void {
    if (name === 'client:SECRET') throw refusal('TZ-NOT-FOUND', 'the account is not known here');
  }
  async read(): Promise<TopicData | undefined> {
    this.readings += 1;
    return this.data;
  }
}

let source: Source;
let now: number;
let isTokenGood: boolean;
let stream: MarginStream;
const figures = { connections: 0, subscriptions: 0, messages: 0, conflated: 0, gaps: 0, refused: 0 };

beforeEach(() => {
  source = new Source();
  now = 0;
  isTokenGood = true;
  Object.assign(figures, { connections: 0, subscriptions: 0, messages: 0, conflated: 0, gaps: 0, refused: 0 });
  stream = new MarginStream({
    authenticate: async () => {
      if (!isTokenGood) throw refusal('TZ-TOKEN-EXPIRED', 'the token has expired');
      return PRINCIPAL;
    },
    sources: [source],
    figures,
    refusals: new RateLimiter('address', { perSecond: 0, burst: 1 }),
    failed: () => undefined,
    followed: () => undefined,
    run: 'run',
    now: () => now,
  });
});

const open = (protocol = JSON_PROTOCOL, weight = 0): FakeChannel => {
  const channel = new FakeChannel(protocol, weight);
  stream.open(channel, { principal: PRINCIPAL, request: REQUEST });
  return channel;
};
const say = (channel: FakeChannel, message: unknown): void =>
  stream.message(channel, typeof message === 'string' ? message : JSON.stringify(message));
/** A turn, and what follows it where the time of one is up. */
const turn = async (ms = 50): Promise<void> => {
  now += ms;
  for (let round = 0; round < 4; round++) {
    while (stream.turn());
    for (let i = 0; i < 6; i++) await Promise.resolve();
  }
};
const change = async (data: TopicData, topic = 'client:A', ms = 50): Promise<void> => {
  source.data = data;
  stream.board.touch(topic);
  await turn(ms);
};
const follow = async (channel: FakeChannel, more: object = {}): Promise<Received[]> => {
  say(channel, { op: 'subscribe', topic: 'client:A', interval_ms: 50, ...more });
  await turn();
  return channel.read();
};

describe('what it says', () => {
  it('a snapshot, then only what changed', async () => {
    const channel = open();
    const [snapshot] = await follow(channel);
    expect(snapshot).toEqual({ op: 'snapshot', topic: 'client:A', stream: 'run-1', seq: 1, data: source.data });
    await change({ value: 2, as_of: 5, orders: [{ id: '1-2', state: 'NEW' }] });
    expect(channel.read()).toEqual([
      {
        op: 'delta',
        topic: 'client:A',
        after: 1,
        seq: 2,
        changes: { value: 2, as_of: 5, orders: { changed: [{ id: '1-2', state: 'NEW' }], removed: ['1-1'] } },
      },
    ]);
    await change({ ...source.data, as_of: 9 });
    expect(channel.read()).toEqual([]);
  });

  it('the same in MessagePack', async () => {
    const [json, packed] = [open(JSON_PROTOCOL), open(MSGPACK_PROTOCOL)];
    expect(await follow(packed)).toEqual([{ op: 'snapshot', topic: 'client:A', stream: 'run-1', seq: 1, data: source.data }]);
    expect(await follow(json)).toHaveLength(1);
    await change({ ...source.data, value: 123_456_789_012_345 });
    const [first, second] = [json.read(), packed.read()];
    expect(first).toEqual(second);
    expect(first).toMatchObject([{ changes: { value: 123_456_789_012_345 } }]);
  });

  it('several changes as one, not before the interval the client chose', async () => {
    const channel = open();
    await follow(channel, { interval_ms: 1_000 });
    for (let value = 2; value <= 6; value++) await change({ ...source.data, value }, 'client:A', 100);
    expect(channel.unread).toBe(0);
    await turn(1_000);
    expect(channel.read()).toMatchObject([{ op: 'delta', after: 1, seq: 6, changes: { value: 6 } }]);
    expect(figures.conflated).toBe(4);
  });

  it('one reading and one encoding for however many follow', async () => {
    const channels = Array.from({ length: 50 }, () => open());
    for (const channel of channels) say(channel, { op: 'subscribe', topic: 'client:A', interval_ms: 50 });
    await turn();
    const made = channels.map((channel) => (channel as unknown as { waiting: { data: Uint8Array }[] }).waiting[0]?.data);
    expect(made[0]).toBeInstanceOf(Uint8Array);
    expect(new Set(made).size).toBe(1);
    expect(source.readings).toBe(1);
    expect(figures.subscriptions).toBe(50);
  });

  it('nothing to those who left, and no reading for topics nobody follows', async () => {
    const channel = open();
    await follow(channel);
    say(channel, { op: 'unsubscribe', topic: 'client:A' });
    await change({ ...source.data, value: 9 });
    await turn(5_000);
    expect([channel.unread, source.readings, figures.subscriptions]).toEqual([0, 1, 0]);
  });
});

describe('who comes back', () => {
  const leave = (channel: FakeChannel): void => stream.closed(channel);

  it('goes on with what it missed', async () => {
    const first = open();
    await follow(first);
    leave(first);
    source.data = { ...source.data, value: 3 };
    expect(await follow(open(), { after: 1, stream: 'run-1' })).toMatchObject([{ op: 'delta', after: 1, seq: 2, changes: { value: 3 } }]);
  });

  it('is told that nothing changed', async () => {
    await follow(open());
    expect(await follow(open(), { after: 1, stream: 'run-1' })).toEqual([{ op: 'delta', topic: 'client:A', after: 1, seq: 1, changes: {} }]);
  });

  it.each([
    ['another process', 'gone-1', 1],
    ['a number that was never given', 'run-1', 99],
  ])('gets a snapshot when it names %s', async (_, name, after) => {
    await follow(open());
    expect(await follow(open(), { after, stream: name })).toMatchObject([{ op: 'snapshot', seq: 1 }]);
    expect(figures.gaps).toBe(1);
  });

  it('gets a snapshot when it missed more than is kept', async () => {
    const stays = open();
    await follow(stays);
    for (let value = 2; value <= 100; value++) await change({ ...source.data, value }, 'client:A', 60);
    expect(await follow(open(), { after: 60, stream: 'run-1' })).toMatchObject([{ op: 'delta', after: 60, seq: 100 }]);
    expect(await follow(open(), { after: 10, stream: 'run-1' })).toMatchObject([{ op: 'snapshot', seq: 100 }]);
  });

  it('finds the topic made anew after a minute', async () => {
    const first = open();
    await follow(first);
    leave(first);
    open();
    await turn(61_000);
    expect(await follow(open(), { after: 1, stream: 'run-1' })).toMatchObject([{ op: 'snapshot', stream: 'run-2', seq: 1 }]);
  });
});

describe('whom it bounds', () => {
  it('a slow reader gets no more, then a gap and the present state', async () => {
    const slow = open(JSON_PROTOCOL, 5_000);
    await follow(slow);
    for (let value = 2; value <= 20; value++) await change({ ...source.data, value }, 'client:A', 60);
    const waiting = slow.unread;
    expect(waiting).toBeLessThan(4);
    slow.read();
    await turn();
    expect(slow.read()).toMatchObject([
      { op: 'gap', topic: 'client:A' },
      { op: 'snapshot', seq: 20, data: { value: 20 } },
    ]);
    expect(figures.gaps).toBe(1);
  });

  it('a reader that takes nothing is sent away, one that takes a little is not', async () => {
    const [dead, slow] = [open(JSON_PROTOCOL, 5_000), open(JSON_PROTOCOL, 5_000)];
    await follow(dead);
    await follow(slow);
    for (let value = 2; value <= 6; value++) await change({ ...source.data, value }, 'client:A', 60);
    for (let waited = 0; waited < 25_000; waited += 5_000) {
      slow.read(1);
      await change({ ...source.data, value: waited }, 'client:A', 5_000);
    }
    expect([dead.closedWith?.code, slow.closedWith]).toEqual([1013, undefined]);
  });

  it('a client that floods is closed', () => {
    const channel = open();
    for (let n = 0; n < 600; n++) say(channel, { op: 'ping' });
    expect(channel.closedWith?.code).toBe(1008);
  });

  it('a client may follow so many topics and no more', async () => {
    const channel = open();
    for (let n = 0; n < 300; n++) {
      say(channel, { op: 'subscribe', topic: `client:C${n}` });
      if (n % 100 === 0) await turn(1_000);
    }
    for (let n = 0; n < 10; n++) await turn();
    const messages = channel.read();
    expect(messages.filter(({ op }) => op === 'snapshot')).toHaveLength(256);
    expect(messages.filter(({ code }) => code === 'TZ-BUSY')).toHaveLength(44);
  });

  it('a client whose token has expired meanwhile is closed', async () => {
    const channel = open();
    await turn(61_000);
    expect(channel.closedWith).toBeUndefined();
    isTokenGood = false;
    await turn(61_000);
    expect(channel.closedWith).toEqual({ code: 1008, reason: 'the token has expired' });
  });

  it('an address that is refused again and again is not even looked at', async () => {
    let looks = 0;
    const strict = new MarginStream({
      authenticate: async () => {
        looks += 1;
        throw refusal('TZ-TOKEN-SIGNATURE', 'the signature of the token does not fit');
      },
      sources: [source],
      figures,
      refusals: new RateLimiter('address', { perSecond: 1, burst: 3 }),
      failed: () => undefined,
      followed: () => undefined,
      run: 'run',
      now: () => 0,
    });
    const answers: number[] = [];
    for (let n = 0; n < 6; n++) await strict.upgrade(REQUEST).catch(({ status }: { status: number }) => answers.push(status));
    expect(answers).toEqual([401, 401, 401, 429, 429, 429]);
    expect(looks).toBe(3);
    await expect(strict.upgrade({ remoteAddress: '10.0.0.2' } as HttpRequest)).rejects.toMatchObject({ status: 401 });
  });

  it('nobody without the scope, and no more than there is room for', async () => {
    const without = new MarginStream({
      authenticate: async () => ({ ...PRINCIPAL, role: 'trader', scopes: new Set(['margin:read']) }),
      sources: [source],
      figures,
      refusals: new RateLimiter('address', { perSecond: 0, burst: 1 }),
      failed: () => undefined,
      followed: () => undefined,
      run: 'run',
      now: () => 0,
    });
    await expect(without.upgrade(REQUEST)).rejects.toMatchObject({ status: 403, code: 'TZ-SCOPE' });
    for (let n = 0; n < 20_000; n++) open();
    await expect(stream.upgrade(REQUEST)).rejects.toMatchObject({ status: 503, code: 'TZ-BUSY' });
    expect(figures.refused).toBe(2);
  });
});

it.each<[string, unknown, RegExp]>([
  ['text that is no JSON', '{"op":', /cannot be read/],
  ['an unknown op', { op: 'shout' }, /./],
  ['a topic of no kind', { op: 'subscribe', topic: 'clients' }, /topic/],
  ['a topic with spaces', { op: 'subscribe', topic: 'client:A B' }, /topic/],
  ['an interval out of bounds', { op: 'subscribe', topic: 'client:A', interval_ms: 1 }, /interval_ms/],
  ['a field nobody knows', { op: 'ping', loud: true }, /loud/],
  ['a number that is none', { op: 'subscribe', topic: 'client:A', after: -1 }, /after/],
  ['a list', [1, 2], /./],
])('answers %s with an error, and goes on', async (_, message, reason) => {
  const channel = open();
  say(channel, message);
  const [error] = channel.read();
  expect(error).toMatchObject({ op: 'error', code: 'TZ-INVALID' });
  expect(error?.message).toMatch(reason);
  expect(await follow(channel)).toMatchObject([{ op: 'snapshot' }]);
});

it('says of a hidden account what it says of none', async () => {
  const channel = open();
  say(channel, { op: 'subscribe', topic: 'client:SECRET' });
  source.data = undefined;
  say(channel, { op: 'subscribe', topic: 'client:NONE' });
  await turn();
  const [hidden, none] = channel.read();
  expect({ ...hidden, topic: '' }).toEqual({ ...none, topic: '' });
  expect(figures.subscriptions).toBe(0);
});
