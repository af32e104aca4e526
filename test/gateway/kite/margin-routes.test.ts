// Kite's margin routes and the house's what-if against a running gateway: the same live numbers in both shapes, Kite's names and errors, a thousand legs.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InstrumentKind } from '../../../engine/index.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { type Answer, type AskOptions, askApi } from '../http/api-client.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { tokenFor } from '../tokens.ts';

let house: SmallHouse;
let gateway: Gateway;
let desk = '';
let trader = '';

beforeAll(async () => {
  house = await smallHouse();
  // Stop-losses and targets of bracket orders: from 0.5 % to 8 % away.
  const policy = { coverRange: { least: 50, most: 800 }, targetMost: 800 };
  gateway = await startHouse(house, 'data', { actionSession: 'FIX.4.4:TARAZU->OMS', policy });
  desk = await tokenFor(join(house.folder, 'data'), { role: 'desk', subject: 'dealer' });
  trader = await tokenFor(join(house.folder, 'data'), { role: 'trader', subject: 'rich', accounts: ['RICH'] });
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const ask = <Data = Record<string, unknown>>(method: string, path: string, body?: unknown, more: AskOptions = {}): Promise<Answer<Data>> =>
  askApi<Data>(gateway, method, path, { token: trader, body, ...more });
const kite = (more: object = {}): object => ({
  exchange: 'NFO',
  tradingsymbol: house.call.symbol,
  transaction_type: 'SELL',
  variety: 'regular',
  product: 'NRML',
  order_type: 'LIMIT',
  quantity: house.call.lot,
  price: house.call.close,
  trigger_price: 0,
  ...more,
});
const leg = (more: object = {}): object => ({
  exchange: 'NFO',
  symbol: house.call.symbol,
  side: 'SELL',
  quantity: house.call.lot,
  price: house.call.close,
  ...more,
});
type Block = Record<'span' | 'exposure' | 'option_premium' | 'additional' | 'var' | 'total', number> & {
  charges: { total: number; brokerage: number };
  type: string;
};
const partsOf = ({ span, exposure, option_premium, additional, var: cash }: Block): number => span + exposure + option_premium + additional + cash;
interface WhatIf {
  readonly initial: { readonly requirement_paise: number };
  readonly final: { readonly requirement_paise: number };
  readonly needs_paise: number;
  readonly fix: { readonly add_paise: number; readonly text: string } | null;
  readonly legs: readonly { readonly counted: boolean; readonly alone: { readonly accepted: boolean; readonly requirement_after_paise: number } }[];
}

it("answers one order with Kite's fields, and the live number in total", async () => {
  const { data } = await ask<Block[]>('POST', '/margins/orders', [kite()]);
  const [block] = data;
  expect(Object.keys(block ?? {}).sort()).toEqual(
    [
      'type',
      'tradingsymbol',
      'exchange',
      'span',
      'exposure',
      'option_premium',
      'additional',
      'bo',
      'cash',
      'var',
      'pnl',
      'leverage',
      'charges',
      'total',
    ].sort(),
  );
  const placed = await ask<{ requirement_after_paise: number }>('POST', '/v1/orders/what-if', { account: 'RICH', ...leg() });
  expect(block?.total).toBe(placed.data.requirement_after_paise / 100);
  expect(partsOf(block as Block)).toBeCloseTo(block?.total ?? 0, 6);
  expect(block?.charges.total).toBeGreaterThan(0);
  const bought = await ask<Block[]>('POST', '/margins/orders', [kite({ transaction_type: 'BUY' })]);
  expect(bought.data[0]?.option_premium).toBeCloseTo(house.call.close * house.call.lot, 2);
});

it('answers a basket: hedged below the sum of its orders, charges of every order summed', async () => {
  const orders = [
    kite(),
    kite({ tradingsymbol: house.future.symbol, transaction_type: 'BUY', quantity: house.future.lot, price: house.future.close }),
  ];
  const { data } = await ask<{ initial: Block; final: Block; orders: Block[]; charges: { total: number } }>(
    'POST',
    '/margins/basket?consider_positions=false',
    orders,
  );
  expect(data.orders.length).toBe(2);
  expect(data.initial.total).toBeLessThanOrEqual(data.orders.reduce((sum, { total }) => sum + total, 0) + 0.001);
  expect(partsOf(data.initial)).toBeCloseTo(data.initial.total, 6);
  expect(partsOf(data.final)).toBeCloseTo(data.final.total, 6);
  expect(data.charges.total).toBeCloseTo(
    data.orders.reduce((sum, { charges }) => sum + charges.total, 0),
    6,
  );
  const short = await ask<{ initial: object; orders: object[] }>('POST', '/margins/basket?mode=compact', orders);
  expect(Object.keys(short.data.initial)).toEqual(['type', 'tradingsymbol', 'exchange', 'total']);
});

it('asks the exposure of a futures spread on a third of its far month, and keeps that relief out of SPAN', async () => {
  const { table, future } = house;
  const near = Array.from({ length: table.instruments }, (_, row) => row).find((row) => table.instrumentName(row) === future.symbol) ?? -1;
  const months = Array.from({ length: table.instruments }, (_, row) => row)
    .filter((row) => table.kind[row] === InstrumentKind.FUT && table.underlying[row] === table.underlying[near])
    .map((row) => kite({ tradingsymbol: table.instrumentName(row), quantity: future.lot, price: (table.previousClose[row] ?? 0) / 10_000 }));
  const spread = [{ ...months[0], transaction_type: 'BUY' }, months[1]];
  const { data } = await ask<{ final: Block; orders: Block[] }>('POST', '/margins/basket', spread);
  expect(data.final.exposure).toBeCloseTo((data.orders[1]?.exposure ?? 0) / 3, 1);
  expect(data.final.span).toBeGreaterThan(0);
  expect(data.final).toMatchObject({ additional: 0, var: 0 });
  expect(partsOf(data.final)).toBeCloseTo(data.final.total, 6);
});

it('says what is wrong as Kite does', async () => {
  const bad = async (body: unknown, path = '/margins/orders', more: AskOptions = {}): Promise<unknown> => {
    const answer = (await ask('POST', path, body, more)) as unknown as { status: number; message: string; error_type: string };
    expect([answer.error_type, answer.status]).toEqual(['InputException', 'error']);
    return answer.message;
  };
  expect(await bad([kite(), kite({ quantity: -1 })])).toContain('order 2: quantity');
  expect(await bad([kite({ tradingsymbol: 'NOSUCH' })])).toContain('order 1: tradingsymbol: NFO:NOSUCH');
  expect(await bad([kite()], '/margins/orders?account=POOR')).toContain('account');
  expect(await bad([kite()], '/margins/orders', { token: desk })).toContain('account');
});

it('takes a bracket order by its distances, as the house takes it by its prices', async () => {
  const { share } = house;
  const away = (part: number): number => Math.round((share.close * part) / share.tick) * share.tick;
  const entry = { quantity: 10, price: share.close };
  const bracket = { ...entry, exchange: 'NSE', tradingsymbol: share.symbol, transaction_type: 'BUY', variety: 'bo', product: 'MIS' };
  const { data } = await ask<Block[]>('POST', '/margins/orders', [kite({ ...bracket, squareoff: away(0.04), stoploss: away(0.02) })]);
  const prices = (target: number): object => ({
    ...leg({ ...entry, exchange: 'NSE', symbol: share.symbol, side: 'BUY', product: 'BO' }),
    account: 'RICH',
    target_price: Number((share.close + away(target)).toFixed(2)),
    trigger_price: Number((share.close - away(0.02)).toFixed(2)),
  });
  const placed = await ask<{ accepted: boolean; requirement_after_paise: number }>('POST', '/v1/orders/what-if', prices(0.04));
  expect(placed.data).toMatchObject({ accepted: true, requirement_after_paise: Math.round((data[0]?.total ?? 0) * 100) });
  expect(data[0]?.total).toBeGreaterThan(0);
  expect((await ask('POST', '/v1/orders/what-if', prices(0.09))).data).toMatchObject({ accepted: false, reject: { name: 'targetRange' } });
  const refused = (await ask('POST', '/margins/orders', [kite({ ...bracket, trailing_stoploss: 1 })])) as unknown as { message: string };
  expect(refused.message).toContain('order 1: trailing_stoploss');
});

it('answers funds by segment', async () => {
  const all = await ask<{ equity: { net: number; enabled: boolean; available: { cash: number } }; commodity: { enabled: boolean } }>(
    'GET',
    '/user/margins',
  );
  expect(all.data.equity).toMatchObject({ enabled: true, net: 10_00_00_000, available: { cash: 10_00_00_000, intraday_payin: 0 } });
  expect(all.data.commodity.enabled).toBe(false);
  expect((await ask('GET', '/user/margins/equity')).data).toEqual(all.data.equity);
});

it('weighs a thousand legs, names the bad one, and what would mend a refusal', async () => {
  const legs = Array.from({ length: 1_000 }, (_, i) => (i === 7 ? leg({ symbol: 'NOSUCH' }) : leg({ side: i % 2 === 0 ? 'SELL' : 'BUY' })));
  const many = await ask<WhatIf>('POST', '/v1/margins/what-if', { account: 'RICH', legs });
  expect(many.status).toBe(200);
  expect(many.data.legs.map(({ counted }, index) => (counted ? -1 : index)).filter((index) => index >= 0)).toEqual([7]);
  expect(many.data.final.requirement_paise).toBeLessThan(many.data.initial.requirement_paise);
  const poor = await ask<WhatIf>('POST', '/v1/margins/what-if', { account: 'POOR', legs: [leg()] }, { token: desk });
  expect(poor.data.fix?.add_paise).toBe(poor.data.needs_paise);
  expect(poor.data.fix?.text).toMatch(/^add Rs \d+\.\d\d/);
  expect((await ask('POST', '/v1/margins/what-if', { account: 'RICH', legs: [leg({ quantity: 0 })] })).error?.code).toBe('TZ-INVALID');
  expect((await ask('POST', '/v1/margins/what-if', { account: 'POOR', legs: [leg()] })).status).toBe(404);
});
