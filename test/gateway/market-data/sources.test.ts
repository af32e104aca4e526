// Sources over real files and sockets: what they deliver, what they say of what they cannot read, and that they come back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { feedConfig } from '../../../gateway/market-data/feed-config.ts';
import { FileSource } from '../../../gateway/market-data/file-source.ts';
import { emptyTick, type MarketDataSink, type MarketNews, type Tick } from '../../../gateway/market-data/market-data-port.ts';
import { TickerServer } from '../../../gateway/market-data/ticker/ticker-server.ts';
import { TickerSource } from '../../../gateway/market-data/ticker/ticker-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-feed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Collected implements MarketDataSink {
  readonly ticks: [segment: number, token: number, price: number][] = [];
  readonly heard: MarketNews[] = [];
  readonly problems: string[] = [];
  tick({ segment, token, price }: Tick): void {
    this.ticks.push([segment, token, price]);
  }
  news(news: MarketNews): void {
    this.heard.push(news);
  }
  fault(problem: string): void {
    this.problems.push(problem);
  }
}

async function until(condition: () => boolean, what: string, patience = 60_000): Promise<void> {
  const limit = Date.now() + patience;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`waited ${patience} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a file', () => {
  async function replay(name: string, text: string, speed = 0): Promise<{ sink: Collected; source: FileSource }> {
    writeFileSync(join(folder, name), text);
    const source = new FileSource({ path: join(folder, name), speed });
    const sink = new Collected();
    source.start(sink);
    await until(() => source.state === 'ended' || source.state === 'down', 'the end of the file');
    await source.stop();
    return { sink, source };
  }

  it('of CSV is read by its header, unreadable lines told by number', async () => {
    const { sink, source } = await replay(
      'day.csv',
      'time,exchange,token,price,volume\n2026-11-20T09:15:00Z,NSE,2885,1412.5,10\n2026-11-20T09:15:01Z,NSE,2885,abc,10\n1,NSE\n1,XYZ,5,10,1\n,CDS,7,83.1225,\n1,NSE,0,10,1\n1,NSE,5,10.00005,1\n',
    );
    expect(sink.ticks).toEqual([
      [1, 2_885, 14_125_000],
      [3, 7, 831_225],
    ]);
    expect(sink.problems).toEqual([
      'day.csv line 3: price must be rupees, found "abc"',
      'day.csv line 4: 2 columns, the header has 5',
      'day.csv line 5: exchange must be one of NSE, NFO, CDS, BSE, BFO, BCD, MCX, INDEX, found "XYZ"',
      'day.csv line 7: token must be an exchange token, found "0"',
      'day.csv line 8: price must be rupees, found "10.00005"',
    ]);
    expect(source.counters).toEqual({ lines: 2, unreadable: 5 });
  });

  it("of JSON lines carries the exchange's news too", async () => {
    const lines = [
      { exchange: 'NFO', token: 35_001, price: 101.05, openInterest: 50 },
      { type: 'band', exchange: 'NSE', token: 2_885, low: 1_271.3, high: 1_553.7 },
      { type: 'ban', underlying: 'SAIL', banned: true },
      { type: 'session', exchange: 'NSE', state: 'halted' },
      { type: 'halt', index: 'NIFTY 50', halted: true },
      { type: 'session', exchange: 'NSE', state: 'asleep' },
      { type: 'rumour' },
    ];
    const { sink } = await replay('day.jsonl', `${lines.map((line) => JSON.stringify(line)).join('\n')}\n[1]\n`);
    expect(sink.ticks).toEqual([[2, 35_001, 1_010_500]]);
    expect(sink.heard).toEqual([
      { type: 'band', segment: 1, token: 2_885, low: 12_713_000, high: 15_537_000 },
      { type: 'ban', underlying: 'SAIL', banned: true },
      { type: 'session', segment: 1, state: 'halted' },
      { type: 'halt', index: 'NIFTY 50', halted: true },
    ]);
    expect(sink.problems).toHaveLength(3);
  });

  it('is replayed faster than it was recorded, in order', async () => {
    const began = performance.now();
    const { sink } = await replay('slow.csv', 'time,exchange,token,price\n1000,NSE,1,1\n3000,NSE,1,2\n5000,NSE,1,3\n', 20);
    expect(sink.ticks.map(([, , price]) => price)).toEqual([10_000, 20_000, 30_000]);
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it('that is not there is down, with the reason', async () => {
    const source = new FileSource({ path: join(folder, 'none.csv'), speed: 1 });
    source.start(new Collected());
    await until(() => source.state === 'down', 'the failure');
    expect(source.detail).toContain('none.csv');
    expect(source.detail).toContain('ENOENT');
    await source.stop();
  });
});

describe('a ticker', () => {
  let server: TickerServer | undefined;
  let source: TickerSource | undefined;
  afterEach(async () => {
    await source?.stop();
    await server?.close();
  });

  const prices = new Map([
    [2_885, 14_125_000],
    [1_594, 15_000_000],
  ]);
  const read = (segment: number, token: number): Tick | undefined => {
    const price = prices.get(token);
    return price === undefined ? undefined : { ...emptyTick(), segment, token, price, time: 1_795_230_000_000 };
  };

  async function connect(silenceMs = 2_000): Promise<{ server: TickerServer; source: TickerSource; sink: Collected; port: number }> {
    server = new TickerServer(read);
    const port = await server.listen('127.0.0.1', 0);
    source = new TickerSource({ url: `ws://127.0.0.1:${port}`, mode: 'full', retryMs: 20, retryMaxMs: 80, silenceMs });
    const sink = new Collected();
    source.want([{ segment: 1, token: 2_885 }]);
    source.start(sink);
    await until(() => source?.state === 'up' && server?.load.subscriptions === 1, 'the subscription');
    return { server, source, sink, port };
  }

  it('sends what is subscribed to, and only that', async () => {
    const { server, source, sink } = await connect();
    server.publish();
    await until(() => sink.ticks.length === 1, 'a tick');
    source.want([{ segment: 1, token: 1_594 }]);
    await until(() => {
      server.publish();
      return sink.ticks.at(-1)?.[1] === 1_594;
    }, 'the new subscription');
    const after = sink.ticks.length;
    server.publish();
    await until(() => sink.ticks.length > after, 'another tick');
    expect(sink.ticks[0]).toEqual([1, 2_885, 14_125_000]);
    for (const tick of sink.ticks.slice(after - 1)) expect(tick).toEqual([1, 1_594, 15_000_000]);
  });

  it('counts a malformed frame with its place and reads the next', async () => {
    const { server, source, sink } = await connect();
    server.sendRaw(new Uint8Array([0, 1, 0, 9, 1, 2]));
    server.publish();
    await until(() => sink.ticks.length === 1, 'the tick after it');
    expect(source.counters['malformed']).toBe(1);
    expect(sink.problems.join()).toMatch(/ticker frame \d+, byte 4: packet 0 of 1 has 9 bytes, 2 are left/);
  });

  it('dropped, comes back and subscribes anew', async () => {
    const { server, source, sink } = await connect();
    server.dropClients();
    await until(() => source.counters['connects'] === 2 && server.load.subscriptions === 1, 'the second connection');
    server.publish();
    await until(() => sink.ticks.length === 1, 'a tick');
    expect(source.counters).toMatchObject({ connects: 2, disconnects: 1 });
  });

  it('gone, is down with the reason until it is there again', async () => {
    const { server: first, source, port } = await connect();
    await first.close();
    await until(() => source.state === 'down' && source.detail.includes('ECONNREFUSED'), 'the refusal');
    server = new TickerServer(read);
    await server.listen('127.0.0.1', port);
    await until(() => source.state === 'up' && server?.load.subscriptions === 1, 'the new server');
  });

  it('that beats is not silent; one that does not is left', async () => {
    const { source } = await connect(3_000);
    await until(() => (source.counters['heartbeats'] ?? 0) >= 4, 'four heartbeats');
    expect(source.counters['connects']).toBe(1);
    await source.stop();
    await server?.close();
    const { source: impatient } = await connect(300);
    await until(() => (impatient.counters['disconnects'] ?? 0) >= 1, 'the silence to be noticed');
  });
});

describe('the configuration', () => {
  it.each([
    ['a ticker without an address', { source: 'ticker' }, 'ticker'],
    ['a file without a path', { source: 'file' }, 'file'],
    ['an address that is no WebSocket', { source: 'ticker', ticker: { url: 'http://x' } }, 'ticker.url'],
    ['a segment there is none of', { staleAfterSeconds: { LSE: 5 } }, 'staleAfterSeconds'],
    ['a misspelt setting', { sauce: 'file' }, ''],
  ])('refuses %s', (_, section, path) => {
    const result = feedConfig.safeParse(section);
    expect(result.success).toBe(false);
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('is off by default, with a limit for every segment', () => {
    const config = feedConfig.parse({ staleAfterSeconds: { NSE: 5 } });
    expect(config.source).toBe('none');
    expect(config.staleAfterSeconds).toEqual({ NSE: 5, NFO: 120, CDS: 120, BSE: 30, BFO: 120, BCD: 120, MCX: 120 });
  });
});
