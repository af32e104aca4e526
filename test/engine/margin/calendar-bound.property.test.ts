// The calendar charge while orders work, by itself: futures that lose nothing in any scenario and ask no exposure, so that the requirement is the
// charge. Never below the exact charge (priorities, series before tiers, both ways round) of any set of fills; nothing within one month.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { MarginBook, OrderTerms, type ParameterTable, Product, Side, type Spread } from '../../../engine/index.ts';
import { calendarCharge } from '../../oracle/calendar-oracle.ts';
import { syntheticTable } from './synthetic-table.ts';

const CLIENT = 1;
const MONTHS = [20_261_126, 20_261_231, 20_270_128, 20_270_225];
const leg = (side: 'A' | 'B', ratio: number, expiry: number, tier = 0): Spread['legs'][number] => ({
  commodity: 'X',
  expiry,
  tier,
  side,
  ratio,
  required: true,
});

/** Rows of the table: by month, the first month's second contract a mirror of its first (delta -1, as a deep put has). */
const [NEAR, MIRROR, NEXT] = [0, 1, 2];

/** Futures of four months with the given spreads. */
const tableOf = (spreads: readonly Spread[]): ParameterTable =>
  syntheticTable({
    commodities: [
      {
        symbol: 'X',
        spreads,
        intraTiers: [
          { tier: 1, from: MONTHS[0] ?? 0, to: MONTHS[1] ?? 0 },
          { tier: 2, from: MONTHS[2] ?? 0, to: MONTHS[3] ?? 0 },
        ],
        contracts: [...MONTHS.map((expiry) => ({ name: `F${expiry}`, expiry })), { name: 'G', expiry: MONTHS[0] ?? 0, delta: -1 }],
      },
    ],
    tradingDays: Object.fromEntries(MONTHS.map((expiry, at) => [expiry, 5 + 20 * at])),
  });

const rate = fc.constantFrom(40, 40, 55, 12.25);
const month = fc.constantFrom(...MONTHS);
const series = fc
  .tuple(month, month, rate, fc.constantFrom(1, 1, 2))
  .map(([a, b, charge, ratio]) => ({ rate: charge, legs: [leg('A', 1, a), leg('B', ratio, b)] }));
const tiered = fc
  .tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1, 2), rate)
  .map(([a, b, charge]) => ({ rate: charge, legs: [leg('A', 1, 0, a), leg('B', 1, 0, b)] }));
const butterfly = fc
  .tuple(month, month, month, rate)
  .map(([a, b, c, charge]) => ({ rate: charge, legs: [leg('A', 1, a), leg('B', 2, b), leg('A', 1, c)] }));
const everyPair = rate.map((charge) =>
  MONTHS.flatMap((a, at) => MONTHS.slice(at + 1).map((b) => ({ rate: charge, legs: [leg('A', 1, a), leg('B', 1, b)] }))),
);
/** As exchange files have them (every pair at one rate), or anything a file may say. */
const anySpreads = fc
  .oneof(everyPair, fc.array(fc.oneof(series, tiered, butterfly), { minLength: 1, maxLength: 5 }))
  .map((spreads) => spreads.map((spread, at): Spread => ({ priority: at + 1, method: 'F', ...spread })));

interface Step {
  readonly contract: number;
  readonly units: number;
}
const units = fc.integer({ min: -9, max: 9 }).filter((n) => n !== 0);
const stepsOf = (most: number): fc.Arbitrary<Step[]> => fc.array(fc.record({ contract: fc.nat(4), units }), { maxLength: most });
const termsOf = ({ contract, units: n }: Step): OrderTerms =>
  new OrderTerms().set(contract, Product.NRML, n > 0 ? Side.BUY : Side.SELL, Math.abs(n), 10_000);

function bookOf(table: ParameterTable, held: readonly Step[], orders: readonly Step[]): MarginBook {
  const book = new MarginBook(table, 2_000);
  for (const step of held) book.addPosition(CLIENT, step.contract, Product.NRML, step.units);
  for (const order of orders) book.addOrder(CLIENT, termsOf(order));
  return book;
}

/** Paise of the exact charge, greedy as the file orders it. */
function exactCharge(table: ParameterTable, steps: readonly Step[]): number {
  const deltas = new Map<number, bigint>();
  for (const { contract, units: n } of steps) {
    const expiry = table.expiry[contract] ?? 0;
    deltas.set(expiry, (deltas.get(expiry) ?? 0n) + BigInt(n * (table.delta[contract] ?? 0)));
  }
  const [commodity] = table.details.commodities;
  return commodity === undefined ? Number.NaN : Number(calendarCharge(commodity, deltas)) / 10_000;
}

function worstCharge(table: ParameterTable, held: readonly Step[], orders: readonly Step[]): number {
  let worst = 0;
  for (let subset = 0; subset < 1 << orders.length; subset++) {
    const filled = orders.filter((_, at) => (subset >> at) & 1);
    worst = Math.max(worst, exactCharge(table, [...held, ...filled]));
  }
  return worst;
}

describe('the calendar charge while orders work', () => {
  it.each([
    [5, 250],
    [12, 4],
  ])('is never below that of any set of fills: up to %i orders', (most, numRuns) => {
    fc.assert(
      fc.property(anySpreads, stepsOf(5), stepsOf(most), (spreads, held, orders) => {
        const table = tableOf(spreads);
        expect(bookOf(table, held, orders).requirement(CLIENT)).toBeGreaterThanOrEqual(Math.floor(worstCharge(table, held, orders)));
      }),
      { numRuns },
    );
  });

  it('is nothing within one month, whatever works and is held there', () => {
    const within = (at: number): fc.Arbitrary<Step[]> =>
      fc.array(fc.record({ contract: at === 0 ? fc.constantFrom(NEAR, MIRROR) : fc.constant(at + 1), units }), { maxLength: 6 });
    fc.assert(
      fc.property(
        anySpreads,
        fc.nat(3).chain((at) => fc.tuple(within(at), within(at))),
        (spreads, [held, orders]) => {
          expect(bookOf(tableOf(spreads), held, orders).requirement(CLIENT)).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order in which months, positions and orders came, nor on what has gone', () => {
    fc.assert(
      fc.property(anySpreads, stepsOf(5), stepsOf(5), stepsOf(5), (spreads, held, orders, passing) => {
        const table = tableOf(spreads);
        const plain = bookOf(table, held, orders).requirement(CLIENT);
        const book = bookOf(table, passing, passing);
        for (const order of [...orders].reverse()) book.addOrder(CLIENT, termsOf(order));
        for (const order of passing) book.removeOrder(CLIENT, termsOf(order));
        for (const step of [...held, ...passing.map(({ contract, units: n }) => ({ contract, units: -n }))].reverse())
          book.addPosition(CLIENT, step.contract, Product.NRML, step.units);
        expect(book.requirement(CLIENT)).toBe(plain);
      }),
      { numRuns: 150 },
    );
  });
});

describe('65 units and a rate of Rs 420, every pair of months', () => {
  const pairs = MONTHS.flatMap((a, at) => MONTHS.slice(at + 1).map((b) => [leg('A', 1, a), leg('B', 1, b)]));
  const table = tableOf(pairs.map((legs, at): Spread => ({ priority: at + 1, method: 'F', rate: 420, legs })));
  test.each<[string, readonly [number, number][], readonly [number, number][], number]>([
    [
      'bought and sold in one month: no spread',
      [],
      [
        [NEAR, 65],
        [NEAR, -65],
      ],
      0,
    ],
    [
      'an exit beside a new order of its own month',
      [[NEAR, 65]],
      [
        [NEAR, -65],
        [NEAR, 65],
      ],
      0,
    ],
    [
      'bought in one month, sold in another: one',
      [],
      [
        [NEAR, 65],
        [NEXT, -65],
      ],
      27_300,
    ],
    [
      'both ways in two months: one, whichever fills',
      [],
      [
        [NEAR, 65],
        [NEAR, -65],
        [NEXT, 65],
        [NEXT, -65],
      ],
      27_300,
    ],
    [
      'both legs of a spread held, on the way out: the one that is held',
      [
        [NEAR, 65],
        [NEXT, -65],
      ],
      [
        [NEAR, -65],
        [NEXT, 65],
      ],
      27_300,
    ],
    [
      'a small month against a large one both ways: the small one',
      [],
      [
        [NEAR, 5],
        [NEXT, 65],
        [NEXT, -65],
      ],
      2_100,
    ],
    [
      'a bought future against a mirror of it bought in its month: none',
      [],
      [
        [NEAR, 65],
        [MIRROR, 65],
      ],
      0,
    ],
  ])('%s', (_what, held, orders, rupees) => {
    const step = ([contract, n]: readonly [number, number]): Step => ({ contract, units: n });
    expect(bookOf(table, held.map(step), orders.map(step)).requirement(CLIENT)).toBe(rupees * 100);
  });
});
