// The live book under the dated rules: without working orders it is the report's figure to the paisa; with them it is never below the worst over
// every subset of fills of that figure, and equal to it where no calendar, no relief and no credit is in play.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginBook, OrderTerms, type ParameterTable, Product, portfolioMargin, Side } from '../../../engine/index.ts';
import { COMMODITIES, CONTRACTS, choice, LATER, type TableChoice, tableOf } from './dated-tables.ts';

const CLIENT = 3;
interface Step {
  readonly instrument: number;
  readonly units: number;
}
interface Working extends Step {
  readonly price: number;
}
const units = fc.integer({ min: -9, max: 9 }).map((n) => n * 375);
const steps = fc.array(fc.record({ instrument: fc.nat(COMMODITIES.length * CONTRACTS - 1), units }), { maxLength: 12 });
const workingOn = (last: number): fc.Arbitrary<Working[]> =>
  fc.array(
    fc.record({
      instrument: fc.nat(last),
      units: units.map((n) => (n === 0 ? 375 : n)),
      price: fc.integer({ min: 1, max: 4_000 }).map((n) => n * 500),
    }),
    { maxLength: 4 },
  );

function bookOf(table: ParameterTable, held: readonly Step[], orders: readonly Working[]): MarginBook {
  const book = new MarginBook(table, 2_000);
  for (const step of held) book.addPosition(CLIENT, step.instrument, Product.NRML, step.units);
  for (const order of orders) book.addOrder(CLIENT, termsOf(order));
  return book;
}
const termsOf = (order: Working): OrderTerms =>
  new OrderTerms().set(order.instrument, Product.NRML, order.units > 0 ? Side.BUY : Side.SELL, Math.abs(order.units), order.price);

/** Paise from scratch: positions, and the premium of what was bought. */
function fromScratch(table: ParameterTable, held: readonly Step[], filled: readonly Working[] = []): number {
  const net = new Map<number, number>();
  for (const step of [...held, ...filled]) net.set(step.instrument, (net.get(step.instrument) ?? 0) + step.units);
  // Closed out contracts among them: the report knows that they are no member of any spread.
  const all = [...net].map(([instrument, quantity]) => ({ instrument, quantity }));
  const days = (expiry: number): number => table.details.tradingDays?.[expiry] ?? 30;
  const premium = filled.reduce(
    (sum, { instrument, units: n, price }) => sum + (table.kind[instrument] === 1 ? 0 : (Math.max(0, n) * price) / 100),
    0,
  );
  return portfolioMargin(table, all, 2_000, days).sum.total + premium;
}

function worstFill(table: ParameterTable, held: readonly Step[], orders: readonly Working[]): number {
  let worst = 0;
  for (let subset = 0; subset < 1 << orders.length; subset++) {
    const filled = orders.filter((_, at) => (subset >> at) & 1);
    worst = Math.max(worst, fromScratch(table, held, filled));
  }
  return worst;
}

describe('the live book under dated rules', () => {
  it('is the report to the paisa where no order works: any date, file, credits and clearing organisations', () => {
    fc.assert(
      fc.property(choice({}), steps, (how, held) => {
        const table = tableOf(how);
        const book = bookOf(table, held, []);
        expect(book.requirement(CLIENT)).toBe(fromScratch(table, held));
        expect(book.underlyingMargins(CLIENT).reduce((sum, line) => sum + line.requirement, 0)).toBe(book.requirement(CLIENT));
      }),
      { numRuns: 250 },
    );
  });

  it('is again the report after orders have come and gone', () => {
    fc.assert(
      fc.property(choice({}), steps, workingOn(35), steps, (how, held, orders, later) => {
        const table = tableOf(how);
        const book = bookOf(table, held, orders);
        for (const step of later) book.addPosition(CLIENT, step.instrument, Product.NRML, step.units);
        for (const order of orders) {
          const answer = book.requirementIf(CLIENT, null, termsOf(order));
          book.removeOrder(CLIENT, termsOf(order));
          expect(book.requirement(CLIENT)).toBe(answer);
        }
        expect(book.requirement(CLIENT)).toBe(fromScratch(table, [...held, ...later]));
      }),
      { numRuns: 200 },
    );
  });

  it('is never below the worst over every subset of fills', () => {
    fc.assert(
      fc.property(choice({ credits: fc.constantFrom('none', 'delta') }), steps, workingOn(35), (how, held, orders) => {
        const table = tableOf(how);
        const book = bookOf(table, held, orders);
        // Each underlying is rounded by itself.
        expect(book.requirement(CLIENT)).toBeGreaterThanOrEqual(worstFill(table, held, orders) - COMMODITIES.length);
      }),
      { numRuns: 250 },
    );
  });

  it('is exactly that worst, expiry day and delivery included, where no spread is in play', () => {
    const plain = choice({ calendar: fc.constant(false), credits: fc.constant('none'), futures: fc.constant(false) });
    const one = fc.array(fc.record({ instrument: fc.nat(CONTRACTS - 1), units }), { maxLength: 6 });
    fc.assert(
      fc.property(plain, fc.nat(3), one, workingOn(CONTRACTS - 1), (how, underlying, held, orders) => {
        const table = tableOf(how);
        const move = <T extends Step>(step: T): T => ({ ...step, instrument: step.instrument + underlying * CONTRACTS });
        const [positions, working] = [held.map(move), orders.map(move)];
        const book = bookOf(table, positions, working);
        expect(book.requirement(CLIENT)).toBe(Math.round(worstFill(table, positions, working)));
      }),
      { numRuns: 250 },
    );
  });

  it('answers a what-if with what it then becomes', () => {
    fc.assert(
      fc.property(choice({}), steps, workingOn(35), workingOn(35), (how, held, orders, asked) => {
        const book = bookOf(tableOf(how), held, orders);
        for (const order of asked) {
          const before = book.requirement(CLIENT);
          const answer = book.requirementIf(CLIENT, termsOf(order), null);
          expect(book.requirement(CLIENT)).toBe(before);
          book.addOrder(CLIENT, termsOf(order));
          expect(book.requirement(CLIENT)).toBe(answer);
          expect(book.requirementIf(CLIENT, null, termsOf(order))).toBe(before);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a working order', () => {
  const how: TableChoice = {
    date: 20_261_120,
    near: 30,
    tiered: false,
    calendar: true,
    credits: 'none',
    minimum: 'none',
    futures: true,
    noise: Array.from({ length: 40 }, (_, n) => (n * 13) % 89),
  };

  it('alone asks no calendar charge: nothing stands on the other side', () => {
    const table = tableOf(how);
    const row = table.firstInstrument[1] ?? 0;
    const future = [...Array(CONTRACTS).keys()].map((n) => row + n).find((n) => table.kind[n] === 1 && table.expiry[n] === LATER[0]) ?? row;
    const order = { instrument: future, units: 50, price: 500 };
    expect(bookOf(table, [], [order]).requirement(CLIENT)).toBe(fromScratch(table, [{ instrument: future, units: 50 }]));
  });

  it('against a month that is held is charged at most for the smaller pool', () => {
    const table = tableOf(how);
    const row = table.firstInstrument[1] ?? 0;
    const futures = [...Array(CONTRACTS).keys()].map((n) => row + n).filter((n) => table.kind[n] === 1 && table.expiry[n] !== how.date);
    const [near = 0, far = 0] = futures;
    const held = [{ instrument: near, units: 5 }];
    const many = bookOf(table, held, [{ instrument: far, units: -500, price: 500 }]).requirement(CLIENT);
    const filled = portfolioMargin(table, [{ instrument: far, quantity: -500 }], 2_000).sum.total;
    const held5 = portfolioMargin(table, [{ instrument: near, quantity: 5 }], 2_000).sum.total;
    expect(many).toBeLessThanOrEqual(filled + held5 + 5 * 900);
  });
});
