// Who will take or give how many shares: stock derivatives of the last days, with figures worked out by hand. INFY stands at Rs 1,000 in the file.
import { expect, it } from 'vitest';
import { nearDeliveries } from '../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, type InstrumentId, market, marketRows, PE, rupees } from './builders.ts';
import { openDesk } from './desk.ts';

/** The small market with contracts that expire on Thursday 26 November, four weekdays after the table's Friday: call 950, put 1,050. */
const lastDays = marketRows().map((row) => ({
  ...row,
  ...(row.expiry === 20261224 ? { expiry: 20261126 } : {}),
  ...(row.token === CE.token ? { strike: rupees(950) } : row.token === PE.token ? { strike: rupees(1050) } : {}),
}));

function deliveries(trades: readonly (readonly ['buy' | 'sell', InstrumentId])[], within: number, rows = lastDays): (string | number)[][] {
  const desk = openDesk(market(rows));
  for (const [index, [side, of]] of trades.entries())
    desk.send(
      exchangeReport({ account: 'A1', type: 'TRADE', trade: `T${index}`, of, side, quantity: 100, price: of === EQ || of === FUT ? 1000 : 60 }),
    );
  return nearDeliveries(desk.state, within).map(({ token, net, shares, value, daysTo }) => [token, net, shares, value, daysTo]);
}

it.each([
  ['a bought future takes the shares at the stock’s price', 'buy', FUT, [100, 100, 100 * 1_000_00, 4]],
  ['a sold future gives them', 'sell', FUT, [-100, -100, 100 * 1_000_00, 4]],
  ['a bought call in the money takes them at the strike', 'buy', CE, [100, 100, 100 * 950_00, 4]],
  ['a sold call gives them', 'sell', CE, [-100, -100, 100 * 950_00, 4]],
  ['a bought put in the money gives them at the strike', 'buy', PE, [100, -100, 100 * 1_050_00, 4]],
  ['a sold put takes them', 'sell', PE, [-100, 100, 100 * 1_050_00, 4]],
] as const)('%s', (_, side, of, expected) => {
  expect(deliveries([[side, of]], 4)).toEqual([[of.token, ...expected]]);
  expect(deliveries([[side, of]], 3)).toEqual([]);
});

it('leaves out shares, what is closed, and what expires later; an option out of the money takes nothing', () => {
  expect(deliveries([['buy', EQ]], 4)).toEqual([]);
  expect(
    deliveries(
      [
        ['buy', FUT],
        ['sell', FUT],
      ],
      4,
    ),
  ).toEqual([]);
  expect(deliveries([['buy', FUT]], 23, marketRows())).toEqual([]);
  expect(deliveries([['buy', CE]], 24, marketRows())).toEqual([[CE.token, 100, 0, 0, 24]]);
});
