// What a source tells beside prices, and staleness by the clock, without sockets: a fake source, a fake clock.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newLogger } from '../../../gateway/log.ts';
import { feedConfig } from '../../../gateway/market-data/feed-config.ts';
import { MarketData } from '../../../gateway/market-data/market-data.ts';
import { emptyTick, type InstrumentName, type MarketDataPort, type MarketDataSink } from '../../../gateway/market-data/market-data-port.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

async function house(source: 'file' | 'none', held: readonly InstrumentName[]) {
  let sink: MarketDataSink | undefined;
  const wanted: InstrumentName[][] = [];
  const port: MarketDataPort = {
    kind: 'file',
    state: 'up',
    detail: 'a fake',
    counters: {},
    start: (given) => {
      sink = given;
    },
    want: (instruments) => void wanted.push([...instruments]),
    stop: async () => undefined,
  };
  const sent: number[] = [];
  const feed = new MarketData({
    config: feedConfig.parse({ source, ...(source === 'file' ? { file: { path: 'x' } } : {}), staleAfterSeconds: { NSE: 10, NFO: 60 } }),
    source: source === 'none' ? undefined : port,
    shards: {
      query: async (slot) => (slot === 0 ? held : []),
      broadcast: (record) => sent.push(record.length) > 0,
      flush: () => undefined,
    },
    tableInForce: () => undefined,
    log: newLogger('silent'),
    now: Date.now,
  });
  await feed.start();
  const tick = (segment: number, token: number, rupees: number): void => sink?.tick({ ...emptyTick(), segment, token, price: rupees * 10_000 });
  return { feed, tick, wanted, sent, hear: (news: Parameters<MarketDataSink['news']>[0]) => sink?.news(news) };
}

const share = { segment: 1, token: 7 };
const future = { segment: 2, token: 8 };

describe('staleness', () => {
  it("is each segment's own, from the last price or from the start", async () => {
    const { feed, tick, wanted } = await house('file', [share, future]);
    expect(wanted).toEqual([[share, future]]);
    tick(1, 7, 100);
    tick(2, 8, 100);
    const timeline: [seconds: number, share: boolean, future: boolean, whole: boolean][] = [
      [10, false, false, false],
      [1, true, false, true],
      [49, true, false, true],
      [1, true, true, true],
    ];
    for (const [seconds, isShareStale, isFutureStale, isStale] of timeline) {
      vi.advanceTimersByTime(seconds * 1_000);
      expect([seconds, feed.isStale(1, 7), feed.isStale(2, 8), feed.view().stale]).toEqual([seconds, isShareStale, isFutureStale, isStale]);
    }
    tick(1, 7, 101);
    expect(feed.isStale(1, 7)).toBe(false);
    await feed.stop();
  });

  it("of what nobody holds is its segment's", async () => {
    const { feed, tick } = await house('file', [share]);
    vi.advanceTimersByTime(9_000);
    tick(1, 7, 100);
    vi.advanceTimersByTime(5_000);
    expect([feed.isStale(1, 999), feed.isStale(2, 999)]).toEqual([false, false]);
    vi.advanceTimersByTime(6_000);
    expect([feed.isStale(1, 999), feed.isStale(2, 999)]).toEqual([true, false]);
    await feed.stop();
  });

  it('is never said without a source', async () => {
    const { feed } = await house('none', [share]);
    vi.advanceTimersByTime(86_400_000);
    expect(feed.isStale(1, 7)).toBe(false);
    expect(feed.view()).toMatchObject({ source: 'none', state: 'off', stale: false, age_seconds: null });
    await feed.stop();
  });
});

it('sends at most two MarkPrices a second, however fast prices come', async () => {
  const { feed, tick, sent } = await house('file', [share]);
  for (let step = 0; step < 100; step++) {
    tick(1, 7, 100 + (step % 5));
    vi.advanceTimersByTime(30);
  }
  expect(sent.length).toBeGreaterThanOrEqual(5);
  expect(sent.length).toBeLessThanOrEqual(6);
  await feed.stop();
});

it('keeps what the exchange says: bans, sessions, halts', async () => {
  const { feed, hear } = await house('file', [share]);
  hear({ type: 'ban', underlying: 'SAIL', banned: true });
  hear({ type: 'ban', underlying: 'PNB', banned: true });
  hear({ type: 'ban', underlying: 'SAIL', banned: false });
  hear({ type: 'halt', index: 'NIFTY 50', halted: true });
  hear({ type: 'session', segment: 1, state: 'halted' });
  hear({ type: 'session', segment: 2, state: 'open' });
  expect(feed.view()).toMatchObject({ bans: ['PNB'], halts: ['NIFTY 50', 'NSE'], sessions: { NSE: 'halted', NFO: 'open' } });
  hear({ type: 'halt', index: 'NIFTY 50', halted: false });
  hear({ type: 'session', segment: 1, state: 'open' });
  vi.advanceTimersByTime(300);
  expect(feed.view()).toMatchObject({ halts: [], sessions: { NSE: 'open' } });
  await feed.stop();
});
