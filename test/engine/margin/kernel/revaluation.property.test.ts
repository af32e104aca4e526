// The kernel twice: vector and plain agree to the bit over random tables and clients, and both give what the portfolio report gives, calendar charges and
// minima included.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContractPosition,
  compiledRules,
  type KernelChoice,
  type ParameterTable,
  portfolioMargin,
  Revaluation,
} from '../../../../engine/index.ts';
import { randomSteps, randomTable, type Step, type TableChoice } from '../random-book.ts';

/** The clients' positions, netted, by client and tier. */
function fill(into: Revaluation, table: ParameterTable, clients: readonly (readonly Step[])[]): void {
  clients.forEach((steps, client) => {
    const net = new Map<number, number>();
    for (const { instrument, units } of steps) net.set(instrument % table.instruments, (net.get(instrument % table.instruments) ?? 0) + units);
    const tiers = new Map<number, ContractPosition[]>();
    for (const [instrument, quantity] of net) {
      const tier = table.scanTier[instrument] ?? 0;
      tiers.set(tier, [...(tiers.get(tier) ?? []), { instrument, quantity }]);
    }
    for (const positions of tiers.values()) into.add(client, 0, positions);
  });
}

function revalued(table: ParameterTable, clients: readonly (readonly Step[])[], kernel: KernelChoice): { bits: Float64Array; paise: Float64Array } {
  const size = { groups: clients.length * 4, positions: clients.length * 8 };
  const all = new Revaluation(compiledRules(table), size, kernel);
  fill(all, table, clients);
  expect(all.kernel).toBe(kernel);
  const paise = new Float64Array(clients.length);
  all.revalue(paise);
  return { bits: all.results.slice(), paise };
}

const choice: fc.Arbitrary<TableChoice> = fc.record({
  calendar: fc.constantFrom('none' as const, 'equal' as const, 'unequal' as const),
  som: fc.boolean(),
  tiers: fc.integer({ min: 1, max: 3 }),
});
const world = choice.chain((each) => fc.tuple(randomTable(each), fc.array(randomSteps, { minLength: 1, maxLength: 8 })));

describe('revaluation', () => {
  it("is the same to the bit in WebAssembly and in TypeScript, and the report's figure", () => {
    fc.assert(
      fc.property(world, ([table, clients]) => {
        const vector = revalued(table, clients, 'vector');
        const plain = revalued(table, clients, 'plain');
        expect(new BigUint64Array(vector.bits.buffer)).toEqual(new BigUint64Array(plain.bits.buffer));
        expect(vector.paise).toEqual(plain.paise);
        clients.forEach((steps, client) => {
          const positions = steps.map(({ instrument, units }) => ({ instrument: instrument % table.instruments, quantity: units }));
          expect(vector.paise[client]).toBe(portfolioMargin(table, positions, 0).sum.total);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('revalues the same positions under another table, and refuses more than it was made for', () => {
    fc.assert(
      fc.property(world, ([table, clients]) => {
        const rules = compiledRules(table);
        const all = new Revaluation(rules, { groups: clients.length * 4, positions: clients.length * 8 });
        fill(all, table, clients);
        const first = new Float64Array(clients.length);
        all.revalue(first);
        all.use(rules);
        const again = new Float64Array(clients.length);
        all.revalue(again);
        expect(again).toEqual(first);
      }),
      { numRuns: 20 },
    );
    fc.assert(
      fc.property(randomTable({ calendar: 'none', som: false, tiers: 1 }), (table) => {
        const none = new Revaluation(compiledRules(table), { groups: 1, positions: 0 });
        expect(() => none.add(0, 0, [{ instrument: 0, quantity: 1 }])).toThrow('more than was announced');
      }),
      { numRuns: 1 },
    );
  });
});
