// Shares of one security at two exchanges, in the engine's books at the close of a day: which sale is delivered out of which units.
import { describe, expect, it } from 'vitest';
import { type SharesAtHome, sharesAtHome } from '../../../batch/nodes/engine/home-shares.ts';

const [NSE, BSE] = [1, 4];
/** RELIANCE is 2885 at NSE and 500325 at BSE; SBIN is another security. */
const homeToken = ({ token }: { readonly token: number }): number => (token === 500_325 ? 2885 : token);
/** `SEGMENT TOKEN FREE T1` held, `SEGMENT TOKEN NET` standing open after the close. */
function atHome(held: readonly string[], open: readonly string[]): SharesAtHome {
  const numbers = (line: string): number[] => line.split(' ').map(Number);
  const holdings = held.map(numbers).map(([segment = 0, token = 0, free = 0, t1 = 0]) => ({ segment, token, free, pledged: 0, t1 }));
  const positions = open.map(numbers).map(([segment = 0, token = 0, net = 0]) => ({ segment, token, net, isIntraday: false }));
  return sharesAtHome({ holdings, positions }, homeToken, ({ segment }) => segment === NSE || segment === BSE);
}
const told = ({ holdings, covered }: SharesAtHome): [held: string[], shorts: string[]] => [
  holdings.map(({ token, free, t1 }) => `${token} free ${free} t1 ${t1}`),
  covered.map(({ token, left }) => `${token} ${left}`),
];

describe('a sale at one exchange', () => {
  it.each<[what: string, held: string[], open: string[], expected: [string[], string[]]]>([
    ['of units held at the other is delivered out of them', ['1 2885 100 0'], ['4 500325 -40'], [['2885 free 60 t1 0'], ['500325 0']]],
    [
      'of units bought that day at the other comes out of those on their way',
      ['4 500325 0 50'],
      ['1 2885 -50'],
      [['500325 free 0 t1 0'], ['2885 0']],
    ],
    ['takes what is on its way before what is free', ['1 2885 100 30'], ['4 500325 -50'], [['2885 free 80 t1 0'], ['500325 0']]],
    ['beyond what is held stays short', ['1 2885 30 0'], ['4 500325 -50'], [['2885 free 0 t1 0'], ['500325 -20']]],
    ['is not covered by another security', ['1 3045 100 0'], ['4 500325 -50'], [['3045 free 100 t1 0'], []]],
    ['is not covered at its own exchange: the close has done so already', ['1 2885 10 0'], ['1 2885 -50'], [['2885 free 10 t1 0'], []]],
    ['leaves contracts alone', ['1 2885 100 0'], ['2 2885 -50'], [['2885 free 100 t1 0'], []]],
  ])('%s', (_what, held, open, expected) => {
    expect(told(atHome(held, open))).toEqual(expected);
  });
});
