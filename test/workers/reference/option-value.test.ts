// The option models against figures others have published, against Black's formula in thirty digits, and early exercise against a tree.
import { Decimal } from 'decimal.js';
import { describe, expect, it, test } from 'vitest';
import { optionDelta, optionValue, type PricedOption } from '../../../workers/reference/option-value.ts';
import { black76 } from './black-76-oracle.ts';

const future = (type: 'CE' | 'PE', price: number, more: Partial<PricedOption> = {}): PricedOption => ({
  on: 'FUTURE',
  exercise: 'EUROPEAN',
  type,
  price,
  strike: 100,
  years: 0.5,
  r: 0.1,
  sigma: 0.25,
  ...more,
});

describe('an option on a future, Black 1976', () => {
  // Haug, Complete Guide to Option Pricing Formulas, Black-76: Brent, nine months, at the money.
  // Hull, Options, Futures and Other Derivatives, futures options: crude oil put, four months.
  test.each<[string, PricedOption, number]>([
    ['Haug: call on Brent at 19', future('CE', 19, { strike: 19, years: 0.75, r: 0.1, sigma: 0.28 }), 1.7011],
    ['Haug: put on Brent at 19', future('PE', 19, { strike: 19, years: 0.75, r: 0.1, sigma: 0.28 }), 1.7011],
    ['Hull: put on crude at 20', future('PE', 20, { strike: 20, years: 4 / 12, r: 0.09, sigma: 0.25 }), 1.1166],
  ])('%s', (_name, option, published) => {
    expect(optionValue(option)).toBeCloseTo(published, 4);
  });

  test.each([
    [6_500, 6_200, 0.05, 0.065, 0.31],
    [6_500, 9_000, 0.3, 0.065, 0.31],
    [71_230, 71_000, 0.003, 0.07, 0.12],
    [240, 180, 1.2, 0.02, 0.6],
  ])('future %f, strike %f, %f years, rate %f, volatility %f: as in thirty digits', (price, strike, years, r, sigma) => {
    for (const type of ['CE', 'PE'] as const) {
      const option = future(type, price, { strike, years, r, sigma });
      const exact = black76({ type, future: price, strike, years, r, sigma });
      expect(optionValue(option)).toBeCloseTo(exact.value.toNumber(), 9);
      expect(optionDelta(option)).toBeCloseTo(exact.delta.toNumber(), 12);
      // Put-call parity: the difference is the discounted distance of future and strike.
      const other = black76({ type: type === 'CE' ? 'PE' : 'CE', future: price, strike, years, r, sigma });
      const parity = new Decimal(price).minus(strike).times(new Decimal(r).times(years).neg().exp());
      expect(
        exact.value
          .minus(other.value)
          .times(type === 'CE' ? 1 : -1)
          .minus(parity)
          .abs()
          .lt(1e-14),
      ).toBe(true);
    }
  });

  it('without life or volatility left is what exercise brings', () => {
    expect(optionValue(future('CE', 104, { years: 0 }))).toBe(4);
    expect(optionValue(future('PE', 104, { years: -0.01 }))).toBe(0);
    expect(optionValue(future('PE', 90, { sigma: 0 }))).toBeCloseTo(10 * Math.exp(-0.05), 12);
    expect(optionValue(future('CE', -3))).toBe(0);
  });
});

describe('an option on a future that may be exercised early', () => {
  // Barone-Adesi and Whaley 1987, as tabulated by Haug: strike 100, rate 10 %, no carry.
  const published: readonly [number, number, readonly (readonly [number, number, number])[]][] = [
    [
      0.1,
      0.15,
      [
        [90, 0.0206, 10],
        [100, 1.8771, 1.877],
        [110, 10.0089, 0.041],
      ],
    ],
    [
      0.1,
      0.25,
      [
        [90, 0.3159, 10.2533],
        [100, 3.128, 3.1277],
        [110, 10.3919, 0.4562],
      ],
    ],
    [
      0.5,
      0.15,
      [
        [90, 0.8208, 10.5595],
        [100, 4.0842, 4.0842],
        [110, 10.8087, 1.0822],
      ],
    ],
    [
      0.5,
      0.25,
      [
        [90, 2.7437, 12.4419],
        [100, 6.8015, 6.8014],
        [110, 13.017, 3.3226],
      ],
    ],
  ];
  const cells = published.flatMap(([years, sigma, rows]) => rows.map(([price, call, put]) => ({ years, sigma, price, call, put })));
  test.each(cells)('$years years, volatility $sigma, future $price: call $call, put $put', ({ years, sigma, price, call, put }) => {
    const american = { exercise: 'AMERICAN' as const, years, sigma };
    // The printed table rests on a coarse search for the critical price: its two deep calls of a tenth of a year are 0.003 and 0.002 too dear.
    expect(Math.abs(optionValue(future('CE', price, american)) - call)).toBeLessThan(0.003);
    expect(Math.abs(optionValue(future('PE', price, american)) - put)).toBeLessThan(0.0005);
  });

  test.each([
    ['CE', 90],
    ['CE', 130],
    ['PE', 70],
    ['PE', 104],
  ] as const)('a %s at %i is worth what a tree of exercise decisions says, and never less than now or later', (type, price) => {
    const option = future(type, price, { exercise: 'AMERICAN', years: 0.4, sigma: 0.3, r: 0.08 });
    const value = optionValue(option);
    expect(Math.abs(value - treeOf(option, 800))).toBeLessThan(0.05);
    expect(value).toBeGreaterThanOrEqual(Math.max(0, type === 'CE' ? price - 100 : 100 - price));
    expect(value).toBeGreaterThanOrEqual(optionValue({ ...option, exercise: 'EUROPEAN' }));
  });

  it('is an ordinary one where waiting costs nothing', () => {
    const call = future('CE', 130, { on: 'SPOT', exercise: 'AMERICAN' });
    expect(optionValue(call)).toBe(optionValue({ ...call, exercise: 'EUROPEAN' }));
    const free = future('PE', 70, { exercise: 'AMERICAN', r: 0 });
    expect(optionValue(free)).toBe(optionValue({ ...free, exercise: 'EUROPEAN' }));
  });
});

/** Cox, Ross and Rubinstein on a future: at each node the larger of holding and exercising. */
function treeOf({ type, price, strike, years, r, sigma }: PricedOption, steps: number): number {
  const step = years / steps;
  const up = Math.exp(sigma * Math.sqrt(step));
  const chance = (1 - 1 / up) / (up - 1 / up);
  const discount = Math.exp(-r * step);
  const exercised = (node: number): number => Math.max(0, (type === 'CE' ? 1 : -1) * (price * up ** node - strike));
  let values = Array.from({ length: steps + 1 }, (_, ups) => exercised(2 * ups - steps));
  for (let left = steps - 1; left >= 0; left--) {
    values = Array.from({ length: left + 1 }, (_, ups) => {
      const held = discount * (chance * (values[ups + 1] ?? 0) + (1 - chance) * (values[ups] ?? 0));
      return Math.max(held, exercised(2 * ups - left));
    });
  }
  return values[0] ?? 0;
}
