// Orders in Kite's words made the house's own: a bracket order says how far its exits are, and which account a call is about.
import { describe, expect, it } from 'vitest';
import { accountOf, houseTerms, kiteOrders } from '../../../gateway/kite/kite-order.ts';

const order = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  variety: 'bo',
  product: 'MIS',
  order_type: 'LIMIT',
  quantity: 10,
  price: 1_500,
};

describe('a bracket order', () => {
  it.each([
    ['a purchase: target above, stop-loss below', { squareoff: 12.5, stoploss: 7.05 }, { target_price: 1_512.5, trigger_price: 1_492.95 }],
    [
      'a sale: the other way round',
      { transaction_type: 'SELL', squareoff: 12.5, stoploss: 7.05 },
      { target_price: 1_487.5, trigger_price: 1_507.05 },
    ],
    ['a stop-loss said by its trigger', { squareoff: 12.5, trigger_price: 1_490 }, { target_price: 1_512.5, trigger_price: 1_490 }],
    ['no trailing', { squareoff: 1, stoploss: 1, trailing_stoploss: 0 }, { target_price: 1_501, trigger_price: 1_499 }],
  ])('%s', (_what, more, terms) => {
    const [one] = kiteOrders([{ ...order, ...more }]);
    expect(one === undefined ? undefined : houseTerms('C1', one)).toMatchObject({ account: 'C1', product: 'BO', price: 1_500, ...terms });
  });

  it('without its exits asks the same margin: none is made up', () => {
    const [one] = kiteOrders([order]);
    const terms = one === undefined ? undefined : houseTerms('C1', one);
    expect(terms).toMatchObject({ product: 'BO', trigger_price: 0 });
    expect(terms).not.toHaveProperty('target_price');
  });

  it.each([
    [{ stoploss: 5, trigger_price: 1_490 }, 'order 1: stoploss: say where the stop-loss is once'],
    [{ squareoff: 5, variety: 'regular' }, 'order 1: squareoff: only a bracket order'],
    [{ squareoff: 0 }, 'order 1: squareoff:'],
    [{ trailing_stoploss: 20 }, 'order 1: trailing_stoploss: no trailing stop-loss is offered'],
  ])('with %o is refused, and says where', (more, says) => {
    expect(() => kiteOrders([{ ...order, ...more }])).toThrow(says);
  });
});

it('a token of no single account has to say ?account=', () => {
  const principal = (accounts: 'all' | readonly string[]): Parameters<typeof accountOf>[0] =>
    ({ accounts: accounts === 'all' ? 'all' : new Set(accounts) }) as unknown as Parameters<typeof accountOf>[0];
  expect(() => accountOf(principal('all'), undefined)).toThrow(
    'account: the token is tied to no single account: name one in the query, as in ?account=C000001',
  );
  expect(accountOf(principal('all'), 'C7')).toBe('C7');
  expect(accountOf(principal(['C1']), undefined)).toBe('C1');
  expect(() => accountOf(principal(['C1']), 'C2')).toThrow('account: is not known here');
});
