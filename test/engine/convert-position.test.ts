// Intraday into delivery and back: what moves, what it costs in margin, and what is refused.
import { describe, expect, it } from 'vitest';
import { Product } from '../../engine/index.ts';
import { Client } from '../../engine/state/client-table.ts';
import { Position } from '../../engine/state/position-table.ts';
import { EQ, exchangeReport, FUT, placeOrder } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const convert = (from: string, to: string, quantity: number, of = EQ): object => ({ account: 'A1', ...of, from, to, quantity });

function traded(side: 'buy' | 'sell', quantity: number, product: 'CNC' | 'MIS'): Desk {
  const desk = openDesk();
  desk.send(placeOrder({ id: 'a', of: EQ, side, quantity, product, price: 1500 }));
  desk.send(exchangeReport({ id: 'a', type: 'TRADE', trade: 'T1', side, quantity, price: 1500, of: EQ, product }));
  return desk;
}

/** Net and cost (rupees) of a product's row. */
function held(desk: Desk, product: number): (number | undefined)[] {
  const { positions } = desk.state;
  const row = positions.find(1, EQ.segment, EQ.token, product);
  return row === 0 ? [] : [positions.f64(row, Position.net), positions.f64(row, Position.cost) / 10_000];
}

describe('a conversion', () => {
  it('takes units and their cost along, and the day’s gain stays what it was', () => {
    const desk = traded('buy', 30, 'MIS');
    const gain = (): number => desk.state.clients.f64(1, Client.realised) + desk.state.clients.f64(1, Client.unrealised);
    const before = gain();
    const [told] = desk.tell('ConvertPosition', convert('MIS', 'CNC', 10));
    expect(told).toMatchObject({ event: 'PositionConverted', value: 10, limit: Product.MIS });
    expect([held(desk, Product.MIS), held(desk, Product.CNC)]).toEqual([
      [20, 30_000],
      [10, 15_000],
    ]);
    expect(gain()).toBe(before);
    desk.tell('ConvertPosition', convert('CNC', 'MIS', 10));
    expect([held(desk, Product.MIS), held(desk, Product.CNC)]).toEqual([
      [30, 45_000],
      [0, 0],
    ]);
  });

  it('needs margin where it asks for more: a sale out of holdings becomes an intraday short', () => {
    const desk = openDesk();
    desk.tell('SetHoldings', { account: 'A1', ...EQ, free: 100, pledged: 0, t1: 0 });
    desk.send(placeOrder({ id: 'a', of: EQ, side: 'sell', quantity: 100, product: 'CNC', price: 1500 }));
    desk.send(exchangeReport({ id: 'a', type: 'TRADE', trade: 'T1', side: 'sell', quantity: 100, price: 1500, of: EQ, product: 'CNC' }));
    desk.tell('SetCollateral', { account: 'A1', cash: 0, cashEquivalent: 0, nonCash: 0 });
    expect(desk.tell('ConvertPosition', convert('CNC', 'MIS', 100))[0]?.reject).toBe('insufficientMargin');
    expect(held(desk, Product.CNC)[0]).toBe(-100);
    desk.tell('SetCollateral', { account: 'A1', cash: 100_000_00, cashEquivalent: 0, nonCash: 0 });
    expect(desk.tell('ConvertPosition', convert('CNC', 'MIS', 100))[0]?.event).toBe('PositionConverted');
  });

  it('is refused where it cannot be', () => {
    const desk = traded('buy', 30, 'MIS');
    const refused = (body: object): void => {
      expect(desk.tell('ConvertPosition', body)[0]?.event, JSON.stringify(body)).toBe('CommandRefused');
      expect(desk.fold.refusal).not.toBe('');
    };
    refused(convert('MIS', 'CNC', 31));
    refused(convert('CNC', 'MIS', 1));
    refused(convert('MIS', 'MIS', 1));
    refused(convert('MIS', 'CNC', 1, FUT));
    refused(convert('MIS', 'NRML', 1));
    expect(held(desk, Product.MIS)).toEqual([30, 45_000]);
    const short = traded('sell', 30, 'MIS');
    expect(short.tell('ConvertPosition', convert('MIS', 'CNC', 30))[0]?.event).toBe('CommandRefused');
  });
});
