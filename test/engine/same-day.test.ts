// The T+0 session of a share: orders only in its hours and for delivery, sold out of what is free this afternoon, margined apart and in full,
// delivered and credited the same day, and settled in money with the close. INFY at Rs 1,000, 20 % at T+1; INFY-T0 at Rs 1,000, in full.
import { describe, expect, it, test } from 'vitest';
import {
  buildParameterTable,
  clientView,
  ExchangeSegment,
  InstrumentFlag,
  isInSameDaySession,
  marginExplanation,
  type ParameterTable,
  portfolioView,
  SlotState,
} from '../../engine/index.ts';
import { EQ, exchangeReport, type InstrumentId, market, marketRows, placeOrder } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const T0: InstrumentId = { segment: ExchangeSegment.NSE, token: 901_594 };
/** 09:30 and 13:30 of 20 November 2026 in India, microseconds. */
const MORNING = Date.parse('2026-11-20T09:30:00+05:30') * 1000;
const OVER = Date.parse('2026-11-20T13:30:00+05:30') * 1000;

function withSession(): ParameterTable {
  const rows = marketRows();
  const [share] = rows;
  if (share === undefined) throw new Error('the market has no share');
  const session = { ...share, ...T0, name: 'INFY-T0', cashRate: 10_000, flags: InstrumentFlag.SAME_DAY };
  const top = { symbol: 'INFY', somRate: 0, calendarRateMax: 0, spot: share.previousClose, tierCount: 1 };
  return buildParameterTable(20261120, [...rows, session], [top], { ...market().details, sameDay: [[EQ.segment, T0.token, EQ.token]] });
}

let trades = 0;
function trade(desk: Desk, of: InstrumentId, side: 'buy' | 'sell', quantity: number): void {
  trades += 1;
  desk.send(exchangeReport({ type: 'TRADE', trade: `D${trades}`, of, side, quantity, price: 1_000, product: 'CNC' }));
}
/** A client with a lakh and `free` shares, in the morning. */
function begin(free: number): Desk {
  const desk = openDesk(withSession());
  if (free > 0) desk.tell('SetHoldings', { account: 'A1', ...EQ, free, pledged: 0, t1: 0 });
  return desk;
}
let orders = 0;
function order(
  desk: Desk,
  of: InstrumentId,
  side: 'buy' | 'sell',
  quantity: number,
  { product = 'CNC' as 'CNC' | 'MIS', time = MORNING } = {},
): string {
  orders += 1;
  const [answer] = desk.send(placeOrder({ id: `O${orders}`, of, side, quantity, price: 1_000, product }, { time }));
  return answer?.event === 'OrderAccepted' ? 'accepted' : (answer?.reject ?? '');
}
const asked = (desk: Desk): number => (clientView(desk.state, 'A1')?.requirement ?? -1) / 100;
const cashOf = (desk: Desk): number => (clientView(desk.state, 'A1')?.funds.cash ?? -1) / 100;
const held = (desk: Desk): string =>
  (portfolioView(desk.state, 'A1')?.holdings ?? []).map(({ free, t1, token }) => `${token} ${free} free ${t1} t1`).join(', ');

describe('an order in the T+0 session', () => {
  test.each([
    ['09:14:59.999', false],
    ['09:15:00.000', true],
    ['13:29:59.999', true],
    ['13:30:00.000', false],
  ])('%s is within it: %s', (clock, expected) => {
    expect(isInSameDaySession(Date.parse(`2026-11-20T${clock}+05:30`) * 1000)).toBe(expected);
  });

  it('is taken until half past one, of the same share afterwards only at T+1', () => {
    const desk = begin(0);
    expect(order(desk, T0, 'buy', 10)).toBe('accepted');
    expect([order(desk, T0, 'buy', 10, { time: OVER }), order(desk, EQ, 'buy', 10, { time: OVER })]).toEqual(['segmentClosed', 'accepted']);
  });

  it('is for delivery', () => {
    expect(order(begin(0), T0, 'buy', 10, { product: 'MIS' })).toBe('orderTypeNotAllowed');
  });

  it('holds its whole price, and nets with nothing', () => {
    const desk = begin(0);
    trade(desk, EQ, 'buy', 50);
    order(desk, T0, 'buy', 10);
    expect(asked(desk)).toBe(50 * 200 + 10 * 1_000);
    // What was bought at T+1 comes tomorrow: too late for a sale today.
    expect(order(desk, T0, 'sell', 1)).toBe('insufficientHoldings');
  });

  it('sells what is held and free for no margin, once', () => {
    const desk = begin(100);
    expect([order(desk, T0, 'sell', 60), asked(desk)]).toEqual(['accepted', 0]);
    expect([order(desk, EQ, 'sell', 41), order(desk, EQ, 'sell', 40), order(desk, T0, 'sell', 1)]).toEqual([
      ...['insufficientHoldings', 'accepted', 'insufficientHoldings'],
    ]);
    expect(asked(desk)).toBe(0);
    const again = SlotState.restore(desk.state.slot, desk.state.snapshot());
    again.rebuild(desk.state.derived.parameters);
    expect(clientView(again, 'A1')?.requirement).toBe(0);
    expect(marginExplanation(desk.state, 'A1')?.requirement.amount).toBe(0);
  });

  it('sells at T+1 what was bought in it this morning', () => {
    const desk = begin(0);
    trade(desk, T0, 'buy', 30);
    expect([order(desk, EQ, 'sell', 31), order(desk, EQ, 'sell', 30)]).toEqual(['insufficientHoldings', 'accepted']);
  });
});

describe('early pay-in at T+1', () => {
  const early = { account: 'A1', segment: EQ.segment, token: EQ.token, reference: 'M2026224' };

  it('of shares leaves the rest for T+0, whether they are sold yet or not', () => {
    const desk = begin(100);
    desk.tell('BookEarlyPayIn', { ...early, way: 'SECURITIES', quantity: 70 });
    expect(order(desk, T0, 'sell', 31)).toBe('insufficientHoldings');
    trade(desk, EQ, 'sell', 80);
    expect([order(desk, T0, 'sell', 21), order(desk, T0, 'sell', 20), asked(desk)]).toEqual(['insufficientHoldings', 'accepted', 0]);
    desk.tell('CloseDay', { businessDate: 20261120 });
    expect(held(desk)).toBe('1594 20 free 0 t1');
  });

  it('of money covers what was bought at T+1 and comes tomorrow: neither a purchase of T+0 nor a sale there', () => {
    const desk = begin(0);
    trade(desk, T0, 'buy', 10);
    trade(desk, EQ, 'buy', 20);
    expect(asked(desk)).toBe(10 * 1_000 + 20 * 200);
    desk.tell('BookEarlyPayIn', { way: 'FUNDS', account: 'A1', reference: 'M2026224', quantity: 20 * 1_000 * 100 });
    expect(asked(desk)).toBe(10 * 1_000);
    expect(order(desk, T0, 'sell', 11)).toBe('insufficientHoldings');
  });
});

describe('the afternoon', () => {
  it('credits what was bought: free at once, its margin back, its price gone with the close', () => {
    const desk = begin(0);
    const before = cashOf(desk);
    trade(desk, T0, 'buy', 30);
    expect(asked(desk)).toBe(30_000);
    const delivery = { account: 'A1', segment: EQ.segment, token: EQ.token, reference: '52026224', sameDay: 'IN' };
    expect(desk.tell('CreditDelivery', { ...delivery, quantity: 31 })[0]?.event).toBe('CommandRefused');
    desk.tell('CreditDelivery', { ...delivery, quantity: 30 });
    expect([held(desk), asked(desk), cashOf(desk)]).toEqual(['1594 30 free 0 t1', 0, before]);
    // Not a rupee of it can be used twice: what was paid stands against the client until the close makes it cash.
    expect((clientView(desk.state, 'A1')?.available ?? 0) / 100).toBe(before - 30_000);
    desk.tell('CloseDay', { businessDate: 20261120 });
    expect([held(desk), cashOf(desk)]).toEqual(['1594 30 free 0 t1', before - 30_000]);
  });

  it('takes what was sold and delivered out of the holding', () => {
    const desk = begin(100);
    const before = cashOf(desk);
    trade(desk, T0, 'sell', 60);
    desk.tell('CreditDelivery', { account: 'A1', segment: EQ.segment, token: EQ.token, reference: '52026224', sameDay: 'OUT', quantity: 60 });
    expect([held(desk), asked(desk)]).toEqual(['1594 40 free 0 t1', 0]);
    desk.tell('CloseDay', { businessDate: 20261120 });
    expect([held(desk), cashOf(desk)]).toEqual(['1594 40 free 0 t1', before + 60_000]);
  });

  it('that nobody told of ends with the close all the same: bought is on its way, sold is taken', () => {
    const desk = begin(100);
    trade(desk, T0, 'sell', 60);
    desk.tell('CloseDay', { businessDate: 20261120 });
    expect(held(desk)).toBe('1594 40 free 0 t1');
    const buyer = begin(5);
    trade(buyer, T0, 'buy', 30);
    buyer.tell('CloseDay', { businessDate: 20261120 });
    expect(held(buyer)).toBe('1594 5 free 30 t1');
    buyer.tell('CreditDelivery', { account: 'A1', segment: EQ.segment, token: EQ.token, reference: '52026224', sameDay: 'IN', quantity: 30 });
    expect(held(buyer)).toBe('1594 35 free 0 t1');
  });

  it('of a shortage: what is not delivered is owed no more, what is closed out will not come, and each keeps to its price', () => {
    const [seller, buyer] = [begin(20), begin(0)];
    const [had, paid] = [cashOf(seller), cashOf(buyer)];
    trade(seller, T0, 'sell', 30);
    trade(buyer, T0, 'buy', 30);
    const claim = { account: 'A1', segment: EQ.segment, token: EQ.token, reference: '52026224', sameDay: true };
    seller.tell('SettleShortage', { ...claim, short: 10, returned: 20, lapsed: 0 });
    buyer.tell('SettleShortage', { ...claim, short: 0, returned: 0, lapsed: 30 });
    for (const desk of [seller, buyer]) desk.tell('CloseDay', { businessDate: 20261120 });
    expect([held(seller), cashOf(seller), asked(seller)]).toEqual(['1594 20 free 0 t1', had + 30_000, 0]);
    expect([held(buyer), cashOf(buyer), asked(buyer)]).toEqual(['', paid - 30_000, 0]);
  });
});
