// A new risk file over a live slot: rows stay, figures change, and the slot ends where one built from nothing under that file would be. The kernel that sums
// the positions is there twice, vector and plain, the same to the bit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compiledRules,
  hasSameContracts,
  type KernelChoice,
  OrderTerms,
  type ParameterTable,
  ScanBatch,
  SlotState,
} from '../../../../engine/index.ts';
import { placeOrder } from '../../builders.ts';
import { type Desk, openDesk } from '../../desk.ts';
import { COMMODITIES, CONTRACTS, choice, type TableChoice, tableOf } from '../dated-tables.ts';

const ROWS = COMMODITIES.length * CONTRACTS;
const ACCOUNTS = ['B2', 'C3', 'D4'];
const units = fc.integer({ min: -9, max: 9 }).map((n) => (n === 0 ? 25 : n * 25));
const lines = fc.array(fc.record({ account: fc.constantFrom(...ACCOUNTS), instrument: fc.nat(ROWS - 1), units }), { maxLength: 25 });

interface Line {
  readonly account: string;
  readonly instrument: number;
  readonly units: number;
}

/** The same contracts at other figures. */
const shaken = (how: TableChoice, by: number): ParameterTable => tableOf({ ...how, noise: how.noise.map((n) => ((n + by) % 97) + 1) });

/** A desk of three clients with positions and working orders under the first table. */
function deskUnder(table: ParameterTable, held: readonly Line[], working: readonly Line[]): Desk {
  const desk = openDesk(table);
  for (const account of ACCOUNTS) desk.account(account, 1e9, { segments: [2, 5] });
  for (const { account, instrument, units: quantity } of held) {
    const at = { segment: table.segment[instrument], token: table.token[instrument] };
    desk.tell('ImportPosition', { account, ...at, product: 2, quantity, price: 1_000_000 });
  }
  working.forEach(({ account, instrument, units: n }, i) => {
    const of = { segment: table.segment[instrument] ?? 0, token: table.token[instrument] ?? 0 };
    const seen = desk.send(placeOrder({ account, id: `o${i}`, of, side: n > 0 ? 'buy' : 'sell', quantity: Math.abs(n), price: 100 }));
    expect(seen[0]?.reject).toBe('none');
  });
  return desk;
}

/** What the book says of everybody: requirements, breakdowns, and what one more order would make of them. */
function bookOf(state: SlotState): unknown {
  const { book } = state.derived;
  const probe = new OrderTerms();
  return ACCOUNTS.map((_, at) => {
    const client = at + 2;
    const asked = Array.from({ length: ROWS }, (__, row) => book?.requirementIf(client, probe.set(row, 2, (row % 2) + 1, 75, 500_000), null));
    return [book?.requirement(client), book?.underlyingMargins(client), asked];
  });
}

function rebuilt(state: SlotState, table: ParameterTable): SlotState {
  const fresh = SlotState.restore(state.slot, state.snapshot());
  fresh.rebuild(table);
  return fresh;
}

describe('a new risk file of the same contracts', () => {
  it('leaves the slot as if it had been built under that file, orders, tiers, credits and minima included', () => {
    fc.assert(
      fc.property(
        choice({ date: fc.constantFrom(20_250_210, 20_261_120) }),
        lines,
        lines,
        fc.integer({ min: 1, max: 50 }),
        (how, held, working, by) => {
          const first = tableOf(how);
          const desk = deskUnder(first, held, working.slice(0, 8));
          const second = shaken(how, by);
          expect(hasSameContracts(compiledRules(first), compiledRules(second))).toBe(true);
          desk.load(second, 'table-2');
          expect(bookOf(desk.state)).toEqual(bookOf(rebuilt(desk.state, second)));
          // And back again: nothing of the second is left.
          desk.load(first, 'table-1');
          expect(bookOf(desk.state)).toEqual(bookOf(rebuilt(desk.state, first)));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('the kernel', () => {
  const vectorOf = (table: ParameterTable, held: readonly Line[], choiceOf: KernelChoice): Float64Array => {
    const batch = new ScanBatch(compiledRules(table), { groups: held.length + 1, positions: held.length }, choiceOf);
    held.forEach(({ instrument, units: n }, at) => {
      batch.add(instrument, n * 1_001);
      if (at % 3 === 2) batch.endGroup();
    });
    batch.endGroup();
    expect(batch.kernel).toBe(choiceOf);
    batch.run();
    return batch.results.slice(0, batch.groups * 18);
  };

  it('gives the same bits as WebAssembly and as TypeScript', () => {
    fc.assert(
      fc.property(choice({}), lines, (how, held) => {
        const table = tableOf(how);
        const [vector, plain] = [vectorOf(table, held, 'vector'), vectorOf(table, held, 'plain')];
        expect(new BigUint64Array(vector.buffer)).toEqual(new BigUint64Array(plain.buffer));
      }),
      { numRuns: 60 },
    );
  });

  it('refuses more than it was made for', () => {
    const none = new ScanBatch(compiledRules(tableOf({ ...CALM, calendar: false })), { groups: 0, positions: 0 });
    expect(() => none.add(0, 1)).toThrow('more positions than announced');
    expect(() => none.endGroup()).toThrow('more groups than announced');
  });
});

const CALM: TableChoice = {
  date: 20_261_120,
  near: 30,
  tiered: false,
  calendar: true,
  credits: 'none',
  minimum: 'none',
  futures: true,
  noise: Array.from({ length: 40 }, (_, n) => n + 1),
};
