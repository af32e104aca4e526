// A square-off from due list to flat, with the order system on the other side as a text client: orders of the house reach it as D, cancels as F,
// nothing is closed before the exchange has confirmed the cancels, and a resend gives the same bytes. The day stands at 15:21, when intraday shares
// are due.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../gateway/index.ts';
import { type Fields, OmsClient } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken, tokenFor } from '../tokens.ts';

let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let desk = '';
let second = '';
let keys = 0;

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house, 'data', {
    actionSession: 'FIX.4.4:TARAZU->OMS',
    squareOff: { answerSeconds: 2, approvalAbove: 100_000 },
    rehearsal: { from: '2026-11-20T15:21:00+05:30', until: '2026-11-20T15:24:00+05:30' },
  });
  const data = join(house.folder, 'data');
  desk = await tokenFor(data, { role: 'desk', subject: 'asha' });
  second = await tokenFor(data, { role: 'desk', subject: 'binod' });
  expect(adminToken(data)).not.toBe('');
  oms = await OmsClient.logon(gateway.fixPort);
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

async function ask<Data>(method: string, path: string, body?: object, token = desk): Promise<{ status: number; data: Data; text: string }> {
  keys += 1;
  const response = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': `square-off-${keys}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const data =
    response.headers.get('content-type')?.startsWith('application/json') === true ? (JSON.parse(text) as { data: Data }).data : (text as Data);
  return { status: response.status, data, text };
}

/** Every message of a type that came from the house. */
const received = (type: string): Fields[] => oms.memory.reports.filter((fields) => fields.get(35) === type);
async function next(type: string, count: number): Promise<Fields> {
  await oms.until(() => received(type).length >= count, `message ${count} of type ${type}`);
  return received(type)[count - 1] ?? new Map();
}
const field = (fields: Fields, ...tags: readonly number[]): (string | undefined)[] => tags.map((tag) => fields.get(tag));

/** The exchange fills the whole of an order the house sent. */
function fillWhole(sent: Fields, trade: string): void {
  const [id, clOrdId, quantity] = [sent.get(526) ?? '', sent.get(11) ?? '', Number(sent.get(38))];
  oms.send('8', execution('0', `N${trade}`, clOrdId, house.share, { orderId: id, status: '0', quantity }));
  oms.send(
    '8',
    execution('F', trade, clOrdId, house.share, {
      orderId: id,
      status: '2',
      quantity,
      last: [quantity, house.share.close],
      side: sent.get(54) === '2' ? 2 : 1,
    }),
  );
}

interface Plan {
  readonly id: string;
  readonly state: string;
  readonly clients: readonly { readonly phase: string; readonly exits: readonly { readonly state: string; readonly left: number }[] }[];
}

describe('a square-off', () => {
  it('sends a dealer’s order to the order system as NewOrderSingle', async () => {
    const { share } = house;
    const body = { account: 'RICH', exchange: 'NSE', symbol: share.symbol, side: 'BUY', quantity: 10, price: share.close, product: 'MIS' };
    const placed = await ask<{ id: string }>('POST', '/v1/orders', body);
    const sent = await next('D', 1);
    expect(field(sent, 1, 526, 38, 40, 54, 55, 207, 10_001)).toEqual(['RICH', placed.data.id, '10', '2', '1', share.symbol, 'NSE', 'MIS']);
    fillWhole(sent, 'T1');
    await oms.quiet();
  });

  it('cancels first, waits for the exchange, then sells at a protected limit until nothing is left', async () => {
    const { share } = house;
    oms.send('D', newOrder('W1', share, { quantity: 5, more: [[10_001, 'MIS']] }));
    await oms.report('W1');
    const due = await ask<{ clients: { account: string; orders: string[]; positions: { units: number; side: string }[] }[] }>(
      'GET',
      '/v1/square-off/due',
    );
    expect(due.data.clients).toMatchObject([{ account: 'RICH', orders: [expect.any(String)], positions: [{ units: 10, side: 'SELL' }] }]);
    const made = await ask<Plan>('POST', '/v1/square-off/plans', { causes: ['productTime'], reason: 'intraday at 15:20' });
    expect([made.status, made.data.state]).toEqual([202, 'running']);
    const cancel = await next('F', 1);
    expect(field(cancel, 1, 41, 58)).toEqual(['RICH', 'W1', 'square-off: the time of the intraday product has come']);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(received('D')).toHaveLength(1);
    oms.send('8', execution('4', 'X1', cancel.get(11) ?? '', share, { orderId: cancel.get(37) ?? '', status: '4', quantity: 5, more: [[41, 'W1']] }));
    const exit = await next('D', 2);
    const limit = Number(exit.get(44));
    expect(field(exit, 1, 38, 54, 10_001)).toEqual(['RICH', '10', '2', 'MIS']);
    expect(limit).toBeLessThan(share.close);
    expect(limit).toBeGreaterThanOrEqual(Math.max(share.low, share.close * 0.99 - share.tick));
    fillWhole(exit, 'T2');
    await expect.poll(async () => (await ask<Plan>('GET', `/v1/square-off/plans/${made.data.id}`)).data.state).toBe('done');
    expect(
      (await ask<{ clients: object[] }>('GET', '/v1/square-off/due')).data.clients.filter((each) => 'account' in each && each.account === 'RICH'),
    ).toEqual([]);
  });

  it('gives a resend of an order the bytes of the first', async () => {
    const first = received('D')[1] ?? new Map<number, string>();
    const before = oms.wire.length;
    oms.send('2', [
      [7, Number(first.get(34))],
      [16, Number(first.get(34))],
    ]);
    await oms.until(() => oms.wire.slice(before).some((fields) => fields.get(43) === 'Y' && fields.get(35) === 'D'), 'the resent order');
    const again = oms.wire.slice(before).find((fields) => fields.get(35) === 'D') ?? new Map<number, string>();
    for (const [tag, value] of first) if (![8, 9, 10, 52].includes(tag)) expect([tag, again.get(tag)]).toEqual([tag, value]);
  });

  it('asks a second person where much is at stake, and shows killed only once nothing works', async () => {
    const { share } = house;
    const quantity = Math.ceil(120_000 / share.close);
    const body = { account: 'RICH', exchange: 'NSE', symbol: share.symbol, side: 'BUY', quantity, price: share.close, product: 'MIS' };
    await ask('POST', '/v1/orders', body);
    fillWhole(await next('D', 3), 'T3');
    await oms.quiet();
    const made = await ask<Plan>('POST', '/v1/square-off/plans', { reason: 'intraday at 15:20' });
    expect(made.data.state).toBe('awaitingApproval');
    expect((await ask('POST', `/v1/square-off/plans/${made.data.id}/approve`)).status).toBe(409);
    expect((await ask<Plan>('POST', `/v1/square-off/plans/${made.data.id}/approve`, undefined, second)).data.state).toBe('running');
    const exit = await next('D', 4);
    const switches = async (): Promise<{ accounts: { account: string; state: string; open_orders: number }[] }> =>
      (await ask<{ accounts: { account: string; state: string; open_orders: number }[] }>('GET', '/v1/kill-switches')).data;
    await ask('POST', '/v1/kill-switches', { scope: 'ACCOUNT', account: 'RICH', reason: 'runaway' });
    await expect.poll(async () => (await switches()).accounts).toMatchObject([{ account: 'RICH', state: 'stopping', open_orders: 1 }]);
    const cancel = await next('F', 2);
    expect(cancel.get(41)).toBe(exit.get(11));
    oms.send(
      '8',
      execution('4', 'X2', cancel.get(11) ?? '', share, {
        orderId: exit.get(526) ?? '',
        status: '4',
        quantity,
        side: 2,
        more: [[41, exit.get(11) ?? '']],
      }),
    );
    await expect.poll(async () => (await switches()).accounts[0]?.state).toBe('killed');
    await ask('POST', `/v1/square-off/plans/${made.data.id}/halt`);
  });

  it('is a dealer’s file while no order system is there', async () => {
    oms.drop();
    await expect
      .poll(async () => (await ask<{ sessions: { logged_on: boolean }[] }>('GET', '/v1/sessions')).text.includes('"logged_on":true'))
      .toBe(false);
    const made = await ask<Plan>('POST', '/v1/square-off/plans', { accounts: ['RICH'], causes: ['productTime'], reason: 'order system down' });
    expect(made.data.state).toBe('basket');
    const file = await ask<string>('GET', `/v1/square-off/plans/${made.data.id}/basket`);
    const [header, ...lines] = file.text.trimEnd().split('\n');
    expect(header).toBe('action,account,order,exchange,symbol,token,side,quantity,order_type,price,product,cause');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^ORDER,RICH,,NSE,${house.share.symbol},${house.share.token},SELL,\\d+,LIMIT,[\\d.]+,MIS,productTime$`));
  });
});
