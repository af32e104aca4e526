// Who is due to be squared off, at what minute and for what. Figures by hand: a future asks Rs 185 a unit (scan 150, exposure 35), intraday shares 20 %.
import { describe, expect, it } from 'vitest';
import { type DueClient, squareOffDue } from '../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, type InstrumentId, marks, placeOrder } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const COMMODITY_CLOSE = 23 * 60 + 30;
/** A time of 20 November 2026 in India. */
const at = (hours: number, minutes: number): { now: number; commodityClose: number } => ({
  now: (Date.UTC(2026, 10, 20) / 60_000 - 330 + hours * 60 + minutes) * 60_000_000,
  commodityClose: COMMODITY_CLOSE,
});

let trades = 0;
function fill(desk: Desk, id: string, of: InstrumentId, side: 'buy' | 'sell', quantity: number, product: 'MIS' | 'NRML' | 'CNC'): void {
  trades += 1;
  desk.send(placeOrder({ id, of, side, quantity, product }));
  desk.send(exchangeReport({ id, type: 'TRADE', trade: `T${trades}`, of, side, quantity, price: 1000, product }));
}

const words = (due: readonly DueClient[]): string[] =>
  due.flatMap(({ account, reasons, orders, positions }) => [
    `${account}: ${reasons.map(({ cause }) => cause).join(', ')}`,
    ...orders.map(({ clOrdId }) => `cancel ${clOrdId}`),
    ...positions.map(({ token, units, cause }) => `${units > 0 ? 'sell' : 'buy'} ${Math.abs(units)} of ${token} (${cause})`),
  ]);

describe('square-off', () => {
  it('of intraday products begins at their time, market by market, and leaves what is carried', () => {
    const desk = openDesk();
    fill(desk, 'eq', EQ, 'buy', 10, 'MIS');
    fill(desk, 'cnc', EQ, 'buy', 5, 'CNC');
    fill(desk, 'carry', FUT, 'buy', 100, 'NRML');
    fill(desk, 'day', FUT, 'buy', 200, 'MIS');
    desk.send(placeOrder({ id: 'open', of: EQ, quantity: 3, product: 'MIS' }));
    expect(words(squareOffDue(desk.state, at(15, 19)))).toEqual([]);
    expect(words(squareOffDue(desk.state, at(15, 20)))).toEqual(['A1: productTime', 'cancel open', `sell 10 of ${EQ.token} (productTime)`]);
    expect(words(squareOffDue(desk.state, at(15, 25)))).toEqual([
      'A1: productTime, productTime',
      'cancel open',
      `sell 10 of ${EQ.token} (productTime)`,
      `sell 200 of ${FUT.token} (productTime)`,
    ]);
  });

  it('closes no more of an intraday product than is still there, and nothing that was turned round', () => {
    const desk = openDesk();
    fill(desk, 'day', FUT, 'buy', 300, 'MIS');
    fill(desk, 'out', FUT, 'sell', 200, 'NRML');
    expect(words(squareOffDue(desk.state, at(15, 25)))).toEqual(['A1: productTime', `sell 100 of ${FUT.token} (productTime)`]);
    fill(desk, 'short', FUT, 'sell', 400, 'NRML');
    expect(words(squareOffDue(desk.state, at(15, 25)))).toEqual([]);
  });

  it('for margin takes orders first, then the dearest underlying, never delivery shares', () => {
    const desk = openDesk();
    fill(desk, 'fut', FUT, 'buy', 100, 'NRML');
    desk.send(placeOrder({ id: 'more', of: FUT, quantity: 100 }));
    // 37,000 asked with the order, 18,500 without it.
    desk.tell('SetCollateral', { account: 'A1', cash: 20_000_00, cashEquivalent: 0, nonCash: 0 });
    const [due] = squareOffDue(desk.state, at(10, 0));
    expect(words(squareOffDue(desk.state, at(10, 0)))).toEqual(['A1: marginShortfall', 'cancel more']);
    expect(due?.reasons[0]).toEqual({ cause: 'marginShortfall', value: 37_000_00, limit: 20_000_00 });
    desk.tell('SetCollateral', { account: 'A1', cash: 10_000_00, cashEquivalent: 0, nonCash: 0 });
    expect(words(squareOffDue(desk.state, at(10, 0)))).toEqual(['A1: marginShortfall', 'cancel more', `sell 100 of ${FUT.token} (marginShortfall)`]);
  });

  it('at the loss limit takes everything but delivery, short legs first', () => {
    const desk = openDesk();
    fill(desk, 'fut', FUT, 'buy', 100, 'NRML');
    fill(desk, 'ce', CE, 'sell', 100, 'NRML');
    fill(desk, 'cnc', EQ, 'buy', 5, 'CNC');
    desk.tell('SetLimit', { account: 'A1', maxLoss: 4_000_00 });
    desk.send(marks([[FUT, 961]]));
    expect(words(squareOffDue(desk.state, at(10, 0)))).toEqual([]);
    desk.send(marks([[FUT, 960]]));
    const due = squareOffDue(desk.state, at(10, 0));
    expect(due[0]?.reasons[0]).toEqual({ cause: 'lossLimit', value: 4_000_00, limit: 4_000_00 });
    expect(words(due)).toEqual(['A1: lossLimit', `buy 100 of ${CE.token} (lossLimit)`, `sell 100 of ${FUT.token} (lossLimit)`]);
  });

  it('of a killed or frozen client cancels what works, and closes nothing by itself', () => {
    const desk = openDesk();
    fill(desk, 'fut', FUT, 'buy', 100, 'NRML');
    desk.send(placeOrder({ id: 'open', of: FUT, quantity: 100 }));
    desk.tell('EngageKillSwitch', { scope: 'ACCOUNT', account: 'A1', reason: 'test', by: 'asha' });
    expect(words(squareOffDue(desk.state, at(10, 0)))).toEqual(['A1: killed', 'cancel open']);
    desk.send(exchangeReport({ id: 'open', type: 'CANCELED' }));
    expect(words(squareOffDue(desk.state, at(10, 0)))).toEqual([]);
  });
});
