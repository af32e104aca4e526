// Rows of the decision table that margin trading funding (MTF) adds; see reject-codes.table.ts.
import { EQ, market, marketRows, POLICY, placeOrder } from './builders.ts';
import type { Desk } from './desk.ts';
import type { RejectRow } from './reject-codes.table.ts';

/** The next day is open, its policy funds a client with at most Rs 1 crore, and its table says that INFY may be bought so at 25 %. */
const fundingOffered = (desk: Desk): void => {
  desk.tell('CloseDay', { businessDate: 20261120 });
  desk.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy: { ...POLICY, fundingLimit: 1_000_000_000 } });
  desk.load(market(marketRows(), { funded: [[EQ.segment, EQ.token, 2_500]] }), 'table-funded');
};

export const FUNDING_REJECT_ROWS: readonly RejectRow[] = [
  {
    code: 'fundingNotAllowed',
    because: 'the house funds clients, but this one is sanctioned nothing',
    given: fundingOffered,
    order: placeOrder({ id: 'x', of: EQ, product: 'MTF' }),
    expect: { value: 1, limit: 0 },
  },
  {
    code: 'fundingLimit',
    because: 'Rs 1,00,000 bought at 25 % draws Rs 75,000, where Rs 74,999 are sanctioned',
    given: (desk) => {
      fundingOffered(desk);
      desk.tell('SetLimit', { account: 'A1', maxFunded: 7_499_900 });
    },
    order: placeOrder({ id: 'x', of: EQ, product: 'MTF' }),
    expect: { value: 7_500_000, limit: 7_499_900 },
  },
  {
    code: 'fundingExhausted',
    because: 'it draws Rs 75,000, and the slot may lend Rs 74,999 of what the house lends in all',
    given: (desk) => {
      fundingOffered(desk);
      desk.tell('SetLimit', { account: 'A1', maxFunded: 100_000_000 });
      desk.tell('GrantSlice', { corporation: 'FUNDING', number: 1, slice: 7_499_900 });
    },
    order: placeOrder({ id: 'x', of: EQ, product: 'MTF' }),
    expect: { value: 7_500_000, limit: 7_499_900 },
  },
];
