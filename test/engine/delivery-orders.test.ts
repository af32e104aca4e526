// Shares in the order path, as a risk officer reads it: what an order asks where the exchange wants the full value, and what a sale asks by where its shares
// are: in the account, bought yesterday, brought in early, or nowhere. INFY at Rs 1,000 asks Rs 200 a share; SLOW is trade-to-trade, WATCHED under
// surveillance (GSM, ASM): both ask all of it, by the column the loader fills (workers/reference/cash-row.ts, cash.tradeToTrade and cash.surveillance).
import { describe, expect, it } from 'vitest';
import { EQ, exchangeReport, type InstrumentId, market, marketRows, type OrderSpec, placeOrder, T2T } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const WATCHED: InstrumentId = { segment: 1, token: 2001 };
const FULL = 10_000;

function desk(): Desk {
  const rows = marketRows().map((row) => (row.token === T2T.token ? { ...row, cashRate: FULL } : row));
  const slow = rows.find(({ token }) => token === T2T.token);
  if (slow === undefined) throw new Error('the small market has a trade-to-trade share');
  return openDesk(market([...rows, { ...slow, ...WATCHED, name: 'WATCHED', flags: 0 }]));
}
const requirement = (at: Desk): number => (at.state.derived.book?.requirement(1) ?? 0) / 100;
const share = (id: string, more: Partial<OrderSpec> = {}): ReturnType<typeof placeOrder> => placeOrder({ id, of: EQ, quantity: 10, ...more });
const fill = (id: string, quantity: number): ReturnType<typeof exchangeReport> =>
  exchangeReport({ id, type: 'TRADE', trade: `T-${id}-${quantity}`, quantity, price: 1000 });

describe('ten shares at Rs 1,000', () => {
  const TABLE: readonly [string, Partial<OrderSpec>, number | string][] = [
    ['bought for delivery', {}, 2_000],
    ['bought intraday', { product: 'MIS' }, 2_000],
    ['trade-to-trade, bought for delivery', { of: T2T }, 10_000],
    ['trade-to-trade, intraday', { of: T2T, product: 'MIS' }, 'orderTypeNotAllowed'],
    ['trade-to-trade, sold with none held', { of: T2T, side: 'sell' }, 'insufficientHoldings'],
    ['under surveillance, bought for delivery', { of: WATCHED }, 10_000],
    ['under surveillance, intraday', { of: WATCHED, product: 'MIS' }, 10_000],
    ['under surveillance, sold intraday', { of: WATCHED, product: 'MIS', side: 'sell' }, 10_000],
    ['under surveillance, dearer than the close', { of: WATCHED, price: 1_050 }, 10_500],
  ];
  it.each(TABLE)('%s: %o asks %s', (_what, order, asks) => {
    const at = desk();
    const [first] = at.send(share('a', order));
    expect(first?.event === 'OrderAccepted' ? requirement(at) : first?.reject).toBe(asks);
    if (typeof asks === 'string') return;
    at.send(fill('a', 10));
    // Filled, it is valued at the close.
    expect(requirement(at)).toBe(Math.min(asks, 10_000));
  });

  it('the full value is refused where a fifth would have passed', () => {
    const at = desk();
    at.tell('SetCollateral', { account: 'A1', cash: 5_000_00, cashEquivalent: 0, nonCash: 0 });
    expect(at.send(share('a', { of: WATCHED }))[0]).toMatchObject({ reject: 'insufficientMargin', after: 10_000_00, available: 5_000_00 });
    expect(at.send(share('b'))[0]?.event).toBe('OrderAccepted');
  });

  it('trade-to-trade shares do not go intraday by a conversion either', () => {
    const at = desk();
    at.send(share('a', { of: T2T }));
    at.send(fill('a', 10));
    const body = { account: 'A1', ...T2T, from: 'CNC', to: 'MIS', quantity: 10 };
    expect(at.tell('ConvertPosition', body)[0]?.event).toBe('CommandRefused');
  });
});

describe('a delivery sale', () => {
  // free, bought yesterday (T1), sold; what the order asks, and what it asks once filled.
  const TABLE: readonly [string, number, number, number, number | string, number][] = [
    ['out of the account', 100, 0, 100, 0, 0],
    ['bought yesterday (BTST): margined until delivered', 0, 100, 100, 20_000, 20_000],
    ['some of each: the part that is on its way', 60, 40, 100, 8_000, 8_000],
    ['some of what is free, beside what is on its way', 60, 40, 50, 0, 0],
    ['more than there is', 60, 40, 101, 'insufficientHoldings', 0],
    ['of what the day bought', 0, 0, 10, 'insufficientHoldings', 0],
  ];
  it.each(TABLE)('%s: free %i, T1 %i, sold %i', (_what, free, t1, quantity, asks, filled) => {
    const at = desk();
    at.tell('SetHoldings', { account: 'A1', ...EQ, free, pledged: 500, t1 });
    const [first] = at.send(share('s', { side: 'sell', quantity }));
    expect(first?.event === 'OrderAccepted' ? requirement(at) : first?.reject).toBe(asks);
    if (typeof asks === 'string') return;
    at.send(fill('s', quantity));
    expect(requirement(at)).toBe(filled);
  });

  it('pledged shares are not there to be sold', () => {
    const at = desk();
    at.tell('SetHoldings', { account: 'A1', ...EQ, free: 0, pledged: 100, t1: 0 });
    expect(at.send(share('s', { side: 'sell', quantity: 1 }))[0]?.reject).toBe('insufficientHoldings');
  });

  it('of what was bought the same day asks nothing, and frees what the purchase asked', () => {
    const at = desk();
    at.send(share('b'));
    at.send(fill('b', 10));
    expect(requirement(at)).toBe(2_000);
    expect(at.send(share('s', { side: 'sell' }))[0]?.event).toBe('OrderAccepted');
    at.send(fill('s', 10));
    expect(requirement(at)).toBe(0);
  });

  it('of yesterday’s shares is relieved when the clearing corporation has them, not when they are asked for: pay-out, or early pay-in that it has booked', () => {
    const at = desk();
    at.tell('SetHoldings', { account: 'A1', ...EQ, free: 0, pledged: 0, t1: 100 });
    at.send(share('s', { side: 'sell', quantity: 100 }));
    at.send(fill('s', 100));
    expect(requirement(at)).toBe(20_000);
    const credit = (quantity: number): unknown => at.tell('CreditDelivery', { account: 'A1', ...EQ, quantity, reference: '2026220' })[0]?.event;
    expect(credit(101)).toBe('CommandRefused');
    expect(requirement(at)).toBe(20_000);
    expect(credit(60)).toBe('DeliveryCredited');
    expect(requirement(at)).toBe(8_000);
    expect(credit(40)).toBe('DeliveryCredited');
    expect(requirement(at)).toBe(0);
  });

  it('is carried margined over the close until its shares come', () => {
    const at = desk();
    at.tell('SetHoldings', { account: 'A1', ...EQ, free: 0, pledged: 0, t1: 100 });
    at.send(share('s', { side: 'sell', quantity: 100 }));
    at.send(fill('s', 100));
    at.tell('CloseDay', { businessDate: 20261120 });
    expect(requirement(at)).toBe(20_000);
    at.tell('CreditDelivery', { account: 'A1', ...EQ, quantity: 100, reference: '2026220' });
    expect(requirement(at)).toBe(0);
  });
});
