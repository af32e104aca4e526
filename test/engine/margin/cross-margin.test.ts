// Cross margin: an index against its constituents' futures, their shares, a fund, another index. Figures by hand: a unit long or short of each future
// costs range + exposure.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  CROSS_MARGIN_ROUNDS,
  type CrossMarginSet,
  crossMarginRelief,
  MarginBook,
  marginTree,
  OrderTerms,
  type PortfolioPosition,
  Product,
  portfolioMargin,
  Side,
  workPortfolio,
} from '../../../engine/index.ts';
import { futureArray, rowOf, syntheticTable } from './synthetic-table.ts';

const [TODAY, DEC, JAN] = [20_261_120, 20_261_231, 20_270_128];
/** A future of today, December and January: scan risk of a unit `range`, exposure `elm`, rupees. */
const futures = (symbol: string, range: number, elm: number) => ({
  symbol,
  spot: range * 10,
  contracts: [TODAY, DEC, JAN].map((expiry) => ({
    name: `${symbol} ${expiry}`,
    expiry,
    array: futureArray(range),
    elmLong: elm,
    elmShort: elm,
  })),
});
const leg = (symbol: string, kind: 'FUT' | 'EQ', units: number) => ({ symbol, kind, units });
const SETS: readonly CrossMarginSet[] = [
  { family: 'constituents', index: 'NIFTY', legs: [leg('INFY', 'FUT', 2), leg('TCS', 'FUT', 1)] },
  { family: 'constituents', index: 'NIFTY', legs: [leg('NIFTYBEES', 'EQ', 100)] },
  { family: 'correlated', index: 'NIFTY', legs: [leg('BANKNIFTY', 'FUT', 0.5)] },
  { family: 'constituents', index: 'INFY', legs: [leg('INFOSYS', 'EQ', 1)] },
];
const table = syntheticTable({
  commodities: [futures('NIFTY', 1_000, 480), futures('BANKNIFTY', 2_500, 1_100), futures('INFY', 200, 50), futures('TCS', 400, 120)],
  cash: [
    { name: 'NIFTYBEES', previousClose: 250, cashRate: 0.2 },
    { name: 'INFOSYS', previousClose: 1_500, cashRate: 0.2 },
  ],
  tradingDays: { [TODAY]: 0, [DEC]: 28, [JAN]: 47 },
  crossMargin: SETS,
});

type Held = readonly (readonly [name: string, units: number])[];
const positionsOf = (held: Held): PortfolioPosition[] =>
  held.map(([name, quantity]) => ({ instrument: rowOf(table, name), quantity, product: Product.CNC }));
const days = (expiry: number): number => table.details.tradingDays?.[expiry] ?? 30;
const margin = (held: Held): number => portfolioMargin(table, positionsOf(held), 2_000, days).sum.total / 100;

describe('offsetting positions', () => {
  it.each<[string, Held, number]>([
    ['an index by itself', [['NIFTY 20261231', 50]], 74_000],
    [
      'the whole basket of the same expiry: a quarter',
      [
        ['NIFTY 20261231', 50],
        ['INFY 20261231', -100],
        ['TCS 20261231', -50],
      ],
      31_250,
    ],
    [
      'the other way round',
      [
        ['NIFTY 20261231', -50],
        ['INFY 20261231', 100],
        ['TCS 20261231', 50],
      ],
      31_250,
    ],
    [
      'a basket of another expiry: 35 %',
      [
        ['NIFTY 20261231', 50],
        ['INFY 20270128', -100],
        ['TCS 20270128', -50],
      ],
      43_750,
    ],
    [
      'a basket whose members expire apart from each other offsets nothing',
      [
        ['NIFTY 20261231', 50],
        ['INFY 20261231', -100],
        ['TCS 20270128', -50],
      ],
      125_000,
    ],
    [
      'half a basket offsets half the index',
      [
        ['NIFTY 20261231', 50],
        ['INFY 20261231', -50],
        ['TCS 20261231', -50],
      ],
      65_625,
    ],
    [
      'a basket that lacks a constituent offsets nothing',
      [
        ['NIFTY 20261231', 50],
        ['INFY 20261231', -100],
      ],
      99_000,
    ],
    [
      'nor does one on the same side of the market',
      [
        ['NIFTY 20261231', 50],
        ['INFY 20261231', 100],
        ['TCS 20261231', 50],
      ],
      125_000,
    ],
    [
      'a fund bought against a sold index: a quarter of both',
      [
        ['NIFTY 20261231', -50],
        ['NIFTYBEES', 5_000],
      ],
      81_000,
    ],
    [
      'a share bought against its sold future',
      [
        ['INFY 20261231', -100],
        ['INFOSYS', 100],
      ],
      (25_000 + 30_000) / 4,
    ],
    [
      'two indices that move together: 30 %',
      [
        ['NIFTY 20261231', 50],
        ['BANKNIFTY 20261231', -25],
      ],
      (74_000 + 90_000) * 0.3,
    ],
    [
      'of different expiries: 40 %',
      [
        ['NIFTY 20261231', 50],
        ['BANKNIFTY 20270128', -25],
      ],
      (74_000 + 90_000) * 0.4,
    ],
    [
      'different expiries, one of them today: withdrawn',
      [
        ['NIFTY 20261231', 50],
        ['BANKNIFTY 20261120', -25],
      ],
      164_000,
    ],
    [
      'the larger relief is taken first, the rest goes to the next',
      [
        ['NIFTY 20261231', 50],
        ['INFY 20261231', -50],
        ['TCS 20261231', -25],
        ['BANKNIFTY 20261231', -25],
      ],
      (37_000 + 12_500 + 13_000) / 4 + (37_000 + 45_000) * 0.3 + 45_000,
    ],
    [
      'an index whose months offset each other has nothing left to offset',
      [
        ['NIFTY 20261231', 50],
        ['NIFTY 20270128', -50],
        ['INFY 20261231', -100],
        ['TCS 20261231', -50],
      ],
      // The spread: no scan risk, exposure on a third of the far month.
      (50 * 480) / 3 + 25_000 + 26_000,
    ],
  ])('%s', (_what, held, rupees) => {
    expect(margin(held)).toBeCloseTo(rupees, 1);
  });

  test.each([20_240_728, 20_240_729])('on %i', (date) => {
    expect(CROSS_MARGIN_ROUNDS.map((round) => crossMarginRelief(round, date))).toEqual(
      date === 20_240_728 ? [0, 0, 0, 0] : [7_500, 7_000, 6_500, 6_000],
    );
  });

  it('are named in the tree, each with its rule and circular', () => {
    const held: Held = [
      ['NIFTY 20261231', -50],
      ['NIFTYBEES', 5_000],
    ];
    const tree = marginTree(workPortfolio(table, positionsOf(held), 2_000, days));
    const lines = tree.children.map((each) => each.children.at(-1));
    expect(lines).toMatchObject([
      { amount: -55_500_00, rule: 'crossMargin.constituents.sameExpiry', row: 'from 20240729' },
      { amount: -187_500_00, rule: 'crossMargin.constituents.sameExpiry' },
    ]);
    expect(tree.amount).toBe(81_000_00);
  });
});

describe('one basket of one expiry', () => {
  const units = fc.integer({ min: -400, max: 400 });
  /** Rupees a unit of each future asks by itself. */
  const [nifty, infy, tcs] = [1_480, 250, 520];

  it('is relieved by the closed form: as many baskets as the scarcest leg has, three quarters of all they ask', () => {
    fc.assert(
      fc.property(units, units, units, (n, i, t) => {
        const isOpposed = Math.sign(n) !== 0 && Math.sign(i) === -Math.sign(n) && Math.sign(t) === -Math.sign(n);
        const baskets = isOpposed ? Math.min(Math.abs(n), Math.abs(i) / 2, Math.abs(t)) : 0;
        const apart = Math.abs(n) * nifty + Math.abs(i) * infy + Math.abs(t) * tcs;
        const expected = apart - 0.75 * baskets * (nifty + 2 * infy + tcs);
        const held: Held = [
          ['NIFTY 20261231', n],
          ['INFY 20261231', i],
          ['TCS 20261231', t],
        ];
        // Each underlying is rounded to the paisa by itself.
        expect(Math.abs(margin(held) - expected)).toBeLessThanOrEqual(0.03);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the live book', () => {
  const names = [
    ...['NIFTY', 'BANKNIFTY', 'INFY', 'TCS'].flatMap((symbol) => [DEC, JAN].map((expiry) => `${symbol} ${expiry}`)),
    'NIFTYBEES',
    'INFOSYS',
  ];
  const held = fc.array(
    fc.tuple(
      fc.constantFrom(...names),
      fc.integer({ min: -6, max: 6 }).map((n) => n * 25),
    ),
    { maxLength: 8 },
  );

  it('is the report to the paisa, with shares and funds among the legs, and never below a quarter of what is asked apart', () => {
    fc.assert(
      fc.property(held, (steps) => {
        const book = new MarginBook(table, 2_000);
        for (const { instrument, quantity } of positionsOf(steps)) book.addPosition(1, instrument, Product.CNC, quantity);
        const net = new Map<string, number>();
        for (const [name, units] of steps) net.set(name, (net.get(name) ?? 0) + units);
        const whole = margin([...net]);
        const apart = portfolioMargin(table, positionsOf([...net]), 2_000).sum.total / 100;
        expect(book.requirement(1) / 100).toBe(whole);
        expect(book.underlyingMargins(1).reduce((sum, line) => sum + line.requirement, 0)).toBe(book.requirement(1));
        expect(whole).toBeLessThanOrEqual(apart);
        // Exposure of a spread's near month is another rule's relief.
        if (new Set([...net].map(([name]) => name.split(' ')[0])).size === net.size) expect(whole).toBeGreaterThanOrEqual(apart / 4 - 0.05);
      }),
      { numRuns: 150 },
    );
  });

  it('grants nothing while an order works on a member, shares included, and answers a what-if with what it then becomes', () => {
    fc.assert(
      fc.property(held, fc.constantFrom(...names), fc.integer({ min: 1, max: 200 }), fc.boolean(), (steps, name, units, isBuy) => {
        const book = new MarginBook(table, 2_000);
        for (const { instrument, quantity } of positionsOf(steps)) book.addPosition(1, instrument, Product.CNC, quantity);
        const before = book.requirement(1);
        const order = new OrderTerms().set(rowOf(table, name), Product.CNC, isBuy ? Side.BUY : Side.SELL, units, 10_000);
        const answer = book.requirementIf(1, order, null);
        book.addOrder(1, order);
        expect(book.requirement(1)).toBe(answer);
        expect(book.requirementIf(1, null, order)).toBe(before);
        book.removeOrder(1, order);
        expect(book.requirement(1)).toBe(before);
      }),
      { numRuns: 150 },
    );
  });
});
