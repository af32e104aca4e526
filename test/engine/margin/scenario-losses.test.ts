// The sixteen scenarios of a client's position as the console draws them: signed like the arrays, summed over contracts, and as bad as the margin says.
import { expect, it } from 'vitest';
import { MarginBook } from '../../../engine/index.ts';
import { flatArray, futureArray, rowOf, syntheticTable } from './synthetic-table.ts';

const table = syntheticTable({
  commodities: [
    {
      symbol: 'NIFTY',
      contracts: [
        { name: 'NIFTY-FUT', kind: 'FUT', expiry: 20261126, array: futureArray(300), delta: 1, price: 24_000 },
        { name: 'NIFTY-CE', kind: 'CE', expiry: 20261126, strike: 24_000, array: flatArray(10), delta: 0.5, price: 100 },
      ],
    },
    { symbol: 'BANKNIFTY', contracts: [{ name: 'BANK-FUT', kind: 'FUT', expiry: 20261126, array: futureArray(600), delta: 1, price: 54_000 }] },
  ],
});
const CLIENT = 3;
const [FUTURE, CALL, BANK] = [rowOf(table, 'NIFTY-FUT'), rowOf(table, 'NIFTY-CE'), rowOf(table, 'BANK-FUT')];

function bookOf(positions: readonly (readonly [instrument: number, units: number])[]): MarginBook {
  const book = new MarginBook(table, 2_000);
  for (const [instrument, units] of positions) book.addPosition(CLIENT, instrument, 3, units);
  return book;
}

it('gives each scenario its move and its loss, a fall worst for who is long', () => {
  const answer = bookOf([[FUTURE, 75]]).scenarios(CLIENT, 'NIFTY');
  expect(answer).toMatchObject({ symbol: 'NIFTY', activeScenario: 13, scan: 75 * 300 * 100 });
  expect(answer?.scenarios.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  expect(answer?.scenarios[10]).toEqual({ number: 11, priceMove: 1, volMove: 1, loss: -75 * 300 * 100 });
  expect(answer?.scenarios[13]).toEqual({ number: 14, priceMove: -1, volMove: -1, loss: 75 * 300 * 100 });
  expect(answer?.scenarios[15]).toMatchObject({ priceMove: -2, volMove: 0, loss: 75 * 210 * 100 });
});

it('adds the contracts of an underlying and no others', () => {
  const both = bookOf([
    [FUTURE, 75],
    [CALL, -150],
    [BANK, 15],
  ]);
  expect(both.scenarios(CLIENT, 'NIFTY')?.scenarios[0]?.loss).toBe(-150 * 10 * 100);
  expect(both.scenarios(CLIENT, 'NIFTY')?.scan).toBe(both.underlyingMargins(CLIENT).find(({ symbol }) => symbol === 'NIFTY')?.scan);
  expect(both.scenarios(CLIENT, 'BANKNIFTY')?.scan).toBe(15 * 600 * 100);
});

it('is nothing without a position, and unknown without an underlying', () => {
  const none = bookOf([[FUTURE, 75]]).scenarios(CLIENT, 'BANKNIFTY');
  expect(none).toMatchObject({ activeScenario: 0, scan: 0 });
  expect(none?.scenarios.filter(({ loss }) => loss !== 0)).toEqual([]);
  expect(bookOf([]).scenarios(CLIENT, 'NIFTYX')).toBeUndefined();
});

it('adds a contract as if it were held as well, of the same underlying only', () => {
  const book = bookOf([[FUTURE, 75]]);
  expect(book.scenarios(CLIENT, 'NIFTY', { instrument: FUTURE, quantity: 25 })).toEqual(bookOf([[FUTURE, 100]]).scenarios(CLIENT, 'NIFTY'));
  expect(book.scenarios(CLIENT, 'NIFTY', { instrument: FUTURE, quantity: -75 })?.scan).toBe(0);
  expect(book.scenarios(CLIENT, 'NIFTY', { instrument: BANK, quantity: 15 })).toEqual(book.scenarios(CLIENT, 'NIFTY'));
  expect(book.requirement(CLIENT)).toBe(bookOf([[FUTURE, 75]]).requirement(CLIENT));
});
