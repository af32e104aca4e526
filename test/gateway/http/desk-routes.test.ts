// What the desk does and sees: limits one by one and by upload, lists in pages, sessions, instruments; and requests that no client library would send.
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../gateway/commands/haircuts.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { OmsClient } from '../oms-client.ts';
import { newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { tokenFor } from '../tokens.ts';
import { type Answer, type AskOptions, askApi } from './api-client.ts';

let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let token = '';

beforeAll(async () => {
  house = await smallHouse();
  // Shards in threads: the order routes are tested over one in the gateway's own.
  gateway = await startHouse(house, 'data', { shards: 2, http: { port: 0, rates: { principal: { perSecond: 0 }, address: { perSecond: 0 } } } });
  oms = await OmsClient.logon(gateway.fixPort);
  token = await tokenFor(join(house.folder, 'data'), { role: 'admin', subject: 'asha' });
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown, more: AskOptions = {}): Promise<Answer> =>
  askApi(gateway, method, path, { token, body, ...more });

const COLLATERAL = '/v1/clients/RICH/collateral';

describe('limits', () => {
  it('set for a client stop its next order, and only what was named changed', async () => {
    const before = (await ask('GET', '/v1/clients/CASHONLY/limits')).data;
    const after = (await ask('PUT', '/v1/clients/CASHONLY/limits', { max_order_quantity: 5 })).data;
    expect(after).toEqual({ ...before, max_order_quantity: 5 });
    oms.send('D', newOrder('l1', house.share, { account: 'CASHONLY', quantity: 6 }));
    expect((await oms.report('l1')).get(10100)).toBe('18');
    expect((await ask('PUT', '/v1/clients/CASHONLY/limits', {})).status).toBe(422);
    expect((await ask('PUT', '/v1/clients/NOBODY/limits', { max_order_quantity: 5 })).status).toBe(404);
  });

  it('of an upload are shown before they are applied, row by row', async () => {
    const csv = 'account,max_order_quantity,max_turnover_paise\nRICH,500,\nPOOR,,9000000\n';
    const preview = await ask('POST', '/v1/limits/preview', csv, { type: 'text/csv' });
    expect(preview.data).toMatchObject({
      bad: 0,
      rows: [
        { line: 2, account: 'RICH', before: { max_order_quantity: 0 }, after: { max_order_quantity: 500, max_turnover_paise: 0 }, error: null },
        { line: 3, account: 'POOR', before: { max_turnover_paise: 0 }, after: { max_order_quantity: 0, max_turnover_paise: 9_000_000 } },
      ],
    });
    expect((await ask('GET', '/v1/clients/RICH/limits')).data).toMatchObject({ max_order_quantity: 0 });
    expect((await ask('POST', '/v1/limits/bulk', csv, { type: 'text/csv' })).status).toBe(200);
    expect((await ask('GET', '/v1/clients/RICH/limits')).data).toMatchObject({ max_order_quantity: 500 });
    expect((await ask('GET', '/v1/clients/POOR/limits')).data).toMatchObject({ max_turnover_paise: 9_000_000 });
  });

  it('of an upload with one bad row are not applied at all; each bad row is named', async () => {
    const csv = 'account,max_open_orders\nRICH,7\nNOBODY,7\nRICH,8\nPOOR,many\nSMALL\nSELLER,-1\nREDUCE,\n';
    const answer = await ask('POST', '/v1/limits/bulk', { csv });
    expect([answer.status, answer.error?.code]).toEqual([422, 'TZ-LIMIT-ROWS']);
    expect(((answer.error?.details?.['rows'] ?? []) as { line: number; error: string }[]).map(({ line, error }) => `${line}: ${error}`)).toEqual([
      '3: account NOBODY is not known here',
      '4: account RICH is on line 2 already',
      '5: max_open_orders "many" must be a whole number from 0 to 10000000000000',
      '6: line 6 has 1 columns, the header 2',
      '7: max_open_orders "-1" must be a whole number from 0 to 10000000000000',
      '8: the row changes nothing',
    ]);
    expect((await ask('GET', '/v1/clients/RICH/limits')).data).toMatchObject({ max_open_orders: 0 });
  });

  it.each([
    ['an unknown column', 'account,max_loss\nRICH,1\n'],
    ['no account column', 'max_open_orders\n1\n'],
    ['a column twice', 'account,max_open_orders,max_open_orders\nRICH,1,2\n'],
    ['an open quote', 'account,max_open_orders\n"RICH,1\n'],
  ])('of an upload with %s are refused whole', async (_, csv) => {
    expect((await ask('POST', '/v1/limits/preview', { csv })).error?.code).toBe('TZ-INVALID');
  });

  it('aside, a client can be frozen and thawed', async () => {
    expect((await ask('PATCH', '/v1/clients/SELLER', { status: 'FROZEN', segments: ['NSE'] })).data).toMatchObject({
      status: 'FROZEN',
      segments: ['NSE'],
    });
    oms.send('D', newOrder('z1', house.share, { account: 'SELLER', side: 2, quantity: 1 }));
    expect((await oms.report('z1')).get(10100)).toBe('6');
    expect((await ask('PATCH', '/v1/clients/SELLER', { status: 'ACTIVE' })).data).toMatchObject({ status: 'ACTIVE', segments: ['NSE'] });
  });
});

describe('lists', () => {
  it.each(['shortfall', 'mtm', 'requirement', 'account'])('of clients by %s come in pages that meet', async (sort) => {
    const whole = (await ask('GET', `/v1/clients?sort=${sort}`)).data['clients'] as { account: string }[];
    expect(whole.length).toBe(7);
    const paged: { account: string }[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask('GET', `/v1/clients?sort=${sort}&limit=3${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      paged.push(...(page.data['clients'] as { account: string }[]));
      cursor = page.meta.next_cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole);
  });

  it('take no cursor that was altered, or given for another list', async () => {
    const cursor = (await ask('GET', '/v1/clients?sort=account&limit=2')).meta.next_cursor ?? '';
    expect(cursor.length).toBeGreaterThan(16);
    const middle = Math.floor(cursor.length / 2);
    const altered = `${cursor.slice(0, middle)}${cursor[middle] === 'A' ? 'B' : 'A'}${cursor.slice(middle + 1)}`;
    for (const path of [`sort=account&cursor=${altered}`, `sort=mtm&cursor=${cursor}`, 'sort=account&cursor=AAAA', 'sort=account&cursor=%00'])
      expect((await ask('GET', `/v1/clients?${path}`)).error?.code, path).toBe('TZ-CURSOR');
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'limit=1.5', 'sort=colour', 'sort=mtm&sort=mtm', 'status=HAPPY'])('refuse %s', async (query) => {
    expect((await ask('GET', `/v1/clients?${query}`)).error?.code).toBe('TZ-QUERY');
  });

  it('of instruments find a name by its beginning, in pages', async () => {
    const { symbol } = house.future;
    const found = await ask('GET', `/v1/instruments?search=${symbol.toLowerCase()}&segment=NFO`);
    expect((found.data as unknown as object[]).slice(0, 1)).toMatchObject([
      { symbol, exchange: 'NFO', token: house.future.token, lot: house.future.lot, previous_close: house.future.close },
    ]);
    const first = await ask('GET', '/v1/instruments?segment=NFO&limit=2');
    const second = await ask('GET', `/v1/instruments?segment=NFO&limit=2&cursor=${first.meta.next_cursor}`);
    const names = [...(first.data as unknown as { symbol: string }[]), ...(second.data as unknown as { symbol: string }[])].map(
      (each) => each.symbol,
    );
    expect(new Set(names).size).toBe(4);
  });

  it('of positions by underlying add up to the house', async () => {
    const { gross_paise, underlyings } = (await ask('GET', '/v1/concentration')).data as unknown as {
      gross_paise: number;
      underlyings: { gross_paise: number; long_paise: number; short_paise: number; share: number }[];
    };
    expect(underlyings.reduce((sum, each) => sum + each.gross_paise, 0)).toBe(gross_paise);
    expect(underlyings.every((each) => each.long_paise + each.short_paise === each.gross_paise)).toBe(true);
  });
});

describe('a FIX session', () => {
  const other = '/v1/sessions/FIX.4.4%3ATARAZU-%3EOTHER/reset';
  it('that is logged on is not reset', async () => {
    const answer = await ask('POST', '/v1/sessions/FIX.4.4%3ATARAZU-%3EOMS/reset', { reason: 'a drill' });
    expect([answer.status, answer.error?.code]).toEqual([409, 'TZ-SESSION']);
  });

  it('goes forward by number, never back, and begins anew when both are lost', async () => {
    expect((await ask('POST', other, { next_inbound: 40, next_outbound: 30, reason: 'agreed by phone' })).data).toMatchObject({
      next_inbound: 40,
      next_outbound: 30,
      incarnation: 1,
    });
    expect((await ask('POST', other, { next_inbound: 39, reason: 'agreed by phone' })).error?.code).toBe('TZ-SESSION');
    expect((await ask('POST', other, { next_outbound: 29, reason: 'agreed by phone' })).error?.code).toBe('TZ-SESSION');
    expect((await ask('POST', other, { reason: 'both stores lost' })).data).toMatchObject({ next_inbound: 1, next_outbound: 1, incarnation: 2 });
    expect((await ask('POST', '/v1/sessions/nobody/reset', { reason: 'a drill' })).status).toBe(404);
  });
});

describe('a release of a kill switch', () => {
  it('that nobody approves in time is gone', async () => {
    const { KillDesk } = await import('../../../gateway/risk/kill-desk.ts');
    const questions = { slotOf: () => 1 };
    const clients = { every: async () => [] };
    const desk = new KillDesk(questions as never, {} as never, clients as never, async () => undefined);
    const { id, expires_at, requested_at } = desk.request({ scope: 'ACCOUNT', account: 'RICH' }, 'a drill', 'asha');
    expect(expires_at - requested_at).toBe(10 * 60_000);
    const now = Date.now;
    try {
      Date.now = () => now() + 10 * 60_000 + 1;
      await expect(desk.approve(id, 'ravi')).rejects.toMatchObject({ code: 'TZ-NOT-FOUND' });
      expect((await desk.list(false)).releases).toEqual([]);
    } finally {
      Date.now = now;
    }
  });
});

describe('collateral', () => {
  it('a list comes into force from a file, a pledge is valued by it and a move changes nothing', async () => {
    const file = join(house.folder, 'approved-securities-20261120.csv');
    writeFileSync(file, 'kind,isin,price,haircut\nEQUITY,INE009A01021,2500,12.5\n');
    const config = join(house.folder, 'gateway.json');
    writeFileSync(
      config,
      JSON.stringify({
        dataDirectory: join(house.folder, 'data'),
        http: { port: gateway.httpPort },
        fix: { sessions: [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS', HeartBtInt: 30 }] },
      }),
    );
    expect(await run(['--file', file, '--config', config])).toBe(0);
    const before = (await ask('GET', COLLATERAL)).data;
    const pledged = await ask('POST', `${COLLATERAL}/pledges`, { isin: 'INE009A01021', quantity: 100, credit: 'NOW', reference: 'P1' });
    expect(pledged.data).toMatchObject({
      non_cash_paise: 218_750_00,
      available_paise: Number(before['available_paise']) + 218_750_00,
      pieces: [
        { kind: 'EQUITY', key: 'INE009A01021', place: 'MEMBER', quantity: 100, haircut_percent: 12.5, listed: 20_261_120, counted_paise: 218_750_00 },
      ],
    });
    const moved = await ask('POST', `${COLLATERAL}/allocations`, {
      kind: 'EQUITY',
      key: 'INE009A01021',
      from: 'MEMBER',
      to: 'NFO',
      quantity: 40,
      reference: 'N1',
    });
    expect(moved.data).toMatchObject({
      available_paise: pledged.data['available_paise'],
      segments: [{ segment: 'NFO', corporation: 'NCL', required_paise: 0, non_cash_paise: 87_500_00 }],
      corporations: [{ corporation: 'NCL', placed_paise: 87_500_00, short_paise: 0, excess_paise: 87_500_00 }],
    });
  });

  it('what cannot be is refused, with nothing changed', async () => {
    const before = (await ask('GET', COLLATERAL)).data;
    expect((await ask('POST', `${COLLATERAL}/pledges`, { isin: 'INE009A01021', quantity: -1_000, reference: 'P2' })).error?.code).toBe('TZ-REFUSED');
    expect((await ask('POST', `${COLLATERAL}/pledges`, { isin: 'INE 9', quantity: 1, reference: 'P2' })).status).toBe(422);
    expect((await ask('POST', '/v1/clients/NOBODY/collateral/pledges', { isin: 'INE009A01021', quantity: 1, reference: 'P2' })).status).toBe(404);
    expect({ ...(await ask('GET', COLLATERAL)).data, as_of: 0 }).toEqual({ ...before, as_of: 0 });
  });

  it('of the member is added up, and a house without limits gives no slices', async () => {
    expect((await ask('GET', '/v1/member/collateral')).data).toMatchObject({ short_clients: 0, short: [] });
    expect((await ask('GET', '/v1/member/slices')).data).toEqual({ limits: [] });
  });
});

describe('what no client library sends', () => {
  const order = '{"account":"RICH","exchange":"NSE","symbol":"X","side":"BUY","quantity":1';
  it.each<[string, string, string, RegExp]>([
    ['a key twice', `${order},"quantity":1000}`, 'TZ-JSON', /"quantity" stands twice at line 1, column 75/],
    ['a hundred levels', `${'['.repeat(100)}${']'.repeat(100)}`, 'TZ-JSON', /levels deep/],
    ['a number without end', `${order},"price":1e999}`, 'TZ-JSON', /too large/],
    ['a number beyond any quantity', '{"account":"RICH","exchange":"NSE","symbol":"X","side":"BUY","quantity":1e300}', 'TZ-INVALID', /quantity/],
    ['an order that pollutes', `${order},"__proto__":{"price":1}}`, 'TZ-INVALID', /__proto__/],
    ['something after the value', '{} x', 'TZ-JSON', /follows the value at line 1, column 4/],
    ['a fault on a later line', '{\n  "account": RICH\n}', 'TZ-JSON', /line 2, column 14/],
    ['nothing', '', 'TZ-JSON', /ends where a value is expected/],
    ['a byte that is no text', '\uFFFE{', 'TZ-JSON', /value is expected/],
  ])('%s is refused with its place', async (_, body, code, message) => {
    const answer = await ask('POST', '/v1/orders/what-if', body);
    expect(answer.error?.code).toBe(code);
    expect(answer.error?.message).toMatch(message);
  });

  it('HEAD is GET without a body, OPTIONS says what is offered', async () => {
    const head = await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/me`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const options = await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/kill-switches`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
  });

  it('a request id of the caller comes back when it is sane, and is replaced when not', async () => {
    const sane = await ask('GET', '/v1/me', undefined, { headers: { 'x-request-id': 'oms-20261120-0001' } });
    expect([sane.meta.request_id, sane.headers.get('x-request-id')]).toEqual(['oms-20261120-0001', 'oms-20261120-0001']);
    const odd = await ask('GET', '/v1/me', undefined, { headers: { 'x-request-id': 'a b<script>' } });
    expect(odd.meta.request_id).toMatch(/^tz_[0-9a-f-]{36}$/);
  });

  it('none of it reaches the engine', async () => {
    const folded = async (): Promise<number> => ((await ask('GET', '/v1/status')).data['shards'] as { folded: number }).folded;
    const sequence = async (): Promise<unknown> => (await ask('GET', '/v1/clients/RICH/margin')).data['as_of'];
    const [before, at] = [await folded(), await sequence()];
    const socket = connect(gateway.httpPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n');
    for (let i = 0; i < 50; i++) await ask('POST', '/v1/orders', '{"account":', { key: `bad-${i}`, token: i % 2 === 0 ? token : 'x'.repeat(40) });
    socket.destroy();
    // Each second's Tick is a command of every slot; an order would be one more in its own.
    const ticks = ((await folded()) - before) / 256;
    expect(Number.isInteger(ticks)).toBe(true);
    expect(Number(await sequence()) - Number(at)).toBeLessThanOrEqual(ticks + 1);
  });
});
