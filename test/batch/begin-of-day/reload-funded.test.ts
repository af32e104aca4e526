// A morning's units of a share the client has bought with funding (MTF): what of the depository's row is the lots', by hand. The purchase of Friday the
// 6th of November 2026 settles on Monday the 9th with that of the Sunday session of the 8th.
import { describe, expect, it } from 'vitest';
import type { DepositoryUnits } from '../../../batch/nodes/begin-of-day/carried-checks.ts';
import { type FundedBooks, type UnfundedUnits, withoutLots } from '../../../batch/nodes/begin-of-day/reload-funded.ts';

const [FRIDAY, SUNDAY] = [20261106, 20261108];

interface Case {
  readonly row: Partial<DepositoryUnits>;
  /** Units by day of purchase, at NSE, or at BSE where the day is below zero. */
  readonly lots?: readonly (readonly [day: number, units: number])[];
  /** Units the engine has on their way. */
  readonly t1?: number;
  readonly freed?: number;
  readonly bought?: readonly (readonly [day: number, units: number])[];
}

function parted({ row, lots = [], t1 = 0, freed = 0, bought = [] }: Case): UnfundedUnits {
  const own = lots.map(([day, units]) => ({
    ...{ segment: day < 0 ? 4 : 1, token: day < 0 ? 500_112 : 3045, boughtOn: Math.abs(day) },
    ...{ units, pledged: 0, cost: 0, funded: 0 },
  }));
  const books: FundedBooks = {
    engine: { clients: new Map([['A', { lots: own, holdings: [{ segment: 1, token: 3045, free: 0, pledged: 0, t1 }] }]]) },
    clients: new Map(),
    actions: [],
    homeToken: ({ token }) => (token === 500_112 ? 3045 : token),
    evenings: { freed: new Map([['A ISIN', freed]]), bought: new Map([['A ISIN', bought.map(([boughtOn, units]) => ({ boughtOn, units }))]]) },
  };
  const units = own.reduce((sum, lot) => sum + lot.units, 0);
  return withoutLots({ account: 'A', isin: 'ISIN', token: 3045, free: 0, pledged: 0, t1: 0, ...row } as DepositoryUnits, units, books);
}

describe('what is the lots’, and what is left', () => {
  it.each<[string, Case, UnfundedUnits]>([
    ['pledged', { row: { free: 5, funded: 30 }, lots: [[FRIDAY, 30]] }, { free: 5, t1: 0, found: 30, coming: 0, gone: 0, netted: 0 }],
    [
      'on its way, beside what was bought for delivery',
      { row: { t1: 40 }, lots: [[FRIDAY, 30]], t1: 10, bought: [[FRIDAY, 30]] },
      { free: 0, t1: 10, found: 30, coming: 30, gone: 0, netted: 0 },
    ],
    [
      'of two days, one at BSE',
      {
        row: { t1: 50 },
        lots: [
          [FRIDAY, 30],
          [-SUNDAY, 20],
        ],
        bought: [
          [FRIDAY, 30],
          [SUNDAY, 20],
        ],
      },
      { free: 0, t1: 0, found: 50, coming: 50, gone: 0, netted: 0 },
    ],
    [
      'sold in part on Sunday, before Friday’s purchase has come: what is sold is no client’s delivery',
      { row: { t1: 104 }, lots: [[FRIDAY, 100]], bought: [[FRIDAY, 104]] },
      { free: 0, t1: 0, found: 100, coming: 104, gone: 4, netted: 0 },
    ],
    ['sold whole', { row: { t1: 104 }, bought: [[FRIDAY, 104]] }, { free: 0, t1: 0, found: 0, coming: 104, gone: 104, netted: 0 }],
    [
      'sold, beside ten bought for delivery that are still the client’s',
      { row: { t1: 114 }, lots: [[FRIDAY, 100]], t1: 10, bought: [[FRIDAY, 104]] },
      { free: 0, t1: 10, found: 100, coming: 104, gone: 4, netted: 0 },
    ],
    [
      'nothing says that what comes beyond is a lot’s: it stays to be seen',
      { row: { t1: 104 }, lots: [[FRIDAY, 100]], bought: [[FRIDAY, 100]] },
      { free: 0, t1: 4, found: 100, coming: 100, gone: 0, netted: 0 },
    ],
    [
      'bought for delivery while as many left lots: no settlement brings them',
      { row: { free: 4 }, t1: 4, freed: 4 },
      { free: 4, t1: 0, found: 0, coming: 0, gone: 0, netted: 4 },
    ],
  ])('%s', (_, given, expected) => {
    expect(parted(given)).toEqual(expected);
  });
});
