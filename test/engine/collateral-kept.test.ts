// A day's client file that knows figures only: pieces the engine has stay, because it knows them better.
import { expect, it, test } from 'vitest';
import { counts, desk, give, nextDay, SHARE } from './collateral-desk.ts';

const figures = (of: ReturnType<typeof desk>, more: object = {}): ReturnType<(typeof of)['tell']> =>
  of.tell('SetCollateral', { account: 'A1', cash: 7_000, cashEquivalent: 1_000, nonCash: 2_000, ...more });
/** 100 shares at Rs 2,500 less 12.5 %. */
const HELD = { cashLike: 0, other: 218_750 };

test.each<[string, object, { cashLike: number; other: number }]>([
  ['without the word they take the place of the pieces', {}, { cashLike: 10, other: 20 }],
  ['with it only the cash is replaced', { keepPieces: true }, HELD],
])('figures over pieces: %s', (_what, more, expected) => {
  const of = desk();
  give(of, [{ kind: 'EQUITY', key: SHARE, quantity: 100 }]);
  expect(counts(of)).toEqual(HELD);
  figures(of, more);
  expect(counts(of)).toEqual(expected);
});

it('a client without pieces has its figures replaced either way', () => {
  const of = desk();
  figures(of, { keepPieces: true });
  expect(counts(of)).toEqual({ cashLike: 10, other: 20 });
});

it('what was pledged on the day before counts the next day, the figures notwithstanding', () => {
  const of = desk();
  give(of, [{ kind: 'EQUITY', key: SHARE, quantity: 100, credit: 'NEXT_DAY' }]);
  figures(of, { keepPieces: true });
  expect(counts(of)).toEqual({ cashLike: 0, other: 0 });
  nextDay(of, 20261120, 20261123);
  expect(counts(of)).toEqual(HELD);
});

it('cannot both keep and give pieces', () => {
  const of = desk();
  const [refused] = of.tell('SetCollateral', {
    account: 'A1',
    cash: 0,
    cashEquivalent: 0,
    nonCash: 0,
    keepPieces: true,
    pieces: [{ kind: 'EQUITY', key: SHARE, quantity: 1 }],
  });
  expect(refused).toMatchObject({ event: 'CommandRefused', reject: 'commandMalformed' });
});
