// Cover orders as a risk officer reads them: a lot of 100 futures at Rs 1,000 with its stop-loss, the permitted range 1 to 6 %. A unit asks Rs 150 of SPAN and
// Rs 35 of exposure; a share Rs 200 (20 %).
import { describe, expect, it } from 'vitest';
import { coverOrders, SlotState, squareOffDue } from '../../engine/index.ts';
import { cancelOrder, EQ, exchangeReport, FUT, massCancel, type OrderSpec, placeOrder, type ReplaceSpec, replaceOrder, T2T } from './builders.ts';
import type { Desk } from './desk.ts';
import { COVER, ENTRY, fill, linkedDesk, requirement } from './linked-desk.ts';

const desk = (policy: object = COVER): Desk => linkedDesk(policy);
const cover = (change: Partial<OrderSpec> = {}): ReturnType<typeof placeOrder> => placeOrder({ id: 'e', product: 'CO', stop: 960, ...change });
const exit = (change: Partial<OrderSpec> = {}): ReturnType<typeof placeOrder> =>
  placeOrder({ id: 'x', product: 'CO', type: 'STOP', side: 'sell', stop: 960, entry: ENTRY, ...change });
const leg = (at: Desk): unknown =>
  coverOrders(at.state, 'A1').map(({ uncovered, leg: working }) => [uncovered, working === null ? null : working.leavesQuantity]);

/** An entry of two lots, of which one is filled and has its stop-loss. */
function covered(): Desk {
  const at = desk();
  at.send(cover({ quantity: 200 }));
  at.send(fill('e', 'T1', 100));
  expect(at.send(exit())[0]?.event).toBe('OrderAccepted');
  return at;
}

describe('the entry of a cover order', () => {
  const TABLE: readonly [string, Partial<OrderSpec>, string][] = [
    ['a stop 4 % below', {}, 'accepted'],
    ['a stop at the near end', { stop: 990 }, 'accepted'],
    ['a stop too near', { stop: 991 }, 'stopLossRange'],
    ['a stop at the far end', { stop: 940 }, 'accepted'],
    ['a stop too far', { stop: 939.95 }, 'stopLossRange'],
    ['a stop on the gaining side', { stop: 1040 }, 'stopLossRange'],
    ['no stop at all', { stop: 0 }, 'stopLossRange'],
    ['a stop off the tick', { stop: 960.02 }, 'stopLossRange'],
    ['sold, with a stop above', { side: 'sell', stop: 1040 }, 'accepted'],
    ['sold, with a stop below', { side: 'sell' }, 'stopLossRange'],
    ['at the market', { type: 'MARKET' }, 'orderTypeNotAllowed'],
    ['immediate or cancel', { validity: 'IOC' }, 'orderTypeNotAllowed'],
    ['a share', { of: EQ }, 'accepted'],
    ['a share traded for delivery only', { of: T2T }, 'orderTypeNotAllowed'],
    ['a bracket order', { product: 'BO' }, 'orderTypeNotAllowed'],
  ];
  it.each(TABLE)('%s: %o is %s', (_what, change, verdict) => {
    const [first] = desk().send(cover(change));
    expect(first?.event === 'OrderAccepted' ? 'accepted' : first?.reject).toBe(verdict);
  });

  it('is refused where the house takes none', () => {
    expect(desk({}).send(cover())[0]?.reject).toBe('orderTypeNotAllowed');
  });

  it('never has its stop farther away than the exchange’s margin of a unit pays for', () => {
    const wide = desk({ coverRange: { least: 0, most: 10_000 } });
    expect(wide.send(cover({ id: 'a', of: EQ, stop: 905, price: 1100 }))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(wide.send(cover({ id: 'b', price: 1090, stop: 905 }))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(wide.send(cover({ id: 'c', price: 1090, stop: 904.95 }))[0]).toMatchObject({ reject: 'stopLossRange', limit: 1_850_000, level: 1 });
  });

  it('asks the exchange’s margin in full, as any other order', () => {
    const at = desk();
    at.send(cover());
    expect(requirement(at)).toBe(18_500);
    at.send(cover({ id: 's', of: EQ, quantity: 10 }));
    expect(requirement(at)).toBe(18_500 + 2_000);
  });
});

describe('the stop-loss', () => {
  const TABLE: readonly [string, Partial<OrderSpec>, string][] = [
    ['of what is filled', {}, 'accepted'],
    ['at the market', { type: 'MARKET', stop: 0 }, 'accepted'],
    ['of less than is filled', { quantity: 50, of: EQ }, 'linkedOrder'],
    ['of more than is filled', { quantity: 200 }, 'linkedOrder'],
    ['on the side of the entry', { side: 'buy' }, 'linkedOrder'],
    ['of another instrument', { of: EQ }, 'linkedOrder'],
    ['of an order that is none', { entry: 3 }, 'linkedOrder'],
    ['farther than permitted', { stop: 939 }, 'stopLossRange'],
    ['in the gain', { stop: 1050 }, 'accepted'],
    ['as a plain limit', { type: 'LIMIT', stop: 0 }, 'orderTypeNotAllowed'],
  ];
  it.each(TABLE)('%s: %o is %s', (_what, change, verdict) => {
    const at = desk();
    at.send(cover({ quantity: 200 }));
    at.send(fill('e', 'T1', 100));
    const [first] = at.send(exit(change));
    expect(first?.event === 'OrderAccepted' ? 'accepted' : first?.reject).toBe(verdict);
  });

  it('is one at a time, and asks nothing beside what it closes', () => {
    const at = covered();
    expect(requirement(at)).toBe(2 * 18_500);
    expect(at.send(exit({ id: 'y' }))[0]?.reject).toBe('linkedOrder');
    expect(leg(at)).toEqual([[100, 100]]);
  });

  it('is not refused for margin, limits or the number of orders', () => {
    const at = desk();
    at.tell('SetLimit', { account: 'A1', maxOrderValue: 10_000_000, maxOpenOrders: 1, maxOpenOrderValue: 10_000_000, maxOrderQuantity: 100 });
    at.send(cover());
    at.send(fill('e', 'T1', 100));
    at.send(placeOrder({ id: 'w', of: EQ, quantity: 1 }));
    at.tell('SetCollateral', { account: 'A1', cash: 0, cashEquivalent: 0, nonCash: 0 });
    expect(at.send(exit({ entry: 6 }))[0]).toMatchObject({ event: 'OrderAccepted', reject: 'none' });
  });

  const CHANGES: readonly [string, Partial<ReplaceSpec>, string][] = [
    ['nearer', { stop: 970 }, 'accepted'],
    ['into the gain', { stop: 1020 }, 'accepted'],
    ['back beyond the range', { stop: 930 }, 'stopLossRange'],
    ['to the market, to get out now', { type: 'MARKET', stop: 0 }, 'accepted'],
    ['to fewer units than are open', { quantity: 50 }, 'lotSize or linkedOrder'],
  ];
  it.each(CHANGES)('may be changed %s: %o is %s', (_what, change, verdict) => {
    const at = covered();
    const [first] = at.send(replaceOrder({ id: 'r', orig: 'x', quantity: 100, stop: 960, price: 0, ...change }));
    expect(verdict).toContain(first?.event === 'ReplaceAccepted' ? 'accepted' : first?.reject);
  });

  it('follows the entry: more fills, it exits, nothing is left', () => {
    const at = covered();
    at.send(fill('e', 'T2', 100));
    expect(leg(at)).toEqual([[200, 100]]);
    at.send(replaceOrder({ id: 'r', orig: 'x', quantity: 200, stop: 960, price: 0 }));
    at.send(exchangeReport({ id: 'r', type: 'REPLACED' }));
    expect(leg(at)).toEqual([[200, 200]]);
    at.send(fill('r', 'T3', 100, 960));
    expect(leg(at)).toEqual([[100, 100]]);
    at.send(exchangeReport({ id: 'r', type: 'TRADE_CANCEL', trade: 'T3', side: 'sell', of: FUT }));
    expect(leg(at)).toEqual([[200, 200]]);
    at.send(fill('r', 'T4', 200, 960));
    expect(leg(at)).toEqual([]);
    expect(requirement(at)).toBe(0);
  });

  it('comes again when the exchange has cancelled it', () => {
    const at = covered();
    at.send(exchangeReport({ id: 'x', type: 'CANCELED' }));
    expect(leg(at)).toEqual([[100, null]]);
    expect(at.send(exit({ id: 'y' }))[0]?.event).toBe('OrderAccepted');
  });

  it('is not cancelled while it is needed, nor by a mass cancel; the entry is', () => {
    const at = covered();
    expect(at.send(cancelOrder({ id: 'c', orig: 'x' }))[0]).toMatchObject({ reject: 'linkedOrder', value: 100 });
    expect(at.send(massCancel({ id: 'm' })).map(({ event, clOrdId }) => [event, clOrdId])).toEqual([
      ['CancelAccepted', 'e'],
      ['MassCancelAccepted', 'm'],
    ]);
  });

  it('goes with everything of a client who is stopped, and when the house takes it to close the position itself', () => {
    const killed = covered();
    killed.tell('EngageKillSwitch', { scope: 'ACCOUNT', account: 'A1', reason: 'drill', by: 'risk' });
    expect(killed.send(massCancel({ id: 'm' })).at(-1)).toMatchObject({ event: 'MassCancelAccepted', count: 2 });
    const taken = covered();
    expect(taken.send(cancelOrder({ id: 'c', orig: 'x', byHouse: true }))[0]?.event).toBe('CancelAccepted');
    taken.send(exchangeReport({ id: 'x', type: 'CANCELED' }));
    expect(leg(taken)).toEqual([]);
    expect(taken.send(exit({ id: 'y' }))[0]?.reject).toBe('linkedOrder');
  });
});

describe('at the end of the day', () => {
  const AT_1520 = Date.UTC(2026, 10, 20, 9, 50) * 1_000;
  it('shares are due at the time of the product, closed by an order of the house, and delivered when they are still there', () => {
    const at = desk();
    at.send(cover({ of: EQ, quantity: 10 }));
    at.send(fill('e', 'T1', 10));
    expect(squareOffDue(at.state, { now: AT_1520 - 1, commodityClose: 1_410 })).toEqual([]);
    const due = squareOffDue(at.state, { now: AT_1520, commodityClose: 1_410 });
    expect(due.map(({ positions }) => positions.map(({ product, units }) => [product, units]))).toEqual([[[5, 10]]]);
    expect(at.send(placeOrder({ id: 'q', of: EQ, product: 'CO', side: 'sell', quantity: 11, flags: 2 }))[0]?.reject).toBe('orderTypeNotAllowed');
    expect(at.send(placeOrder({ id: 's', of: EQ, product: 'CO', side: 'sell', quantity: 10, flags: 2 }))[0]?.event).toBe('OrderAccepted');
    const closing = at.tell('CloseSegment', { businessDate: 20261120, segment: 1 });
    expect(closing.map(({ event }) => event)).toContain('BreakOpened');
    at.tell('CloseDay', { businessDate: 20261120 });
    const holding = at.state.holdings.find(1, 1, EQ.token);
    expect(holding === 0 ? 0 : at.state.holdings.f64(holding, 32)).toBeGreaterThanOrEqual(0);
  });

  it('a slot that was stored goes on as one that was not', () => {
    const at = covered();
    const stored = SlotState.restore(0, at.state.snapshot());
    stored.rebuild(at.tables.get('table-1'));
    expect(coverOrders(stored)).toEqual(coverOrders(at.state));
    expect([stored.hash(), stored.derived.book?.requirement(1)]).toEqual([at.state.hash(), at.state.derived.book?.requirement(1)]);
  });
});
