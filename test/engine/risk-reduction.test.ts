// Margin use through a day: the alert, risk-reduction mode, and the way out of both.
import { describe, expect, it } from 'vitest';
import { exchangeReport, FUT, POLICY, placeOrder } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const MARKS = { alertAt: 8_000, enterAt: 9_000, leaveBelow: 8_500 };

/** A1 holds 100 of the future; the day watches margin use. Returns the desk and what the position requires, paise. */
function holding(): { desk: Desk; requirement: number } {
  const desk = openDesk();
  desk.tell('CloseDay', { businessDate: 20261120 });
  desk.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy: { ...POLICY, riskReduction: MARKS } });
  desk.send(placeOrder({ id: 'a', of: FUT, quantity: 100 }));
  desk.send(exchangeReport({ id: 'a', type: 'TRADE', trade: 'T1', quantity: 100, price: 1000 }));
  const [told] = desk.tell('CreditFunds', { account: 'A1', amount: 0, reference: 'look' });
  return { desk, requirement: told?.after ?? 0 };
}

/** Funds such that the requirement is so many percent of them. */
function useOf(desk: Desk, requirement: number, percent: number): (number | string)[] {
  const events = desk.tell('SetCollateral', { account: 'A1', cash: Math.round((requirement * 100) / percent), cashEquivalent: 0, nonCash: 0 });
  return events.filter(({ event }) => event === 'UtilisationChanged').map(({ value, limit }) => `${limit}>${value}`);
}

describe('margin use', () => {
  it('alerts at 80 %, reduces risk at 90 %, and leaves either only five points below', () => {
    const { desk, requirement } = holding();
    expect(requirement).toBeGreaterThan(0);
    const steps: [number, string[]][] = [
      [50, []],
      [79, []],
      [81, ['0>1']],
      [76, []],
      [89, []],
      [91, ['1>2']],
      [86, []],
      [84, ['2>1']],
      [74, ['1>0']],
      [95, ['0>2']],
      [50, ['2>0']],
    ];
    for (const [percent, changes] of steps) expect(useOf(desk, requirement, percent), `${percent} %`).toEqual(changes);
  });

  it('lets only exits pass in risk-reduction mode', () => {
    const { desk, requirement } = holding();
    useOf(desk, requirement, 95);
    expect(desk.send(placeOrder({ id: 'b', of: FUT, side: 'buy', quantity: 100 }))[0]?.reject).toBe('riskReduction');
    expect(desk.send(placeOrder({ id: 'c', of: FUT, side: 'sell', quantity: 200 }))[0]?.reject).toBe('riskReduction');
    expect(desk.send(placeOrder({ id: 'd', of: FUT, side: 'sell', quantity: 100 }))[0]?.event).toBe('OrderAccepted');
    const filled = desk.send(exchangeReport({ id: 'd', type: 'TRADE', trade: 'T2', side: 'sell', quantity: 100, price: 1000 }));
    expect(filled.at(-1)).toMatchObject({ event: 'UtilisationChanged', value: 0, limit: 2 });
  });

  it('is not watched on a day whose policy does not say so', () => {
    const { desk, requirement } = holding();
    expect(useOf(desk, requirement, 95)).toEqual(['0>2']);
    desk.tell('CloseDay', { businessDate: 20261123 });
    desk.tell('OpenDay', { businessDate: 20261124, ruleSet: 1, policy: POLICY });
    expect(useOf(desk, requirement, 99)).toEqual([]);
    expect(desk.send(placeOrder({ id: 'b', of: FUT, side: 'buy', quantity: 100 }))[0]?.reject).not.toBe('riskReduction');
  });

  it('refuses marks that cannot be', () => {
    const desk = openDesk();
    desk.tell('CloseDay', { businessDate: 20261120 });
    for (const riskReduction of [{ ...MARKS, alertAt: 9_500 }, { ...MARKS, leaveBelow: 9_100 }, { alertAt: 1, enterAt: 2 }, 90]) {
      const [answer] = desk.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy: { ...POLICY, riskReduction } });
      expect(answer?.event, JSON.stringify(riskReduction)).toBe('CommandRefused');
    }
  });
});
