// When funded shares (MTF) are due to be squared off: what is not pledged in time, and everything once 80 % of the money behind them is lost. INFY at
// Rs 1,000, a quarter of it the client's own.
import { describe, expect, it } from 'vitest';
import { type DueClient, squareOffDue } from '../../engine/index.ts';
import { EQ, FUT, marks, placeOrder } from './builders.ts';
import type { Desk } from './desk.ts';
import { DAYS, fundingDesk, LAKH, mtf, night, RUPEE, traded } from './funding-desk.ts';

const NEVER = 1_440;
const due = (at: Desk, pledgeLapsed?: number): readonly DueClient[] =>
  squareOffDue(at.state, { commodityClose: NEVER, ...(pledgeLapsed === undefined ? {} : { pledgeLapsed }) });
const words = (clients: readonly DueClient[]): string[] =>
  clients.flatMap(({ reasons, orders, positions }) => [
    ...reasons.map(({ cause, value, limit }) => `${cause} ${value} ${limit}`),
    ...orders.map(({ clOrdId }) => `cancel ${clOrdId}`),
    ...positions.map(({ product, units, cause }) => `sell ${units} of ${product} (${cause})`),
  ]);
const pledge = (at: Desk, boughtOn: number | undefined, quantity: number): void => {
  expect(at.tell('PledgeFunded', { account: 'A1', ...EQ, boughtOn, quantity, reference: 'P' })[0]).toMatchObject({ event: 'FundedPledged' });
};

/** 100 units of the first day with 70 pledged, 50 of the second with none. */
function withLots(): Desk {
  const at = fundingDesk();
  traded(at, 'buy', 100);
  night(at, 1000);
  traded(at, 'buy', 50);
  night(at, 1000);
  pledge(at, DAYS[0], 70);
  return at;
}

describe('a pledge that lapsed', () => {
  it('makes due what of the lots of its day and before is not pledged, and the working orders in the share', () => {
    const at = withLots();
    at.send(placeOrder(mtf('buy', 10, { id: 'more' })));
    at.send(placeOrder(mtf('buy', 10, { id: 'own', product: 'CNC' })));
    expect(words(due(at))).toEqual([]);
    expect(words(due(at, (DAYS[0] ?? 0) - 1))).toEqual([]);
    expect(words(due(at, DAYS[0]))).toEqual(['unpledged 30 150', 'cancel more', 'sell 30 of 4 (unpledged)']);
    expect(words(due(at, DAYS[1]))).toEqual(['unpledged 80 150', 'cancel more', 'sell 80 of 4 (unpledged)']);
    pledge(at, DAYS[0], 30);
    expect(words(due(at, DAYS[0]))).toEqual([]);
  });

  it('is met by selling: what is not pledged goes first, today and for the days after', () => {
    const at = withLots();
    traded(at, 'sell', 20);
    expect(words(due(at, DAYS[0]))).toEqual(['unpledged 10 130', 'sell 10 of 4 (unpledged)']);
    traded(at, 'sell', 10);
    expect(words(due(at, DAYS[0]))).toEqual([]);
    night(at, 1000);
    expect(words(due(at, DAYS[0]))).toEqual([]);
    expect(words(due(at, DAYS[1]))).toEqual(['unpledged 50 120', 'sell 50 of 4 (unpledged)']);
    // Sold are those 50, though the lot before is older: it is pledged.
    traded(at, 'sell', 50);
    night(at, 1000);
    expect(words(due(at, DAYS[3]))).toEqual([]);
  });
});

describe('a loss on funded shares', () => {
  /** 100 units bought yesterday for Rs 1,00,000, Rs 25,000 of it the client's, and so many rupees beside. */
  function withLoss(rupees: number, mark: number): Desk {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1000);
    at.tell('SetCollateral', { account: 'A1', cash: rupees * RUPEE, cashEquivalent: 0, nonCash: 0 });
    at.send(marks([[EQ, mark]]));
    return at;
  }
  const funded = (at: Desk): string[] => words(due(at)).filter((each) => each.includes('fundedLoss'));

  it.each([
    ['at Rs 20,000 of Rs 25,000', 0, 800, ['fundedLoss 2000000 2000000']],
    ['not a tick before', 0, 800.05, []],
    ['not while money beside it is free: Rs 20,000 of Rs 30,000', 5_000, 800, []],
    ['but once that is lost as well, at Rs 24,000', 5_000, 760, ['fundedLoss 2400000 2400000']],
  ])('is due %s', (_what, cash, mark, expected) => {
    const at = withLoss(cash, mark);
    expect(funded(at)).toEqual(expected);
    if (expected.length === 0) return;
    expect(words(due(at)).at(-1)).toMatch(/^sell 100 of 4 /);
  });

  it('counts what the client’s other positions need of its money', () => {
    const at = withLoss(5_000, 800);
    at.tell('ImportPosition', { account: 'A1', ...FUT, product: 3, quantity: 100, price: 10_000_000 });
    expect(funded(at)).toHaveLength(1);
    at.tell('CreditFunds', { account: 'A1', amount: LAKH, reference: 'pay-in' });
    expect(funded(at)).toEqual([]);
  });
});
