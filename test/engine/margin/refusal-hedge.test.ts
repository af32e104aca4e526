// A refusal for margin carries the hedge in its event: the one the slow search finds, at most one search a second in a slot, and the slot's book as it was.
import { describe, expect, it } from 'vitest';
import { cheapestFix, EVENT_BYTES, EventField, EventView, EventWriter, SlotState } from '../../../engine/index.ts';
import { CE, exchangeReport, market, marketRows, type OrderSpec, PE, placeOrder, rupees } from '../builders.ts';
import { type Desk, openDesk } from '../desk.ts';

const SECOND = 1_000_000;
const FAR_CE = { segment: 2, token: 53_010 };
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
const sell = (id: string, more: Partial<OrderSpec> = {}): OrderSpec => ({
  id,
  account: 'B1',
  of: CE,
  side: 'sell',
  quantity: 1000,
  price: 40,
  ...more,
});

function desk(cash: number): Desk {
  const of = openDesk(market([...rows, far]));
  of.account('B1', cash);
  return of;
}

/** The hedge an order's refusal names, [token, units, rupees]; undefined: none. */
function named(of: Desk, order: OrderSpec, time: number): readonly number[] | undefined {
  const events = new EventWriter();
  of.fold.fold(of.state, placeOrder(order, { time }), undefined, events);
  expect(events.count).toBe(1);
  const event = new EventView().wrap(events.bytes, events.data, EVENT_BYTES * 0);
  expect(event.rejectCode).toBe(26);
  if (event.u8(EventField.hasHedge) === 0) return undefined;
  return [event.u32(EventField.hedgeToken), event.f64(EventField.hedgeQuantity), event.f64(EventField.hedgePrice) / 10_000];
}

describe('the hedge of a refusal', () => {
  it('is the one the slow search finds, and with it bought the order passes', () => {
    const of = desk(100_000);
    const fix = cheapestFix(of.fold, of.state, placeOrder(sell('slow')));
    expect(named(of, sell('a'), SECOND)).toEqual([fix?.hedge?.token, fix?.hedge?.units, (fix?.hedge?.price ?? 0) / 10_000]);
    of.send(exchangeReport({ account: 'B1', type: 'TRADE', trade: 'H', quantity: 1000, price: 5, of: FAR_CE, side: 'buy', product: 'NRML' }));
    expect(of.send(placeOrder(sell('b')))[0]?.event).toBe('OrderAccepted');
  });

  it('is looked for once a second of command time in a slot', () => {
    const of = desk(100_000);
    const times = [SECOND, SECOND + 1, 2 * SECOND - 1, 2 * SECOND, 2 * SECOND + 1];
    expect(times.map((time, i) => named(of, sell(`o${i}`), time) !== undefined)).toEqual([true, false, false, true, false]);
  });

  it.each([
    ['too poor for any', 1_000, {}],
    ['a future in the pre-open session, where nothing nets', 10_000, { of: { segment: 2, token: 53_001 }, price: 1000 }],
  ])('is none: %s', (what, cash, more) => {
    const of = desk(cash);
    if (what.includes('pre-open')) of.tell('SetSegmentState', { segment: 2, state: 'PRE_OPEN', reason: 'session', by: ['clock'] });
    expect(named(of, sell('a', more), SECOND)).toBeUndefined();
  });

  it('leaves the book as it was, and the state one that a replay comes to', () => {
    const of = desk(100_000);
    of.send(placeOrder({ id: 'w', account: 'B1', of: CE, side: 'sell', quantity: 100, price: 40 }));
    const before = of.state.derived.book?.underlyingMargins(2);
    for (let i = 1; i <= 20; i++) named(of, sell(`o${i}`), i * SECOND);
    expect(of.state.derived.book?.underlyingMargins(2)).toEqual(before);
    const stored = SlotState.restore(0, of.state.snapshot());
    stored.rebuild(of.tables.get('table-1'));
    expect([stored.hash(), stored.derived.book?.requirement(2)]).toEqual([of.state.hash(), of.state.derived.book?.requirement(2)]);
  });
});
