// Margin trading funding (MTF) as a risk officer reads it: INFY at Rs 1,000 may be bought with a quarter of its price, the house lends the rest. Lots
// follow what was bought and sold net each day, first in first out; cost, loan and margin are told to the paisa.
import { describe, expect, it } from 'vitest';
import { cheapestFix, fundingView, marginExplanation, portfolioView, RejectCode, SlotMemory, type SlotState, Verdict } from '../../engine/index.ts';
import { copyClient } from '../../engine/margin/basket-client.ts';
import { EQ, exchangeReport, market, marketRows, marks, POLICY, placeOrder, replaceOrder, T2T } from './builders.ts';
import {
  available,
  cash,
  DAYS,
  drawn,
  fundingDesk,
  held,
  LAKH,
  lots,
  money,
  mtf,
  night,
  POLICY_MTF,
  RUPEE,
  requirement,
  SHARES,
  traded,
} from './funding-desk.ts';

describe('who may be funded', () => {
  it('nobody, where the house does not offer it', () => {
    const at = fundingDesk(SHARES, POLICY);
    expect(at.send(placeOrder(mtf('buy', 10)))[0]).toMatchObject({ event: 'OrderRejected', reject: 'orderTypeNotAllowed' });
  });

  it.each([
    ['a share on no list', market(), EQ, 'fundingNotAllowed'],
    ['a trade-to-trade share, list or not', market(marketRows(), { funded: [[T2T.segment, T2T.token, 5_000]] }), T2T, 'orderTypeNotAllowed'],
  ])('not %s', (_what, table, of, reject) => {
    const at = fundingDesk(table);
    expect(at.send(placeOrder(mtf('buy', 10, { of })))[0]).toMatchObject({ event: 'OrderRejected', reject });
  });

  it('not a client that is not enabled, but one who was may always sell', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    at.tell('SetLimit', { account: 'A1', maxFunded: 0 });
    expect(at.send(placeOrder(mtf('buy', 1)))[0]).toMatchObject({ reject: 'fundingNotAllowed', limit: 0 });
    expect(at.send(placeOrder(mtf('sell', 100)))[0]).toMatchObject({ event: 'OrderAccepted' });
  });

  it('not beyond the sanction: bought, working and asked for count, what is sold back and cancelled no more', () => {
    const at = fundingDesk();
    traded(at, 'buy', 600);
    // Rs 6,00,000 at 25 %: Rs 4,50,000 lent; working 700 more draw Rs 5,25,000.
    expect(drawn(at)).toBe(450_000);
    const working = mtf('buy', 700);
    at.send(placeOrder(working));
    expect(drawn(at)).toBe(975_000);
    expect(at.send(placeOrder(mtf('buy', 34)))[0]).toMatchObject({ reject: 'fundingLimit', value: 1_000_500 * RUPEE, limit: 10 * LAKH, level: 3 });
    expect(at.send(placeOrder(mtf('buy', 33)))[0]).toMatchObject({ event: 'OrderAccepted' });
    at.send(exchangeReport({ id: working.id, type: 'CANCELED' }));
    traded(at, 'sell', 600);
    expect(drawn(at)).toBe(24_750);
  });

  it('not beyond what the house lends anybody, and a replace by its own new size alone', () => {
    const at = fundingDesk();
    at.tell('SetLimit', { account: 'A1', maxFunded: 90 * LAKH });
    const first = mtf('buy', 6_000);
    expect(at.send(placeOrder(first))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(at.send(replaceOrder({ id: 'r1', orig: first.id, quantity: 6_666 }))[0]).toMatchObject({ event: 'ReplaceAccepted' });
    at.send(exchangeReport({ id: 'r1', type: 'REPLACED', orderQuantity: 6_666, orderPrice: 1000 }));
    expect(at.send(replaceOrder({ id: 'r2', orig: 'r1', quantity: 6_667 }))[0]).toMatchObject({ reject: 'fundingLimit', limit: 50 * LAKH, level: 2 });
  });

  it('is asked of a what-if and explained as of an order', () => {
    const at = fundingDesk();
    const before = at.state.hash();
    const asked = new Verdict();
    at.fold.whatIf(at.state, placeOrder(mtf('buy', 10_000)), asked);
    expect(asked).toMatchObject({ code: RejectCode.fundingLimit, value: 75 * LAKH, limit: 10 * LAKH });
    const { checks } = at.fold.explain(at.state, placeOrder(mtf('buy', 10_000)));
    expect(checks.find(({ check }) => check === 'fundingLimit')).toMatchObject({ passed: false, decided: true });
    expect(at.state.hash()).toBe(before);
  });

  it('beyond it the cheapest fix is fewer units: the most that pass, or none', () => {
    const at = fundingDesk();
    traded(at, 'buy', 600);
    // Rs 5,50,000 are left to be lent: Rs 7,33,334 of shares, by what the house rounds down.
    expect(cheapestFix(at.fold, at.state, placeOrder(mtf('buy', 1_000)))).toEqual({ add: 0, hedge: null, tried: 0, units: 733 });
    expect(cheapestFix(at.fold, at.state, placeOrder(mtf('buy', 733)))).toBeUndefined();
    at.tell('SetLimit', { account: 'A1', maxFunded: 450_000 * RUPEE });
    expect(cheapestFix(at.fold, at.state, placeOrder(mtf('buy', 1)))).toBeUndefined();
  });

  it('is asked of a basket with what the client has, or with its limits alone', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1000);
    traded(at, 'buy', 10);
    const [whole, bare] = [true, false].map((holds) => copyClient(at.state, 1, new SlotMemory(), holds));
    expect(fundingView(whole as SlotState, 'A1')).toEqual(fundingView(at.state, 'A1'));
    expect(fundingView(bare as SlotState, 'A1')).toMatchObject({ sanctioned: 10 * LAKH, lent: 0, drawn: 0, lots: [] });
    const most = mtf('buy', 1_224);
    const [beside, alone] = [whole, bare].map((slot) => {
      const asked = new Verdict();
      at.fold.whatIf(slot as SlotState, placeOrder(most), asked);
      return [asked.code, asked.code === 0 ? 0 : asked.value];
    });
    // 1,224 draw Rs 9,18,000; with 110 held Rs 10,00,500.
    expect([beside, alone]).toEqual([
      [RejectCode.fundingLimit, 1_000_500 * RUPEE],
      [0, 0],
    ]);
  });
});

describe('a funded purchase', () => {
  it('asks a quarter of its value, working and filled, and more where the share is more volatile', () => {
    const at = fundingDesk();
    const order = mtf('buy', 100);
    at.send(placeOrder(order));
    expect(requirement(at)).toBe(25_000);
    at.send(exchangeReport({ id: order.id, type: 'TRADE', trade: 'T1', quantity: 100, price: 1000, of: EQ, side: 'buy' }));
    expect(requirement(at)).toBe(25_000);
    const volatile = fundingDesk(market(marketRows(), { funded: [[EQ.segment, EQ.token, 3_850]] }));
    traded(volatile, 'buy', 100);
    expect(requirement(volatile)).toBe(38_500);
    expect(drawn(volatile)).toBe(61_500);
  });

  it.each([
    ['VaR and five times ELM', 'cash.mtf.elmOther', 'C_VAR1_20112026_1.DAT, mtf_20261120.csv'],
    ['the house’s own figure', 'cash.mtf.house', 'mtf_20261120.csv'],
  ])('names %s as the rule of its margin, with the files and the share it was read from', (_what, rule, file) => {
    const sources = [
      { role: 'var', file: 'C_VAR1_20112026_1.DAT', sha256: '' },
      { role: 'funded', file: 'mtf_20261120.csv', sha256: '' },
    ];
    const at = fundingDesk(market(marketRows(), { funded: [[EQ.segment, EQ.token, 3_850, rule]], sources }));
    traded(at, 'buy', 100);
    const [positions] = marginExplanation(at.state, 'A1')?.requirement.children ?? [];
    expect(positions?.children).toMatchObject([{ label: expect.stringContaining('100 of 100 at 38.5 %'), rule, file, row: 'INFY' }]);
  });

  it('is carried at the close as a lot of its day: no unit is on its way to the client, its cash pays a quarter and the house lends the rest', () => {
    const at = fundingDesk();
    traded(at, 'buy', 60, 1000);
    traded(at, 'buy', 40, 1010);
    traded(at, 'sell', 20, 1020);
    const [carried] = night(at, 1000).filter(({ event }) => event === 'DayCarried');
    // Bought 100 for Rs 1,00,400; 20 of them, Rs 20,080, sold for Rs 20,400. The house lends 75 % of Rs 80,320.
    expect(carried).toMatchObject({ value: (20_400 - 100_400 + 60_240) * RUPEE, count: 80 });
    expect(lots(at)).toEqual([[20261120, 80, 0, 80_320, 60_240]]);
    expect(held(at)).toBeUndefined();
    expect(cash(at)).toBe(10_000_000 - 19_760);
    expect(money(at)).toBe(10_000_320);
    expect(requirement(at)).toBe(20_000);
    expect(available(at)).toBe(10_000_320 - 320);
  });

  it('falls against its client in full, and makes a margin call of a fall', () => {
    const at = fundingDesk();
    at.tell('SetCollateral', { account: 'A1', cash: 26_000 * RUPEE, cashEquivalent: 0, nonCash: 0 });
    traded(at, 'buy', 100);
    night(at);
    expect([requirement(at), available(at)]).toEqual([25_000, 26_000]);
    at.send(marks([[EQ, 980]]));
    // Rs 24,000 are left against Rs 25,000 by the file of the morning: no more of it, but out of it always.
    expect([requirement(at), available(at)]).toEqual([25_000, 24_000]);
    expect(at.send(placeOrder(mtf('buy', 1)))[0]).toMatchObject({ reject: 'insufficientMargin' });
    expect(at.send(placeOrder(mtf('sell', 100, { price: 980 })))[0]).toMatchObject({ event: 'OrderAccepted' });
  });
});

describe('a funded sale', () => {
  it('sells what is funded and nothing else: not the free holding, not twice', () => {
    const at = fundingDesk();
    at.tell('SetHoldings', { account: 'A1', ...EQ, free: 500, pledged: 0, t1: 0 });
    expect(at.send(placeOrder(mtf('sell', 1)))[0]).toMatchObject({ reject: 'insufficientHoldings', value: 1, limit: 0 });
    traded(at, 'buy', 100);
    at.send(placeOrder(mtf('sell', 60)));
    expect(at.send(placeOrder(mtf('sell', 41)))[0]).toMatchObject({ reject: 'insufficientHoldings', value: 101, limit: 100 });
    expect(at.send(placeOrder(mtf('sell', 500, { product: 'CNC' })))[0]).toMatchObject({ event: 'OrderAccepted' });
  });

  it('takes lots first in first out, each with its part of cost and loan; gain and loss become cash', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    night(at, 1000);
    traded(at, 'buy', 50, 1040);
    night(at, 1040);
    expect(lots(at)).toEqual([
      [20261120, 100, 0, 100_000, 75_000],
      [20261123, 50, 0, 52_000, 39_000],
    ]);
    at.send(marks([[EQ, 1050]]));
    traded(at, 'sell', 120, 1050);
    night(at, 1050);
    expect(lots(at)).toEqual([[20261123, 30, 0, 31_200, 23_400]]);
    // Sold for Rs 1,26,000 what cost Rs 1,00,000 and Rs 20,800.
    expect(money(at)).toBe(10_000_000 + 5_200);
    expect(portfolioView(at.state, 'A1')?.positions).toMatchObject([{ product: 4, net: 30, averagePrice: 10_400_000, realised: 0 }]);
    traded(at, 'sell', 30, 1000);
    night(at);
    expect(lots(at)).toEqual([]);
    expect(fundingView(at.state, 'A1')).toMatchObject({ lent: 0, drawn: 0, lots: [], bought: [] });
    expect(money(at)).toBe(10_000_000 + 5_200 - 1_200);
  });

  it('nets with the purchases of its day first, as it settles', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    night(at, 1000);
    traded(at, 'sell', 30, 1010);
    traded(at, 'buy', 50, 1000);
    night(at, 1000);
    expect(lots(at)).toEqual([
      [20261120, 100, 0, 100_000, 75_000],
      [20261123, 20, 0, 20_000, 15_000],
    ]);
    expect(money(at)).toBe(10_000_300);
  });

  it('beyond what is funded, as an overfill may, is owed as a delivery sale', () => {
    const at = fundingDesk();
    at.tell('SetHoldings', { account: 'A1', ...EQ, free: 5, pledged: 0, t1: 0 });
    traded(at, 'buy', 100);
    night(at, 1000);
    const order = mtf('sell', 100);
    at.send(placeOrder(order));
    at.send(exchangeReport({ id: order.id, type: 'TRADE', trade: 'T-over', quantity: 105, price: 1000, of: EQ, side: 'sell' }));
    night(at);
    expect(lots(at)).toEqual([]);
    expect(held(at)).toMatchObject({ free: 0, t1: 0 });
    expect(money(at)).toBe(10_000_000 + 5_000);
  });
});

describe('what is busted and corrected', () => {
  it('a purchase taken back on its day leaves no lot', () => {
    const at = fundingDesk();
    const order = mtf('buy', 100);
    at.send(placeOrder(order));
    at.send(exchangeReport({ id: order.id, type: 'TRADE', trade: 'T1', quantity: 60, price: 1000, of: EQ, side: 'buy' }));
    at.send(exchangeReport({ id: order.id, type: 'TRADE', trade: 'T2', quantity: 40, price: 1000, of: EQ, side: 'buy' }));
    at.send(exchangeReport({ id: order.id, type: 'TRADE_CANCEL', trade: 'T1', ref: 'T1', of: EQ, side: 'buy' }));
    at.send(exchangeReport({ id: order.id, type: 'TRADE_CORRECT', trade: 'T2', ref: 'T2', quantity: 30, price: 1010, of: EQ, side: 'buy' }));
    night(at, 1010);
    expect(lots(at)).toEqual([[20261120, 30, 0, 30_300, 22_725]]);
    expect(money(at)).toBe(10_000_000);
  });

  it('a sale that comes after the close is taken out of the lots at the next', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    at.tell('CloseDay', { businessDate: DAYS[0] });
    at.send(exchangeReport({ type: 'TRADE', trade: 'late', quantity: 10, price: 1010, of: EQ, side: 'sell', product: 'MTF' }));
    at.tell('OpenDay', { businessDate: DAYS[1], ruleSet: 1, policy: POLICY_MTF });
    expect(money(at)).toBe(10_000_100);
    night(at, 1010);
    expect(lots(at)).toEqual([[20261120, 90, 0, 90_000, 67_500]]);
    expect(money(at)).toBe(10_000_100);
  });
});
