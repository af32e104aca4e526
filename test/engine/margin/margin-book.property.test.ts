import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginBook, OrderTerms, type ParameterTable, Product, roundMicrosToPaise } from '../../../engine/index.ts';
import { type Fill, type OrderSpec, randomOrders, randomSteps, randomTable, requirementOf, type Step, termsOf } from './random-book.ts';
import { futureArray, syntheticTable } from './synthetic-table.ts';

const CLIENT = 3;
const anyTable = fc
  .record({ calendar: fc.constantFrom('none' as const, 'equal' as const, 'unequal' as const), som: fc.boolean(), tiers: fc.constantFrom(1, 2, 3) })
  .chain(randomTable);
const exactTable = fc.record({ calendar: fc.constant('none' as const), som: fc.boolean(), tiers: fc.constantFrom(1, 2, 3) }).chain(randomTable);

function bookOf(table: ParameterTable, steps: readonly Step[], orders: readonly OrderSpec[]): MarginBook {
  const book = new MarginBook(table, 2_000);
  for (const { instrument, units } of steps) book.addPosition(CLIENT, instrument % table.instruments, Product.NRML, units);
  for (const order of orders) book.addOrder(CLIENT, termsOf(table, order));
  return book;
}

/** Every choice of: nothing, half, all of the order, or all of its replacement. */
function everyFill(table: ParameterTable, orders: readonly OrderSpec[], visit: (fills: Fill[]) => void, fills: Fill[] = []): void {
  const [order, ...rest] = orders;
  if (order === undefined) {
    visit(fills);
    return;
  }
  const instrument = order.instrument % table.instruments;
  const half = Math.trunc(order.units / 2);
  const choices = [
    { instrument, units: 0, price: 0 },
    { instrument, units: half, price: order.price },
    { instrument, units: order.units, price: order.price },
    ...(order.altUnits === 0 ? [] : [{ instrument, units: Math.sign(order.units) * order.altUnits, price: order.altPrice }]),
  ];
  for (const choice of choices) everyFill(table, rest, visit, [...fills, choice]);
}

describe('the requirement over working orders', () => {
  it('is exactly the largest over every set of fills (no calendar charge)', () => {
    fc.assert(
      fc.property(exactTable, randomSteps, randomOrders(5), (table, steps, orders) => {
        const positions = steps.map((step) => ({ ...step, instrument: step.instrument % table.instruments }));
        let worst = 0;
        everyFill(table, orders, (fills) => {
          worst = Math.max(worst, requirementOf(table, positions, fills));
        });
        expect(bookOf(table, steps, orders).requirement(CLIENT)).toBe(roundMicrosToPaise(worst));
      }),
      { numRuns: 400 },
    );
  });

  it('is attained: up to twelve orders, all or nothing', () => {
    fc.assert(
      fc.property(exactTable, randomSteps, randomOrders(12), (table, steps, orders) => {
        const positions = steps.map((step) => ({ ...step, instrument: step.instrument % table.instruments }));
        const plain = orders.map((order) => ({ ...order, altUnits: 0 }));
        let worst = 0;
        for (let subset = 0; subset < 1 << plain.length; subset++) {
          const fills = plain
            .filter((_, at) => (subset >> at) & 1)
            .map(({ instrument, units, price }) => ({ instrument: instrument % table.instruments, units, price }));
          worst = Math.max(worst, requirementOf(table, positions, fills));
        }
        expect(bookOf(table, steps, plain).requirement(CLIENT)).toBe(roundMicrosToPaise(worst));
      }),
      { numRuns: 30 },
    );
  });

  it('is never below the position after any fills, calendar charges included', () => {
    fc.assert(
      fc.property(anyTable, randomSteps, randomOrders(4), (table, steps, orders) => {
        const bound = bookOf(table, steps, orders).requirement(CLIENT);
        everyFill(table, orders, (fills) => {
          const filled = bookOf(table, [...steps, ...fills], []);
          const premium = fills.reduce(
            (sum, { instrument, units, price }) => sum + (table.kind[instrument] === 1 ? 0 : Math.max(0, units) * price),
            0,
          );
          expect(filled.requirement(CLIENT) + premium / 100).toBeLessThanOrEqual(bound + 1);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('the book', () => {
  it('is what it was after an order is added and removed, or a position added and taken off', () => {
    fc.assert(
      fc.property(anyTable, randomSteps, randomOrders(4), randomOrders(3), (table, steps, orders, passing) => {
        const book = bookOf(table, steps, orders);
        const before = book.requirement(CLIENT);
        for (const order of passing) book.addOrder(CLIENT, termsOf(table, order));
        for (const order of passing) book.addPosition(CLIENT, order.instrument % table.instruments, Product.NRML, order.units);
        for (const order of passing) book.removeOrder(CLIENT, termsOf(table, order));
        for (const order of passing) book.addPosition(CLIENT, order.instrument % table.instruments, Product.NRML, -order.units);
        expect(book.requirement(CLIENT)).toBe(before);
        for (const order of orders) book.removeOrder(CLIENT, termsOf(table, order));
        for (const { instrument, units } of steps) book.addPosition(CLIENT, instrument % table.instruments, Product.NRML, -units);
        expect(book.requirement(CLIENT)).toBe(0);
        expect(book.underlyingMargins(CLIENT)).toEqual([]);
      }),
    );
  });

  it('leaves nothing behind, even where sums were beyond exact', () => {
    const table = syntheticTable({
      commodities: [
        {
          symbol: 'X',
          contracts: [
            { name: 'F', array: futureArray(333.33), elmLong: 20.123457, elmShort: 20.123457 },
            { name: 'G', array: futureArray(77.77), scanTier: 1 },
          ],
        },
      ],
    });
    const book = new MarginBook(table, 2_000);
    const order = new OrderTerms().set(0, Product.NRML, 1, 7e9 + 1, 500);
    book.addPosition(CLIENT, 0, Product.NRML, 3e9 + 1);
    book.addOrder(CLIENT, order);
    book.addPosition(CLIENT, 1, Product.NRML, -13);
    expect(book.requirement(CLIENT)).toBeGreaterThan(1e14);
    book.removeOrder(CLIENT, order);
    book.addPosition(CLIENT, 0, Product.NRML, -3e9 - 1);
    book.addPosition(CLIENT, 1, Product.NRML, 13);
    expect(book.requirement(CLIENT)).toBe(0);
    book.addPosition(CLIENT, 1, Product.NRML, 10);
    expect(book.requirement(CLIENT)).toBe(777_70);
  });

  it('refuses to remove an order it does not hold', () => {
    const book = new MarginBook(syntheticTable({ commodities: [{ symbol: 'X', contracts: [{ name: 'F' }] }] }), 2_000);
    const order = new OrderTerms().set(0, Product.NRML, 1, 1, 500);
    expect(() => book.removeOrder(CLIENT, order)).toThrow('does not hold');
    expect(() => book.requirementIf(CLIENT, null, order)).toThrow('does not hold');
    expect(() => book.addOrder(CLIENT, new OrderTerms().set(1, Product.NRML, 1, 1, 500))).toThrow('no instrument');
  });

  it('does not depend on the order in which it was filled', () => {
    fc.assert(
      fc.property(anyTable, randomSteps, randomOrders(5), (table, steps, orders) => {
        const forward = bookOf(table, steps, orders);
        const backward = new MarginBook(table, 2_000);
        for (const order of [...orders].reverse()) backward.addOrder(CLIENT, termsOf(table, order));
        for (const { instrument, units } of [...steps].reverse()) backward.addPosition(CLIENT, instrument % table.instruments, Product.NRML, units);
        expect(backward.requirement(CLIENT)).toBe(forward.requirement(CLIENT));
        const sorted = (book: MarginBook) => book.underlyingMargins(CLIENT);
        expect(sorted(backward)).toEqual(sorted(forward));
      }),
    );
  });

  it('ends equal however an order is filled in parts', () => {
    fc.assert(
      fc.property(anyTable, randomSteps, randomOrders(3), fc.nat(), (table, steps, orders, seed) => {
        const atOnce = bookOf(table, steps, orders);
        const inParts = bookOf(table, steps, orders);
        for (const order of orders) {
          const plain = { ...order, altUnits: 0 };
          for (const book of [atOnce, inParts]) {
            book.removeOrder(CLIENT, termsOf(table, order));
            book.addOrder(CLIENT, termsOf(table, plain));
          }
          const first = Math.trunc((order.units * (seed % 7)) / 7);
          fill(table, inParts, plain, [first, order.units - first]);
          fill(table, atOnce, plain, [order.units]);
        }
        expect(inParts.requirement(CLIENT)).toBe(atOnce.requirement(CLIENT));
      }),
    );
  });

  it('answers a what-if with what it then becomes, and is unmoved by the question', () => {
    fc.assert(
      fc.property(anyTable, randomSteps, randomOrders(4), randomOrders(4), (table, steps, orders, asked) => {
        const book = bookOf(table, steps, orders);
        for (const order of asked) {
          const add = termsOf(table, order);
          const before = book.requirement(CLIENT);
          const answer = book.requirementIf(CLIENT, add, null);
          expect(book.requirement(CLIENT)).toBe(before);
          book.addOrder(CLIENT, add);
          expect(book.requirement(CLIENT)).toBe(answer);
          expect(book.requirementIf(CLIENT, null, add)).toBe(before);
          const [held] = orders;
          if (held !== undefined) expectReplace(book, termsOf(table, held), add);
        }
      }),
    );
  });
});

/** Removing `held` for `add` (again) must be answered as it then turns out; puts the book back. */
function expectReplace(book: MarginBook, held: OrderTerms, add: OrderTerms): void {
  const answer = book.requirementIf(CLIENT, add, held);
  book.removeOrder(CLIENT, held);
  book.addOrder(CLIENT, add);
  expect(book.requirement(CLIENT)).toBe(answer);
  book.removeOrder(CLIENT, add);
  book.addOrder(CLIENT, held);
}

function fill(table: ParameterTable, book: MarginBook, order: OrderSpec, parts: readonly number[]): void {
  let left = order.units;
  for (const part of parts) {
    book.removeOrder(CLIENT, termsOf(table, { ...order, units: left }));
    left -= part;
    book.addPosition(CLIENT, order.instrument % table.instruments, Product.NRML, part);
    if (left !== 0) book.addOrder(CLIENT, termsOf(table, { ...order, units: left }));
  }
}
