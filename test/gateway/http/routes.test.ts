// The HTTP side of a running gateway: what is answered, what is refused and how clearly. Over real sockets.
import { rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '../../../gateway/http/adapter/http-adapter.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { OmsClient } from '../oms-client.ts';
import { newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken, tokenFor } from '../tokens.ts';
import { type Answer, type AskOptions, askApi } from './api-client.ts';

let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let token = '';

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house);
  oms = await OmsClient.logon(gateway.fixPort);
  token = adminToken(join(house.folder, 'data'));
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const ask = (path: string, body?: unknown, more: AskOptions = {}): Promise<Answer> =>
  askApi(gateway, body === undefined ? 'GET' : 'POST', path, { token, body, ...more });
const text = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`)).text();

describe('what is read', () => {
  it('is alive and ready', async () => {
    expect(await text('/healthz')).toContain('ok');
    expect(JSON.parse(await text('/readyz'))).toEqual({ ready: true, missing: [] });
  });

  it('serves the rules of engagement', async () => {
    expect(await text('/rules-of-engagement')).toContain('risk-accepted');
  });

  it('counts orders, rejects and latency', async () => {
    oms.send('D', newOrder('m1', house.share));
    oms.send('D', newOrder('m2', house.share, { account: 'FROZEN' }));
    await oms.report('m2');
    const metrics = await text('/metrics');
    expect(metrics).toMatch(/tarazu_rejects_total\{code="accountNotActive"\} 1/);
    expect(metrics).toMatch(/tarazu_commands_total\{message="D"\} 2/);
    expect(metrics).toMatch(/tarazu_reports_total\{kind="OrderAccepted"\} 1/);
    expect(metrics).toMatch(/tarazu_verdict_latency_seconds_count 2/);
    for (const name of ['ring_backlog_bytes', 'checkpoint_lag_commands', 'journal_bytes', 'session_logged_on'])
      expect(metrics).toContain(`tarazu_${name}`);
  });

  it('shows margin that the next verdict repeats', async () => {
    const before = await ask('/v1/clients/CASHONLY/margin');
    oms.send('D', newOrder('h1', house.share, { account: 'CASHONLY', quantity: 7 }));
    const verdict = await oms.report('h1');
    const after = await ask('/v1/clients/CASHONLY/margin');
    expect(Number(verdict.get(10101)) * 100).toBeCloseTo(Number(before.data['requirement_paise']), 4);
    expect(Number(verdict.get(10102)) * 100).toBeCloseTo(Number(after.data['requirement_paise']), 4);
    expect(after.data).toMatchObject({ account: 'CASHONLY', status: 'ACTIVE', open_orders: 1, available_paise: 10_000_000_000 });
  });

  it('shows holdings', async () => {
    const { data } = await ask('/v1/clients/SELLER/holdings');
    expect(data['holdings']).toEqual([
      { exchange: 'NSE', token: house.share.token, symbol: house.share.symbol, free: 100, pledged: 0, t1: 0, early: 0 },
    ]);
  });

  it('judges a what-if as it would judge the order, and changes nothing', async () => {
    const order = {
      account: 'POOR',
      exchange: 'NFO',
      symbol: house.future.symbol,
      side: 'BUY',
      quantity: house.future.lot,
      price: house.future.close,
    };
    const [first, second] = [await ask('/v1/orders/what-if', order), await ask('/v1/orders/what-if', order)];
    expect(first.data).toEqual(second.data);
    oms.send('D', newOrder('w1', house.future, { account: 'POOR' }));
    const verdict = await oms.report('w1');
    expect(first.data).toMatchObject({ code: 26, reject: { name: 'insufficientMargin' } });
    expect(Number(first.data['shortfall_paise'])).toBe(Math.round(Number(verdict.get(10104)) * 100));
  });

  it('leaves margin unsaid in a what-if that is refused before margin is weighed', async () => {
    const { symbol, lot, close } = house.future;
    const { data } = await ask('/v1/orders/what-if', { account: 'RICH', exchange: 'NFO', symbol, side: 'BUY', quantity: lot + 1, price: close });
    expect(data).toMatchObject({ reject: { name: 'lotSize' }, requirement_before_paise: null, requirement_after_paise: null });
    expect(data).toMatchObject({ available_paise: null, shortfall_paise: null });
  });

  it('explains a verdict check by check', async () => {
    oms.send('D', newOrder('x1', house.future, { account: 'POOR' }));
    const verdict = await oms.report('x1');
    const { data } = await ask(`/v1/orders/${String(verdict.get(17)).replace(':', '-')}/explain`);
    expect(data).toMatchObject({
      verdict: 'insufficientMargin',
      code: 26,
      agrees: true,
      requirement_after_paise: Math.round(Number(verdict.get(10102)) * 100),
    });
    const checks = data['checks'] as readonly { check: string; passed: boolean }[];
    expect(checks.filter(({ passed }) => !passed).map(({ check }) => check)).toEqual(['insufficientMargin']);
    expect(checks.length).toBeGreaterThan(20);
  });
});

describe('what is refused, and how', () => {
  it.each<[string, string, unknown, number, RegExp]>([
    ['an unknown path', '/v2/nothing', undefined, 404, /nothing at this path/],
    ['a wrong method', '/healthz', {}, 405, /POST is not offered/],
    ['an unknown account', '/v1/clients/NOBODY/margin', undefined, 404, /account is not known/],
    ['a path that is no percent-encoding', '/v1/clients/%ff%/margin', undefined, 400, /percent-encoding/],
    ['an account name without end', `/v1/clients/${'A'.repeat(65)}/margin`, undefined, 400, /account: must be 1 to 16/],
    ['a body that is not JSON', '/v1/orders/what-if', '{"account":', 400, /not JSON/],
    ['a body of the wrong shape', '/v1/orders/what-if', [1, 2], 422, /expected object/],
    ['an unknown field', '/v1/orders/what-if', { account: 'RICH', exchange: 'NSE', symbol: 'X', side: 'BUY', quantity: 1, qty: 2 }, 422, /qty/],
    ['a fractional quantity', '/v1/orders/what-if', { account: 'RICH', exchange: 'NSE', symbol: 'X', side: 'BUY', quantity: 1.5 }, 422, /quantity/],
    [
      'too fine a price',
      '/v1/orders/what-if',
      { account: 'RICH', exchange: 'NSE', symbol: 'X', side: 'BUY', quantity: 1, price: 1.00001 },
      422,
      /four decimals/,
    ],
    [
      'both names of an instrument',
      '/v1/orders/what-if',
      { account: 'RICH', exchange: 'NSE', symbol: 'X', token: 1, side: 'BUY', quantity: 1 },
      422,
      /exactly one/,
    ],
    ['an order id that is none', '/v1/orders/17/explain', undefined, 400, /SLOT-SEQUENCE/],
    ['an order nobody placed', '/v1/orders/17-999999/explain', undefined, 404, /order is not known/],
  ])('%s', async (_, path, body, status, message) => {
    const answer = await ask(path, body);
    expect([answer.status, answer.data]).toEqual([status, null]);
    expect(answer.error?.message).toMatch(message);
  });

  it('a body larger than any request', async () => {
    const answer = await ask('/v1/orders/what-if', 'x'.repeat(BODY_BYTES_MAX + 1));
    expect([answer.status, answer.error?.code]).toEqual([413, 'TZ-BODY-TOO-LARGE']);
  });

  it('bytes that are not HTTP, without taking anything down', async () => {
    const socket = connect(gateway.httpPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('8=FIX.4.4\x019=5\x0135=A\x01\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(await text('/healthz')).toContain('ok');
  });
});

describe('what the token opens', () => {
  it('the token file is its owner’s alone', () => {
    expect(statSync(join(house.folder, 'data', 'token')).mode & 0o077).toBe(0);
  });

  it('a kill switch stops an account at once; two persons let it go on', async () => {
    const order = { scope: 'ACCOUNT', account: 'RICH', reason: 'runaway algo' };
    expect((await ask('/v1/kill-switches', order)).data).toMatchObject({ action: 'engage', account: 'RICH', by: 'admin-token' });
    oms.send('D', newOrder('k1', house.share));
    expect((await oms.report('k1')).get(10100)).toBe('5');
    expect((await ask('/v1/kill-switches')).data).toMatchObject({ firm: { engaged: false }, accounts: [{ account: 'RICH' }] });
    const asked = await ask('/v1/kill-switches/release', order);
    expect(asked.status).toBe(202);
    const approve = `/v1/kill-switches/release/${String(asked.data['id'])}/approve`;
    const alone = await ask(approve, {});
    expect([alone.status, alone.error?.code]).toEqual([409, 'TZ-TWO-PERSONS']);
    const second = await tokenFor(join(house.folder, 'data'), { role: 'desk', subject: 'asha' });
    expect((await ask(approve, {}, { token: second })).data).toMatchObject({ action: 'release', by: 'admin-token and asha' });
    expect((await ask(approve, {}, { token: second })).status).toBe(404);
    oms.send('D', newOrder('k2', house.share));
    expect((await oms.report('k2')).get(150)).toBe('0');
  });

  it('a kill switch stops the firm', async () => {
    const order = { scope: 'FIRM', reason: 'exchange outage' };
    await ask('/v1/kill-switches', order);
    oms.send('D', newOrder('k3', house.share, { account: 'CASHONLY' }));
    expect((await oms.report('k3')).get(10100)).toBe('4');
    expect((await ask('/v1/status')).data).toMatchObject({ firm_killed: true });
    const asked = await ask('/v1/kill-switches/release', order);
    const second = await tokenFor(join(house.folder, 'data'), { role: 'admin', subject: 'ravi' });
    await ask(`/v1/kill-switches/release/${String(asked.data['id'])}/approve`, {}, { token: second });
    expect((await ask('/v1/status')).data).toMatchObject({ firm_killed: false });
  });

  it('the next SPAN file comes into force while orders are judged', async () => {
    const before = (await ask('/v1/status')).data['parameters'] as { hash: string };
    const swap = ask('/v1/parameters', { file: join(house.day, 'nsccl.20261120.i2.zip') });
    for (let i = 0; i < 20; i++) oms.send('D', newOrder(`p${i}`, house.share, { account: 'CASHONLY' }));
    await oms.report('p19');
    expect((await swap).status).toBe(200);
    const after = (await ask('/v1/status')).data['parameters'] as { hash: string; label: string };
    expect(after.hash).not.toBe(before.hash);
    expect(after.label).toBe('nsccl.20261120.i2.zip');
    oms.send('D', newOrder('p99', house.share));
    expect((await oms.report('p99')).get(150)).toBe('0');
  });

  it('a SPAN file that is not one changes nothing', async () => {
    const before = (await ask('/v1/status')).data['parameters'];
    const answer = await ask('/v1/parameters', { file: join(house.day, 'clients.jsonl') });
    expect(answer.status).toBe(422);
    expect(answer.error?.message).toContain('clients.jsonl');
    expect((await ask('/v1/status')).data['parameters']).toEqual(before);
  });
});
