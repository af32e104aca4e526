// The house gets a client out: a dealer's order that only brings a position nearer to zero is not refused for margin, though what is left asks more. The
// client's own is: it may take the other leg first. INFY at Rs 1,000 on both exchanges, 20 %; long at NSE and short at BSE ask nothing together.
import { describe, expect, it } from 'vitest';
import { buildParameterTable, ExchangeSegment, OrderFlag, type ParameterTable } from '../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, type InstrumentId, market, marketRows, type OrderSpec, placeOrder, replaceOrder, rupees } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const AT_BSE: InstrumentId = { segment: ExchangeSegment.BSE, token: 500_209 };
const DEALER = { flags: OrderFlag.DEALER };

function twoExchanges(): ParameterTable {
  const rows = marketRows();
  const [nse] = rows;
  if (nse === undefined) throw new Error('the market has no share');
  const top = { symbol: 'INFY', somRate: 0, calendarRateMax: 0, spot: rupees(1000), tierCount: 1 };
  const sameShare = [[EQ.segment, EQ.token, AT_BSE.segment, AT_BSE.token] as const];
  return buildParameterTable(20261120, [...rows, { ...nse, ...AT_BSE, name: 'INFY-A' }], [top], { ...market().details, sameShare });
}

/** A1 holds these for the day and has no money. */
function holding(...trades: readonly (readonly [of: InstrumentId, side: 'buy' | 'sell', quantity: number])[]): Desk {
  const at = openDesk(twoExchanges());
  at.tell('SetCollateral', { account: 'A1', cash: 0, cashEquivalent: 0, nonCash: 0 });
  for (const [i, [of, side, quantity]] of trades.entries()) {
    const product = of.segment === ExchangeSegment.NFO ? 'NRML' : 'MIS';
    at.send(exchangeReport({ type: 'TRADE', trade: `T${i}`, of, side, quantity, price: of === CE ? 40 : 1_000, product }));
  }
  return at;
}
const sale = (quantity: number, more: Partial<OrderSpec> = {}): OrderSpec => ({
  id: `s${quantity}-${more.flags ?? 0}`,
  of: EQ,
  side: 'sell',
  product: 'MIS',
  quantity,
  ...more,
});
const verdict = (at: Desk, spec: OrderSpec): string | undefined => at.send(placeOrder(spec))[0]?.reject;

describe('out of one of two legs that offset each other', () => {
  it.each<[string, Partial<OrderSpec>, string]>([
    ['the client', {}, 'insufficientMargin'],
    ['a dealer', DEALER, 'none'],
    ['a dealer who would go through zero', { ...DEALER, quantity: 101 }, 'insufficientMargin'],
    ['a dealer who would add to it', { ...DEALER, side: 'buy' }, 'insufficientMargin'],
  ])('%s', (_, more, expected) => {
    const at = holding([EQ, 'buy', 100], [AT_BSE, 'sell', 100]);
    expect(verdict(at, sale(100, more))).toBe(expected);
  });

  it('of which a part works already: a dealer gets the rest, and no more', () => {
    const at = holding([EQ, 'buy', 100], [AT_BSE, 'sell', 100]);
    expect(verdict(at, sale(60, DEALER))).toBe('none');
    expect(verdict(at, sale(41, DEALER))).toBe('insufficientMargin');
    expect(verdict(at, sale(40, DEALER))).toBe('none');
  });

  it('a dealer’s order is replaced as one, a client’s is not', () => {
    const at = holding([EQ, 'buy', 100], [AT_BSE, 'sell', 100]);
    const own = sale(10, DEALER);
    expect(verdict(at, own)).toBe('none');
    expect(at.send(replaceOrder({ id: 'r1', orig: own.id, quantity: 100 }))[0]?.reject).toBe('none');
    const other = holding([EQ, 'buy', 100], [AT_BSE, 'sell', 100]);
    other.tell('CreditFunds', { account: 'A1', amount: 200_000, reference: 'R' });
    expect(verdict(other, sale(10))).toBe('none');
    expect(other.send(replaceOrder({ id: 'r2', orig: 's10-0', quantity: 100 }))[0]?.reject).toBe('insufficientMargin');
  });

  it('an option that covers a short future: by the client refused, by the house not, also where the member has used its slice up', () => {
    const at = holding([FUT, 'sell', 100], [CE, 'buy', 100]);
    at.tell('GrantSlice', { corporation: 'NCL', number: 1, slice: 0 });
    const out = (more: Partial<OrderSpec>): OrderSpec => ({ id: `o${more.flags ?? 0}`, of: CE, side: 'sell', quantity: 100, price: 40, ...more });
    expect(verdict(at, out({}))).toBe('insufficientMargin');
    expect(verdict(at, out(DEALER))).toBe('none');
  });
});

it('the explanation shows the check passed, with its figures', () => {
  const at = holding([EQ, 'buy', 100], [AT_BSE, 'sell', 100]);
  const { code, checks } = at.fold.explain(at.state, placeOrder(sale(100, DEALER)));
  expect(code).toBe(0);
  expect(checks.find(({ check }) => check === 'insufficientMargin')).toMatchObject({ passed: true, value: 20_000_00, limit: 0 });
});
