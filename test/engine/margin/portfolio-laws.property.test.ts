// Laws of the portfolio calculation that hold for every table and portfolio: the order of entries never matters, contracts net, and within one
// underlying two books together never ask more than apart where no calendar charge comes between them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContractPosition, type ParameterTable, portfolioMargin } from '../../../engine/index.ts';
import { randomSteps, randomTable } from './random-book.ts';

const anyTable = (calendar: 'none' | 'equal' | 'unequal') =>
  fc.record({ calendar: fc.constant(calendar), som: fc.boolean(), tiers: fc.constantFrom(1, 3) }).chain(randomTable);
const positionsOf = (table: ParameterTable, steps: readonly { instrument: number; units: number }[]): ContractPosition[] =>
  steps.map(({ instrument, units }) => ({ instrument: instrument % table.instruments, quantity: units }));
const total = (table: ParameterTable, positions: readonly ContractPosition[]): number => portfolioMargin(table, positions, 2_000, () => 40).sum.total;

/** SPAN and exposure alone: the relief of a futures spread may be lost when the other book takes one of its legs away. */
const apart = (table: ParameterTable, positions: readonly ContractPosition[]): number => portfolioMargin(table, positions, 2_000).sum.total;

describe('a portfolio', () => {
  it('asks the same in whatever order, and in whatever pieces, its entries come', () => {
    fc.assert(
      fc.property(anyTable('unequal'), randomSteps, fc.infiniteStream(fc.nat()), (table, steps, order) => {
        const positions = positionsOf(table, steps);
        const shuffled = positions
          .map((position) => ({ position, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ position }) => position);
        const pieces = shuffled.flatMap(({ instrument, quantity }) => [
          { instrument, quantity: quantity - 7 },
          { instrument, quantity: 7 },
        ]);
        expect(total(table, shuffled)).toBe(total(table, positions));
        expect(total(table, pieces)).toBe(total(table, positions));
      }),
      { numRuns: 150 },
    );
  });

  it('never asks more for two books together than for each alone, calendar charges apart', () => {
    fc.assert(
      fc.property(anyTable('none'), randomSteps, randomSteps, (table, one, other) => {
        const [a, b] = [positionsOf(table, one), positionsOf(table, other)];
        // Each line is rounded by itself.
        expect(apart(table, [...a, ...b])).toBeLessThanOrEqual(apart(table, a) + apart(table, b) + table.instruments);
      }),
      { numRuns: 150 },
    );
  });
});
