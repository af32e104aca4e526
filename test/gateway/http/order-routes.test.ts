// Orders over HTTP: the same verdicts as FIX, exactly once by Idempotency-Key, also over a crash.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../gateway/index.ts';
import { OmsClient } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { diskImage, type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { tokenFor } from '../tokens.ts';
import { type Answer, type AskOptions, askApi } from './api-client.ts';

let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let token = '';

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house, 'data', { http: { port: 0, rates: { orders: { perSecond: 0 }, principal: { perSecond: 0 } } } });
  oms = await OmsClient.logon(gateway.fixPort);
  token = await tokenFor(join(house.folder, 'data'), { role: 'desk', subject: 'dealer' });
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown, more: AskOptions = {}): Promise<Answer> =>
  askApi(gateway, method, path, { token, body, ...more });
const order = (more: object = {}): object => ({
  account: 'RICH',
  exchange: 'NSE',
  symbol: house.share.symbol,
  side: 'BUY',
  quantity: 10,
  price: house.share.close,
  ...more,
});
let keys = 0;
const key = (): string => `order-${++keys}`;
const place = (more: object = {}, asKey = key()): Promise<Answer> => ask('POST', '/v1/orders', order(more), { key: asKey });
const openOrders = async (account: string): Promise<{ id: string }[]> =>
  (await ask('GET', `/v1/clients/${account}/orders`)).data['orders'] as { id: string }[];

describe('an order over HTTP', () => {
  it('is weighed as one over FIX: what-if, verdict and margin agree', async () => {
    const whatIf = await ask('POST', '/v1/orders/what-if', order());
    const placed = await place();
    expect(placed.status).toBe(201);
    const { accepted, requirement_before_paise, requirement_after_paise, available_paise } = whatIf.data;
    expect(placed.data).toMatchObject({
      accepted,
      requirement_before_paise,
      requirement_after_paise,
      available_paise,
      state: 'NEW',
      repeated: false,
    });
    const margin = await ask('GET', '/v1/clients/RICH/margin');
    expect(margin.data['requirement_paise']).toBe(placed.data['requirement_after_paise']);
    const { position_paise, working_paise, house_paise, requirement_paise } = margin.data as Record<string, number>;
    expect((position_paise ?? 0) + (working_paise ?? 0) + (house_paise ?? 0)).toBe(requirement_paise);
    expect((await ask('GET', `/v1/orders/${String(placed.data['id'])}`)).data).toMatchObject({ symbol: house.share.symbol, side: 'BUY', leaves: 10 });
  });

  it('that is refused says why in words, can be explained, and is in the lists', async () => {
    const refused = await place({
      account: 'POOR',
      exchange: 'NFO',
      symbol: house.future.symbol,
      quantity: house.future.lot,
      price: house.future.close,
    });
    expect(refused.status).toBe(200);
    expect(refused.data).toMatchObject({
      accepted: false,
      code: 26,
      reject: { name: 'insufficientMargin' },
      text: expect.stringMatching(/needs Rs \d+\.\d\d more/),
    });
    const explained = await ask('GET', `/v1/orders/${String(refused.data['id'])}/explain`);
    // The money alone would do, or an option to buy first; and the margin stands there as trees, their roots the figures of the verdict.
    expect(explained.data).toMatchObject({ verdict: 'insufficientMargin', agrees: true, fix: expect.stringMatching(/^add Rs \d+\.\d\d/) });
    const { before, after, filled } = explained.data['margin'] as Record<string, { label: string; amount_paise: number }[]>;
    expect([before?.[0]?.amount_paise, after?.[0]?.amount_paise]).toEqual([
      refused.data['requirement_before_paise'],
      refused.data['requirement_after_paise'],
    ]);
    expect(filled?.map(({ label }) => label)).toContain('SPAN');
    const rejects = await ask('GET', '/v1/rejects?by=code');
    expect(rejects.data).toMatchObject({
      by_code: [{ name: 'insufficientMargin', count: 1 }],
      last: [{ account: 'POOR', symbol: house.future.symbol }],
    });
    const own = await ask('GET', '/v1/clients/POOR/orders?state=rejected');
    expect(own.data['rejected']).toMatchObject([{ name: 'insufficientMargin', needs_paise: refused.data['shortfall_paise'] }]);
  });

  it('is filled over FIX like any other', async () => {
    const placed = await place({ account: 'CASHONLY' });
    const [orderId, clOrdId] = [String(placed.data['id']), String(placed.data['cl_ord_id'])];
    oms.send(
      '8',
      execution('F', 'h1', clOrdId, house.share, { orderId, account: 'CASHONLY', quantity: 10, status: '2', last: [10, house.share.close] }),
    );
    oms.send('D', newOrder('after', house.share));
    await oms.report('after');
    expect((await ask('GET', `/v1/orders/${orderId}`)).data).toMatchObject({ state: 'FILLED', filled: 10, average_price: house.share.close });
    expect((await ask('GET', '/v1/clients/CASHONLY/positions')).data['positions']).toMatchObject([{ symbol: house.share.symbol, net: 10 }]);
  });

  it('is replaced and cancelled: pending until the exchange answers', async () => {
    const id = String((await place()).data['id']);
    expect((await ask('PUT', `/v1/orders/${id}`, { quantity: 20, price: house.share.close })).data).toMatchObject({
      accepted: true,
      state: 'PENDING_REPLACE',
    });
    expect((await ask('PUT', `/v1/orders/${id}`, { quantity: 30, price: house.share.close })).data).toMatchObject({
      reject: { name: 'changePending' },
    });
    expect((await ask('DELETE', `/v1/orders/${id}`)).data).toMatchObject({ accepted: true, state: 'PENDING_CANCEL' });
    expect((await ask('DELETE', '/v1/orders/3-999999')).status).toBe(404);
    expect((await ask('DELETE', '/v1/orders/nonsense')).error?.code).toBe('TZ-ORDER-ID');
  });

  it('are cancelled all at once: of one instrument, of an account, of the firm', async () => {
    const [a, b] = [await place({ account: 'SMALL' }), await place({ account: 'REDUCE', side: 'BUY' })];
    expect([a.data['accepted'], b.data['accepted']]).toEqual([true, false]);
    const unknown = await ask('POST', '/v1/orders/mass-cancel', { account: 'SMALL', exchange: 'NSE', symbol: 'NOSUCH' });
    expect(unknown.status).toBe(404);
    const other = await ask('POST', '/v1/orders/mass-cancel', { account: 'SMALL', exchange: 'NFO', symbol: house.future.symbol });
    expect(other.data).toMatchObject({ count: 0 });
    const one = await ask('POST', '/v1/orders/mass-cancel', { account: 'SMALL', exchange: 'NSE', symbol: house.share.symbol });
    expect(one.data).toMatchObject({ count: 1, orders: [a.data['id']] });
    await place();
    const all = await ask('POST', '/v1/orders/mass-cancel', {});
    expect(Number(all.data['count'])).toBeGreaterThan(0);
    expect((await ask('POST', '/v1/orders/mass-cancel', {})).data['count']).toBe(0);
  });

  it('of the day are listed in pages that meet without gap or repeat', async () => {
    const whole = (await ask('GET', '/v1/clients/RICH/orders?state=all&limit=500')).data['orders'] as { id: string }[];
    expect(whole.length).toBeGreaterThan(3);
    const paged: { id: string }[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask('GET', `/v1/clients/RICH/orders?state=all&limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      paged.push(...(page.data['orders'] as { id: string }[]));
      cursor = page.meta.next_cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole);
  });
});

describe('an Idempotency-Key', () => {
  it('gives the first answer again, and one order', async () => {
    const before = (await openOrders('RICH')).length;
    const [first, again] = [await place({}, 'once'), await place({}, 'once')];
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect([again.status, again.data, again.meta]).toEqual([first.status, first.data, first.meta]);
    expect((await openOrders('RICH')).length).toBe(before + 1);
  });

  it('with another body is refused, with another caller it is another key', async () => {
    await place({}, 'mine');
    const other = await place({ quantity: 11 }, 'mine');
    expect([other.status, other.error?.code]).toEqual([422, 'TZ-KEY-REUSED']);
    const stranger = await tokenFor(join(house.folder, 'data'), { role: 'desk', subject: 'stranger' });
    const theirs = await ask('POST', '/v1/orders', order({ quantity: 11 }), { key: 'mine', token: stranger });
    expect([theirs.status, theirs.data['repeated']]).toEqual([201, false]);
  });

  it('sent many times at once places one order; those that come while it is judged get 409', async () => {
    const before = (await openOrders('RICH')).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => place({}, 'burst')));
    expect((await openOrders('RICH')).length).toBe(before + 1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(answers.filter(({ status }) => status === 409).every(({ error }) => error?.code === 'TZ-IN-FLIGHT')).toBe(true);
  });

  it('is needed to place an order, and has a form', async () => {
    expect((await ask('POST', '/v1/orders', order())).error?.code).toBe('TZ-IDEMPOTENCY-KEY');
    expect((await ask('POST', '/v1/orders', order(), { key: 'x'.repeat(65) })).error?.code).toBe('TZ-IDEMPOTENCY-KEY');
  });
});

describe('after kill -9', () => {
  it('a repeat gets the answer that was given', async () => {
    const first = await place({}, 'kept');
    diskImage(house, 'data', 'after', ['journal', 'parameters', 'sessions', 'days', 'token', 'auth-key.json', 'http']);
    const next = await startHouse(house, 'after');
    try {
      const again = await askApi(next, 'POST', '/v1/orders', { token, body: order(), key: 'kept' });
      expect([again.status, again.data, again.headers.get('idempotency-replayed')]).toEqual([first.status, first.data, 'true']);
    } finally {
      await next.stop();
    }
  });

  it('between command and answer, a repeat is told what became of the first: one order, one replace, one refusal', async () => {
    const placed = await place({ quantity: 3 }, 'lost-place');
    const id = String(placed.data['id']);
    const replaced = await ask('PUT', `/v1/orders/${id}`, { quantity: 4, price: house.share.close }, { key: 'lost-replace' });
    const poor = { account: 'POOR', exchange: 'NFO', symbol: house.future.symbol, quantity: house.future.lot, price: house.future.close };
    const refused = await place(poor, 'lost-refusal');
    expect([replaced.data['accepted'], refused.data['code']]).toEqual([true, 26]);
    // The journal has the commands; the answers were never written down.
    diskImage(house, 'data', 'lost', ['journal', 'parameters', 'sessions', 'days', 'token', 'auth-key.json']);
    const next = await startHouse(house, 'lost');
    try {
      const retry = (method: string, path: string, body: object, asKey: string): Promise<Answer> =>
        askApi(next, method, path, { token, body, key: asKey });
      const again = await retry('POST', '/v1/orders', order({ quantity: 3 }), 'lost-place');
      expect(again.data).toMatchObject({ id, accepted: true, repeated: true });
      const replacedAgain = await retry('PUT', `/v1/orders/${id}`, { quantity: 4, price: house.share.close }, 'lost-replace');
      expect(replacedAgain.data).toMatchObject({ id, accepted: true, repeated: true });
      const refusedAgain = await retry('POST', '/v1/orders', order(poor), 'lost-refusal');
      expect(refusedAgain.data).toMatchObject({ accepted: false, code: 26, repeated: true });
      const all = (await askApi(next, 'GET', '/v1/clients/RICH/orders?state=all&limit=500', { token })).data['orders'] as { id: string }[];
      const here = (await ask('GET', '/v1/clients/RICH/orders?state=all&limit=500')).data['orders'] as { id: string }[];
      expect(all.map((each) => each.id)).toEqual(here.map((each) => each.id));
    } finally {
      await next.stop();
    }
  });
});
