// A purchase with funding (MTF) beside a delivery of the same share that the client has no units for: the clearing corporation nets both, so nothing
// is paid out that could be pledged. The close makes no lot of what nets; the client pays for it in full, and owes as much less. INFY at Rs 1,000; a
// future on it ends and is delivered.
import { describe, expect, it, test } from 'vitest';
import { buildParameterTable, ExchangeSegment, type ParameterTable, Product, portfolioView } from '../../engine/index.ts';
import { EQ, exchangeReport, FUT, type InstrumentId, market, marketRows, POLICY, rupees } from './builders.ts';
import type { Desk } from './desk.ts';
import { available, cash, DAYS, drawn, fundingDesk, lots, money, night, traded } from './funding-desk.ts';

const AT_BSE: InstrumentId = { segment: ExchangeSegment.BSE, token: 500_209 };

/** Shares that the client's future makes it deliver at Rs 1,000. */
function delivered(at: Desk, units: number): void {
  at.send(exchangeReport({ type: 'TRADE', trade: `F${units}`, of: FUT, side: 'sell', quantity: units, price: 1_000, product: 'NRML' }));
  const [event] = at.tell('ExerciseAssign', { account: 'A1', ...FUT, units: -units, settled: units, price: rupees(1_000), shares: EQ });
  expect(event).toMatchObject({ event: 'ContractSettled', limit: -units });
}
const nets = (at: Desk): unknown[] =>
  (portfolioView(at.state, 'A1')?.positions ?? []).filter(({ net }) => net !== 0).map(({ product, net }) => [product, net]);

describe('bought 100 with funding, to be delivered on the same day', () => {
  // Units to deliver, free: units of the lot, what is still owed.
  test.each([
    [300, 0, 0, -200],
    [100, 0, 0, 0],
    [40, 0, 60, 0],
    [40, 40, 100, 0],
    [300, 250, 50, 0],
    [300, 120, 0, -80],
  ])('%i units, %i of them held: a lot of %i, short %i', (units, free, lot, short) => {
    const at = fundingDesk();
    at.tell('SetHoldings', { account: 'A1', ...EQ, free, pledged: 0, t1: 0 });
    const before = cash(at);
    traded(at, 'buy', 100);
    delivered(at, units);
    night(at, 1_000);
    expect(lots(at)).toEqual(lot === 0 ? [] : [[DAYS[0], lot, 0, lot * 1_000, lot * 750]]);
    expect(nets(at)).toEqual([...(lot === 0 ? [] : [[Product.MTF, lot]]), ...(short === 0 ? [] : [[Product.CNC, short]])]);
    expect(drawn(at)).toBe(lot * 750);
    // Received for what was delivered, paid for what was bought, less what the house lent.
    expect(cash(at)).toBe(before + units * 1_000 - 100_000 + lot * 750);
    expect(money(at)).toBe(before + (units - 100) * 1_000 + lot * 1_000);
  });

  it('at the price it was bought at, in part: the rest of the purchase keeps its own', () => {
    const at = fundingDesk();
    traded(at, 'buy', 50, 990);
    traded(at, 'buy', 50, 1_010);
    delivered(at, 30);
    night(at, 1_000);
    expect(lots(at)).toEqual([[DAYS[0], 70, 0, 70_000, 52_500]]);
  });

  it('out of an older lot nothing nets: it is pledged, and the delivery stays owed', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1_000);
    delivered(at, 30);
    night(at, 1_000);
    expect(lots(at)).toEqual([[DAYS[0], 100, 0, 100_000, 75_000]]);
    expect(nets(at)).toEqual([
      [Product.MTF, 100],
      [Product.CNC, -30],
    ]);
  });

  it('of two listings: bought at BSE nets with a delivery at NSE, the leading listing’s purchase first', () => {
    const at = fundingDesk(twoListings(), { ...POLICY, fundingLimit: 500_000_000 });
    traded(at, 'buy', 60);
    traded(at, 'buy', 40, 1_000, 'MTF', AT_BSE);
    delivered(at, 75);
    night(at, 1_000);
    expect(lots(at)).toEqual([[DAYS[0], 25, 0, 25_000, 18_750]]);
    expect(nets(at)).toEqual([[Product.MTF, 25]]);
    expect(available(at)).toBe(10_000_000 - 25_000 + 75_000 - 75_000 + 25_000);
  });
});

/** INFY at both exchanges, funded at both. */
function twoListings(): ParameterTable {
  const rows = marketRows();
  const [nse] = rows;
  if (nse === undefined) throw new Error('the market has no share');
  const { details } = market();
  const listed = {
    sameShare: [[EQ.segment, EQ.token, AT_BSE.segment, AT_BSE.token] as const],
    funded: [[EQ.segment, EQ.token, 2_500] as const, [AT_BSE.segment, AT_BSE.token, 2_500] as const],
  };
  const top = { symbol: 'INFY', somRate: 0, calendarRateMax: 0, spot: rupees(1000), tierCount: 1 };
  return buildParameterTable(20261120, [...rows, { ...nse, ...AT_BSE, name: 'INFY-A' }], [top], { ...details, ...listed });
}
