// Funded lots (MTF) as the engine's close will leave them, worked out hours before: what is not pledged goes first, then what is, each the oldest first.
import { expect, it } from 'vitest';
import type { EngineLot, EnginePosition } from '../../../batch/nodes/engine/engine-state.ts';
import { lotsAtClose } from '../../../batch/nodes/engine/funded-units.ts';

const SHARE = { segment: 1, token: 3045 };
const lot = (boughtOn: number, units: number, pledged: number): EngineLot => ({ ...SHARE, boughtOn, units, pledged, cost: 0, funded: 0 });
const holding = (net: number, token = SHARE.token): EnginePosition => ({ ...SHARE, token, net, isIntraday: false, isFunded: true });
const OLD = lot(20261117, 100, 100);
const NEW = lot(20261118, 50, 20);

it.each([
  ['nothing traded', [OLD, NEW], 150, '20261117 100, 20261118 50'],
  ['bought: a lot of the day', [OLD], 130, '20261117 100, 20261119 30'],
  ['sold: thirty of the younger lot are not pledged', [OLD, NEW], 120, '20261117 100, 20261118 20'],
  ['sold more: then the oldest that is', [OLD, NEW], 110, '20261117 90, 20261118 20'],
  ['sold whole', [OLD, NEW], 0, ''],
  ['sold more than there is: the rest is owed as a delivery sale', [OLD], -5, ''],
])('%s', (_, lots, net, expected) => {
  const pledged = new Map(lots.map((one) => [one.boughtOn, one.pledged]));
  const left = lotsAtClose({ lots, positions: [holding(net), holding(7, 99)] }, 20261119, ({ boughtOn }) => pledged.get(boughtOn) ?? 0);
  const own = left.filter(({ token }) => token === SHARE.token);
  expect(own.map(({ boughtOn, units }) => `${boughtOn} ${units}`).join(', ')).toBe(expected);
  expect(left.filter(({ token }) => token === 99)).toEqual([{ segment: 1, token: 99, boughtOn: 20261119, units: 7 }]);
});
