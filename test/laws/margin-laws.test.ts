// Laws any margin must obey, whatever the numbers: checked on the engine's margin book by itself, with no second implementation.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginBook } from '../../engine/margin/margin-book.ts';
import { OrderTerms } from '../../engine/margin/order-terms.ts';
import { Random } from '../oracle/random.ts';
import { randomTable } from '../oracle/random-table.ts';

const RUNS = 150;
const TABLE = randomTable(new Random(5), 5);
/** Underlyings without calendar charge, where a book can never cost more than its parts. */
const WITHOUT_CALENDAR = [1, 3];
const LOT = 25;

interface Item {
  readonly row: number;
  readonly side: number;
  readonly lots: number;
  readonly price: number;
}

const rowIn = (underlying: number, nth: number): number => {
  const first = TABLE.firstInstrument[underlying] ?? 0;
  return first + (nth % (TABLE.instrumentCount[underlying] ?? 1));
};
const item = (underlyings: readonly number[]): fc.Arbitrary<Item> =>
  fc.record({
    row: fc.tuple(fc.constantFrom(...underlyings), fc.nat(14)).map(([underlying, nth]) => rowIn(underlying, nth)),
    side: fc.constantFrom(1, 2),
    lots: fc.integer({ min: 1, max: 8 }),
    price: fc.integer({ min: 10, max: 2000 }).map((steps) => steps * 500),
  });
const items = (underlyings: readonly number[]): fc.Arbitrary<Item[]> => fc.array(item(underlyings), { maxLength: 7 });
const ALL = [0, 1, 2, 3, 4];

const termsOf = (of: Item, units: number = of.lots * LOT): OrderTerms => new OrderTerms().set(of.row, 3, of.side, units, of.price);
const signed = (of: Item, units: number = of.lots * LOT): number => (of.side === 1 ? units : -units);
const isOption = (row: number): boolean => (TABLE.kind[row] ?? 0) >= 2;

function bookOf(positions: readonly Item[], orders: readonly Item[]): MarginBook {
  const book = new MarginBook(TABLE, 2000);
  for (const position of positions) book.addPosition(0, position.row, 3, signed(position));
  for (const order of orders) book.addOrder(0, termsOf(order));
  return book;
}

describe('laws of margin', () => {
  it('the order in which a book was built does not matter', () => {
    const shuffled = items(ALL).chain((orders) => fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })));
    fc.assert(
      fc.property(items(ALL), shuffled, (positions, [orders, other]) => {
        expect(bookOf([...positions].reverse(), other).requirement(0)).toBe(bookOf(positions, orders).requirement(0));
      }),
      { numRuns: RUNS },
    );
  });

  it('a cancelled order leaves nothing behind, and what-if is what happens', () => {
    fc.assert(
      fc.property(items(ALL), items(ALL), item(ALL), (positions, orders, extra) => {
        const book = bookOf(positions, orders);
        const before = book.requirement(0);
        const expected = book.requirementIf(0, termsOf(extra), null);
        expect(book.requirement(0)).toBe(before);
        book.addOrder(0, termsOf(extra));
        expect(book.requirement(0)).toBe(expected);
        expect(book.requirementIf(0, null, termsOf(extra))).toBe(before);
        book.removeOrder(0, termsOf(extra));
        expect(book.requirement(0)).toBe(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('an order filled in pieces ends where one filled at once does', () => {
    fc.assert(
      fc.property(
        items(ALL),
        items(ALL),
        item(ALL),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
        (positions, orders, filled, pieces) => {
          const book = bookOf(positions, [...orders, filled]);
          let open = filled.lots * LOT;
          for (const piece of [...pieces, open]) {
            const units = Math.min(piece, open);
            book.removeOrder(0, termsOf(filled, open));
            book.addPosition(0, filled.row, 3, signed(filled, units));
            open -= units;
            if (open === 0) break;
            book.addOrder(0, termsOf(filled, open));
          }
          expect(book.requirement(0)).toBe(bookOf([...positions, filled], orders).requirement(0));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('two books together never need more than apart (no calendar charge)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WITHOUT_CALENDAR), fc.nat(), (underlying, seed) => {
        const random = new Random(seed);
        const some = (): Item[] =>
          Array.from({ length: random.int(0, 5) }, () => ({
            row: rowIn(underlying, random.int(0, 14)),
            side: random.int(1, 2),
            lots: random.int(1, 8),
            price: 5000,
          }));
        const [a, b, ordersA, ordersB] = [some(), some(), some(), some()];
        const together = bookOf([...a, ...b], [...ordersA, ...ordersB]).requirement(0);
        const apart = bookOf(a, ordersA).requirement(0) + bookOf(b, ordersB).requirement(0);
        // One paisa: each side is rounded once.
        expect(together).toBeLessThanOrEqual(apart + 1);
      }),
      { numRuns: RUNS },
    );
  });

  it('what is held for working orders covers every way they can fill', () => {
    const fills = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(items(ALL), items(ALL), fills, fc.boolean(), (positions, orders, lots, restLapses) => {
        const held = bookOf(positions, orders).requirement(0);
        const done = orders.map((order, i) => ({ ...order, lots: Math.min(order.lots, lots[i] ?? 0) }));
        const rest = restLapses ? [] : orders.map((order, i) => ({ ...order, lots: order.lots - (done[i]?.lots ?? 0) }));
        const premium = done
          .filter((fill) => fill.side === 1 && isOption(fill.row))
          .reduce((sum, fill) => sum + (fill.lots * LOT * fill.price) / 100, 0);
        const after = bookOf(
          [...positions, ...done.filter((fill) => fill.lots > 0)],
          rest.filter((order) => order.lots > 0),
        ).requirement(0);
        // One paisa for each of the five underlyings, each rounded once.
        expect(after + premium).toBeLessThanOrEqual(held + 5);
      }),
      { numRuns: RUNS },
    );
  });

  it('a larger order never needs less', () => {
    fc.assert(
      fc.property(items(ALL), items(ALL), item(ALL), fc.integer({ min: 1, max: 5 }), (positions, orders, order, more) => {
        const book = bookOf(positions, orders);
        const small = book.requirementIf(0, termsOf(order), null);
        const large = book.requirementIf(0, termsOf({ ...order, lots: order.lots + more }), null);
        expect(large).toBeGreaterThanOrEqual(small);
        expect(small).toBeGreaterThanOrEqual(book.requirement(0));
      }),
      { numRuns: RUNS },
    );
  });

  it('selling for delivery what is held needs nothing, whatever the price', () => {
    const cash = fc.integer({ min: 1, max: 4 }).map((nth) => TABLE.instruments - nth);
    const sales = fc.array(fc.record({ units: fc.integer({ min: 1, max: 60 }), percent: fc.integer({ min: 80, max: 120 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(cash, sales, fc.nat(50), fc.nat(100), (row, orders, spare, bought) => {
        const book = new MarginBook(TABLE, 2000);
        const sold = orders.reduce((sum, { units }) => sum + units, 0);
        book.addPosition(0, row, 1, Math.min(bought, sold));
        const before = book.requirement(0);
        book.setHolding(0, row, Math.max(0, sold - bought) + spare);
        for (const { units, percent } of orders) {
          const price = Math.round(((TABLE.previousClose[row] ?? 0) * percent) / 100 / 500) * 500;
          book.addOrder(0, new OrderTerms().set(row, 1, 2, units, price));
          expect(book.requirement(0)).toBe(before);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
