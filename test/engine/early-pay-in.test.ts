// Early pay-in as a risk officer reads it. INFY at Rs 1,000 asks Rs 200 a share bought or sold beyond what is held; SLOW, trade-to-trade, Rs 200 too
// in this market. What the clearing corporation has booked ahead of the pay-in asks nothing: NSE/INSP/57112 for shares, NCL/CMPT/69520 for money
// (first bought, first covered).
import { describe, expect, it } from 'vitest';
import { clientView, marginExplanation, portfolioView, SlotState } from '../../engine/index.ts';
import { EQ, exchangeReport, market, marketRows, type OrderSpec, placeOrder, T2T } from './builders.ts';
import { type Desk, openDesk, type Seen } from './desk.ts';

const RUPEE = 100;
const requirement = (at: Desk): number => (at.state.derived.book?.requirement(1) ?? 0) / RUPEE;
const available = (at: Desk): number => (clientView(at.state, 'A1')?.available ?? 0) / RUPEE;
const reference = 'M2026223';
const shares = (at: Desk, quantity: number, of = EQ): Seen | undefined =>
  at.tell('BookEarlyPayIn', { account: 'A1', way: 'SECURITIES', ...of, quantity, reference })[0];
const funds = (at: Desk, rupees: number): Seen | undefined =>
  at.tell('BookEarlyPayIn', { account: 'A1', way: 'FUNDS', quantity: rupees * RUPEE, reference })[0];

let orders = 0;
/** An order filled at once. */
function traded(at: Desk, side: 'buy' | 'sell', quantity: number, more: Partial<OrderSpec> = {}): void {
  const id = `o${++orders}`;
  const price = more.price ?? 1000;
  expect(at.send(placeOrder({ id, of: EQ, side, quantity, ...more }))[0]?.event).toBe('OrderAccepted');
  at.send(exchangeReport({ id, type: 'TRADE', trade: `T-${id}`, quantity, price, of: more.of ?? EQ, side }));
}
function holds(at: Desk, free: number, t1 = 0): void {
  at.tell('SetHoldings', { account: 'A1', ...EQ, free, pledged: 0, t1 });
}
/** The same slot after a restart. */
function restarted(at: Desk): SlotState {
  const copy = SlotState.restore(at.state.slot, at.state.snapshot());
  copy.rebuild(at.state.derived.parameters);
  return copy;
}

describe('early pay-in of securities', () => {
  it('frees the units that were booked, not those that were asked for, and a sale before delivery (BTST) too', () => {
    const at = openDesk();
    holds(at, 0, 100);
    traded(at, 'sell', 100);
    expect(requirement(at)).toBe(20_000);
    expect(shares(at, 60)).toMatchObject({ event: 'EarlyPayInBooked', value: 60, limit: 60, before: 20_000_00, after: 8_000_00 });
    expect(shares(at, 40)).toMatchObject({ value: 40, limit: 100, after: 0 });
    // Beyond what is sold it frees nothing more.
    expect(shares(at, 5)).toMatchObject({ limit: 105, after: 0 });
  });

  it('taken back asks again what was asked before', () => {
    const at = openDesk();
    holds(at, 0, 100);
    traded(at, 'sell', 100);
    const before = [requirement(at), available(at)];
    shares(at, 60);
    expect(shares(at, -60)).toMatchObject({ event: 'EarlyPayInBooked', value: -60, limit: 0, after: 20_000_00 });
    expect([requirement(at), available(at)]).toEqual(before);
    expect(shares(at, -1)).toMatchObject({ event: 'CommandRefused', reject: 'commandMalformed' });
  });

  it('makes the value of the sale funds of the day, at its average price; what is bought back counts no more', () => {
    const at = openDesk();
    holds(at, 100);
    traded(at, 'sell', 40, { price: 1000 });
    traded(at, 'sell', 20, { price: 1010 });
    const cash = available(at);
    shares(at, 30);
    // 60 sold for Rs 60,200: half of it.
    expect(available(at) - cash).toBe(30_100);
    shares(at, 70);
    expect(available(at) - cash).toBe(60_200);
    traded(at, 'buy', 50, { price: 1000 });
    // Ten are sold still; the loss or gain of what was closed is not the point here.
    expect(clientView(at.state, 'A1')?.funds).toMatchObject({ earlySales: 10_033_33, earlyPaid: 0, adhoc: 0 });
  });

  it('lets an order pass that the money alone would not', () => {
    const at = openDesk();
    at.tell('SetCollateral', { account: 'A1', cash: 1_000 * RUPEE, cashEquivalent: 0, nonCash: 0 });
    holds(at, 100);
    traded(at, 'sell', 60);
    expect(at.send(placeOrder({ id: 'no', of: T2T, quantity: 10 }))[0]).toMatchObject({ reject: 'insufficientMargin', available: 1_000_00 });
    shares(at, 60);
    expect(at.send(placeOrder({ id: 'yes', of: T2T, quantity: 10 }))[0]).toMatchObject({ event: 'OrderAccepted', available: 61_000_00 });
  });

  it('keeps the units from being pledged, and does not make them saleable twice', () => {
    const at = openDesk();
    holds(at, 100);
    traded(at, 'sell', 60);
    shares(at, 60);
    const pledge = (quantity: number): string | undefined =>
      at.tell('ChangePledge', { account: 'A1', isin: 'INE009A01021', quantity, holding: EQ, reference: 'P' })[0]?.event;
    expect([pledge(41), pledge(40)]).toEqual(['CommandRefused', 'PledgeChanged']);
    expect(at.send(placeOrder({ id: 'more', of: EQ, side: 'sell', quantity: 1 }))[0]?.reject).toBe('insufficientHoldings');
  });

  it('ends with the close: what was delivered has left the holding, the sale is cash, what was not sold is free again', () => {
    const at = openDesk();
    holds(at, 100);
    traded(at, 'sell', 60);
    shares(at, 80);
    at.tell('CloseDay', { businessDate: 20261120 });
    const client = clientView(at.state, 'A1');
    expect([client?.funds.cash, client?.available, client?.requirement]).toEqual([10_060_000_00, 10_060_000_00, 0]);
    expect(portfolioView(at.state, 'A1')?.holdings).toMatchObject([{ free: 40, early: 0 }]);
    expect(shares(at, 10)?.reject).toBe('dayNotOpen');
  });

  it('of units nobody knew to be free settles the sale they were delivered for', () => {
    const at = openDesk();
    holds(at, 0, 100);
    traded(at, 'sell', 100);
    shares(at, 70);
    at.tell('CloseDay', { businessDate: 20261120 });
    expect(portfolioView(at.state, 'A1')?.positions).toMatchObject([{ net: -30 }]);
    expect(requirement(at)).toBe(6_000);
  });
});

describe('early pay-in of funds', () => {
  it('covers what was bought first, at its average cost, and is not among the funds any more', () => {
    const at = openDesk();
    traded(at, 'buy', 100, { of: T2T });
    traded(at, 'buy', 60);
    traded(at, 'buy', 40, { price: 1010 });
    expect(requirement(at)).toBe(40_000);
    const before = available(at);
    // All of the first share, and 99 of the hundred for Rs 1,00,400.
    expect(funds(at, 200_000)).toMatchObject({ event: 'EarlyPayInBooked', value: 200_000_00, limit: 200_000_00, before: 40_000_00, after: 200_00 });
    expect(before - available(at)).toBe(200_000);
    const covered = portfolioView(at.state, 'A1')?.positions.map(({ token, covered: units }) => [token, units]);
    expect(new Map(covered as [number, number][])).toEqual(
      new Map([
        [T2T.token, 100],
        [EQ.token, 99],
      ]),
    );
  });

  it('covers later purchases with what is left, and others when a covered one is sold again', () => {
    const at = openDesk();
    funds(at, 150_000);
    traded(at, 'buy', 100);
    traded(at, 'buy', 100, { of: T2T });
    expect(requirement(at)).toBe(10_000);
    traded(at, 'sell', 100);
    expect(requirement(at)).toBe(0);
  });

  it('covers no intraday purchase, and nothing of an order that works', () => {
    const at = openDesk();
    funds(at, 500_000);
    traded(at, 'buy', 100, { product: 'MIS' });
    at.send(placeOrder({ id: 'works', of: EQ, quantity: 50 }));
    expect(requirement(at)).toBe(30_000);
    at.send(exchangeReport({ id: 'works', type: 'TRADE', trade: 'T-works', quantity: 50, price: 1000 }));
    expect(requirement(at)).toBe(20_000);
    // Converted to delivery it is covered.
    at.tell('ConvertPosition', { account: 'A1', ...EQ, from: 'MIS', to: 'CNC', quantity: 100 });
    expect(requirement(at)).toBe(0);
  });

  it('that comes back asks again; the close pays the purchase out of cash, once', () => {
    const at = openDesk();
    traded(at, 'buy', 100);
    funds(at, 100_000);
    expect([requirement(at), available(at)]).toEqual([0, 9_900_000]);
    funds(at, -60_000);
    expect([requirement(at), available(at)]).toEqual([12_000, 9_960_000]);
    at.tell('CloseDay', { businessDate: 20261120 });
    expect([requirement(at), available(at)]).toEqual([0, 9_900_000]);
    expect(portfolioView(at.state, 'A1')?.holdings).toMatchObject([{ t1: 100 }]);
  });

  it('is asked nothing in a margin snapshot, and lies with the clearing corporation there', () => {
    const at = openDesk();
    traded(at, 'buy', 100);
    funds(at, 40_000);
    // Sixty uncovered at Rs 200; the snapshot takes the client's cash as it is in the books.
    expect(at.tell('TakeMarginSnapshot', { label: 'peak', segments: [1] })[0]).toMatchObject({ event: 'MarginSnapshotTaken', after: 12_000_00 });
  });
});

describe('both', () => {
  const day = (): Desk => {
    // Trade-to-trade asks the full value, as the loader has it.
    const at = openDesk(market(marketRows().map((row) => (row.token === T2T.token ? { ...row, cashRate: 10_000 } : row))));
    at.tell('SetHoldings', { account: 'A1', ...T2T, free: 10, pledged: 0, t1: 90 });
    traded(at, 'sell', 100, { of: T2T });
    traded(at, 'buy', 100);
    shares(at, 50, T2T);
    funds(at, 45_000);
    return at;
  };

  it('stand as they were after a restart, and under another table of the same contracts', () => {
    const at = day();
    expect(requirement(at)).toBe(50_000 + 11_000);
    const copy = restarted(at);
    expect((copy.derived.book?.requirement(1) ?? 0) / RUPEE).toBe(61_000);
    expect(copy.hash()).toBe(at.state.hash());
    const table = at.state.derived.parameters;
    if (table !== undefined) at.load(table, 'again');
    expect(requirement(at)).toBe(61_000);
  });

  it('are told apart in the client’s funds and explained to the paisa, book and report alike', () => {
    const at = day();
    expect(clientView(at.state, 'A1')?.funds).toMatchObject({ adhoc: 0, earlySales: 50_000_00, earlyPaid: 45_000_00 });
    const explained = marginExplanation(at.state, 'A1');
    expect(explained?.early).toEqual({ sales: 50_000_00, paid: 45_000_00 });
    expect(explained?.requirement.amount).toBe(61_000_00);
    expect(explained?.requirement.children.find(({ label }) => label === 'positions')?.amount).toBe(61_000_00);
    expect(explained?.available.children.map(({ label, amount }) => [label, amount])).toEqual(
      expect.arrayContaining([
        ['sales delivered early', 50_000_00],
        ['paid in early', -45_000_00],
      ]),
    );
    expect(JSON.stringify(explained)).toContain('bought for delivery, 45 of it paid in early');
  });

  it('a limit granted for the day is taken back without touching them', () => {
    const at = day();
    const grant = (amount: number): string | undefined => at.tell('GrantAdhoc', { account: 'A1', amount, reason: 'x' })[0]?.event;
    expect([grant(100), grant(-101), grant(-100)]).toEqual(['MarginChanged', 'CommandRefused', 'MarginChanged']);
  });
});

describe('a body', () => {
  it.each([
    ['of no way', { way: 'GOODS', ...EQ, quantity: 1, reference }, 'way'],
    ['of a derivative', { way: 'SECURITIES', segment: 2, token: 53_001, quantity: 1, reference }, 'segment must be a cash segment'],
    ['of nothing', { way: 'SECURITIES', ...EQ, quantity: 0, reference }, 'quantity must not be 0'],
    ['without a reference', { way: 'FUNDS', quantity: 1 }, 'reference'],
    ['of too much money', { way: 'FUNDS', quantity: 1e16, reference }, 'quantity'],
  ])('%s is refused, and says where: %o', (_what, body, says) => {
    const at = openDesk();
    expect(at.tell('BookEarlyPayIn', { account: 'A1', ...body })[0]?.reject).toBe('commandMalformed');
    expect(at.fold.refusal).toContain(says);
    expect(at.state.earlyPayIns.live).toBe(0);
  });
});
