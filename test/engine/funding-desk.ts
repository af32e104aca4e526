// A desk whose house funds clients (MTF), and what tests ask of it. INFY at Rs 1,000 may be bought with a quarter of its price.

import { expect } from 'vitest';
import { clientView, fundingView, type ParameterTable, portfolioView, SlotState } from '../../engine/index.ts';
import { EQ, exchangeReport, type InstrumentId, market, marketRows, marks, type OrderSpec, POLICY, placeOrder } from './builders.ts';
import { Desk } from './desk.ts';

export const RUPEE = 100 as const;
export const LAKH: number = 100_000 * RUPEE;
export const DAYS: readonly number[] = [20261120, 20261123, 20261124, 20261125, 20261126, 20261127];
export const POLICY_MTF: object = { ...POLICY, fundingLimit: 50 * LAKH };
export const SHARES: ParameterTable = market(marketRows(), { funded: [[EQ.segment, EQ.token, 2_500]] });

/** A desk whose house lends up to Rs 50 lakh a client; A1 has Rs 1 crore of its own and is sanctioned Rs 10 lakh. */
export function fundingDesk(table: ParameterTable = SHARES, policy: object = POLICY_MTF): Desk {
  const at = new Desk();
  at.tell('OpenDay', { businessDate: DAYS[0], ruleSet: 1, policy });
  at.load(table);
  at.account('A1', 10_000_000);
  at.tell('SetLimit', { account: 'A1', maxFunded: 10 * LAKH });
  return at;
}

let count = 0;
export const mtf = (side: 'buy' | 'sell', quantity: number, more: Partial<OrderSpec> = {}): OrderSpec => ({
  id: `m${++count}`,
  of: EQ,
  product: 'MTF',
  side,
  quantity,
  ...more,
});
/** An order filled at once. */
export function traded(
  at: Desk,
  side: 'buy' | 'sell',
  quantity: number,
  price = 1000,
  product: OrderSpec['product'] = 'MTF',
  of: InstrumentId = EQ,
): void {
  const spec = mtf(side, quantity, { price, product, of });
  expect(at.send(placeOrder(spec))[0]).toMatchObject({ event: 'OrderAccepted' });
  at.send(exchangeReport({ id: spec.id, type: 'TRADE', trade: `T-${spec.id}`, quantity, price, of, side }));
}
/** Closes the day and opens the next. */
export function night(at: Desk, mark?: number, policy: object = POLICY_MTF): ReturnType<Desk['tell']> {
  const today = at.state.meta.u32(1, 24);
  if (mark !== undefined) at.send(marks([[EQ, mark]]));
  const closed = at.tell('CloseDay', { businessDate: today });
  at.tell('OpenDay', { businessDate: DAYS[DAYS.indexOf(today) + 1], ruleSet: 1, policy });
  return closed;
}
export const requirement = (at: Desk): number => (at.state.derived.book?.requirement(1) ?? 0) / RUPEE;
export const available = (at: Desk): number => (clientView(at.state, 'A1')?.available ?? 0) / RUPEE;
export const cash = (at: Desk): number => (clientView(at.state, 'A1')?.funds.cash ?? 0) / RUPEE;
/** Cash and what the client has of its own in funded shares: only gains and losses change it. */
export const money = (at: Desk): number => cash(at) + (clientView(at.state, 'A1')?.funds.fundedOwn ?? 0) / RUPEE;
export const lots = (at: Desk): unknown[] =>
  (fundingView(at.state, 'A1')?.lots ?? []).map(({ boughtOn, units, pledged, cost, funded }) => [
    boughtOn,
    units,
    pledged,
    cost / RUPEE,
    funded / RUPEE,
  ]);
export const drawn = (at: Desk): number => (fundingView(at.state, 'A1')?.drawn ?? 0) / RUPEE;
export const held = (at: Desk, of: InstrumentId = EQ): unknown => portfolioView(at.state, 'A1')?.holdings.find(({ token }) => token === of.token);
/** The same slot after a restart. */
export function restarted(at: Desk): SlotState {
  const copy = SlotState.restore(at.state.slot, at.state.snapshot());
  copy.rebuild(at.state.derived.parameters);
  return copy;
}
