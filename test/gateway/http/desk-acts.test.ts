// What the desk does to a trading day over the API: a segment closed by one and opened by two, a position converted, early pay-in, loss limits,
// charges so far, Kite's way of saying no, and parameters that came through the inbox.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_SLOTS, CommandKind, RejectCode } from '../../../engine/index.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { appendToInbox, parametersDirectory, rareCommand } from '../../../workers/index.ts';
import { findDayFiles, loadRiskParameters, parameterFilesOf, saveTable } from '../../../workers/reference/index.ts';
import { OmsClient } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { tokenFor } from '../tokens.ts';
import { type Answer, type AskOptions, askApi } from './api-client.ts';

let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
const tokens = { asha: '', binod: '', auditor: '' };

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house, 'data', {
    charges: { plan: { default: { flat: 20 }, 'EQ-CNC': {} }, memberState: 'MH', clientState: 'MH' },
    http: { port: 0, rates: { principal: { perSecond: 0 }, address: { perSecond: 0 } } },
  });
  oms = await OmsClient.logon(gateway.fixPort);
  const data = join(house.folder, 'data');
  [tokens.asha, tokens.binod, tokens.auditor] = await Promise.all([
    tokenFor(data, { role: 'admin', subject: 'asha' }),
    tokenFor(data, { role: 'desk', subject: 'binod' }),
    tokenFor(data, { role: 'auditor', subject: 'chitra' }),
  ]);
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown, who: keyof typeof tokens = 'asha', more: AskOptions = {}): Promise<Answer> =>
  askApi(gateway, method, path, { token: tokens[who], body, ...more });
let numbers = 0;
/** An order over FIX; its reject code, 0 when accepted. */
async function order(words: Parameters<typeof newOrder>[2]): Promise<number> {
  numbers += 1;
  oms.send('D', newOrder(`A${numbers}`, house.future, words));
  return Number((await oms.report(`A${numbers}`)).get(10100) ?? 0);
}

/** An intraday purchase of the share at its close, filled whole; its order id. */
async function boughtIntraday(account: string, quantity: number): Promise<string> {
  const { share } = house;
  const body = { account, exchange: 'NSE', symbol: share.symbol, side: 'BUY', quantity, price: share.close, product: 'MIS' };
  const placed = await ask('POST', '/v1/orders', body, 'asha', { key: `mis-${account}` });
  const { id, cl_ord_id: clOrdId } = placed.data as { id: string; cl_ord_id: string };
  oms.send('8', execution('F', `E-${account}`, clOrdId, share, { account, orderId: id, status: '2', quantity, last: [quantity, share.close] }));
  await oms.quiet();
  return id;
}

const SEGMENT_CLOSED = RejectCode.segmentClosed;

describe('a segment', () => {
  it('is closed by one person, and nothing but a second one lets orders in again', async () => {
    expect(await order({ quantity: house.future.lot })).toBe(0);
    const closed = await ask('POST', '/v1/segments/NFO', { state: 'CLOSED', reason: 'line flaps' }, 'asha');
    expect(closed.data).toMatchObject({ segment: 'NFO', state: 'CLOSED', by: ['asha'] });
    expect(await order({ quantity: house.future.lot })).toBe(SEGMENT_CLOSED);
    expect((await ask('GET', '/v1/status')).data).toMatchObject({ segments_held: [{ segment: 'NFO', state: 'CLOSED' }] });
    for (const state of ['OPEN', 'REDUCE_ONLY']) {
      const alone = await ask('POST', '/v1/segments/NFO', { state, reason: 'line is back' });
      expect([alone.status, alone.error?.code]).toEqual([409, 'TZ-TWO-PERSONS']);
    }
    const asked = await ask('POST', '/v1/segments/NFO/requests', { state: 'OPEN', reason: 'line is back' });
    expect(asked.status).toBe(202);
    const { id } = asked.data as { id: string };
    expect((await ask('POST', `/v1/segments/requests/${id}/approve`)).error?.code).toBe('TZ-TWO-PERSONS');
    expect(await order({ quantity: house.future.lot })).toBe(SEGMENT_CLOSED);
    expect((await ask('POST', `/v1/segments/requests/${id}/approve`, undefined, 'binod')).data).toMatchObject({
      state: 'OPEN',
      by: ['asha', 'binod'],
    });
    expect(await order({ quantity: house.future.lot })).toBe(0);
    expect((await ask('POST', `/v1/segments/requests/${id}/approve`, undefined, 'binod')).status).toBe(404);
  });

  it('asks for each order by itself in its pre-open session, over FIX and HTTP alike, and with the book once it is open', async () => {
    const { future } = house;
    const exit = { account: 'RICH', exchange: 'NFO', symbol: future.symbol, side: 'SELL', quantity: 2 * future.lot, price: future.close };
    /** What an order asks of a client with nothing else, by Kite's words; paise. */
    const alone = async (transaction_type: 'BUY' | 'SELL', quantity: number): Promise<number> => {
      const order = {
        exchange: 'NFO',
        tradingsymbol: future.symbol,
        transaction_type,
        product: 'NRML',
        order_type: 'LIMIT',
        quantity,
        price: future.close,
      };
      const { data } = await ask('POST', '/margins/orders?account=RICH', [order]);
      return Math.round(((data as unknown as readonly { total: number }[])[0]?.total ?? 0) * 100);
    };
    const more = (await alone('SELL', 2 * future.lot)) - (await alone('BUY', future.lot));
    expect(more).toBeGreaterThan(0);
    const margin = async (): Promise<number> => Number((await ask('GET', '/v1/clients/RICH/margin')).data['requirement_paise']);
    const weighed = async (): Promise<unknown> => {
      const { margin_basis, requirement_before_paise, requirement_after_paise } = (await ask('POST', '/v1/orders/what-if', exit)).data;
      return [margin_basis, Number(requirement_before_paise), Number(requirement_after_paise)];
    };
    // One lot held and another on its way: two on offer can only lower what is asked. By itself each contract asks its larger side.
    const orderId = (await oms.report('A1')).get(37) ?? '';
    oms.send('8', execution('F', 'P-1', 'A1', future, { orderId, status: '2', last: [future.lot, future.close] }));
    await oms.quiet();
    const before = await margin();
    expect(await weighed()).toEqual(['netted', before, before]);
    expect((await ask('POST', '/v1/segments/NFO', { state: 'PRE_OPEN', reason: 'the session' })).data).toMatchObject({ state: 'PRE_OPEN' });
    expect(await margin()).toBe(before);
    expect(await weighed()).toEqual(['gross', before, before + more]);
    oms.send('D', newOrder('PRE', future, { side: 2, quantity: 2 * future.lot }));
    const taken = await oms.report('PRE');
    expect([150, 10_108].map((tag) => taken.get(tag))).toEqual(['0', '1']);
    expect(await margin()).toBe(before + more);
    const option = await ask('POST', '/v1/orders/what-if', { ...exit, symbol: house.call.symbol, quantity: house.call.lot, price: house.call.close });
    expect(option.data).toMatchObject({ accepted: false, reject: { name: 'segmentClosed' } });
    const { id } = (await ask('POST', '/v1/segments/NFO/requests', { state: 'OPEN', reason: 'continuous trading' })).data as { id: string };
    expect((await ask('POST', `/v1/segments/requests/${id}/approve`, undefined, 'binod')).data).toMatchObject({ state: 'OPEN' });
    expect(await margin()).toBe(before);
  });

  it('is listed with who set it last, and may not be touched by who only reads', async () => {
    const { segments } = (await ask('GET', '/v1/segments', undefined, 'auditor')).data as { segments: { segment: string; state: string }[] };
    expect(segments.map(({ segment, state }) => `${segment} ${state}`)).toEqual(
      ['NSE', 'NFO', 'CDS', 'BSE', 'BFO', 'BCD', 'MCX'].map((name) => `${name} OPEN`),
    );
    expect((await ask('POST', '/v1/segments/NFO', { state: 'CLOSED', reason: 'no' })).status).toBe(422);
    expect((await ask('POST', '/v1/segments/NFO', { state: 'CLOSED', reason: 'why not' }, 'auditor')).status).toBe(403);
    expect((await ask('POST', '/v1/segments/NOWHERE', { state: 'CLOSED', reason: 'why not' })).status).toBe(400);
  });
});

describe('a position', () => {
  const convert = (of: object): Promise<Answer> => ask('POST', '/v1/clients/RICH/positions/convert', of);
  const cash = (from: string, to: string, quantity: number): object => ({ exchange: 'NSE', symbol: house.share.symbol, from, to, quantity });

  it('of the cash segment goes from intraday to delivery and back, at its cost', async () => {
    const { share } = house;
    await boughtIntraday('RICH', 30);
    expect((await convert(cash('MIS', 'CNC', 10))).status).toBe(200);
    const { positions } = (await ask('GET', '/v1/clients/RICH/positions')).data as {
      positions: { symbol: string; product: string; net: number; average_price: number }[];
    };
    const shares = positions.filter(({ symbol }) => symbol === share.symbol).map(({ product, net, average_price: at }) => [product, net, at]);
    expect(shares.sort()).toEqual([
      ['CNC', 10, share.close],
      ['MIS', 20, share.close],
    ]);
    expect((await convert(cash('CNC', 'MIS', 10))).status).toBe(200);
  });

  it('is not converted where there is nothing to convert', async () => {
    const said = async (of: object): Promise<string> => (await convert(of)).error?.message ?? '';
    expect(await said(cash('MIS', 'CNC', 31))).toBe('the MIS position is 30: 31 cannot be converted');
    expect(await said({ ...cash('MIS', 'CNC', 1), exchange: 'NFO' })).toContain('derivatives are one position whatever the product');
    expect(await said({ ...cash('MIS', 'CNC', 1), symbol: 'NOSUCH' })).toBe('the instrument NOSUCH is not known here');
    expect((await convert(cash('MIS', 'MIS', 1))).status).toBe(422);
    expect((await ask('POST', '/v1/clients/NOBODY/positions/convert', cash('MIS', 'CNC', 1))).status).toBe(404);
  });
});

describe('early pay-in that the clearing corporation has booked', () => {
  const book = (account: string, of: object): Promise<Answer> =>
    ask('POST', `/v1/clients/${account}/early-pay-ins`, { reference: 'M2026223', ...of });
  const funds = async (account: string): Promise<object> => (await ask('GET', `/v1/clients/${account}/funds`)).data as object;

  it('covers a delivery purchase with money, which is not there for anything else; taken back, it asks again', async () => {
    const { share } = house;
    const convert = { exchange: 'NSE', symbol: share.symbol, from: 'MIS', to: 'CNC', quantity: 10 };
    expect((await ask('POST', '/v1/clients/RICH/positions/convert', convert)).status).toBe(200);
    const before = (await ask('GET', '/v1/clients/RICH')).data as { requirement_paise: number; available_paise: number };
    const paise = Math.round(share.close * 1000);
    const after = (await book('RICH', { way: 'FUNDS', amount_paise: paise })).data as typeof before;
    expect(before.available_paise - after.available_paise).toBe(paise);
    expect(after.requirement_paise).toBeLessThan(before.requirement_paise);
    expect(await funds('RICH')).toMatchObject({ early_paid_paise: paise, early_sales_paise: 0, adhoc_paise: 0 });
    const { positions } = (await ask('GET', '/v1/clients/RICH/positions')).data as { positions: { product: string; covered: number }[] };
    expect(positions.filter(({ product }) => product === 'CNC').map(({ covered }) => covered)).toEqual([10]);
    expect((await book('RICH', { way: 'FUNDS', amount_paise: -paise })).data).toMatchObject(before);
    const again = await book('RICH', { way: 'FUNDS', amount_paise: -1 });
    expect([again.status, again.error?.message]).toEqual([409, 'more would be taken back than is booked']);
  });

  it('in units stands beside the holding', async () => {
    const { share } = house;
    const of = { way: 'SECURITIES', exchange: 'NSE', symbol: share.symbol, quantity: 3 };
    expect((await book('SELLER', of)).status).toBe(200);
    const { holdings } = (await ask('GET', '/v1/clients/SELLER/holdings')).data as { holdings: { symbol: string; early: number }[] };
    expect(holdings.find(({ symbol }) => symbol === share.symbol)).toMatchObject({ early: 3 });
    expect((await book('SELLER', { ...of, token: share.token })).status).toBe(422);
    expect((await book('SELLER', { ...of, quantity: 0 })).status).toBe(422);
    expect((await book('NOBODY', of)).status).toBe(404);
    expect((await book('SELLER', { ...of, symbol: 'NOSUCH' })).error?.message).toBe('the instrument NOSUCH is not known here');
    expect((await ask('POST', '/v1/clients/SELLER/early-pay-ins', { reference: 'x', ...of }, 'auditor')).status).toBe(403);
  });
});

it('a loss limit is set like any other', async () => {
  expect((await ask('PUT', '/v1/clients/SMALL/limits', { max_loss_paise: 500_000 })).data).toMatchObject({ max_loss_paise: 500_000 });
  const csv = 'account,max_loss_paise\nSMALL,0\n';
  expect((await ask('POST', '/v1/limits/bulk', csv, 'asha', { type: 'text/csv' })).data).toMatchObject({
    rows: [{ before: { max_loss_paise: 500_000 }, after: { max_loss_paise: 0 } }],
  });
});

it('charges of the day are those of a note over its executed orders', async () => {
  const { share } = house;
  const orderId = await boughtIntraday('CASHONLY', 100);
  const { orders, total } = (await ask('GET', '/v1/clients/CASHONLY/charges')).data as {
    orders: { id: string; turnover_paise: number; charges: Record<string, number> }[];
    total: Record<string, number>;
  };
  expect(orders.map((each) => [each.id, each.turnover_paise])).toEqual([[orderId, Math.round(share.close * 10_000)]]);
  // Intraday buy: no STT; brokerage 20 flat, by the plan; the parts sum to the total.
  expect(total).toMatchObject({ brokerage_paise: 2_000, stt_paise: 0 });
  const { total_paise: sum, ...parts } = total;
  expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBe(sum);
  expect(orders[0]?.charges).toEqual(total);
});

describe('a Kite-shaped route', () => {
  const refused = async (path: string, options: AskOptions): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, {
      method: options.body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }) },
      ...(options.body === undefined ? {} : { body: String(options.body) }),
    });
    const { status, error_type } = (await answer.json()) as { status: string; error_type: string };
    return [answer.status, status, error_type];
  };

  it('says no as Kite does', async () => {
    expect(await refused('/user/margins?account=RICH', {})).toEqual([403, 'error', 'TokenException']);
    expect(await refused('/user/margins?account=RICH', { token: 'x.y.z' })).toEqual([403, 'error', 'TokenException']);
    expect(await refused('/margins/orders?account=RICH', { token: tokens.asha, body: '[{"exchange":"NSE"' })).toEqual([
      400,
      'error',
      'InputException',
    ]);
    expect(await refused('/margins/orders?account=RICH', { token: tokens.asha, body: '[]' })).toEqual([400, 'error', 'InputException']);
    expect(await refused('/user/margins', { token: tokens.asha })).toEqual([400, 'error', 'InputException']);
    expect(await refused('/user/margins/metals?account=RICH', { token: tokens.asha })).toEqual([400, 'error', 'InputException']);
  });
});

it('parameters that came through the inbox are those the gateway names', async () => {
  const before = (await ask('GET', '/v1/parameters')).data as { hash: string };
  const data = join(house.folder, 'data');
  const table = await loadRiskParameters({ ...parameterFilesOf(findDayFiles(house.day)), span: join(house.day, 'nsccl.20261120.i2.zip') });
  const hash = saveTable(parametersDirectory(data), table);
  expect(hash).not.toBe(before.hash);
  await appendToInbox(data, 77, rareCommand(CommandKind.LoadParameters, ALL_SLOTS, { tableHash: hash, label: 'reload' }).bytes, 'reload-1');
  await expect.poll(async () => ((await ask('GET', '/v1/parameters')).data as { hash: string }).hash).toBe(hash);
  // Whose files they are is not known here: a swap would lose what only they say.
  const swap = await ask('POST', '/v1/parameters', { file: join(house.day, 'nsccl.20261120.i2.zip') });
  expect([swap.status, swap.error?.message]).toEqual([422, expect.stringContaining('files whose place is not known here')]);
});
