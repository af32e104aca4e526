// When an order was accepted, as the API shows it: kept to the millisecond, of the day, through a snapshot, and never in the future.
import { expect, it } from 'vitest';
import { openOrderViews, SlotState } from '../../engine/index.ts';
import { placeOrder, tickAt } from './builders.ts';
import { openDesk } from './desk.ts';

const MIDNIGHT = Date.UTC(2026, 10, 20) * 1_000;
const HOUR = 3_600_000_000;

it.each([
  ['in the morning', MIDNIGHT + 3.75 * HOUR, MIDNIGHT + 10 * HOUR],
  ['before midnight, asked after it', MIDNIGHT + 23.9 * HOUR, MIDNIGHT + 25 * HOUR],
])('is the time of an order placed %s', (_when, placed, asked) => {
  const desk = openDesk();
  desk.send(placeOrder({ id: 'a' }, { time: placed + 123_456 }));
  desk.send(tickAt(asked));
  expect(openOrderViews(desk.state, 'A1').map(({ clOrdId, time }) => [clOrdId, time])).toEqual([['a', placed + 123_000]]);
  const restored = SlotState.restore(0, desk.state.snapshot());
  expect(openOrderViews(restored, undefined)[0]?.time).toBe(placed + 123_000);
});
