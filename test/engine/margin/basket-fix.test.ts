// A refusal for margin names what would help: so much money, or an option to buy first, and with that option held the live decision does pass.
import { describe, expect, it } from 'vitest';
import { cheapestFix, Verdict } from '../../../engine/index.ts';
import { CE, exchangeReport, market, marketRows, type OrderSpec, PE, placeOrder, rupees } from '../builders.ts';
import { type Desk, openDesk } from '../desk.ts';

const FAR_CE = { segment: 2, token: 53010 };
/** A call further out: cheap, and a gain in every rise. */
const rows = marketRows().map((row) => (row.token === CE.token || row.token === PE.token ? { ...row, bandHigh: rupees(500) } : row));
const call = rows.find((row) => row.token === CE.token);
if (call === undefined) throw new Error('the small market has a call');
const far = {
  ...call,
  ...FAR_CE,
  name: 'INFY26DEC1100CE',
  strike: rupees(1100),
  price: 500,
  previousClose: rupees(5),
  riskArray: Array.from(call.riskArray, (x) => Math.min(500, Math.round(x * 0.8))),
};

const sell: OrderSpec = { id: 'S1', of: CE, side: 'sell', quantity: 1000, price: 40 };

function deskWith(cash: number): Desk {
  const of = openDesk(market([...rows, far]));
  of.account('B1', cash);
  return of;
}

describe('the cheapest fix', () => {
  it('is money, and a hedge that costs less and is enough', () => {
    const of = deskWith(100_000);
    const command = placeOrder({ ...sell, account: 'B1' });
    const verdict = new Verdict();
    of.fold.whatIf(of.state, command, verdict);
    const before = of.state.hash();
    const fix = cheapestFix(of.fold, of.state, command);
    expect(of.state.hash()).toBe(before);
    expect(fix?.add).toBe(verdict.requirementAfter - verdict.available);
    expect(fix?.hedge).toMatchObject({ name: 'INFY26DEC1100CE', units: 1000, price: rupees(5), premium: 500_000 });
    // Bought for real, the order passes.
    of.send(exchangeReport({ account: 'B1', type: 'TRADE', trade: 'H', quantity: 1000, price: 5, of: FAR_CE, side: 'buy', product: 'NRML' }));
    const placed = of.send(command)[0];
    expect(placed).toMatchObject({ event: 'OrderAccepted', after: fix?.hedge?.requirementAfter, available: fix?.hedge?.availableAfter });
  });

  it('is money alone where no hedge is enough, and nothing where margin is not the reason', () => {
    const poor = deskWith(1_000);
    expect(cheapestFix(poor.fold, poor.state, placeOrder({ ...sell, account: 'B1' }))).toMatchObject({ hedge: null, tried: 1 });
    const rich = deskWith(100_000_000);
    expect(cheapestFix(rich.fold, rich.state, placeOrder({ ...sell, account: 'B1' }))).toBeUndefined();
    expect(cheapestFix(poor.fold, poor.state, placeOrder({ ...sell, account: 'B1', quantity: 10 }))).toBeUndefined();
    expect(cheapestFix(poor.fold, poor.state, placeOrder({ id: 'x', account: 'B1', of: CE, quantity: 1000, price: 90 }))).toMatchObject({
      hedge: null,
      tried: 0,
    });
  });
});
