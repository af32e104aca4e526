// Funded lots (MTF) as the engine's close will leave them, worked out hours before: what is not pledged goes first, then what is, each the oldest first.
import { expect, it } from 'vitest';
import type { EngineLot, EnginePosition } from '../../../batch/nodes/engine/engine-state.ts';
import { lotsAtClose } from '../../../batch/nodes/engine/funded-units.ts';

const SHARE = { segment: 1, token: 3045 };
const lot = (boughtOn: number, units: number, pledged: number): EngineLot => ({ ...SHARE, boughtOn, units, pledged, cost: 0, funded: 0 });
const holding = (net: number, token = SHARE.token): EnginePosition => ({ ...SHARE, token, net, isIntraday: false, isFunded: true });
const OTHER = { segment: 4, token: 500_112 };
const sold = (net: number, share = SHARE): EnginePosition => ({ ...share, net, isIntraday: false });
const TERMS = {
  businessDate: 20261119,
  shareName: ({ segment, token }: typeof SHARE): string => (token === OTHER.token ? '1/3045' : `${segment}/${token}`),
};
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
  const pledgedOf = ({ boughtOn }: { readonly boughtOn: number }): number => pledged.get(boughtOn) ?? 0;
  const left = lotsAtClose({ lots, positions: [holding(net), holding(7, 99)], holdings: [] }, { ...TERMS, pledgedOf });
  const own = left.filter(({ token }) => token === SHARE.token);
  expect(own.map(({ boughtOn, units }) => `${boughtOn} ${units}`).join(', ')).toBe(expected);
  expect(left.filter(({ token }) => token === 99)).toEqual([{ segment: 1, token: 99, boughtOn: 20261119, units: 7 }]);
});

// Bought 102 with funding today, beside what the client has to deliver of the share and has for it.
it.each([
  ['a short of 775: nothing is paid out to be a lot', [sold(-775)], {}, 0],
  ['a short of 60: 42 are left', [sold(-60)], {}, 42],
  ['a short that free units cover', [sold(-60)], { free: 60 }, 102],
  ['a short of 60 with 25 free', [sold(-60)], { free: 25 }, 67],
  ['a short delivered early, 40 of its 60 units more than were known to be free', [sold(-60)], { free: 20, early: 60 }, 102],
  ['a short at the other exchange, under its own token', [sold(-60, OTHER)], {}, 42],
  ['a short in another share', [sold(-60, { ...SHARE, token: 99 })], {}, 102],
  ['units bought for delivery', [sold(60)], {}, 102],
])('bought beside %s', (_, sales, { free = 0, early = 0 }: { readonly free?: number; readonly early?: number }, units) => {
  const holdings = free === 0 ? [] : [{ ...SHARE, free, pledged: 0, t1: 0 }];
  const client = { positions: [holding(102), ...sales], holdings, deliveredEarly: early === 0 ? [] : [{ ...SHARE, units: early }] };
  expect(lotsAtClose(client, { ...TERMS, pledgedOf: () => 0 }).map((one) => one.units)).toEqual(units === 0 ? [] : [units]);
});
