// Operations in trouble, at one running gateway: kill switches while fills arrive, questions that name nothing, requests no client library would send,
// a day directory filled anew, and the promise that a what-if is the verdict.

import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../bench/gateway-process.ts';
import { generateDay } from '../../workers/reference/index.ts';
import { OmsClient } from '../gateway/oms-client.ts';
import { execution, newOrder } from '../gateway/order-messages.ts';
import type { Traded } from '../gateway/small-house.ts';
import { tokenFor } from '../gateway/tokens.ts';
import { ask, removeHouse, type SmallHouse, smallHouse } from './house.ts';

let house: SmallHouse;
let gateway: GatewayProcess;
let oms: OmsClient;

const start = (data: string): Promise<GatewayProcess> =>
  startGateway({ dataDirectory: join(house.folder, data), day: house.day, shards: 2, durability: 'process', sender: 'OMS', target: 'TARAZU' });

beforeAll(async () => {
  house = await smallHouse();
  gateway = await start('data');
  oms = await OmsClient.logon(gateway.fixPort);
});

afterAll(async () => {
  oms?.drop();
  await gateway?.end('SIGTERM');
  removeHouse(house);
});

/** Engages at once; a release is asked for by the admin and approved by a second person. */
async function kill(action: 'engage' | 'release', account?: string): Promise<void> {
  const body = { scope: account === undefined ? 'FIRM' : 'ACCOUNT', ...(account === undefined ? {} : { account }), reason: 'drill' };
  if (action === 'engage') {
    expect((await ask(gateway, '/v1/kill-switches', body)).status).toBe(200);
    return;
  }
  const asked = await ask(gateway, '/v1/kill-switches/release', body);
  expect(asked.status).toBe(202);
  const second = await tokenFor(join(house.folder, 'data'), { role: 'desk', subject: 'second' });
  expect((await ask(gateway, `/v1/kill-switches/release/${String(asked.data['id'])}/approve`, {}, second)).status).toBe(200);
}

/** Verdict on one share for an account: '0' or the reject code. */
async function verdict(clOrdId: string, account = 'RICH'): Promise<string> {
  oms.send('D', newOrder(clOrdId, house.share, { account, quantity: 1 }));
  const report = await oms.report(clOrdId);
  return report.get(10100) ?? report.get(150) ?? '';
}

describe('kill switches', () => {
  it('of an account: its orders are refused, others pass, a fill is booked all the same', async () => {
    expect(await verdict('A1')).toBe('0');
    await kill('engage', 'RICH');
    expect(await verdict('A2')).toBe('5');
    expect(await verdict('A3', 'SMALL')).toBe('0');
    oms.send('8', execution('F', 'T1', 'A1', house.share, { quantity: 1, status: '2', last: [1, house.share.close] }));
    expect((await oms.report('A1', 2)).get(14)).toBe('1');
    await kill('release', 'RICH');
    expect(await verdict('A4')).toBe('0');
  });

  it('of the firm: nothing new passes, an account released meanwhile stays refused, release lets all trade', async () => {
    await kill('engage');
    expect(await verdict('B1')).toBe('4');
    await kill('release', 'RICH');
    expect(await verdict('B2')).toBe('4');
    expect((await ask(gateway, '/v1/status')).data['firm_killed']).toBe(true);
    await kill('release');
    expect(await verdict('B3')).toBe('0');
  });
});

describe('questions', () => {
  it('explain of what is no order, or nothing, says so', async () => {
    expect(await ask(gateway, '/v1/orders/0-1/explain')).toMatchObject({ status: 404, message: expect.stringContaining('not an order command') });
    expect(await ask(gateway, '/v1/orders/0-999999/explain')).toMatchObject({ status: 404 });
    expect(await ask(gateway, '/v1/orders/256-1/explain')).toMatchObject({ status: 400 });
  });

  it.each(['//', '/../../etc/passwd', '/v1/clients/%ff/margin', '/%'])('a request for %s is answered, and with a refusal', async (path) => {
    const status = await new Promise((resolve, reject) => {
      request({ port: gateway.httpPort, host: '127.0.0.1', path }, (response) => resolve(response.resume().statusCode))
        .once('error', reject)
        .end();
    });
    expect([400, 404]).toContain(status);
  });

  const orders: readonly (readonly [name: string, account: string, what: (house: SmallHouse) => Traded, side: 1 | 2, lots: number])[] = [
    ['a share', 'RICH', ({ share }) => share, 1, 10],
    ['a future', 'RICH', ({ future }) => future, 2, 1],
    ['an option written', 'RICH', ({ call }) => call, 2, 1],
    ['a future beyond the funds', 'POOR', ({ future }) => future, 1, 1],
    ['an option bought', 'RICH', ({ call }) => call, 1, 2],
  ];
  it.each(orders)('what-if of %s is the verdict that follows', async (name, account, what, side, lots) => {
    const { symbol, exchange, lot, close } = what(house);
    const quantity = lot * lots;
    const order = { account, exchange, symbol, side: side === 1 ? 'BUY' : 'SELL', quantity, price: close };
    const { data: asked } = await ask(gateway, '/v1/orders/what-if', order);
    oms.send('D', newOrder(name, what(house), { account, side, quantity }));
    const report = await oms.report(name);
    const paise = (tag: number): number => Math.round(Number(report.get(tag)) * 100);
    expect({ code: Number(report.get(10100) ?? 0), before: paise(10101), after: paise(10102), available: paise(10103) }).toEqual({
      code: asked['code'],
      before: asked['requirement_before_paise'],
      after: asked['requirement_after_paise'],
      available: asked['available_paise'],
    });
  });
});

describe('a day directory filled anew', () => {
  it('is not taken for the day loaded from it before', async () => {
    oms.drop();
    await gateway.end('SIGTERM');
    rmSync(house.day, { recursive: true });
    await generateDay({ seed: 12, date: 20261123, clients: 2, underlyings: 6, strikes: 5, versions: 1 }, house.day);
    // The day before was never closed, so the new one may not open; to run on with the old one in silence would be worse.
    await expect(start('data')).rejects.toThrow('20261123 cannot be opened while 20261120 is open');
  });
});
