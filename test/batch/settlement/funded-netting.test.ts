// Shares bought with funding (MTF) that never become a whole lot: bought beside a delivery the client has no units for, which the clearing corporation
// nets; and sold on the Sunday session of the 8th of November 2026, before Friday's purchase has come. Both settle on Monday the 9th, one after the other.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FundingEngine } from './funding-engine.ts';
import { UnitWorld } from './units-world.ts';

const [FRIDAY, SUNDAY, MONDAY] = ['2026-11-06', '2026-11-08', '2026-11-09'] as const;

let world: UnitWorld;
let engine: FundingEngine;
const lots: Record<string, string[]> = {};

beforeAll(async () => {
  world = await UnitWorld.begin({
    holdings: ['C1 SBIN 300', 'C5 SBIN 25', 'C8 INFY 20', 'C9 INFY 40'],
    trades: {
      [FRIDAY]: [
        ...['S C1 SBIN 254', 'B C2 SBIN 104 MTF', 'S C5 SBIN 40', 'B C5 SBIN 100 MTF', 'B C6 SBIN 90'],
        ...['S C9 INFY 30', 'B C8 INFY 30 MTF'],
        ...['S C4 RELIANCE 50', 'B C4 RELIANCE 30 MTF', 'B C6 RELIANCE 20'],
      ],
      [SUNDAY]: ['S C2 SBIN 4 MTF', 'B C3 SBIN 4', 'S C8 INFY 2 MTF', 'B C3 INFY 2'],
      [MONDAY]: [],
    },
    faults: '',
  });
  engine = new FundingEngine(world);
  await engine.open(FRIDAY);
  await world.evening(FRIDAY);
  await engine.open(SUNDAY);
  lots['friday'] = await engine.lots();
  await world.evening(SUNDAY);
  await engine.open(MONDAY);
  await world.settle(FRIDAY);
  await world.settle(SUNDAY);
  await world.evening(MONDAY);
}, 60_000);
afterAll(() => world.end());

it('what nets with a delivery is no lot: of 100 bought beside 40 sold with 25 there, 85', () => {
  expect(lots['friday']).toEqual(['C2 SBIN 20261106 104, 0 pledged', 'C5 SBIN 20261106 85, 0 pledged', 'C8 INFY 20261106 30, 0 pledged']);
  expect(world.left('SET-PAYIN-PREP', FRIDAY)).toMatchObject({ owed: 304, blocked: 284, short: 20 });
  expect(world.ours(/\/C4(@|$)/)).toEqual({});
  expect(world.ours(/\/C5(@|$)/)).toEqual({ 'CSMFA/C5@20261106 SBIN': 85 });
});

it('what is sold before it came is delivered out of what comes', () => {
  expect(world.ours(/\/C2(@|$)/)).toEqual({ 'CSMFA/C2@20261106 SBIN': 100 });
  expect(world.ours(/\/C3(@|$)/)).toEqual({ 'FREE/C3 INFY': 2, 'FREE/C3 SBIN': 4 });
  // Out of what lay free already: as many of those that come are free in their place.
  expect(world.ours(/\/C8(@|$)/)).toEqual({ 'CSMFA/C8@20261106 INFY': 28, 'FREE/C8 INFY': 20 });
});

it('every gate is at zero, and books and depository agree', async () => {
  for (const date of [FRIDAY, SUNDAY]) expect([world.gates('SET-PAYOUT-RECV', date), world.notDone(date)]).toEqual([[], {}]);
  const { ours, depository } = world.holdings();
  expect(ours).toEqual(depository);
  expect(world.units.verify()).toEqual([]);
  expect(await engine.lots()).toEqual(['C2 SBIN 20261106 100, 100 pledged', 'C5 SBIN 20261106 85, 85 pledged', 'C8 INFY 20261106 28, 28 pledged']);
});
