// The crystallised obligation, by hand: what a client owes for premium and for futures closed today is taken from what is available at once, whatever
// is open gains, and is taken once.
import { describe, expect, it, test } from 'vitest';
import { clientView, crystallisedObligation, marginExplanation, SlotState } from '../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, type InstrumentId, marks, PE, rare } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

type Trade = readonly [of: InstrumentId, side: 'buy' | 'sell', quantity: number, price: number];

function traded(trades: readonly Trade[], at: readonly (readonly [InstrumentId, number])[]): Desk {
  const desk = openDesk();
  trades.forEach(([of, side, quantity, price], id) => {
    desk.send(exchangeReport({ type: 'TRADE', trade: `${id}`, of, side, quantity, price }));
  });
  desk.send(marks(at.map(([of, price]) => [of, price])));
  return desk;
}

const buy = (of: InstrumentId, quantity: number, price: number): Trade => [of, 'buy', quantity, price];
const sell = (of: InstrumentId, quantity: number, price: number): Trade => [of, 'sell', quantity, price];

describe('what the day has cost is taken from what is available', () => {
  const before = clientView(openDesk().state, 'A1')?.available ?? 0;
  // Trades; marks at the end; rupees owed as the clearing corporation's files have it; rupees by which less is available.
  test.each<[string, readonly Trade[], readonly (readonly [InstrumentId, number])[], number, number]>([
    ['nothing traded', [], [], 0, 0],
    ['a future closed 10 lower', [buy(FUT, 50, 1_000), sell(FUT, 50, 990)], [[FUT, 990]], 500, 500],
    ['a future closed 10 higher: a gain counts once it is settled', [buy(FUT, 50, 1_000), sell(FUT, 50, 1_010)], [[FUT, 1_010]], 0, 0],
    ['an open future, 10 lower: no crystallised loss, but a loss', [buy(FUT, 50, 1_000)], [[FUT, 990]], 0, 500],
    [
      'closed 10 lower, bought again and 10 higher: the open gain does not pay',
      [buy(FUT, 50, 1_000), sell(FUT, 50, 990), buy(FUT, 50, 990)],
      [[FUT, 1_000]],
      500,
      500,
    ],
    ['closed 10 lower, bought again and 4 lower: both', [buy(FUT, 50, 1_000), sell(FUT, 50, 990), buy(FUT, 50, 990)], [[FUT, 986]], 500, 700],
    ['premium of a bought call', [buy(CE, 100, 40)], [[CE, 60]], 4_000, 4_000],
    ['premium of a call bought and of a put sold', [buy(CE, 100, 40), sell(PE, 100, 30)], [], 1_000, 1_000],
    [
      'a call bought at 40, sold at 45, a future closed 10 lower',
      [buy(CE, 100, 40), sell(CE, 100, 45), buy(FUT, 90, 1_000), sell(FUT, 90, 990)],
      [[FUT, 990]],
      400,
      400,
    ],
    [
      'a future closed 10 lower, shares 10 higher: shares settle elsewhere',
      [buy(FUT, 50, 1_000), sell(FUT, 50, 990), buy(EQ, 50, 100), sell(EQ, 50, 110)],
      [[FUT, 990]],
      500,
      500,
    ],
    ['shares closed 10 lower: a loss, not crystallised', [buy(EQ, 50, 100), sell(EQ, 50, 90)], [], 0, 500],
  ])('%s', (_name, trades, at, owed, less) => {
    const desk = traded(trades, at);
    const view = clientView(desk.state, 'A1');
    expect([(view?.funds.crystallised ?? -1) / 100, (before - (view?.available ?? 0)) / 100]).toEqual([owed, less]);
    // Restarted it is the same: the sum of what was closed is derived.
    const again = SlotState.restore(desk.state.slot, desk.state.snapshot());
    again.rebuild(desk.state.derived.parameters);
    expect(clientView(again, 'A1')).toEqual(view);
  });

  it('stands in the explanation with its parts, and is taken once: the parts add up to what is available', () => {
    const desk = traded([buy(CE, 100, 40), buy(FUT, 50, 1_000), sell(FUT, 50, 990), buy(FUT, 50, 990)], [[FUT, 995]]);
    const { available } = marginExplanation(desk.state, 'A1') ?? {};
    const node = available?.children.find(({ label }) => label === 'premium and what was closed');
    expect(node?.amount).toBe(-4_500_00);
    expect(node?.rule).toMatch(/^crystallised obligation 4500.00: premium paid less received less what was closed \(NSE Clearing, MG-12 and MG-13\)/);
    expect(node?.children.map(({ label, amount }) => [label, amount / 100])).toEqual([
      ['option premium of the day', -4_000],
      ['derivatives closed at a loss', -500],
    ]);
    expect(available?.children.reduce((sum, { amount }) => sum + amount, 0)).toBe(available?.amount);
    expect(available?.children.map(({ label }) => label)).not.toContain('rounding and other rules');
    // The same figure by the rule that the clearing corporation's files are compared by, in millionths of a rupee.
    expect(crystallisedObligation({ premiumPaid: 4_000e6, premiumReceived: 0, realised: -500e6 }, 20261120)).toBe(4_500e6);
  });

  it('becomes cash when the day closes: nothing is owed twice on the next', () => {
    const desk = traded([buy(CE, 100, 40), buy(FUT, 50, 1_000), sell(FUT, 50, 990)], [[FUT, 990]]);
    const available = clientView(desk.state, 'A1')?.available;
    desk.send(rare('CloseDay'), { businessDate: 20_261_120 });
    expect(clientView(desk.state, 'A1')).toMatchObject({ available, funds: { crystallised: 0, premium: 0, closedGain: 0 } });
  });
});
