// Bracket orders as a risk officer reads them: a lot of 100 futures at Rs 1,000 with its stop-loss (1 to 6 % away) and its target (up to 10 %). A
// unit asks Rs 150 of SPAN and Rs 35 of exposure; a share Rs 200 (20 %), valued at its price or the last close of Rs 1,000, and Rs 1,100 where it has
// no price.
import { describe, expect, it } from 'vitest';
import { Client, coverOrders, SlotState, squareOffDue } from '../../engine/index.ts';
import {
  CE,
  cancelOrder,
  EQ,
  exchangeReport,
  massCancel,
  type OrderSpec,
  POLICY,
  placeOrder,
  type ReplaceSpec,
  replaceOrder,
  T2T,
} from './builders.ts';
import { Desk } from './desk.ts';
import { COVER, ENTRY, fill, linkedDesk, requirement } from './linked-desk.ts';

const desk = (policy: object = { ...COVER, targetMost: 1_000 }): Desk => linkedDesk(policy);
const bracket = (change: Partial<OrderSpec> = {}): ReturnType<typeof placeOrder> =>
  placeOrder({ id: 'e', product: 'BO', stop: 960, target: 1050, ...change });
const stop = (change: Partial<OrderSpec> = {}): ReturnType<typeof placeOrder> =>
  placeOrder({ id: 's', product: 'BO', type: 'STOP', side: 'sell', stop: 960, entry: ENTRY, ...change });
const target = (change: Partial<OrderSpec> = {}): ReturnType<typeof placeOrder> =>
  placeOrder({ id: 't', product: 'BO', side: 'sell', price: 1050, entry: ENTRY, ...change });
/** What is to be exited, and what stop-loss and target work of it. */
const legs = (at: Desk): unknown =>
  coverOrders(at.state, 'A1').map((each) => [each.uncovered, each.leg?.leavesQuantity ?? null, each.target?.leavesQuantity ?? null]);
const verdictOf = ([first]: ReturnType<Desk['send']>): unknown => (first?.reject === 'none' ? 'accepted' : first?.reject);

/** Two lots ordered, of which one is filled and has both its exits. */
function bracketed(of?: OrderSpec['of'], quantity = 100): Desk {
  const at = desk();
  const what = of === undefined ? {} : { of };
  at.send(bracket({ ...what, quantity: 2 * quantity }));
  at.send(fill('e', 'T1', quantity));
  expect(verdictOf(at.send(stop({ ...what, quantity })))).toBe('accepted');
  expect(verdictOf(at.send(target({ ...what, quantity })))).toBe('accepted');
  expect(legs(at)).toEqual([[quantity, quantity, quantity]]);
  return at;
}

describe('the entry of a bracket order', () => {
  const TABLE: readonly [string, Partial<OrderSpec>, string][] = [
    ['a stop 4 % below and a target 5 % above', {}, 'accepted'],
    ['a target one tick above', { target: 1000.05 }, 'accepted'],
    ['a target at the far end', { target: 1100 }, 'accepted'],
    ['a target too far', { price: 980, target: 1078.05 }, 'targetRange'],
    ['a target at the price', { target: 1000 }, 'targetRange'],
    ['a target on the losing side', { target: 970 }, 'targetRange'],
    ['a target off the tick', { target: 1050.02 }, 'targetRange'],
    ['a target outside the band', { price: 1050, stop: 1010, target: 1100.05 }, 'targetRange'],
    ['a target of nothing', { target: 0 }, 'targetRange'],
    ['sold, with a stop above and a target below', { side: 'sell', stop: 1040, target: 950 }, 'accepted'],
    ['sold, with both above', { side: 'sell', stop: 1040 }, 'targetRange'],
    ['a stop too far', { stop: 939.95 }, 'stopLossRange'],
    ['no stop', { stop: 0 }, 'stopLossRange'],
    ['at the market', { type: 'MARKET' }, 'orderTypeNotAllowed'],
    ['immediate or cancel', { validity: 'IOC' }, 'orderTypeNotAllowed'],
    ['a share', { of: EQ }, 'accepted'],
    ['a share traded for delivery only', { of: T2T }, 'orderTypeNotAllowed'],
  ];
  it.each(TABLE)('%s: %o is %s', (_what, change, verdict) => {
    expect(verdictOf(desk().send(bracket(change)))).toBe(verdict);
  });

  it('without a word of its target is refused', () => {
    expect(desk().send(placeOrder({ id: 'e', product: 'BO', stop: 960 }))[0]).toMatchObject({ reject: 'targetRange', value: 0, limit: 1_000_000 });
  });

  it('is refused where the house takes cover orders only, and the policy must have both ranges', () => {
    expect(verdictOf(desk(COVER).send(bracket()))).toBe('orderTypeNotAllowed');
    const at = new Desk();
    const [refused] = at.tell('OpenDay', { businessDate: 20261120, ruleSet: 1, policy: { ...POLICY, targetMost: 500 } });
    expect(refused).toMatchObject({ event: 'CommandRefused', reject: 'commandMalformed' });
  });

  it('goes out alone, asks the exchange’s margin in full, and gives all back when it is cancelled unfilled', () => {
    const at = desk();
    at.send(bracket());
    expect([requirement(at), legs(at)]).toEqual([18_500, []]);
    at.send(cancelOrder({ id: 'c', orig: 'e' }));
    at.send(exchangeReport({ id: 'c', type: 'CANCELED' }));
    expect(requirement(at)).toBe(0);
    expect(verdictOf(at.send(target()))).toBe('linkedOrder');
  });

  it('takes its target along when its price is changed, and the target must still be in reach', () => {
    const at = desk();
    at.send(bracket());
    expect(verdictOf(at.send(replaceOrder({ id: 'far', orig: 'e', quantity: 100, price: 1050.05, stop: 1010 })))).toBe('targetRange');
    at.send(replaceOrder({ id: 'r', orig: 'e', quantity: 100, price: 980 }));
    at.send(exchangeReport({ id: 'r', type: 'REPLACED' }));
    at.send(fill('r', 'T1', 100, 980));
    expect(coverOrders(at.state, 'A1').map(({ stopPx, targetPx }) => [stopPx, targetPx])).toEqual([[9_600_000, 10_300_000]]);
  });
});

describe('its two exits', () => {
  const TABLE: readonly [string, ReturnType<typeof placeOrder>, string][] = [
    ['a stop-loss of what is filled', stop({ id: 'x' }), 'accepted'],
    ['a target of what is filled', target({ id: 'x' }), 'accepted'],
    ['a target below the entry’s price: out at a loss, but out', target({ id: 'x', price: 990 }), 'accepted'],
    ['a target of more than is filled', target({ id: 'x', quantity: 200 }), 'linkedOrder'],
    ['a target on the side of the entry', target({ id: 'x', side: 'buy' }), 'linkedOrder'],
    ['a target of another instrument', target({ id: 'x', of: EQ }), 'linkedOrder'],
    ['a target of a cover order', target({ id: 'x', product: 'CO' }), 'orderTypeNotAllowed'],
    ['a target with a trigger', target({ id: 'x', stop: 960 }), 'stopPrice'],
    ['a target of an order that is none', target({ id: 'x', entry: 3 }), 'linkedOrder'],
    ['a stop-loss farther than permitted', stop({ id: 'x', stop: 939 }), 'stopLossRange'],
  ];
  it.each(TABLE)('%s', (_what, leg, verdict) => {
    const at = desk();
    at.send(bracket({ quantity: 200 }));
    at.send(fill('e', 'T1', 100));
    expect(verdictOf(at.send(leg))).toBe(verdict);
  });

  it('are one of each', () => {
    const at = bracketed();
    expect(verdictOf(at.send(stop({ id: 's2' })))).toBe('linkedOrder');
    expect(verdictOf(at.send(target({ id: 't2' })))).toBe('linkedOrder');
  });

  it('hold as their larger, not their sum: 10 shares held, 10 on sale at Rs 1,050 or at the market', () => {
    const at = bracketed(EQ, 10);
    // 10 bought and 10 still to buy; were both exits counted, a sale of 20 would leave the client short.
    expect(requirement(at)).toBe(2 * 2_000);
    at.send(cancelOrder({ id: 'c', orig: 'e' }));
    at.send(exchangeReport({ id: 'c', type: 'CANCELED' }));
    expect(requirement(at)).toBe(2_000);
  });

  it('hold at the dearer of their prices: a stop-loss with a limit is cheaper than the target', () => {
    const at = desk();
    at.send(bracket({ of: EQ, quantity: 10 }));
    at.send(fill('e', 'T1', 10));
    at.send(stop({ of: EQ, quantity: 10, type: 'STOP_LIMIT', price: 955 }));
    expect(at.state.clients.f64(1, Client.openOrderValue)).toBe(955_000);
    at.send(target({ of: EQ, quantity: 10 }));
    expect(at.state.clients.f64(1, Client.openOrderValue)).toBe(1_050_000);
    // In the gain, the shares at 1,080 are short of nothing: 10 x (1,080 - 1,000) x 20 % is below what is held for the position.
    const [changed] = at.send(replaceOrder({ id: 'r', orig: 't', quantity: 10, price: 1080 }));
    expect(changed).toMatchObject({ event: 'ReplaceAccepted', after: requirement(at) * 100 });
    expect(at.state.clients.f64(1, Client.openOrderValue)).toBe(1_080_000);
  });

  it('of a sold option ask nothing beside it, and hold the value of the dearer purchase', () => {
    const at = desk();
    at.send(bracket({ of: CE, side: 'sell', price: 40, stop: 42, target: 38 }));
    at.send(fill('e', 'T1', 100, 40));
    const short = requirement(at);
    at.send(stop({ of: CE, side: 'buy', type: 'STOP_LIMIT', stop: 42, price: 43 }));
    at.send(target({ of: CE, side: 'buy', price: 38 }));
    expect(legs(at)).toEqual([[100, 100, 100]]);
    expect([requirement(at), at.state.clients.f64(1, Client.openOrderValue)]).toEqual([short, 430_000]);
  });

  it('say in the verdict what the book then holds, whichever comes first', () => {
    for (const order of [
      [stop, target],
      [target, stop],
    ]) {
      const at = desk();
      at.send(bracket({ of: EQ, quantity: 10 }));
      at.send(fill('e', 'T1', 10));
      for (const leg of order) {
        const [told] = at.send(leg({ of: EQ, quantity: 10 }));
        expect(told).toMatchObject({ event: 'OrderAccepted', after: requirement(at) * 100 });
      }
      expect(requirement(at)).toBe(2_000);
    }
  });

  it('go on alone with their own margin when the other ends', () => {
    const at = bracketed();
    at.send(exchangeReport({ id: 's', type: 'CANCELED' }));
    expect(legs(at)).toEqual([[100, null, 100]]);
    at.send(exchangeReport({ id: 't', type: 'CANCELED' }));
    expect(legs(at)).toEqual([[100, null, null]]);
    expect(verdictOf(at.send(target({ id: 't2' })))).toBe('accepted');
    expect(verdictOf(at.send(stop({ id: 's2' })))).toBe('accepted');
  });

  const CHANGES: readonly [string, string, Partial<ReplaceSpec>, string][] = [
    ['a target farther', 't', { price: 1080 }, 'accepted'],
    ['a target outside the band', 't', { price: 1200 }, 'priceBand'],
    ['a target at the market', 't', { type: 'MARKET' }, 'orderTypeNotAllowed'],
    ['a stop-loss nearer', 's', { stop: 970, price: 0 }, 'accepted'],
    ['a stop-loss at the market, to get out now', 's', { type: 'MARKET', price: 0 }, 'accepted'],
    ['a stop-loss as a limit', 's', { type: 'LIMIT', price: 990 }, 'orderTypeNotAllowed'],
  ];
  it.each(CHANGES)('may be changed: %s', (_what, orig, change, verdict) => {
    const at = bracketed();
    expect(verdictOf(at.send(replaceOrder({ id: 'r', orig, quantity: 100, ...change })))).toBe(verdict);
    if (verdict !== 'accepted') return;
    at.send(exchangeReport({ id: 'r', type: 'REPLACED' }));
    expect(requirement(at)).toBe(2 * 18_500);
  });

  it('are both of what is uncovered: one fills, the other shrinks with it, and nothing is held at the end', () => {
    const at = bracketed();
    at.send(fill('e', 'T2', 100));
    for (const [id, orig] of [
      ['s2', 's'],
      ['t2', 't'],
    ] as const) {
      at.send(replaceOrder({ id, orig, quantity: 200, price: id === 't2' ? 1050 : 0, stop: id === 't2' ? 0 : 960 }));
      at.send(exchangeReport({ id, type: 'REPLACED' }));
    }
    expect(legs(at)).toEqual([[200, 200, 200]]);
    at.send(fill('t2', 'T3', 100, 1050));
    expect([legs(at), requirement(at)]).toEqual([[[100, 200, 100]], 18_500]);
    at.send(replaceOrder({ id: 's3', orig: 's2', quantity: 100, price: 0, stop: 960 }));
    at.send(exchangeReport({ id: 's3', type: 'REPLACED' }));
    at.send(fill('s3', 'T4', 100, 960));
    expect(legs(at)).toEqual([[0, null, 100]]);
    // The target still stands at the exchange and would sell a lot short: it holds its margin until it is gone.
    expect(requirement(at)).toBe(18_500);
    at.send(cancelOrder({ id: 'c', orig: 't2' }));
    at.send(exchangeReport({ id: 'c', type: 'CANCELED' }));
    expect([legs(at), requirement(at)]).toEqual([[], 0]);
  });

  it('that both fill before one can be withdrawn turn the position round: booked, and a break says so', () => {
    const at = bracketed();
    at.send(fill('t', 'T3', 100, 1050));
    expect(at.send(fill('s', 'T4', 100, 960)).map(({ event, breakKind }) => [event, breakKind])).toContainEqual(['BreakOpened', 'overfill']);
  });

  it('are not cancelled while they are needed, nor by a mass cancel; all goes with a client who is stopped', () => {
    const at = bracketed();
    expect(at.send(cancelOrder({ id: 'c', orig: 't' }))[0]).toMatchObject({ reject: 'linkedOrder', value: 100 });
    expect(at.send(cancelOrder({ id: 'd', orig: 's' }))[0]).toMatchObject({ reject: 'linkedOrder', value: 100 });
    expect(at.send(massCancel({ id: 'm' })).map(({ clOrdId }) => clOrdId)).toEqual(['e', 'm']);
    at.tell('EngageKillSwitch', { scope: 'ACCOUNT', account: 'A1', reason: 'drill', by: 'risk' });
    expect(at.send(massCancel({ id: 'n' })).at(-1)).toMatchObject({ event: 'MassCancelAccepted', count: 2 });
    expect(legs(at)).toEqual([]);
  });
});

describe('at the end of the day', () => {
  it('shares are due at the time of the product, closed by the house, and one net with deliveries when they are still there', () => {
    const at = bracketed(EQ, 10);
    const due = squareOffDue(at.state, { now: Date.UTC(2026, 10, 20, 9, 50) * 1_000, commodityClose: 1_410 });
    expect(due.map(({ positions }) => positions.map(({ product, units }) => [product, units]))).toEqual([[[6, 10]]]);
    for (const [id, orig] of [
      ['cs', 's'],
      ['ct', 't'],
    ] as const) {
      expect(verdictOf(at.send(cancelOrder({ id, orig, byHouse: true })))).toBe('accepted');
      at.send(exchangeReport({ id, type: 'CANCELED' }));
    }
    expect(verdictOf(at.send(placeOrder({ id: 'q', of: EQ, product: 'BO', side: 'sell', quantity: 10, flags: 2 })))).toBe('accepted');
    expect(at.tell('CloseSegment', { businessDate: 20261120, segment: 1 }).map(({ event }) => event)).toContain('BreakOpened');
    at.tell('CloseDay', { businessDate: 20261120 });
    expect(requirement(at)).toBe(0);
  });

  it('a slot that was stored goes on as one that was not, through the pre-open session too', () => {
    const at = bracketed();
    const stored = SlotState.restore(0, at.state.snapshot());
    stored.rebuild(at.tables.get('table-1'));
    expect(coverOrders(stored)).toEqual(coverOrders(at.state));
    expect([stored.hash(), stored.derived.book?.requirement(1)]).toEqual([at.state.hash(), at.state.derived.book?.requirement(1)]);
    const before = requirement(at);
    for (const state of ['PRE_OPEN', 'OPEN']) at.tell('SetSegmentState', { segment: 2, state, reason: 'session', by: ['ops'] });
    expect(requirement(at)).toBe(before);
  });
});
