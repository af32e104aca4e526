// Conversions between delivery and funding (MTF) as a risk officer reads them: INFY at Rs 1,000, a quarter of it the client's own, three quarters
// lent; delivery asks a fifth.
import { describe, expect, it } from 'vitest';
import { clientView, ExchangeSegment, portfolioView } from '../../engine/index.ts';
import { EQ, type InstrumentId, market, marketRows, marks, type OrderSpec, POLICY, placeOrder } from './builders.ts';
import type { Desk } from './desk.ts';
import { cash, drawn, fundingDesk, held, LAKH, lots, money, mtf, night, RUPEE, requirement, SHARES, traded } from './funding-desk.ts';

const convert = (at: Desk, from: string, to: string, quantity: number): ReturnType<Desk['tell']>[number] | undefined =>
  at.tell('ConvertPosition', { account: 'A1', ...EQ, from, to, quantity })[0];
const position = (at: Desk, product: number): number => portfolioView(at.state, 'A1')?.positions.find((each) => each.product === product)?.net ?? 0;
const CNC = 1;
const MTF = 4;

describe('delivery into funding', () => {
  it('takes today’s purchase along at its cost, asks the funded margin, and is a lot at the close', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000, 'CNC');
    expect(requirement(at)).toBe(20_000);
    expect(convert(at, 'CNC', 'MTF', 60)).toMatchObject({ event: 'PositionConverted', value: 60, limit: CNC, after: 23_000 * RUPEE });
    expect([position(at, CNC), position(at, MTF), drawn(at)]).toEqual([40, 60, 45_000]);
    night(at, 1000);
    expect(lots(at)).toEqual([[20261120, 60, 0, 60_000, 45_000]]);
    expect(held(at)).toMatchObject({ t1: 40 });
    expect(money(at)).toBe(10_000_000 - 40_000);
  });

  it('is for the day of the purchase: what was bought yesterday is no position any more', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000, 'CNC');
    night(at, 1000);
    expect(convert(at, 'CNC', 'MTF', 1)).toMatchObject({ event: 'CommandRefused' });
    expect(at.fold.refusal).toContain('above the position of 0');
  });

  it.each([
    ['a house that funds nobody', () => fundingDesk(SHARES, POLICY), 'not enabled'],
    ['a share on no list', () => fundingDesk(market()), 'not on the list'],
  ])('is refused by %s', (_what, desk, says) => {
    const at = desk();
    traded(at, 'buy', 10, 1000, 'CNC');
    expect(convert(at, 'CNC', 'MTF', 10)).toMatchObject({ event: 'CommandRefused' });
    expect(at.fold.refusal).toContain(says);
  });

  it('stays within what the client is sanctioned, and within its margin', () => {
    const at = fundingDesk();
    at.tell('SetLimit', { account: 'A1', maxFunded: 45_000 * RUPEE });
    traded(at, 'buy', 100, 1000, 'CNC');
    expect(convert(at, 'CNC', 'MTF', 61)).toMatchObject({ event: 'CommandRefused', reject: 'fundingLimit' });
    at.tell('SetCollateral', { account: 'A1', cash: 22_999 * RUPEE, cashEquivalent: 0, nonCash: 0 });
    expect(convert(at, 'CNC', 'MTF', 60)).toMatchObject({ event: 'CommandRefused', reject: 'insufficientMargin' });
    at.tell('SetCollateral', { account: 'A1', cash: 23_000 * RUPEE, cashEquivalent: 0, nonCash: 0 });
    expect(convert(at, 'CNC', 'MTF', 60)).toMatchObject({ event: 'PositionConverted' });
  });

  it('leaves what working delivery sales need', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000, 'CNC');
    at.send(placeOrder(mtf('sell', 70, { product: 'CNC' })));
    expect(convert(at, 'CNC', 'MTF', 31)).toMatchObject({ event: 'CommandRefused' });
    expect(convert(at, 'CNC', 'MTF', 30)).toMatchObject({ event: 'PositionConverted' });
  });
});

describe('funding into delivery', () => {
  it('repays the loan of the oldest lots out of the client’s cash; their shares are free, and nothing else changed', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    night(at, 1000);
    traded(at, 'buy', 50, 1040);
    night(at, 1040);
    expect(convert(at, 'MTF', 'CNC', 120)).toMatchObject({ event: 'PositionConverted', value: 120, limit: MTF, count: 90_600 * RUPEE });
    expect(lots(at)).toEqual([[20261123, 30, 0, 31_200, 23_400]]);
    expect(held(at)).toMatchObject({ free: 120 });
    // Rs 1,20,800 of shares left the funds for the holding: Rs 90,600 of loan in cash, Rs 30,200 that were the client's own.
    expect(cash(at)).toBe(10_000_000 - 25_000 - 13_000 - 90_600);
    expect(money(at)).toBe(10_000_000 - 120_800);
    expect(drawn(at)).toBe(23_400);
    traded(at, 'sell', 120, 1040, 'CNC');
    night(at);
    expect(money(at)).toBe(10_000_000 - 120_800 + 124_800);
  });

  it('gives what was bought today first, as a sale would: a purchase for delivery at its own price', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    night(at, 1000);
    traded(at, 'buy', 20, 1100);
    expect(convert(at, 'MTF', 'CNC', 30)).toMatchObject({ event: 'PositionConverted', count: 7_500 * RUPEE });
    expect([position(at, CNC), position(at, MTF), drawn(at)]).toEqual([20, 90, 67_500]);
    expect(portfolioView(at.state, 'A1')?.positions.find(({ product }) => product === CNC)?.averagePrice).toBe(11_000_000);
    night(at);
    expect(lots(at)).toEqual([[20261120, 90, 0, 90_000, 67_500]]);
    expect(held(at)).toMatchObject({ free: 10, t1: 20 });
    expect(money(at)).toBe(10_000_000 - 22_000 - 10_000);
  });

  it('what is left of today’s purchase keeps its own price', () => {
    const at = fundingDesk();
    traded(at, 'buy', 20, 1100);
    expect(convert(at, 'MTF', 'CNC', 10)).toMatchObject({ event: 'PositionConverted', count: 0 });
    traded(at, 'buy', 10, 1000);
    night(at);
    expect(lots(at)).toEqual([[20261120, 20, 0, 21_000, 15_750]]);
  });

  it('leaves the lots that the day has sold already to the sale', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    night(at, 1000);
    traded(at, 'buy', 100, 1040);
    night(at, 1040);
    traded(at, 'sell', 100, 1080);
    expect(convert(at, 'MTF', 'CNC', 100)).toMatchObject({ event: 'PositionConverted', count: 78_000 * RUPEE });
    expect(lots(at)).toEqual([[20261120, 100, 0, 100_000, 75_000]]);
    night(at);
    expect(lots(at)).toEqual([]);
    // Sold for Rs 1,08,000 what cost Rs 1,00,000; held for Rs 1,04,000.
    expect(money(at)).toBe(10_000_000 + 8_000 - 104_000);
    expect(held(at)).toMatchObject({ free: 100 });
  });

  it('needs the whole money in cash: collateral does not repay a loan, nor a delivery bought today', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    night(at, 1000);
    const rich = { account: 'A1', cashEquivalent: 10 * LAKH, nonCash: 10 * LAKH };
    at.tell('SetCollateral', { ...rich, cash: 74_999 * RUPEE });
    expect(convert(at, 'MTF', 'CNC', 100)).toMatchObject({ event: 'CommandRefused', reject: 'insufficientMargin' });
    at.tell('SetCollateral', { ...rich, cash: 80_000 * RUPEE });
    traded(at, 'buy', 6, 1000, 'CNC');
    expect(convert(at, 'MTF', 'CNC', 100)).toMatchObject({ event: 'CommandRefused', reject: 'insufficientMargin' });
    expect(convert(at, 'MTF', 'CNC', 98)).toMatchObject({ event: 'PositionConverted', count: 73_500 * RUPEE });
  });

  it('counts the loss of the lots that go, and leaves what else the client has covered', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    night(at);
    at.tell('SetCollateral', { account: 'A1', cash: 80_000 * RUPEE, cashEquivalent: 0, nonCash: 0 });
    traded(at, 'buy', 20, 1000);
    // 20 units of today go at no loan, 80 of the lot at Rs 60,000. Left are 20 units: Rs 5,000 by the file of the morning, and Rs 4,000 for the
    // delivery purchase, against Rs 20,000 of cash and Rs 5,000 in the lot less what the 40 units lose: Rs 400 each.
    at.send(marks([[EQ, 599.95]]));
    expect(convert(at, 'MTF', 'CNC', 100)).toMatchObject({ event: 'CommandRefused', reject: 'insufficientMargin' });
    at.send(marks([[EQ, 600]]));
    expect(convert(at, 'MTF', 'CNC', 100)).toMatchObject({ event: 'PositionConverted', count: 60_000 * RUPEE });
    expect(clientView(at.state, 'A1')).toMatchObject({ requirement: 9_000 * RUPEE, available: 9_000 * RUPEE });
  });

  it('leaves what is on sale', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100, 1000);
    at.send(placeOrder(mtf('sell', 70)));
    expect(convert(at, 'MTF', 'CNC', 31)).toMatchObject({ event: 'CommandRefused' });
    expect(at.fold.refusal).toContain('on sale');
    expect(convert(at, 'MTF', 'CNC', 30)).toMatchObject({ event: 'PositionConverted' });
  });

  it('goes by way of delivery: intraday and funding do not convert', () => {
    const at = fundingDesk();
    traded(at, 'buy', 10, 1000, 'MIS');
    expect(convert(at, 'MIS', 'MTF', 10)).toMatchObject({ event: 'CommandRefused' });
    expect(at.fold.refusal).toContain('from and to CNC only');
    expect(position(at, 2)).toBe(10);
  });
});

describe('a share on two exchanges', () => {
  const AT_BSE: InstrumentId = { segment: ExchangeSegment.BSE, token: 500_209 };
  const atBoth = (): ReturnType<typeof market> => {
    const rows = marketRows();
    const nse = rows.find(({ token }) => token === EQ.token);
    if (nse === undefined) return expect.fail('the market lists INFY');
    const listings = [EQ, AT_BSE].map(({ segment, token }) => [segment, token, 2_500] as const);
    const sameShare = [[EQ.segment, EQ.token, AT_BSE.segment, AT_BSE.token] as const];
    return market([...rows, { ...nse, ...AT_BSE, name: 'INFY-A' }], { funded: listings, sameShare });
  };

  it('is one in margin, but lots are of a listing: what NSE funded is not sold at BSE in MTF, and is once it is the client’s own', () => {
    const at = fundingDesk(atBoth());
    at.tell('UpdateAccount', { account: 'A1', segments: [1, 2, 4] });
    traded(at, 'buy', 100);
    night(at, 1000);
    const sale = (product: 'MTF' | 'CNC'): OrderSpec => mtf('sell', 10, { of: AT_BSE, product });
    expect(at.send(placeOrder(sale('MTF')))[0]).toMatchObject({ reject: 'insufficientHoldings', value: 10, limit: 0 });
    expect(at.send(placeOrder(sale('CNC')))[0]).toMatchObject({ reject: 'insufficientHoldings' });
    expect(convert(at, 'MTF', 'CNC', 10)).toMatchObject({ event: 'PositionConverted' });
    expect(at.send(placeOrder(sale('CNC')))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(at.send(placeOrder(mtf('buy', 10, { of: AT_BSE })))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(requirement(at)).toBe(25_000);
    expect(drawn(at)).toBe(75_000);
  });
});
