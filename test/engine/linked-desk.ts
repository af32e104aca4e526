// What the tests of orders with exit legs have in common: a desk whose house takes cover orders (stop-loss 1 to 6 % away), one client with Rs 1 lakh, fills.
import { exchangeReport, market, POLICY } from './builders.ts';
import { Desk } from './desk.ts';

/** OrderID's sequence of the first order a fresh desk takes. */
export const ENTRY = 5;
/** The permitted range of a stop-loss, hundredths of a per cent. */
export const COVER = { coverRange: { least: 100, most: 600 } };

/** A desk with its day open. */
export function linkedDesk(policy: object): Desk {
  const at = new Desk();
  at.tell('OpenDay', { businessDate: 20261120, ruleSet: 1, policy: { ...POLICY, ...policy } });
  at.load(market());
  at.account('A1', 10_000_000);
  return at;
}

/** The exchange fills units of an order. */
export const fill = (id: string, trade: string, quantity: number, price = 1000): ReturnType<typeof exchangeReport> =>
  exchangeReport({ id, type: 'TRADE', trade, quantity, price });

/** What the one client's positions and orders ask for, rupees. */
export const requirement = (at: Desk): number => (at.state.derived.book?.requirement(1) ?? 0) / 100;
