// What the house lends all clients together (MTF), as slots have slices of it: taken by orders and conversions, given back when the slice is next
// set, asked of nobody else.
import { describe, expect, it } from 'vitest';
import { cheapestFix, RejectCode, SlotMemory, sliceViews, Verdict } from '../../engine/index.ts';
import { copyClient } from '../../engine/margin/basket-client.ts';
import { EQ, exchangeReport, placeOrder, replaceOrder } from './builders.ts';
import type { Desk } from './desk.ts';
import { DAYS, drawn, fundingDesk, LAKH, mtf, night, RUPEE, restarted, traded } from './funding-desk.ts';

/** A desk whose slot may lend Rs 1,50,000 in all: Rs 2,00,000 of shares; A1 and B1 are sanctioned Rs 10 lakh each. */
function slicedDesk(): Desk {
  const at = fundingDesk();
  at.account('B1', 10_000_000);
  at.tell('SetLimit', { account: 'B1', maxFunded: 10 * LAKH });
  at.tell('GrantSlice', { corporation: 'FUNDING', number: 1, slice: 150_000 * RUPEE });
  return at;
}
const lending = (at: Desk): { slice: number; used: number; isOn: boolean } => {
  const view = sliceViews(at.state).find(({ corporation }) => corporation === 'FUNDING');
  return { slice: (view?.slice ?? 0) / RUPEE, used: (view?.used ?? 0) / RUPEE, isOn: view?.isOn ?? false };
};
const recalled = (at: Desk, number: number, keep = 0): unknown => at.tell('RecallSlice', { corporation: 'FUNDING', number, keep })[0];

describe('what the house lends in all', () => {
  it('is spent by working purchases of any client, and says by how much it is passed', () => {
    const at = slicedDesk();
    expect(at.send(placeOrder(mtf('buy', 120)))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(lending(at)).toEqual({ slice: 150_000, used: 90_000, isOn: true });
    expect(at.send(placeOrder(mtf('buy', 81, { account: 'B1' })))[0]).toMatchObject({
      reject: 'fundingExhausted',
      value: 150_750 * RUPEE,
      limit: 150_000 * RUPEE,
      level: 2,
    });
    expect(at.send(placeOrder(mtf('buy', 80, { account: 'B1' })))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(at.send(placeOrder(mtf('buy', 1)))[0]).toMatchObject({ reject: 'fundingExhausted' });
  });

  it('names the most units that still pass as the cheapest fix, and none once it is spent', () => {
    const at = slicedDesk();
    at.send(placeOrder(mtf('buy', 120)));
    const fix = (units: number): unknown => cheapestFix(at.fold, at.state, placeOrder(mtf('buy', units, { account: 'B1' })));
    expect([fix(80), fix(81), fix(5_000)]).toEqual([undefined, { add: 0, hedge: null, tried: 0, units: 80 }, expect.objectContaining({ units: 80 })]);
    at.send(placeOrder(mtf('buy', 80, { account: 'B1' })));
    expect(fix(1)).toBeUndefined();
  });

  it('is not asked of sales, of other products, nor of a replace that draws no more', () => {
    const at = slicedDesk();
    traded(at, 'buy', 100);
    const working = mtf('buy', 100);
    at.send(placeOrder(working));
    expect(lending(at).used).toBe(150_000);
    expect(at.send(placeOrder(mtf('sell', 50)))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(at.send(placeOrder(mtf('buy', 50, { product: 'CNC' })))[0]).toMatchObject({ event: 'OrderAccepted' });
    expect(at.send(replaceOrder({ id: 'r1', orig: working.id, quantity: 101 }))[0]).toMatchObject({
      reject: 'fundingExhausted',
      value: 150_750 * RUPEE,
    });
    expect(at.send(replaceOrder({ id: 'r2', orig: working.id, quantity: 90 }))[0]).toMatchObject({ event: 'ReplaceAccepted' });
    expect(lending(at).used).toBe(150_000);
  });

  it('comes back when the slice is next set: what was cancelled and sold is no longer drawn', () => {
    const at = slicedDesk();
    traded(at, 'buy', 100);
    const working = mtf('buy', 100);
    at.send(placeOrder(working));
    at.send(exchangeReport({ id: working.id, type: 'CANCELED' }));
    traded(at, 'sell', 60);
    expect(lending(at).used).toBe(150_000);
    expect(recalled(at, 2, 40_000 * RUPEE)).toMatchObject({
      event: 'SliceRecalled',
      value: 40_000 * RUPEE,
      limit: 30_000 * RUPEE,
      count: 2,
      level: 4,
    });
    expect(recalled(at, 2)).toMatchObject({ value: 40_000 * RUPEE });
    expect(recalled(at, 3)).toMatchObject({ value: 30_000 * RUPEE });
    expect(at.tell('GrantSlice', { corporation: 'FUNDING', number: 4 })[0]).toMatchObject({ event: 'SliceGranted', value: 0 });
    expect(at.send(placeOrder(mtf('buy', 900)))[0]).toMatchObject({ event: 'OrderAccepted' });
  });

  it('counts lots over the night, and a conversion as an order', () => {
    const at = slicedDesk();
    traded(at, 'buy', 150);
    night(at, 1000);
    expect(recalled(at, 2, 150_000 * RUPEE)).toMatchObject({ limit: 112_500 * RUPEE });
    traded(at, 'buy', 100, 1000, 'CNC');
    const convert = (quantity: number): unknown => at.tell('ConvertPosition', { account: 'A1', ...EQ, from: 'CNC', to: 'MTF', quantity })[0];
    expect(convert(51)).toMatchObject({ event: 'CommandRefused', reject: 'fundingExhausted' });
    expect(convert(50)).toMatchObject({ event: 'PositionConverted' });
    expect([lending(at).used, drawn(at)]).toEqual([150_000, 150_000]);
    const lot = { account: 'B1', ...EQ, boughtOn: DAYS[0], units: 1, pledged: 0, cost: 1_000 * RUPEE, funded: 750 * RUPEE, reference: 'I' };
    expect(at.tell('ImportFundedLot', lot)[0]).toMatchObject({ event: 'MarginChanged' });
    expect(lending(at).used).toBe(150_750);
  });

  it('is known after a restart, asked of what-ifs and baskets, and explained', () => {
    const at = slicedDesk();
    traded(at, 'buy', 120);
    expect(sliceViews(restarted(at))).toEqual(sliceViews(at.state));
    for (const slot of [at.state, restarted(at), ...[true, false].map((holds) => copyClient(at.state, 2, new SlotMemory(), holds))]) {
      const asked = new Verdict();
      const account = 'B1';
      at.fold.whatIf(slot, placeOrder(mtf('buy', 81, { account })), asked);
      expect(asked).toMatchObject({ code: RejectCode.fundingExhausted, value: 150_750 * RUPEE });
    }
    const { checks } = at.fold.explain(at.state, placeOrder(mtf('buy', 81, { account: 'B1' })));
    expect(checks.find(({ check }) => check === 'fundingExhausted')).toMatchObject({ passed: false, decided: true, value: 150_750 * RUPEE });
  });
});
