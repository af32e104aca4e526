import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginBook, OrderTerms, type ParameterTable, Product, portfolioMargin, Side } from '../../../engine/index.ts';
import { type CommoditySpec, rowOf, seriesSpread, syntheticTable } from './synthetic-table.ts';

const MONTHS = [20261231, 20270128, 20270225, 20270325];
const [DEC = 0, JAN = 0, FEB = 0, MAR = 0] = MONTHS;
const FUTURES = ['DEC', 'JAN', 'FEB', 'MAR'].map((name, at) => ({ name, expiry: MONTHS[at] ?? 0 }));

const table = (commodity: Partial<CommoditySpec>): ParameterTable =>
  syntheticTable({ commodities: [{ symbol: 'X', contracts: FUTURES, ...commodity }] });

/** Calendar and spot charge in rupees of units by month. */
function charges(parameters: ParameterTable, units: Readonly<Record<string, number>>): { calendar: number; spot: number } {
  const positions = Object.entries(units).map(([name, quantity]) => ({ instrument: rowOf(parameters, name), quantity }));
  const { sum } = portfolioMargin(parameters, positions, 2_000);
  return { calendar: sum.calendar / 100, spot: sum.spot / 100 };
}

const tierLeg = (tier: number, side: 'A' | 'B', ratio = 1) => ({ commodity: 'X', expiry: 0, tier, side, ratio, required: true });

describe('calendar charges', () => {
  const spreads = [seriesSpread('X', 1, 425, DEC, JAN), seriesSpread('X', 2, 425, DEC, FEB), seriesSpread('X', 3, 425, JAN, FEB)];
  it.each([
    ['one pair', { DEC: 65, JAN: -65 }, 27_625],
    ['the other way round', { DEC: -65, JAN: 65 }, 27_625],
    ['only what is matched', { DEC: 65, JAN: -20 }, 8_500],
    ['nothing outright', { DEC: 65, JAN: 65 }, 0],
    ['each delta once', { DEC: 65, JAN: -40, FEB: -40 }, 27_625],
    ['a contract that no spread names', { DEC: 65, MAR: -65 }, 0],
  ])('%s', (_case, units, rupees) => {
    expect(charges(table({ spreads }), units).calendar).toBe(rupees);
  });

  it('forms spreads by priority, whatever their order in the file', () => {
    const dear = seriesSpread('X', 1, 100, DEC, FEB);
    const cheap = seriesSpread('X', 2, 10, DEC, JAN);
    for (const order of [
      [dear, cheap],
      [cheap, dear],
    ]) {
      expect(charges(table({ spreads: order }), { DEC: 10, JAN: -10, FEB: -10 }).calendar).toBe(1_000);
    }
  });

  it('forms series spreads before tier spreads', () => {
    const tiers = [{ tier: 1, from: 0, to: 0 }];
    const tier = { priority: 1, method: 'F' as const, rate: 7, legs: [tierLeg(1, 'A'), tierLeg(1, 'B')] };
    const parameters = table({ intraTiers: tiers, spreads: [tier, seriesSpread('X', 2, 100, DEC, JAN)] });
    expect(charges(parameters, { DEC: 10, JAN: -10 }).calendar).toBe(1_000);
    expect(charges(parameters, { DEC: 10, FEB: -10 }).calendar).toBe(70);
  });

  it('takes tier delta from the nearest expiry and keeps the rest for later spreads', () => {
    const intraTiers = [
      { tier: 1, from: 0, to: JAN },
      { tier: 2, from: FEB, to: 0 },
    ];
    const between = { priority: 1, method: 'F' as const, rate: 5, legs: [tierLeg(1, 'A'), tierLeg(2, 'B')] };
    const within = { priority: 2, method: 'F' as const, rate: 50, legs: [tierLeg(1, 'A'), tierLeg(1, 'B')] };
    const parameters = table({ intraTiers, spreads: [between, within] });
    expect(charges(parameters, { DEC: 10, JAN: 10, FEB: -10 }).calendar).toBe(50);
    expect(charges(parameters, { DEC: 15, JAN: -5, FEB: -10 }).calendar).toBe(50 + 250);
  });

  it('counts ratios: two near against one far', () => {
    const spread = { priority: 1, method: 'F' as const, rate: 30, legs: [{ ...tierLeg(1, 'A', 2) }, tierLeg(2, 'B')] };
    const intraTiers = [
      { tier: 1, from: 0, to: DEC },
      { tier: 2, from: JAN, to: 0 },
    ];
    expect(charges(table({ intraTiers, spreads: [spread] }), { DEC: 10, JAN: -10 }).calendar).toBe(150);
  });

  it('takes method P as a part of the farther price', () => {
    const contracts = FUTURES.map((future, at) => ({ ...future, price: 1_000 + at }));
    const spread = { ...seriesSpread('X', 1, 0.0175, DEC, FEB), method: 'P' as const };
    expect(charges(table({ contracts, spreads: [spread] }), { DEC: 10, FEB: -10 }).calendar).toBe(175.35);
  });
});

describe('spot charges', () => {
  const spotCharges = [{ expiry: DEC, spreadRate: 3, outrightRate: 11 }];
  it('differ for delta in spreads and delta outright', () => {
    const parameters = table({ spotCharges, spreads: [seriesSpread('X', 1, 1, DEC, JAN)] });
    expect(charges(parameters, { DEC: 10 })).toEqual({ calendar: 0, spot: 110 });
    expect(charges(parameters, { DEC: -10, JAN: 4 })).toEqual({ calendar: 4, spot: 4 * 3 + 6 * 11 });
    expect(charges(parameters, { JAN: 10 })).toEqual({ calendar: 0, spot: 0 });
  });
});

describe('the book', () => {
  const buy = (parameters: ParameterTable, name: string, units: number): OrderTerms =>
    new OrderTerms().set(rowOf(parameters, name), Product.NRML, units > 0 ? Side.BUY : Side.SELL, Math.abs(units), 10_000_000);

  it('charges the position exactly and adds the largest rate per working delta', () => {
    const parameters = table({ spreads: [seriesSpread('X', 1, 425, DEC, JAN)] });
    const book = new MarginBook(parameters, 2_000);
    book.addPosition(0, rowOf(parameters, 'DEC'), Product.NRML, 65);
    book.addPosition(0, rowOf(parameters, 'JAN'), Product.NRML, -20);
    expect(book.requirement(0)).toBe(8_500_00);
    book.addOrder(0, buy(parameters, 'JAN', -10));
    expect(book.requirement(0)).toBe(8_500_00 + 4_250_00);
    book.removeOrder(0, buy(parameters, 'JAN', -10));
    expect(book.requirement(0)).toBe(8_500_00);
  });

  it('stays a bound where a fill re-pairs the others at dearer rates', () => {
    // DEC long against FEB short is cheap and comes second. A JAN short takes DEC first, and frees FEB to pair with MAR at the dear rate.
    const spreads = [seriesSpread('X', 1, 100, DEC, JAN), seriesSpread('X', 2, 1, DEC, FEB), seriesSpread('X', 3, 100, FEB, MAR)];
    const parameters = table({ spreads });
    const book = new MarginBook(parameters, 2_000);
    for (const [name, units] of [
      ['DEC', 10],
      ['FEB', -10],
      ['MAR', 10],
    ] as const) {
      book.addPosition(0, rowOf(parameters, name), Product.NRML, units);
    }
    expect(book.requirement(0)).toBe(10_00);
    const asked = book.requirementIf(0, buy(parameters, 'JAN', -10), null);
    book.addPosition(0, rowOf(parameters, 'JAN'), Product.NRML, -10);
    expect(book.requirement(0)).toBe(2_000_00);
    expect(asked).toBe(2_000_00);
  });

  it('stays a bound where a fill frees delta for the dearer spot charge of another month', () => {
    const parameters = table({ spotCharges: [{ expiry: DEC, spreadRate: 3, outrightRate: 11 }], spreads: [seriesSpread('X', 1, 1, DEC, JAN)] });
    const book = new MarginBook(parameters, 2_000);
    book.addPosition(0, rowOf(parameters, 'DEC'), Product.NRML, 10);
    book.addPosition(0, rowOf(parameters, 'JAN'), Product.NRML, -10);
    expect(book.requirement(0)).toBe(40_00);
    const asked = book.requirementIf(0, buy(parameters, 'JAN', 10), null);
    book.addPosition(0, rowOf(parameters, 'JAN'), Product.NRML, 10);
    expect(book.requirement(0)).toBe(110_00);
    expect(asked).toBeGreaterThanOrEqual(110_00);
  });

  it('is never below the charges after any fills: random spreads, series and tiers, equal and unequal rates, spot charges', () => {
    const month = fc.nat(3);
    const anyLeg = (side: 'A' | 'B') =>
      fc.oneof(
        { weight: 3, arbitrary: month.map((at) => ({ ...tierLeg(0, side), expiry: MONTHS[at] ?? 0 })) },
        { weight: 1, arbitrary: fc.nat(2).map((tier) => tierLeg(tier, side)) },
      );
    const spread = fc.record({
      priority: fc.nat(20),
      method: fc.constant('F' as const),
      rate: fc.integer({ min: 1, max: 90 }),
      legs: fc.tuple(anyLeg('A'), anyLeg('B')),
    });
    const units = fc.array(fc.record({ month, units: fc.integer({ min: -9, max: 9 }) }), { maxLength: 5 });
    const intraTiers = [
      { tier: 1, from: 0, to: JAN },
      { tier: 2, from: FEB, to: 0 },
    ];
    const spot = fc.array(fc.record({ expiry: fc.constantFrom(...MONTHS), spreadRate: fc.nat(20), outrightRate: fc.nat(20) }), { maxLength: 2 });
    fc.assert(
      fc.property(
        fc.array(spread, { maxLength: 7 }),
        fc.boolean(),
        spot,
        units,
        units,
        fc.nat(100),
        (found, equal, spotCharges, held, working, percent) => {
          const parameters = table({ intraTiers, spotCharges, spreads: equal ? found.map((each) => ({ ...each, rate: 40 })) : found });
          const row = (at: number): number => rowOf(parameters, FUTURES[at]?.name ?? '');
          const [asked, filled] = [new MarginBook(parameters, 2_000), new MarginBook(parameters, 2_000)];
          for (const book of [asked, filled]) for (const step of held) book.addPosition(0, row(step.month), Product.NRML, step.units);
          for (const step of working) {
            if (step.units === 0) continue;
            asked.addOrder(0, buy(parameters, FUTURES[step.month]?.name ?? '', step.units));
            filled.addPosition(0, row(step.month), Product.NRML, Math.trunc((step.units * percent) / 100));
          }
          expect(filled.requirement(0)).toBeLessThanOrEqual(asked.requirement(0));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
