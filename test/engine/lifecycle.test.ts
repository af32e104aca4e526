// Days in the life of an order, as timelines: each line is a command and what must follow. Requirement of a lot of the future: Rs 18,500
// (15,000 scan, 3,500 exposure), in paise below.
import { describe, expect, it } from 'vitest';
import { breakViews, brokenAccounts, clientView, OrderFlag, stuckViews } from '../../engine/index.ts';
import { CE, cancelOrder, EQ, exchangeReport, FUT, market, marks, massCancel, POLICY, placeOrder, replaceOrder, tickAt } from './builders.ts';
import { Desk, openDesk } from './desk.ts';

const LOT = 1_850_000;
const fill = (id: string, trade: string, quantity: number, price = 1000, more: object = {}) =>
  exchangeReport({ id, type: 'TRADE', trade, quantity, price, ...more });
/** What the client must have now, asked by an order that adds nothing to it. */
const requirement = (desk: Desk): number => desk.state.derived.book?.requirement(1) ?? -1;
const kinds = (happened: readonly { readonly event: string; readonly breakKind: string }[]): string[] =>
  happened.map((each) => (each.event === 'BreakOpened' ? `break ${each.breakKind}` : each.event));

describe('fills are facts', () => {
  it('a fill before the acknowledgement is booked, the late acknowledgement changes nothing', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    expect(desk.send(fill('a', 'T1', 100))[0]).toMatchObject({
      event: 'ExecutionRecorded',
      execType: 'F',
      status: '2',
      leaves: 0,
      filled: 100,
      after: LOT,
    });
    expect(desk.send(exchangeReport({ id: 'a', type: 'NEW' }))[0]).toMatchObject({ event: 'ExecutionRecorded', status: '2', after: LOT });
  });

  it('a fill after the cancel is booked and opens a break', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', quantity: 200 }));
    expect(desk.send(exchangeReport({ id: 'a', type: 'CANCELED' }))[0]).toMatchObject({
      event: 'OrderCanceled',
      before: 2 * LOT,
      after: 0,
      status: '4',
    });
    const happened = desk.send(fill('a', 'T1', 100));
    expect(kinds(happened)).toEqual(['ExecutionRecorded', 'break fillAfterClose']);
    expect(happened[0]).toMatchObject({ status: '4', filled: 100, leaves: 0, after: LOT });
  });

  it('an overfill is booked in full and opens a break', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    const happened = desk.send(fill('a', 'T1', 300));
    expect(kinds(happened)).toEqual(['ExecutionRecorded', 'break overfill']);
    expect(happened[0]).toMatchObject({ filled: 300, leaves: 0, after: 3 * LOT });
  });

  it('a fill of an unknown order, and for an unknown account, is booked too', () => {
    const desk = openDesk();
    expect(kinds(desk.send(fill('ghost', 'T1', 100, 1000, { of: FUT, side: 'buy' })))).toEqual(['ExecutionRecorded', 'break unknownOrder']);
    expect(requirement(desk)).toBe(LOT);
    const stranger = desk.send(fill('ghost', 'T2', 100, 1000, { account: 'B9', of: FUT, side: 'sell' }));
    expect(kinds(stranger)).toEqual(['AccountOpened', 'break unknownAccount', 'ExecutionRecorded', 'break unknownOrder']);
    expect(desk.send(placeOrder({ id: 'x', account: 'B9' }))[0]?.reject).toBe('accountNotActive');
    expect(kinds(desk.tell('OpenAccount', { account: 'B9', riskGroup: 'g', status: 'ACTIVE', segments: [2], kind: 'CLIENT' }))).toEqual([
      'AccountOpened',
    ]);
  });

  it('one trade from two sources counts once; a different figure opens a break', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', quantity: 200 }));
    desk.send(fill('a', 'T1', 100));
    expect(desk.send(fill('', 'T1', 100, 1000, { of: FUT, side: 'buy', source: 1 }))).toEqual([]);
    expect(kinds(desk.send(fill('', 'T1', 100, 1001, { of: FUT, side: 'buy', source: 2 })))).toEqual(['break tradeMismatch']);
    expect(desk.send(fill('a', 'T2', 100))[0]).toMatchObject({ filled: 200, status: '2' });
  });

  it('a bust takes a trade back, a correction books it anew', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', quantity: 200 }));
    desk.send(fill('a', 'T1', 100, 1000));
    const corrected = desk.send(exchangeReport({ id: 'a', type: 'TRADE_CORRECT', ref: 'T1', quantity: 50, price: 1010 }))[0];
    expect(corrected).toMatchObject({ execType: 'G', filled: 50, leaves: 150, avgPx: 1010, after: 2 * LOT });
    expect(desk.send(exchangeReport({ id: 'a', type: 'TRADE_CANCEL', ref: 'T1' }))[0]).toMatchObject({
      execType: 'H',
      filled: 0,
      leaves: 200,
      status: '0',
    });
    expect(desk.send(exchangeReport({ id: 'a', type: 'TRADE_CANCEL', ref: 'T1' }))).toEqual([]);
    expect(desk.send(exchangeReport({ id: 'a', type: 'CANCELED' }))[0]).toMatchObject({ after: 0, available: 1_000_000_000 });
  });

  it('a bust that comes before its trade makes the trade a duplicate', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    expect(kinds(desk.send(exchangeReport({ id: 'a', type: 'TRADE_CANCEL', ref: 'T1', quantity: 100, price: 1000 })))).toEqual([
      'break unknownTrade',
    ]);
    expect(desk.send(fill('a', 'T1', 100))).toEqual([]);
    expect(requirement(desk)).toBe(LOT);
  });

  it('what cannot be a trade is booked by nobody', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    for (const quantity of [0, -5, 0.5, Number.NaN, 1e12])
      expect(kinds(desk.send(fill('a', `T${quantity}`, quantity)))).toEqual(['break malformedReport']);
    expect(desk.state.positions.f64(1, 16)).toBe(0);
  });
});

describe('margin falls only on confirmation', () => {
  it('a cancel request frees nothing, its rejection neither', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    expect(desk.send(cancelOrder({ id: 'b', orig: 'a' }))[0]).toMatchObject({
      event: 'CancelAccepted',
      status: '6',
      clOrdId: 'b',
      origClOrdId: 'a',
      after: LOT,
    });
    expect(desk.send(exchangeReport({ id: 'b', type: 'REJECTED' }))[0]).toMatchObject({ clOrdId: 'b', status: '0', after: LOT });
    desk.send(cancelOrder({ id: 'c', orig: 'a' }));
    expect(desk.send(exchangeReport({ id: 'c', type: 'CANCELED' }))[0]).toMatchObject({
      event: 'OrderCanceled',
      clOrdId: 'a',
      before: LOT,
      after: 0,
    });
  });

  it('a replace holds the worse of both and reverts on reject', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', quantity: 300 }));
    expect(desk.send(replaceOrder({ id: 'b', orig: 'a', quantity: 500 }))[0]).toMatchObject({ status: 'E', before: 3 * LOT, after: 5 * LOT });
    expect(desk.send(exchangeReport({ id: 'b', type: 'REJECTED' }))[0]).toMatchObject({ status: '0', quantity: 300, after: 3 * LOT });
    expect(desk.send(replaceOrder({ id: 'c', orig: 'a', quantity: 100 }))[0]).toMatchObject({ before: 3 * LOT, after: 3 * LOT });
    expect(desk.send(exchangeReport({ id: 'c', type: 'REPLACED' }))[0]).toMatchObject({
      event: 'OrderReplaced',
      clOrdId: 'c',
      origClOrdId: 'a',
      quantity: 100,
      leaves: 100,
      after: LOT,
    });
    expect(desk.send(cancelOrder({ id: 'd', orig: 'a' }))[0]?.event, 'every id of the chain names the order').toBe('CancelAccepted');
  });

  it('an order filled while its replace is pending stays open until the answer', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    desk.send(replaceOrder({ id: 'b', orig: 'a', quantity: 300 }));
    expect(desk.send(fill('a', 'T1', 100))[0]).toMatchObject({ status: 'E', leaves: 0, after: 3 * LOT });
    expect(desk.send(exchangeReport({ id: 'b', type: 'REJECTED' }))[0]).toMatchObject({ status: '2', after: LOT });
  });

  it('the exchange may accept a replace with other terms', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', quantity: 300 }));
    desk.send(replaceOrder({ id: 'b', orig: 'a', quantity: 500 }));
    expect(desk.send(exchangeReport({ id: 'b', type: 'REPLACED', orderQuantity: 400 }))[0]).toMatchObject({ quantity: 400, after: 4 * LOT });
    expect(desk.send(exchangeReport({ id: 'b', type: 'RESTATED', orderQuantity: 200 }))[0]).toMatchObject({
      quantity: 200,
      after: 2 * LOT,
      execType: 'D',
    });
  });

  it('the exchange rejects an order, or lets it expire', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    expect(desk.send(exchangeReport({ id: 'a', type: 'REJECTED' }))[0]).toMatchObject({ status: '8', before: LOT, after: 0 });
    desk.send(placeOrder({ id: 'b', validity: 'IOC', quantity: 300 }));
    desk.send(fill('b', 'T1', 100));
    expect(desk.send(exchangeReport({ id: 'b', type: 'EXPIRED' }))[0]).toMatchObject({
      event: 'OrderExpired',
      filled: 100,
      before: 3 * LOT,
      after: LOT,
    });
  });

  it('mass cancel asks for every open order that matches, and no more', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }, { session: 4, number: 1 }));
    desk.send(placeOrder({ id: 'b', side: 'sell' }, { session: 4, number: 2 }));
    desk.send(placeOrder({ id: 'c', of: CE, price: 40 }, { session: 4, number: 3 }));
    const happened = desk.send(massCancel({ id: 'm', of: FUT, side: 'buy' }, { session: 5, number: 1 }));
    expect(happened.map((each) => [each.event, each.clOrdId, each.destination, each.count])).toEqual([
      ['CancelAccepted', 'a', 4, 0],
      ['MassCancelAccepted', 'm', 5, 1],
    ]);
    expect(desk.send(massCancel({ id: 'n' })).map((each) => each.clOrdId)).toEqual(['b', 'c', 'n']);
    expect(desk.send(massCancel({ id: 'n' }))[0]).toMatchObject({ event: 'MassCancelRejected', reject: 'duplicateClOrdId' });
  });
});

describe('once and in time', () => {
  it('a command that comes twice happens once; a new incarnation starts anew', () => {
    const desk = openDesk();
    const first = placeOrder({ id: 'a' }, { session: 3, number: 7 });
    expect(desk.send(first)).toHaveLength(1);
    const sequence = desk.state.sequence;
    expect(desk.send(first)).toEqual([]);
    expect(desk.send(placeOrder({ id: 'b' }, { session: 3, number: 6 }))).toEqual([]);
    expect(desk.state.sequence, 'but both are counted').toBe(sequence + 2);
    expect(desk.send(placeOrder({ id: 'b' }, { session: 3, number: 1, incarnation: 2 }))[0]?.event).toBe('OrderAccepted');
    expect(desk.send(placeOrder({ id: 'c' }, { session: 3, number: 8, incarnation: 1 })), 'the old one is over').toEqual([]);
  });

  it('a PossResend of a known order is answered with its status', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    desk.send(fill('a', 'T1', 100));
    const repeat = desk.send(placeOrder({ id: 'a', flags: OrderFlag.POSS_RESEND }))[0];
    expect(repeat).toMatchObject({ event: 'OrderStatusReported', status: '2', filled: 100, execType: 'I' });
    desk.send(placeOrder({ id: 'r', quantity: 1 }));
    expect(desk.send(placeOrder({ id: 'r', flags: OrderFlag.POSS_RESEND }))[0]).toMatchObject({
      event: 'OrderStatusReported',
      status: '8',
      reject: 'lotSize',
    });
  });

  it('an order nobody confirms becomes stuck once, keeps its margin, and is settled by the answer', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }, { time: 1_000_000 }));
    expect(desk.send(tickAt(5_999_999))).toEqual([]);
    expect(kinds(desk.send(tickAt(6_000_000)))).toEqual(['break stuckOrder']);
    expect(desk.send(tickAt(60_000_000))).toEqual([]);
    expect(stuckViews(desk.state)).toMatchObject([{ sequence: 5 }]);
    expect(requirement(desk)).toBe(LOT);
    desk.send(exchangeReport({ id: 'a', type: 'NEW' }, { time: 61_000_000 }));
    expect(breakViews(desk.state, true).breaks, 'the break is closed').toEqual([]);
    expect(breakViews(desk.state, false).breaks).toMatchObject([{ kind: 'stuckOrder', open: false, account: 'A1', orderSequence: 5 }]);
    desk.send(cancelOrder({ id: 'b', orig: 'a' }, { time: 62_000_000 }));
    expect(kinds(desk.send(tickAt(67_000_000))), 'so does a cancel nobody answers').toEqual(['break stuckOrder']);
  });

  it('a Tick flags as many orders as it says, those that wait longest; the next goes on', () => {
    const desk = openDesk();
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) desk.send(placeOrder({ id }, { time: 1_000_000 + i }));
    expect(kinds(desk.send(tickAt(7_000_000, 3)))).toEqual(['break stuckOrder', 'break stuckOrder', 'break stuckOrder']);
    expect(stuckViews(desk.state).map(({ clOrdId }) => clOrdId)).toEqual(['a', 'b', 'c']);
    expect(kinds(desk.send(tickAt(8_000_000, 3)))).toEqual(['break stuckOrder']);
    expect(desk.send(tickAt(9_000_000, 0)), 'none is left').toEqual([]);
    expect(brokenAccounts(desk.state)).toEqual({ stuck: ['A1'], others: [] });
  });

  it('the kill switch stops orders and replaces, not cancels or fills', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    expect(desk.tell('EngageKillSwitch', { scope: 'FIRM', reason: 'r', by: 'b' })[0]).toMatchObject({ event: 'KillSwitchEngaged', count: 1 });
    expect(desk.send(replaceOrder({ id: 'b', orig: 'a', quantity: 200 }))[0]?.reject).toBe('firmKilled');
    expect(desk.send(cancelOrder({ id: 'c', orig: 'a' }))[0]?.event).toBe('CancelAccepted');
    expect(desk.send(fill('a', 'T1', 100))[0]?.event).toBe('ExecutionRecorded');
  });

  it('closing the day expires what is open; the next day starts without orders', () => {
    const desk = openDesk();
    desk.tell('GrantAdhoc', { account: 'A1', amount: 500, reason: 'r' });
    desk.send(placeOrder({ id: 'a', quantity: 200 }));
    desk.send(fill('a', 'T1', 100));
    const closed = desk.tell('CloseDay', { businessDate: 20261120 });
    expect(closed.map((each) => [each.event, each.after, each.count])).toEqual([
      ['OrderExpired', LOT, 0],
      ['DayClosed', 0, 1],
    ]);
    expect(desk.send(placeOrder({ id: 'b' }))[0]?.reject).toBe('dayNotOpen');
    const policy = { cashRateFloor: 2_000, spanMultiplier: 12_000, maxOrderValue: 0, confirmWithin: 1 };
    expect(desk.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy })[0]?.event).toBe('DayOpened');
    expect(desk.state.orders.live).toBe(0);
    const again = desk.send(placeOrder({ id: 'a', side: 'sell' }))[0];
    expect(again).toMatchObject({ event: 'OrderAccepted', before: (LOT * 12) / 10, after: (LOT * 12) / 10, available: 1_000_000_000 });
  });
});

describe('funds', () => {
  it('an option bought costs its premium at once; a future costs its loss, and gives no gain before it is settled', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', of: CE, price: 45 }));
    expect(desk.send(fill('a', 'T1', 100, 45))[0]?.available).toBe(1_000_000_000 - 450_000);
    desk.send(placeOrder({ id: 'b' }));
    desk.send(fill('b', 'T2', 100, 1000));
    expect(desk.send(marks([[FUT, 990]]))[0]).toMatchObject({ event: 'MarginChanged', account: 'A1', available: 1_000_000_000 - 450_000 - 100_000 });
    expect(desk.send(marks([[FUT, 1020]]))[0]?.available).toBe(1_000_000_000 - 450_000);
    expect(desk.send(marks([[FUT, 1030]])), 'a gain that grows changes nothing').toEqual([]);
  });

  it.each([
    ['imported: paid for on an earlier day', 'ImportPosition', 0],
    ['traded: what was received for it is money of the day', 'TRADE', 452_000],
  ])('an option sold at 45.20 before any table names it, %s', (_what, how, received) => {
    const desk = new Desk();
    desk.tell('OpenDay', { businessDate: 20261120, ruleSet: 1, policy: POLICY });
    desk.account('A1', 10_000);
    if (how === 'TRADE') desk.send(exchangeReport({ account: 'A1', type: 'TRADE', trade: 'T1', of: CE, side: 'sell', quantity: 100, price: 45.2 }));
    else desk.tell('ImportPosition', { account: 'A1', ...CE, product: 3, quantity: -100, price: 452_000 });
    desk.load(market());
    expect(clientView(desk.state, 'A1')?.funds.premium).toBe(0 - received);
  });

  it('non-cash collateral counts up to the cash part', () => {
    const desk = openDesk();
    const funds = (cash: number, cashEquivalent: number, nonCash: number) =>
      desk.tell('SetCollateral', { account: 'A1', cash, cashEquivalent, nonCash })[0]?.available;
    expect(funds(100, 50, 1_000)).toBe(300);
    expect(funds(100, 50, 20)).toBe(170);
    expect(funds(-100, 50, 1_000)).toBe(-50);
  });

  it('average cost is exact: realised and unrealised always add up to cash flows at the mark', () => {
    const desk = openDesk();
    const trades: readonly (readonly ['buy' | 'sell', number, number])[] = [
      ['buy', 3, 1000],
      ['buy', 4, 1001],
      ['sell', 2, 1003],
      ['sell', 9, 999.95],
      ['buy', 1, 1000.05],
    ];
    let flow = 0;
    trades.forEach(([side, quantity, price], index) => {
      desk.send(fill('', `T${index}`, quantity, price, { of: EQ, side, product: 'MIS' }));
      flow += (side === 'buy' ? -1 : 1) * quantity * Math.round(price * 10_000);
    });
    desk.send(marks([[EQ, 1007]]));
    const { positions, clients } = desk.state;
    const [net, mark] = [positions.f64(1, 16), positions.f64(1, 40)];
    expect([net, mark]).toEqual([-3, 10_070_000]);
    expect(clients.f64(1, 104) + clients.f64(1, 112)).toBe(flow + net * mark);
  });

  it('holdings free a delivery sale of margin, and pledged ones do not count', () => {
    const desk = openDesk();
    desk.tell('SetHoldings', { account: 'A1', ...EQ, free: 100, pledged: 900, t1: 0 });
    expect(desk.send(placeOrder({ id: 'a', of: EQ, side: 'sell', quantity: 60 }))[0]).toMatchObject({ event: 'OrderAccepted', after: 0 });
    expect(desk.send(placeOrder({ id: 'b', of: EQ, side: 'sell', quantity: 41 }))[0]).toMatchObject({
      reject: 'insufficientHoldings',
      value: 101,
      limit: 100,
    });
  });
});
