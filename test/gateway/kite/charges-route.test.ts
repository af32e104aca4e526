// The virtual contract note in Kite's shape: the published example to the last digit, every exchange, and errors in Kite's envelope.
import { describe, expect, it } from 'vitest';
import { businessDate, exactOfPaise, paise } from '../../../engine/index.ts';
import type { Principal } from '../../../gateway/http/auth/principal.ts';
import { type ChargesBasis, chargesAnswer, chargesRoute, indianDay } from '../../../gateway/kite/charges-route.ts';

const basis: ChargesBasis = { date: () => businessDate(20230713), plan: new Map(), states: { member: '', client: '' } };
const now: ChargesBasis = { ...basis, date: () => businessDate(20261120), plan: new Map([['default', { flat: exactOfPaise(paise(2_000)) }]]) };
const SBIN = {
  order_id: '111111111',
  exchange: 'NSE',
  tradingsymbol: 'SBIN',
  transaction_type: 'BUY',
  variety: 'regular',
  product: 'CNC',
  order_type: 'MARKET',
  quantity: 1,
  average_price: 560,
};
const answer = (
  body: readonly unknown[],
  on: ChargesBasis = now,
): { status: string; data: Record<string, unknown>[]; message: string; error_type: string } => JSON.parse(chargesAnswer(body, on).text);

it('answers the published example in full', () => {
  expect(answer([SBIN], basis)).toEqual({
    status: 'success',
    data: [
      {
        transaction_type: 'BUY',
        tradingsymbol: 'SBIN',
        exchange: 'NSE',
        variety: 'regular',
        product: 'CNC',
        order_type: 'MARKET',
        quantity: 1,
        price: 560,
        charges: {
          transaction_tax: 0.56,
          transaction_tax_type: 'stt',
          exchange_turnover_charge: 0.01876,
          sebi_turnover_charge: 0.00056,
          brokerage: 0,
          stamp_duty: 0,
          gst: { igst: 0.0033768, cgst: 0, sgst: 0, total: 0.0033768 },
          total: 0.5826968,
        },
      },
    ],
  });
});

it.each([
  ['NSE', 'SBIN', 'MIS', 'stt'],
  ['BSE', 'SBIN', 'MTF', 'stt'],
  ['NFO', 'NIFTY26NOV25000PE', 'NRML', 'stt'],
  ['BFO', 'SENSEX26NOVFUT', 'NRML', 'stt'],
  ['CDS', 'USDINR26NOVFUT', 'NRML', 'stt'],
  ['BCD', 'USDINR26NOV84CE', 'NRML', 'stt'],
  ['MCX', 'CRUDEOIL26NOV5000CE', 'NRML', 'ctt'],
])('knows %s %s %s', (exchange, tradingsymbol, product, taxType) => {
  const { data } = answer([{ ...SBIN, exchange, tradingsymbol, product, transaction_type: 'SELL', quantity: 100 }]);
  const charges = data[0]?.['charges'] as { total: number; brokerage: number; transaction_tax: number; transaction_tax_type: string };
  expect(charges).toMatchObject({ brokerage: 20, transaction_tax_type: taxType });
  expect(charges.transaction_tax > 0).toBe(!/CDS|BCD/.test(exchange));
  expect(charges.total).toBeGreaterThan(20);
});

describe('says what is wrong as Kite does', () => {
  it.each([
    ['a missing field', { ...SBIN, quantity: undefined }, /^order 1: quantity: /],
    ['an unknown exchange', { ...SBIN, exchange: 'NYSE' }, /^order 1: exchange: /],
    ['half a share', { ...SBIN, quantity: 0.5 }, /^order 1: quantity: /],
    ['a contract that is none', { ...SBIN, exchange: 'NFO' }, /SBIN ends in none of FUT, CE, PE/],
    ['no order at all', 7, /^order 1: /],
  ])('%s', (_name, order, message) => {
    const said = answer([order]);
    expect(said).toMatchObject({ status: 'error', error_type: 'InputException' });
    expect(said.message).toMatch(message);
    expect(chargesAnswer([order], now).status).toBe(400);
  });
});

it('is a route any token may use, and its example works', async () => {
  const route = chargesRoute(now);
  expect(route).toMatchObject({ method: 'POST', path: '/charges/orders', access: 'token' });
  const call = {
    params: {},
    query: {},
    body: route.example?.body,
    principal: {} as Principal,
    idempotencyKey: '',
    requestId: 'x',
    request: {} as never,
  };
  expect(JSON.parse(((await route.handle(call)) as { text: string }).text)).toMatchObject({ status: 'success' });
});

it('takes the day in India', () => {
  expect(indianDay(Date.UTC(2026, 10, 20, 18, 29))).toBe(20261120);
  expect(indianDay(Date.UTC(2026, 10, 20, 18, 30))).toBe(20261121);
});
