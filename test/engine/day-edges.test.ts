// The edges of a day as a risk officer reads them: what the close makes of futures, premium and shares, what an expiry leaves, what a corporate
// action keeps, where a wrongly booked trade goes. Rupees throughout; T marks a trade, and money is counted before and after.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Client, eachTrade, Holding, Position, type SlotState } from '../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, type InstrumentId, marks, PE, POLICY, placeOrder, rupees } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const DAY = 20_261_120;
let trades = 0;
/** A fill nobody ordered: facts are booked all the same. */
const fill = (desk: Desk, of: InstrumentId, quantity: number, price: number, product: 'CNC' | 'MIS' | 'NRML' = 'CNC', account = 'A1'): void => {
  trades += 1;
  const side = quantity > 0 ? 'buy' : 'sell';
  desk.send(exchangeReport({ account, type: 'TRADE', trade: `T${trades}`, quantity: Math.abs(quantity), price, of, side, product }));
};
const close = (desk: Desk) => desk.tell('CloseDay', { businessDate: DAY });
const settle = (desk: Desk, of: InstrumentId, price: number, isFinal = true) =>
  desk.tell('SettlePrices', { businessDate: DAY, segment: of.segment, prices: [of.token, rupees(price)], isFinal });
const rupeesOf = (desk: Desk, field: number): number => desk.state.clients.f64(1, field) / 100;
const holding = (state: SlotState, of: InstrumentId = EQ): string => {
  const row = state.holdings.find(1, of.segment, of.token);
  return row === 0 ? 'none' : [Holding.free, Holding.pledged, Holding.t1].map((field) => state.holdings.f64(row, field)).join(' ');
};
const position = (state: SlotState, of: InstrumentId, product = 0): string => {
  const row = state.positions.find(1, of.segment, of.token, product);
  return row === 0
    ? 'none'
    : `${state.positions.f64(row, Position.net)} @ ${state.positions.f64(row, Position.mark) / 10_000} cost ${state.positions.f64(row, Position.cost) / 10_000}`;
};
const CRORE = 10_000_000;

describe('the close of a day', () => {
  it('pays what a future gained at the settlement price, once, and carries it at that price', () => {
    const desk = openDesk();
    fill(desk, FUT, 200, 1000, 'NRML');
    fill(desk, FUT, -100, 1012, 'NRML');
    settle(desk, FUT, 1010);
    desk.send(marks([[FUT, 999]]));
    // 100 × 12 closed, 100 × 10 open; the price that came after the settlement price changes nothing.
    expect(close(desk).map(({ event, value }) => [event, value])).toEqual([
      ['DayCarried', 220_000],
      ['DayClosed', DAY],
    ]);
    expect(rupeesOf(desk, Client.cash)).toBe(CRORE + 2_200);
    expect(position(desk.state, FUT)).toBe('100 @ 1010 cost 101000');
    expect([Client.realised, Client.unrealised, Client.premium].map((field) => rupeesOf(desk, field))).toEqual([0, 0, 0]);
  });

  it('takes the premium of the day', () => {
    const desk = openDesk();
    fill(desk, CE, 300, 40, 'NRML');
    fill(desk, PE, -100, 25, 'NRML');
    close(desk);
    expect(rupeesOf(desk, Client.cash)).toBe(CRORE - 12_000 + 2_500);
    expect(rupeesOf(desk, Client.premium)).toBe(0);
  });

  // free pledged t1 before | fills | free pledged t1, position left, cash moved
  it.each<[string, string, [number, number][], string]>([
    ['shares bought are on their way and paid for', '0 0 0', [[50, 1000]], '0 0 50, 0, -50000'],
    ['shares held and sold are delivered', '80 5 0', [[-50, 1010]], '30 5 0, 0, 50500'],
    [
      'bought and sold again is only money',
      '10 0 0',
      [
        [50, 1000],
        [-50, 1003],
      ],
      '10 0 0, 0, 150',
    ],
    ['a sale of what is on its way stays short, paid for and margined', '0 0 30', [[-30, 1000]], '0 0 30, -30, 30000'],
    ['as far as units are free they are delivered', '20 0 30', [[-30, 1000]], '0 0 30, -10, 30000'],
  ])('%s', (_what, held, fills, expected) => {
    const desk = openDesk();
    const [free, pledged, t1] = held.split(' ').map(Number);
    desk.tell('SetHoldings', { account: 'A1', ...EQ, free, pledged, t1 });
    for (const [quantity, price] of fills) fill(desk, EQ, quantity, price);
    expect(close(desk).some(({ breakKind }) => breakKind === 'shortDelivery')).toBe(false);
    const row = desk.state.positions.find(1, EQ.segment, EQ.token, 1);
    const left = `${desk.state.positions.f64(row, Position.net)}, ${rupeesOf(desk, Client.cash) - CRORE}`;
    expect(`${holding(desk.state)}, ${left}`).toBe(expected);
  });

  it('intraday and delivery of one share settle as one net', () => {
    const desk = openDesk();
    fill(desk, EQ, 50, 1000, 'CNC');
    fill(desk, EQ, -30, 1005, 'MIS');
    close(desk);
    expect([holding(desk.state), position(desk.state, EQ, 2), rupeesOf(desk, Client.cash) - CRORE]).toEqual(['0 0 20', '0 @ 1005 cost 0', -19_850]);
  });

  it('a short that nothing covers is named, and margined until it is bought in', () => {
    const desk = openDesk();
    fill(desk, EQ, -40, 1000);
    const [short] = close(desk).filter(({ breakKind }) => breakKind === 'shortDelivery');
    expect(short).toMatchObject({ account: 'A1', event: 'BreakOpened' });
    expect(position(desk.state, EQ, 1)).toBe('-40 @ 1000 cost 0');
    // 20 % of 40 × 1,000 against 40,000 received, which is owed at the market's price.
    expect(desk.state.derived.book?.requirement(1)).toBe(800_000);
    expect(rupeesOf(desk, Client.unrealised) / 100).toBe(-40_000);
  });

  it('a short that the auction settles for the client is owed no more, whatever was bought meanwhile', () => {
    const desk = openDesk();
    const shortage = (units: { short?: number; returned?: number; lapsed?: number }) =>
      desk.tell('SettleShortage', { account: 'A1', ...EQ, short: 0, returned: 0, lapsed: 0, ...units, reference: 'M2026224' })[0]?.event;
    fill(desk, EQ, -40, 1000);
    close(desk);
    desk.tell('OpenDay', { businessDate: 20_261_123, ruleSet: 1, policy: POLICY });
    const before = rupeesOf(desk, Client.cash);
    // The same shares bought a day later are the client's own: they come, and are paid for.
    fill(desk, EQ, 40, 1010);
    expect([shortage({ short: 40 }), position(desk.state, EQ, 1)]).toEqual(['MarginChanged', '40 @ 1000 cost 0']);
    desk.tell('CloseDay', { businessDate: 20_261_123 });
    expect([holding(desk.state), rupeesOf(desk, Client.cash) - before]).toEqual(['0 0 40', -40_400]);
    // Bought and closed out; sold, held and not given.
    expect([shortage({ lapsed: 41 }), shortage({ lapsed: 15, returned: 7 }), holding(desk.state)]).toEqual([
      'CommandRefused',
      'MarginChanged',
      '7 0 25',
    ]);
    expect(shortage({})).toBe('CommandRefused');
  });

  it('units that come are free, and no more than were on their way can come', () => {
    const desk = openDesk();
    desk.tell('SetHoldings', { account: 'A1', ...EQ, free: 5, pledged: 0, t1: 30 });
    const arrive = (quantity: number) => desk.tell('CreditDelivery', { account: 'A1', ...EQ, quantity, reference: 'M 2026224' })[0]?.event;
    expect([arrive(31), arrive(30), holding(desk.state)]).toEqual(['CommandRefused', 'DeliveryCredited', '35 0 0']);
  });

  it('a segment closes by itself: its orders expire, others go on, and intraday shares left are named once', () => {
    const desk = openDesk();
    fill(desk, EQ, 10, 1000, 'MIS');
    desk.send(placeOrder({ id: 'a', of: EQ, quantity: 1 }));
    desk.send(placeOrder({ id: 'b' }));
    const shut = () =>
      desk.tell('CloseSegment', { businessDate: DAY, segment: 1 }).map(({ event, breakKind, clOrdId }) => `${event} ${clOrdId}${breakKind}`);
    expect(shut()).toEqual(['OrderExpired anone', 'BreakOpened residualIntraday', 'SegmentClosed none']);
    expect(shut()).toEqual(['SegmentClosed none']);
    expect(desk.send(placeOrder({ id: 'c', of: EQ, quantity: 1 }))[0]?.reject).toBe('segmentClosed');
    expect(desk.send(placeOrder({ id: 'd' }))[0]?.event).toBe('OrderAccepted');
  });

  it('money booked after the close is not lost when the next day begins', () => {
    const desk = openDesk();
    fill(desk, FUT, 100, 1000, 'NRML');
    close(desk);
    fill(desk, FUT, -100, 1004, 'NRML');
    desk.tell('OpenDay', { businessDate: 20_261_123, ruleSet: 1, policy: POLICY });
    expect(rupeesOf(desk, Client.cash)).toBe(CRORE + 400);
  });

  it('moves money and makes none, whatever was traded at whatever price', () => {
    const trade = fc.tuple(fc.constantFrom(EQ, FUT, CE, PE), fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 400_000 }));
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 12 }), (deals) => {
        const desk = openDesk();
        let [owed, futures] = [0, 0];
        for (const [of, lots, tick] of deals.filter(([, lots]) => lots !== 0)) {
          fill(desk, of, lots * 7, (tick * 25) / 10_000, of === EQ ? 'CNC' : 'NRML');
          owed += lots * 7 * tick * 25;
          if (of === FUT) futures += lots * 7;
        }
        settle(desk, FUT, 1010);
        close(desk);
        // Everything paid for, and the open futures at the settlement price: to the paisa, with one rounding each for futures, premium and shares.
        const expected = (futures * rupees(1010) - owed) / 100;
        return Math.abs(rupeesOf(desk, Client.cash) * 100 - CRORE * 100 - expected) <= 1.5;
      }),
      { numRuns: 60 },
    );
  });
});

describe('the last day of a contract', () => {
  // instrument, fill | units settled price delivered | cash moved at the close, holding
  it.each<[string, InstrumentId, [number, number], object, [number, string]]>([
    ['a future finally settled in cash', FUT, [100, 1000], { units: 100, settled: 100, price: rupees(1015) }, [1_500, 'none']],
    ['a future delivered', FUT, [100, 1000], { units: 100, settled: 100, price: rupees(1015), shares: EQ }, [1_500 - 101_500, '0 0 100']],
    ['a call exercised for cash', CE, [100, 40], { units: 100, settled: 100, price: rupees(15) }, [-4_000 + 1_500, 'none']],
    ['a call assigned for cash', CE, [-100, 40], { units: -100, settled: 100, price: rupees(15) }, [4_000 - 1_500, 'none']],
    [
      'a call exercised for shares at the strike',
      CE,
      [100, 40],
      { units: 100, settled: 100, price: rupees(1000), shares: EQ },
      [-104_000, '0 0 100'],
    ],
    ['a put assigned: shares come in', PE, [-100, 25], { units: -100, settled: 100, price: rupees(1000), shares: EQ }, [2_500 - 100_000, '0 0 100']],
    ['an option that ends worthless', CE, [100, 40], { units: 100, settled: 0, price: 0 }, [-4_000, 'none']],
    ['half of it not exercised', CE, [200, 40], { units: 200, settled: 100, price: rupees(15) }, [-8_000 + 1_500, 'none']],
  ])('%s', (_what, of, [quantity, price], body, expected) => {
    const desk = openDesk();
    fill(desk, of, quantity, price, 'NRML');
    expect(desk.tell('ExerciseAssign', { account: 'A1', ...of, ...body })[0]?.event).toBe('ContractSettled');
    close(desk);
    expect([rupeesOf(desk, Client.cash) - CRORE, holding(desk.state)]).toEqual(expected);
    expect(desk.state.positions.f64(desk.state.positions.find(1, of.segment, of.token, 0), Position.net)).toBe(0);
  });

  it('delivery nets with the shares of the day: a put exercised against a purchase leaves only money', () => {
    const desk = openDesk();
    fill(desk, PE, 100, 25, 'NRML');
    fill(desk, EQ, 100, 980, 'CNC');
    desk.tell('ExerciseAssign', { account: 'A1', ...PE, units: 100, settled: 100, price: rupees(1000), shares: EQ });
    close(desk);
    expect([rupeesOf(desk, Client.cash) - CRORE, holding(desk.state)]).toEqual([-2_500 + 2_000, 'none']);
  });

  it('the clearing corporation’s units are the fact; a difference is a break', () => {
    const desk = openDesk();
    fill(desk, CE, 100, 40, 'NRML');
    const events = desk.tell('ExerciseAssign', { account: 'A1', ...CE, units: 200, settled: 200, price: rupees(15) });
    expect(events.map(({ event, breakKind }) => `${event} ${breakKind}`)).toEqual(['ContractSettled none', 'BreakOpened expiryMismatch']);
    close(desk);
    expect(rupeesOf(desk, Client.cash) - CRORE).toBe(-4_000 + 3_000);
  });
});

describe('a corporate action', () => {
  const act = (desk: Desk, of: InstrumentId, body: object) => desk.tell('ApplyCorporateAction', { ...of, reason: 'ex date', ...body });

  it('three for two: holdings grow, what cannot be halved is told', () => {
    const desk = openDesk();
    desk.tell('SetHoldings', { account: 'A1', ...EQ, free: 101, pledged: 10, t1: 3 });
    const [told] = act(desk, EQ, { newUnits: 3, oldUnits: 2 });
    // 114 × 3 = 342 = 170 × 2 + 2: one unit in two halves was cut.
    expect([told?.value, told?.limit, told?.leaves, holding(desk.state)]).toEqual([114, 170, 2, '151 15 4']);
  });

  it.each<[string, object, string, number]>([
    ['a split of the future: five for one', { newUnits: 5, oldUnits: 1 }, '500 @ 202 cost 100000', 0],
    ['a bonus of one for one', { newUnits: 2, oldUnits: 1 }, '200 @ 505 cost 100000', 0],
    ['an extraordinary dividend of Rs 30', { newUnits: 1, oldUnits: 1, payout: rupees(30) }, '100 @ 980 cost 97000', 0],
  ])('%s: value and gain stay', (_what, body, expected, cut) => {
    const desk = openDesk();
    fill(desk, FUT, 100, 1000, 'NRML');
    desk.send(marks([[FUT, 1010]]));
    const before = rupeesOf(desk, Client.unrealised);
    const [told] = act(desk, FUT, body);
    expect([position(desk.state, FUT), told?.leaves, rupeesOf(desk, Client.unrealised)]).toEqual([expected, cut, before]);
  });

  it('a contract that goes on under another token takes its position along', () => {
    const desk = openDesk();
    fill(desk, CE, -100, 40, 'NRML');
    act(desk, CE, { newUnits: 2, oldUnits: 1, newToken: 60_001 });
    expect([position(desk.state, CE), position(desk.state, { segment: 2, token: 60_001 })]).toEqual(['0 @ 40 cost 0', '-200 @ 20 cost -4000']);
    expect(rupeesOf(desk, Client.premium) / 100).toBe(-4_000);
  });

  it('waits for the market to be shut: not while an order is open', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    expect(act(desk, FUT, { newUnits: 2, oldUnits: 1 })[0]?.event).toBe('CommandRefused');
  });
});

describe('a trade that belongs to another', () => {
  it('leaves the one account and stands in the other under its own number', () => {
    const desk = openDesk();
    desk.account('ERROR', 100_000, { kind: 'ERROR' });
    desk.send(exchangeReport({ type: 'TRADE', trade: 'T900', quantity: 100, price: 1000, of: FUT, side: 'buy' }));
    const half = (way: string, account: string, of: { readonly segment: number; readonly token: number } = FUT) =>
      desk.tell('TransferTrade', {
        ...{ way, account, ...of, tradeDate: DAY, tradeId: 'T900', side: 'BUY', quantity: 100, price: rupees(1000) },
        ...{ product: 'NRML', reason: 'wrong client code' },
      })[0]?.event;
    expect([half('OUT', 'A1'), half('OUT', 'A1'), half('IN', 'ERROR'), half('IN', 'ERROR')]).toEqual([
      ...['TradeTransferred', 'CommandRefused', 'TradeTransferred', 'CommandRefused'],
    ]);
    const found: string[] = [];
    eachTrade(desk.state, ({ account, quantity, isBusted }) => found.push(`${account} ${quantity} ${isBusted}`));
    expect(found).toEqual(['A1 100 true', 'ERROR 100 false']);
    expect([position(desk.state, FUT), rupeesOf(desk, Client.turnover)]).toEqual(['0 @ 1000 cost 0', 0]);
    // And back, in the instrument it was meant for.
    const NEXT = { segment: 2, token: 60_001 };
    expect([half('OUT', 'ERROR'), half('IN', 'A1', NEXT), half('IN', 'A1', NEXT)]).toEqual([
      'TradeTransferred',
      'TradeTransferred',
      'CommandRefused',
    ]);
    expect([position(desk.state, FUT), position(desk.state, NEXT)?.split(' ')[0]]).toEqual(['0 @ 1000 cost 0', '100']);
  });
});
