// The pre-open session of derivatives: every order is margined by itself. One future of the small market loses Rs 150 a unit either way and asks Rs 35 of
// exposure: a lot of 100 asks Rs 18,500, bought or sold. (Sources: span.md section 5.5; the dated row preOpen.gross.)
import { describe, expect, it } from 'vitest';
import { clientView, marginExplanation, orderMargin, SlotState, Verdict } from '../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, market, marketRows, type OrderSpec, placeOrder, replaceOrder, tickAt } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const LOT = 18_500;
const NEXT = { segment: 2, token: 53_010 };
const session = (state: string, more: object = {}): object => ({ segment: 2, state, reason: 'the session', by: ['clock'], ...more });

/** The small market with a second month that moves with the first. */
function desk(): Desk {
  const rows = marketRows();
  const future = rows.find(({ token }) => token === FUT.token);
  if (future === undefined) throw new Error('the small market has no future');
  return openDesk(market([...rows, { ...future, ...NEXT, name: 'INFY27JANFUT2', expiry: 20270128 }]));
}

const requirement = (at: Desk): number => (at.state.derived.book?.requirement(1) ?? 0) / 100;

/** Long one lot of the first month, then the pre-open session. */
function holding(): Desk {
  const at = desk();
  at.send(placeOrder({ id: 'h' }));
  at.send(exchangeReport({ id: 'h', type: 'TRADE', trade: 'T0', quantity: 100, price: 1000 }));
  expect(requirement(at)).toBe(LOT);
  at.tell('SetSegmentState', session('PRE_OPEN'));
  return at;
}

describe('an order of the pre-open session asks by itself', () => {
  // What is working besides one carried long lot, in lots; what continuous trading would ask, and what the session asks.
  const TABLE: readonly [string, readonly Partial<OrderSpec>[], number, number][] = [
    ['nothing', [], 1, 1],
    ['another lot bought', [{}], 2, 2],
    ['the lot on offer: an exit asks too', [{ side: 'sell' }], 1, 2],
    ['one bought, one on offer: the larger side', [{}, { side: 'sell' }], 2, 2],
    ['one bought, two on offer: the larger side', [{}, { side: 'sell', quantity: 200 }], 2, 3],
    ['the other month on offer: no spread', [{ of: NEXT, side: 'sell' }], 1, 2],
    ['both months on offer', [{ side: 'sell' }, { of: NEXT, side: 'sell' }], 1, 3],
  ];
  it.each(TABLE)('%s', (_what, orders, ordinary, alone) => {
    const at = holding();
    for (const [i, order] of orders.entries()) expect(at.send(placeOrder({ id: `o${i}`, ...order }))[0]?.event).toBe('OrderAccepted');
    expect(requirement(at)).toBe(alone * LOT);
    at.tell('SetSegmentState', session('OPEN'));
    expect(requirement(at)).toBe(ordinary * LOT);
  });

  it('through a replace, a fill and a cancel', () => {
    const at = holding();
    at.send(placeOrder({ id: 'a', quantity: 200 }));
    at.send(replaceOrder({ id: 'b', orig: 'a', quantity: 500 }));
    expect(requirement(at)).toBe(6 * LOT);
    at.send(exchangeReport({ id: 'b', type: 'REJECTED' }));
    expect(requirement(at)).toBe(3 * LOT);
    at.send(exchangeReport({ id: 'a', type: 'TRADE', trade: 'T1', quantity: 100, price: 1000 }));
    expect(requirement(at)).toBe(3 * LOT);
    at.send(exchangeReport({ id: 'a', type: 'CANCELED' }));
    expect(requirement(at)).toBe(2 * LOT);
  });
});

describe('the session', () => {
  it('takes futures and shares, no options', () => {
    const at = desk();
    at.tell('SetSegmentState', session('PRE_OPEN'));
    expect(at.send(placeOrder({ id: 'a', of: CE, price: 40 }))[0]).toMatchObject({ reject: 'segmentClosed', limit: 3 });
    expect(at.send(placeOrder({ id: 'b' }))[0]?.event).toBe('OrderAccepted');
    at.tell('SetSegmentState', { ...session('PRE_OPEN'), segment: 1 });
    expect(at.send(placeOrder({ id: 'c', of: EQ, quantity: 10 }))[0]?.event).toBe('OrderAccepted');
  });

  it('is left at its time by the clock: orders go on working, margined with the book, and their clients are told', () => {
    const at = holding();
    at.tell('SetSegmentState', session('PRE_OPEN', { opensAt: 9e9 }), { time: 1 });
    at.send(placeOrder({ id: 'a', side: 'sell' }, { time: 2 }));
    const told = at.send(tickAt(9e9)).map(({ event, before, after, value, limit }) => [event, before, after, value, limit]);
    expect(told.slice(0, 2)).toEqual([
      ['MarginChanged', 2 * LOT * 100, LOT * 100, 0, 0],
      ['SegmentStateSet', 0, 0, 0, 3],
    ]);
    expect(clientView(at.state, 'A1')).toMatchObject({ openOrders: 1, requirement: LOT * 100 });
  });

  it('begins when it is said, not later, and only it has a time to open at', () => {
    const at = desk();
    expect(at.tell('SetSegmentState', session('PRE_OPEN', { from: 9e9 }), { time: 1 })[0]?.event).toBe('CommandRefused');
    expect(at.tell('SetSegmentState', session('CLOSED', { opensAt: 9e9 }), { time: 1 })[0]?.event).toBe('CommandRefused');
  });

  it('goes before an opening that is set for a time: shut until 09:00, futures until 09:15, then everything', () => {
    const at = desk();
    const clock = (hour: number, minute: number, second = 0): number => Date.UTC(2026, 10, 20, hour - 6, minute + 30, second) * 1_000;
    at.tell('SetSegmentState', session('CLOSED'), { time: clock(8, 0) });
    at.tell('SetSegmentState', session('OPEN', { from: clock(9, 15), preOpen: true }), { time: clock(8, 40) });
    const verdicts = (id: string, time: number): unknown[] => {
      at.send(tickAt(time));
      const orders = [placeOrder({ id: `f${id}` }, { time }), placeOrder({ id: `c${id}`, of: CE, price: 40 }, { time })];
      return orders.map((order) => at.send(order)[0]).map((told) => (told?.event === 'OrderAccepted' ? 'taken' : told?.reject));
    };
    expect(verdicts('1', clock(8, 59, 59))).toEqual(['segmentClosed', 'segmentClosed']);
    expect(verdicts('2', clock(9, 0))).toEqual(['taken', 'segmentClosed']);
    expect(verdicts('3', clock(9, 14, 59))).toEqual(['taken', 'segmentClosed']);
    expect(verdicts('4', clock(9, 15))).toEqual(['taken', 'taken']);
  });

  it('is left out where the gate came too late for its orders, and goes with an opening to come only', () => {
    const at = desk();
    at.tell('SetSegmentState', session('CLOSED'), { time: 1 });
    at.tell('SetSegmentState', session('OPEN', { from: 1_000_000_000, preOpen: true }), { time: 2 });
    at.send(tickAt(1_000_000_000 - 7 * 60_000_000));
    expect(at.send(placeOrder({ id: 'a' }, { time: 1_000_000_000 - 1 }))[0]).toMatchObject({ reject: 'segmentClosed', limit: 1 });
    expect(at.tell('SetSegmentState', session('OPEN', { preOpen: true }))[0]?.event).toBe('CommandRefused');
    expect(at.tell('SetSegmentState', session('CLOSED', { preOpen: true, from: 9e9 }))[0]?.event).toBe('CommandRefused');
  });

  it('asks nothing by itself before the rule', () => {
    const early = openDesk(market());
    early.state = new SlotState(0);
    const policy = { cashRateFloor: 2000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 10_000_000 };
    early.tell('OpenDay', { businessDate: 20251205, ruleSet: 1, policy });
    early.load(market());
    early.account('A1', 10_000_000);
    early.tell('SetSegmentState', session('PRE_OPEN'));
    early.send(placeOrder({ id: 'a' }));
    early.send(placeOrder({ id: 'b', side: 'sell', quantity: 200 }));
    expect(requirement(early)).toBe(2 * LOT);
    expect(early.state.derived.book?.underlyingMargins(1)).toHaveLength(1);
  });
});

describe('verdict, what-if and explanation', () => {
  it('say that the order is margined by itself, and agree on the figure', () => {
    const at = holding();
    const order = placeOrder({ id: 'a', side: 'sell', quantity: 300 });
    const verdict = new Verdict();
    at.fold.whatIf(at.state, order, verdict);
    const explanation = at.fold.explain(at.state, order);
    const margin = orderMargin(at.fold, at.state, order);
    expect([verdict.marginBasis, explanation.marginBasis]).toEqual([1, 1]);
    expect([verdict.requirementAfter, explanation.requirementAfter, margin?.after.requirement.amount]).toEqual(new Array(3).fill(4 * LOT * 100));
    const [accepted] = at.send(order);
    expect([accepted?.event, accepted?.after]).toEqual(['OrderAccepted', 4 * LOT * 100]);
    const working = marginExplanation(at.state, 'A1')?.requirement.children.find(({ label }) => label === 'working orders');
    expect(working?.children.map(({ label, amount }) => [label, amount])).toEqual([
      ['INFY26DECFUT: 1 working in the pre-open session', 3 * LOT * 100],
    ]);
  });

  it('name money alone where it lacks: no hedge lowers it', () => {
    const at = holding();
    at.tell('SetCollateral', { account: 'A1', cash: 30_000_00, cashEquivalent: 0, nonCash: 0 });
    const order = placeOrder({ id: 'a', side: 'sell' });
    expect(orderMargin(at.fold, at.state, order)?.fix).toEqual({ add: (2 * LOT - 30_000) * 100, hedge: null, tried: 0 });
    expect(at.send(order)[0]).toMatchObject({ reject: 'insufficientMargin', after: 2 * LOT * 100 });
  });
});

describe('what is stored', () => {
  it('leads to the same margin and the same state', () => {
    const at = holding();
    at.send(placeOrder({ id: 'a', quantity: 200 }));
    at.send(placeOrder({ id: 'b', side: 'sell' }));
    const stored = SlotState.restore(0, at.state.snapshot());
    stored.rebuild(at.tables.get('table-1'));
    expect(stored.derived.book?.requirement(1)).toBe(3 * LOT * 100);
    at.load(
      market(marketRows().map((row) => (row.token === FUT.token ? { ...row, riskArray: Array.from(row.riskArray, (loss) => 2 * loss) } : row))),
      'table-2',
    );
    expect(requirement(at)).toBe(3 * 33_500);
    at.tell('SetSegmentState', session('CLOSED'));
    at.tell('SetSegmentState', session('PRE_OPEN'));
    expect(requirement(at)).toBe(3 * 33_500);
  });
});
