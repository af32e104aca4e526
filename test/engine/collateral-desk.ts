// Client A1 with nothing but the collateral a test gives, and the list it is valued by.
import { collateralView } from '../../engine/index.ts';
import { Client } from '../../engine/state/client-table.ts';
import { POLICY, rupees } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

export const SHARE = 'INE009A01021';
export const OTHER = 'INE002A01018';
export const BOND = 'IN0020230085';
export const NIGHT = 'INF200KA1LE6';
export const FUND = 'INF209K01157';
export const share: { readonly kind: string; readonly isin: string; readonly price: number; readonly haircut: number } = {
  kind: 'EQUITY',
  isin: SHARE,
  price: rupees(2_500),
  haircut: 1_250,
};
export const LIST: readonly object[] = [
  share,
  { kind: 'EQUITY', isin: OTHER, price: rupees(100), haircut: 4_000 },
  { kind: 'GSEC', isin: BOND, price: rupees(101.25), haircut: 200, countsUntil: 20261124 },
  { kind: 'OVERNIGHT_FUND', isin: NIGHT, price: rupees(1_000), haircut: 200 },
  { kind: 'FUND', isin: FUND, price: rupees(50), haircut: 400 },
];

/** A desk on a day with A1 at no money but what a test gives. */
export function desk(list: readonly object[] = LIST): Desk {
  const opened = openDesk();
  opened.tell('SetCollateral', { account: 'A1', cash: 0, cashEquivalent: 0, nonCash: 0 });
  opened.tell('SetHaircuts', { date: 20261120, replace: true, rows: list });
  return opened;
}

/** Rupees that A1's pieces count for on either side of the 50:50 rule. */
export function counts(of: Desk): { cashLike: number; other: number } {
  const { clients } = of.state;
  return { cashLike: clients.f64(1, Client.cashEquivalent) / 100, other: clients.f64(1, Client.nonCash) / 100 };
}

export const give = (of: Desk, pieces: readonly object[], cash = 0): ReturnType<Desk['tell']> =>
  of.tell('SetCollateral', { account: 'A1', cash: cash * 100, cashEquivalent: 0, nonCash: 0, pieces });
export const available = (of: Desk): number => (collateralView(of.state, 'A1')?.available ?? Number.NaN) / 100;
export const nextDay = (of: Desk, from: number, to: number): void => {
  of.tell('CloseDay', { businessDate: from });
  of.tell('OpenDay', { businessDate: to, ruleSet: 1, policy: POLICY });
};
export const pledge = (quantity: number, change: object = {}): object => ({ account: 'A1', isin: SHARE, quantity, reference: 'P1', ...change });
