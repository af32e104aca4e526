import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginBook, Product, portfolioMargin } from '../../../engine/index.ts';
import { randomSteps, randomTable } from './random-book.ts';
import { flatArray, futureArray, rowOf, syntheticTable } from './synthetic-table.ts';

const positionsOf = (table: ReturnType<typeof syntheticTable>, units: Readonly<Record<string, number>>) =>
  Object.entries(units).map(([name, quantity]) => ({ instrument: rowOf(table, name), quantity }));

describe('the margin of a portfolio', () => {
  it('agrees with the book to the paisa where no order works', () => {
    const anyTable = fc
      .record({ calendar: fc.constantFrom('none' as const, 'equal' as const, 'unequal' as const), som: fc.boolean(), tiers: fc.constantFrom(1, 3) })
      .chain(randomTable);
    fc.assert(
      fc.property(anyTable, randomSteps, (table, steps) => {
        const book = new MarginBook(table, 2_000);
        const positions = steps.map(({ instrument, units }) => ({ instrument: instrument % table.instruments, quantity: units }));
        for (const { instrument, quantity } of positions) book.addPosition(0, instrument, Product.NRML, quantity);
        expect(portfolioMargin(table, positions, 2_000).sum.total).toBe(book.requirement(0));
        const [line] = book.underlyingMargins(0);
        if (line !== undefined) expect(line.positionRequirement).toBe(line.requirement);
      }),
      { numRuns: 300 },
    );
  });

  it('adds scan tiers that may not offset each other', () => {
    const array = futureArray(300);
    const table = syntheticTable({
      commodities: [
        {
          symbol: 'X',
          contracts: [
            { name: 'TODAY', expiry: 20261120, array, scanTier: 0 },
            { name: 'LATER', expiry: 20261231, array, scanTier: 1 },
          ],
        },
      ],
    });
    const [line] = portfolioMargin(table, positionsOf(table, { TODAY: 10, LATER: -10 }), 2_000).underlyings;
    expect(line?.scan).toBe(6_000_00);
    expect(line?.tiers).toEqual([
      { tier: 0, scan: 3_000_00, activeScenario: 13 },
      { tier: 1, scan: 3_000_00, activeScenario: 11 },
    ]);
  });

  it('splits scan risk into time, volatility and price risk', () => {
    // Paired scenarios 13 and 14 differ by 4, time passing costs 3.
    const array = [4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 36, 0, 0];
    const table = syntheticTable({ commodities: [{ symbol: 'X', contracts: [{ name: 'C', kind: 'CE', array, delta: 0.5 }] }] });
    const [line] = portfolioMargin(table, positionsOf(table, { C: 10 }), 2_000).underlyings;
    expect(line).toMatchObject({ scan: 400_00, activeScenario: 13, time: 30_00, volatility: 20_00, price: 350_00, delta: 5, weightedPriceRisk: 70 });
  });

  it('floors a book of bought options at nothing and states their premium', () => {
    const table = syntheticTable({
      commodities: [{ symbol: 'X', contracts: [{ name: 'C', kind: 'CE', array: flatArray(20), price: 25, elmShort: 9 }] }],
    });
    const { sum } = portfolioMargin(table, positionsOf(table, { C: 10 }), 2_000);
    expect(sum).toMatchObject({ span: 0, exposure: 0, premium: 250_00, total: 0 });
  });

  it('adjusts risk by the commodity’s rate, but not the option value', () => {
    const table = syntheticTable({
      commodities: [{ symbol: 'X', adjustment: 1.5, contracts: [{ name: 'C', kind: 'CE', array: flatArray(-20), price: 25 }] }],
    });
    const book = new MarginBook(table, 2_000);
    book.addPosition(0, rowOf(table, 'C'), Product.NRML, -10);
    expect(book.requirement(0)).toBe(300_00 + 250_00);
    expect(portfolioMargin(table, positionsOf(table, { C: -10 }), 2_000).sum.total).toBe(550_00);
  });
});

describe('inter-commodity credits', () => {
  const wheat = { symbol: 'WHEAT', contracts: [{ name: 'WHEAT', array: futureArray(90) }] };
  const maize = { symbol: 'MAIZE', contracts: [{ name: 'MAIZE', array: futureArray(60) }] };
  const leg = (commodity: string, side: 'A' | 'B', ratio = 1) => ({ commodity, expiry: 0, tier: 0, side, ratio, required: true });
  const credit = (table: ReturnType<typeof syntheticTable>, units: Readonly<Record<string, number>>): number =>
    portfolioMargin(table, positionsOf(table, units), 2_000).sum.interCommodity / 100;
  const spread = { priority: 1, method: 'W' as const, rate: 0.5, legs: [leg('WHEAT', 'A'), leg('MAIZE', 'B')] };
  const table = syntheticTable({ commodities: [wheat, maize], interSpreads: [spread] });

  it.each([
    ['opposite sides', { WHEAT: 10, MAIZE: -10 }, 750],
    ['the other way round', { WHEAT: -10, MAIZE: 10 }, 750],
    ['as far as both go', { WHEAT: 10, MAIZE: -4 }, 300],
    ['none on the same side', { WHEAT: 10, MAIZE: 10 }, 0],
    ['none with a leg missing', { WHEAT: 10 }, 0],
  ])('%s', (_case, units, rupees) => {
    expect(credit(table, units)).toBe(rupees);
  });

  it('consume delta, so that a later spread finds only the rest', () => {
    const rice = { symbol: 'RICE', contracts: [{ name: 'RICE', array: futureArray(100) }] };
    const second = { ...spread, priority: 2, rate: 0.3, legs: [leg('WHEAT', 'A'), leg('RICE', 'B')] };
    const both = syntheticTable({ commodities: [wheat, maize, rice], interSpreads: [second, spread] });
    expect(credit(both, { WHEAT: 10, MAIZE: -4, RICE: -10 })).toBe(300 + 0.3 * 6 * (90 + 100));
  });

  it('may be flat, shared by the legs', () => {
    const flat = syntheticTable({ commodities: [wheat, maize], interSpreads: [{ ...spread, method: 'F' as const, rate: 24 }] });
    const { underlyings } = portfolioMargin(flat, positionsOf(flat, { WHEAT: 10, MAIZE: -10 }), 2_000);
    expect(underlyings.map((line) => line.interCommodity)).toEqual([120_00, 120_00]);
  });

  it('by scanning: losses in full, gains at the credit rate, in the target', () => {
    const scanningLeg = (commodity: string, isTarget: boolean) => ({ commodity, isTarget, required: true, ratio: 1, rate: 0.7 });
    const scanning = syntheticTable({
      commodities: [wheat, maize],
      scanningSpreads: [{ priority: 1, legs: [scanningLeg('WHEAT', true), scanningLeg('MAIZE', false)] }],
    });
    const margin = portfolioMargin(scanning, positionsOf(scanning, { WHEAT: 10, MAIZE: -10 }), 2_000);
    expect(margin.sum.total).toBe((900 - 0.7 * 600) * 100);
    expect(portfolioMargin(scanning, positionsOf(scanning, { WHEAT: 10 }), 2_000).sum.total).toBe(900_00);
  });
});
