// A gateway fed by a ticker over a real WebSocket: margin moves with the price, a feed that stops is seen everywhere, and one that comes back mends it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../../gateway/index.ts';
import { emptyTick, type Tick } from '../../../gateway/market-data/market-data-port.ts';
import { TickerServer } from '../../../gateway/market-data/ticker/ticker-server.ts';
import { OmsClient } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken } from '../tokens.ts';

let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let server: TickerServer;
let port = 0;
let price = 0;
let clock = 1_795_230_000_000;

/** The future's tick at the price of the moment, a second later each time. */
const read = (segment: number, token: number): Tick | undefined => {
  if (token !== house.future.token) return undefined;
  clock += 1_000;
  return { ...emptyTick(), segment, token, price: Math.round(price * 10_000), time: clock };
};

beforeAll(async () => {
  house = await smallHouse();
  price = house.future.close;
  server = new TickerServer(read);
  port = await server.listen('127.0.0.1', 0);
  const marketData = { source: 'ticker', ticker: { url: `ws://127.0.0.1:${port}` }, staleAfterSeconds: { NFO: 1 } };
  gateway = await startHouse(house, 'data', { marketData });
  oms = await OmsClient.logon(gateway.fixPort);
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  await server?.close();
  rmSync(house.folder, { recursive: true, force: true });
});

async function ask<Data>(path: string, body?: object): Promise<Data> {
  const headers = { authorization: `Bearer ${adminToken(join(house.folder, 'data'))}`, 'content-type': 'application/json' };
  const request = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
  const answer = (await (await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, request)).json()) as { data: Data };
  return answer.data;
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Feed {
  readonly stale: boolean;
  readonly state: string;
  readonly detail: string;
  readonly bad_ticks: Readonly<Record<string, number>>;
  readonly stale_instruments: readonly { readonly symbol: string }[];
}
const available = async (): Promise<number> => (await ask<{ available_paise: number }>('/v1/clients/RICH/margin')).available_paise;
const alerts = async (): Promise<string[]> =>
  (await ask<{ kind: string; subject: string; cleared_at: number | null }[]>('/v1/alerts'))
    .filter((alert) => alert.cleared_at === null)
    .map(({ kind, subject }) => `${kind} ${subject}`);
const whatIf = async (): Promise<{ stale: boolean }> => {
  const { symbol, exchange, lot, close } = house.future;
  return ask('/v1/orders/what-if', { account: 'RICH', exchange, symbol, side: 'BUY', quantity: lot, price: close });
};
/** Publishes the price again and again until a condition holds. */
const publishing = (condition: () => Promise<boolean>, what: string): Promise<void> =>
  until(async () => {
    server.publish();
    return condition();
  }, what);

it('follows the price, notices silence, and mends', async () => {
  const { future } = house;
  oms.send('D', newOrder('buy', future));
  const verdict = await oms.report('buy');
  oms.send('8', execution('F', 'T1', 'buy', future, { orderId: verdict.get(37) ?? '', last: [future.lot, future.close], status: '2' }));
  await oms.quiet();

  // The position is subscribed to by itself; a fall of ten ticks costs ten ticks a unit.
  await publishing(async () => server.load.subscriptions === 1, 'the subscription');
  const before = await available();
  price = future.close - 10 * future.tick;
  await publishing(async () => (await available()) === before - Math.round(10 * future.tick * future.lot * 100), 'margin to move with the price');
  await publishing(async () => !(await ask<Feed>('/v1/feed')).stale, 'a feed that is fresh');
  await publishing(async () => !(await whatIf()).stale, 'a what-if on fresh prices');

  // A wrong price moves nothing.
  const settled = await available();
  price = future.high + 10;
  await publishing(async () => ((await ask<Feed>('/v1/feed')).bad_ticks['outsideBand'] ?? 0) > 0, 'the wrong price to be refused');
  expect(await available()).toBe(settled);

  // Silence: the feed, the what-if and an alert say so; the figures stay.
  await until(async () => (await ask<Feed>('/v1/feed')).stale, 'staleness');
  expect((await ask<Feed>('/v1/feed')).stale_instruments.map(({ symbol }) => symbol)).toEqual([future.symbol]);
  expect((await whatIf()).stale).toBe(true);
  await until(async () => (await alerts()).includes('feedStale NFO'), 'the alert');
  expect(await available()).toBe(settled);
  const page = await (await fetch(`http://127.0.0.1:${gateway.httpPort}/metrics`)).text();
  expect(page).toContain('tarazu_feed_stale_instruments{exchange="NFO"} 1');
  expect(page).toContain('tarazu_alerts_active{kind="feedStale",severity="warning"} 1');

  // Prices again: all is well, and the alert ends by itself.
  price = future.close;
  await publishing(async () => (await available()) === before, 'margin to come back');
  await publishing(async () => !(await ask<Feed>('/v1/feed')).stale, 'the feed to be fresh again');
  await publishing(async () => (await alerts()).length === 0, 'the alert to end');
});
