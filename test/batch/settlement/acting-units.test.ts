// A split while shares are on their way: what was traded before settles on the ex date in old units, in the evening everybody's units become new
// ones, wherever they lie, and what is sold from then on is delivered in new units. The depository's own books are beside ours at every step.
import { afterEach, expect, it } from 'vitest';
import { PoolStore } from '../../../batch/securities/pool-units.ts';
import { UnpaidStore } from '../../../batch/securities/unpaid-units.ts';
import { UnitWorld } from './units-world.ts';

const [TUESDAY, WEDNESDAY, THURSDAY] = ['2026-11-17', '2026-11-18', '2026-11-19'] as const;
let world: UnitWorld;
afterEach(() => world.end());

function agreed(): void {
  expect(world.units.verify()).toEqual([]);
  const { ours, depository } = world.holdings();
  expect(ours).toEqual(depository);
}

it('C2 buys a hundred before a split of one into five, and sells four hundred after it', async () => {
  world = await UnitWorld.begin({
    holdings: ['C1 SBIN 100 20', 'C2 SBIN 0', 'C3 SBIN 7'],
    trades: { [TUESDAY]: ['S C1 SBIN 100', 'B C2 SBIN 100'], [WEDNESDAY]: ['S C2 SBIN 400', 'B C3 SBIN 400'], [THURSDAY]: [] },
    actions: { [WEDNESDAY]: ['SPLIT SBIN 5 1'] },
  });
  await world.evening(TUESDAY);
  await world.settle(TUESDAY);
  expect(world.notDone(TUESDAY)).toEqual({});
  expect(world.ours(/^(FREE|PLEDGED|BLOCKED)/)).toEqual({ 'FREE/C2 SBIN': 100, 'FREE/C3 SBIN': 7, 'PLEDGED/C1 SBIN': 20 });
  agreed();
  await world.evening(WEDNESDAY);
  expect(world.ours(/^(FREE|PLEDGED|BLOCKED)/)).toEqual({
    'BLOCKED/C2@M2026216 SBIN': 400,
    'FREE/C2 SBIN': 100,
    'FREE/C3 SBIN': 35,
    'PLEDGED/C1 SBIN': 100,
  });
  agreed();
  await world.settle(WEDNESDAY);
  await world.evening(THURSDAY);
  expect([world.notDone(TUESDAY), world.notDone(WEDNESDAY)]).toEqual([{}, {}]);
  expect(world.ours(/^(FREE|PLEDGED|CLEARING)/)).toEqual({ 'FREE/C2 SBIN': 100, 'FREE/C3 SBIN': 435, 'PLEDGED/C1 SBIN': 100 });
  agreed();
});

it('units that are unpaid or in the pool become new ones with their clock and their reason, and are released as such', async () => {
  world = await UnitWorld.begin({
    holdings: ['C1 SBIN 100'],
    trades: { [TUESDAY]: ['S C1 SBIN 100', 'B C2 SBIN 60', 'B C3 SBIN 40'], [WEDNESDAY]: [], [THURSDAY]: [] },
    actions: { [WEDNESDAY]: ['BONUS SBIN 2 1'] },
    cash: { C2: -10_000_000 },
  });
  world.outside.depository.closed.add('C3');
  await world.evening(TUESDAY);
  await world.settle(TUESDAY);
  expect(world.ours(/^(CUSPA|POOL)/)).toEqual({ 'CUSPA/C2@M2026215 SBIN': 60, 'POOL/C3@M2026215 SBIN': 40 });
  await world.evening(WEDNESDAY);
  expect(world.ours(/^(CUSPA|POOL)/)).toEqual({ 'CUSPA/C2@M2026215 SBIN': 120, 'POOL/C3@M2026215 SBIN': 80 });
  expect(new UnpaidStore(world.store.root).open()).toMatchObject([{ client: 'C2', units: 120, paidOutOn: WEDNESDAY }]);
  expect(new PoolStore(world.store.root).open()).toMatchObject([{ client: 'C3', units: 80 }]);
  world.outside.depository.closed.delete('C3');
  world.receive('C2', 2_000_000_000);
  await world.evening(THURSDAY);
  expect(world.ours(/^(CUSPA|POOL|FREE)/)).toEqual({ 'FREE/C2 SBIN': 120, 'FREE/C3 SBIN': 80 });
  agreed();
});
