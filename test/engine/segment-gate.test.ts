// The gates of exchange segments through a day: who may open what, and what passes while they are shut.
import { describe, expect, it } from 'vitest';
import { dayView, SlotState } from '../../engine/index.ts';
import { cancelOrder, EQ, exchangeReport, FUT, placeOrder, replaceOrder, tickAt } from './builders.ts';
import { openDesk } from './desk.ts';

const set = (state: string, by: readonly string[], segment = 2): object => ({ segment, state, reason: 'drill', by });

describe('the gate of a segment', () => {
  it('stops what is new, not cancels, and other segments go on', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', quantity: 100 }));
    expect(desk.tell('SetSegmentState', set('CLOSED', ['night']))[0]).toMatchObject({ event: 'SegmentStateSet' });
    expect(desk.send(placeOrder({ id: 'b' }))[0]?.reject).toBe('segmentClosed');
    expect(desk.send(replaceOrder({ id: 'c', orig: 'a', quantity: 200 }))[0]?.reject).toBe('segmentClosed');
    expect(desk.send(cancelOrder({ id: 'd', orig: 'a' }))[0]?.event).toBe('CancelAccepted');
    expect(desk.send(placeOrder({ id: 'e', of: EQ, quantity: 1 }))[0]?.reject).not.toBe('segmentClosed');
    desk.tell('SetSegmentState', set('OPEN', ['night']));
    expect(desk.send(placeOrder({ id: 'f' }))[0]?.event).toBe('OrderAccepted');
  });

  it('lets exits through when two people say so, not one twice', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a', of: FUT, quantity: 100 }));
    desk.send(exchangeReport({ id: 'a', type: 'TRADE', trade: 'T1', quantity: 100, price: 1000 }));
    desk.tell('SetSegmentState', set('CLOSED', ['night']));
    for (const by of [['asha'], ['asha', 'asha']]) expect(desk.tell('SetSegmentState', set('REDUCE_ONLY', by))[0]?.event).toBe('CommandRefused');
    expect(desk.send(placeOrder({ id: 'b', side: 'sell', quantity: 100 }))[0]?.reject).toBe('segmentClosed');
    desk.tell('SetSegmentState', set('REDUCE_ONLY', ['asha', 'ravi']));
    expect(desk.send(placeOrder({ id: 'c', side: 'buy', quantity: 100 }))[0]?.reject).toBe('segmentClosed');
    expect(desk.send(placeOrder({ id: 'd', side: 'sell', quantity: 200 }))[0]?.reject).toBe('segmentClosed');
    expect(desk.send(placeOrder({ id: 'e', side: 'sell', quantity: 100 }))[0]?.event).toBe('OrderAccepted');
  });

  it('begins closed where the policy of the day says gated', () => {
    const desk = openDesk();
    desk.tell('SetSegmentState', set('CLOSED', ['night'], 1));
    desk.tell('CloseDay', { businessDate: 20261120 });
    const policy = { cashRateFloor: 2000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 10_000_000, gatedSegments: [2] };
    desk.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy });
    expect(desk.send(placeOrder({ id: 'a' }))[0]?.reject).toBe('segmentClosed');
    expect(desk.send(placeOrder({ id: 'b', of: EQ, quantity: 1 }))[0]?.reject).not.toBe('segmentClosed');
    desk.tell('SetSegmentState', set('OPEN', ['night']));
    expect(desk.send(placeOrder({ id: 'c' }))[0]?.event).toBe('OrderAccepted');
  });

  it('opens at its time, not before: by the order that comes then, and by the clock', () => {
    const desk = openDesk();
    const at = 9_000_000_000;
    desk.tell('SetSegmentState', set('CLOSED', ['night']));
    desk.tell('SetSegmentState', { ...set('OPEN', ['night']), from: at }, { time: 1 });
    const view = (): unknown => dayView(desk.state).gates;
    expect(view()).toEqual([{ segment: 2, state: 'CLOSED', next: { state: 'OPEN', at } }]);
    expect(desk.send(placeOrder({ id: 'a' }, { time: at - 1 }))[0]?.reject).toBe('segmentClosed');
    expect(desk.send(placeOrder({ id: 'b' }, { time: at }))[0]?.event).toBe('OrderAccepted');
    expect(desk.send(tickAt(at)).map(({ event, value, limit }) => [event, value, limit])).toEqual([['SegmentStateSet', 0, 1]]);
    expect(view()).toEqual([]);
    expect(desk.send(tickAt(at + 1))).toEqual([]);
  });

  it('what is said later stands in place of what was set for a time', () => {
    const desk = openDesk();
    desk.tell('SetSegmentState', set('CLOSED', ['night']));
    desk.tell('SetSegmentState', { ...set('OPEN', ['night']), from: 9e9 }, { time: 1 });
    desk.tell('SetSegmentState', set('CLOSED', ['asha']), { time: 2 });
    desk.send(tickAt(9e9));
    expect(desk.send(placeOrder({ id: 'a' }, { time: 9e9 }))[0]?.reject).toBe('segmentClosed');
  });

  it('goes back and forth the same in a slot that was stored between', () => {
    const desk = openDesk();
    desk.tell('SetSegmentState', set('CLOSED', ['night']));
    desk.tell('SetSegmentState', { ...set('OPEN', ['night']), from: 9e9 }, { time: 1 });
    const stored = SlotState.restore(0, desk.state.snapshot());
    stored.rebuild(desk.tables.get('table-1'));
    expect(stored.hash()).toBe(desk.state.hash());
    desk.state = stored;
    expect(desk.send(placeOrder({ id: 'a' }, { time: 9e9 }))[0]?.event).toBe('OrderAccepted');
  });
});
