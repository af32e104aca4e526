// What a client has and what a client needs, worked out from nothing each time: the account's orders, positions and holdings become a
// portfolio for the margin oracle. Owns the funds formula and the sums limits are held against.
import { ExchangeSegment, InstrumentKind } from '../../engine/index.ts';
import { type Account, kindOf, type Order, openOrders, type Position, rowOf, type Slot, type Terms, togethers } from './book.ts';
import { covered, earlySales, heldUnits, placeOf } from './early.ts';
import { abs, divideAway, divideUp, larger, smaller } from './exact.ts';
import { ownInLots } from './funding.ts';
import { aloneRequirement, requirementOf } from './margin-oracle.ts';
import type { Portfolio, PositionLine, WorkingOrder } from './portfolio.ts';
import { leadRow } from './same-share.ts';

/** Shares: NSE and BSE. */
const CASH_SEGMENTS: ReadonlySet<number> = new Set([ExchangeSegment.NSE, ExchangeSegment.BSE]);

/** Units of some terms that are still to be filled. */
export const leavesOf = (order: Order, terms: Terms): bigint => larger(terms.quantity - order.filled, 0n);

/** Ticks x units as paise, away from zero. */
export const valuePaise = (price: bigint, units: bigint): bigint => divideAway(price * units, 100n);

/** Units an open order may still take: the larger side of a pending replace. */
export function workingUnits(order: Order): bigint {
  const replacement = order.pendingReplace === undefined ? 0n : leavesOf(order, order.pendingReplace.terms);
  return larger(leavesOf(order, order.terms), replacement);
}

/** Paise an open order holds against the value limits: the dearer side of a pending replace. */
export function heldValue(order: Order): bigint {
  const current = valuePaise(order.terms.valuation, leavesOf(order, order.terms));
  const next = order.pendingReplace?.terms;
  return next === undefined ? current : larger(current, valuePaise(next.valuation, leavesOf(order, next)));
}

/** What of an order is still open, for the margin. */
function workingOrder(slot: Slot, order: Order): WorkingOrder | undefined {
  const row = leadRow(slot.table, rowOf(slot, order.segment, order.token));
  if (row < 0 || order.ending !== undefined) return undefined;
  const next = order.pendingReplace?.terms;
  return {
    row,
    product: order.product,
    side: order.side,
    quantity: leavesOf(order, order.terms),
    price: order.terms.valuation,
    altQuantity: next === undefined ? 0n : leavesOf(order, next),
    altPrice: next === undefined ? 0n : next.valuation,
  };
}

/** Of orders of which one fills: one order of the largest quantity at the dearest price among them, pending terms too. */
function largest(orders: readonly WorkingOrder[]): WorkingOrder | undefined {
  const [first] = orders;
  if (first === undefined || orders.length === 1) return first;
  const terms = orders.flatMap(({ quantity, price, altQuantity, altPrice }) => [
    { units: quantity, price },
    { units: altQuantity, price: altPrice },
  ]);
  const quantity = terms.map(({ units }) => units).reduce(larger);
  const price = terms.map((each) => (each.units > 0n ? each.price : 0n)).reduce(larger);
  return { ...first, quantity, price, altQuantity: 0n, altPrice: 0n };
}

/** The account as the margin sees it, with these orders working. */
export function portfolioOf(slot: Slot, account: Account, orders: readonly Order[]): Portfolio {
  const lines: PositionLine[] = [];
  const paid = covered(slot, account);
  for (const position of account.positions.values()) {
    const { segment, token, product, units } = position;
    const row = leadRow(slot.table, rowOf(slot, segment, token));
    // What is paid for asks no more than what is not there.
    if (row >= 0) lines.push({ row, product, units: units - (paid.get(position) ?? 0n) });
  }
  const working = togethers(orders).map((group) => largest(group.map((order) => workingOrder(slot, order)).filter((order) => order !== undefined)));
  const free = new Map<number, bigint>();
  const add = ({ segment, token }: { segment: number; token: number }, units: bigint): void => {
    const row = leadRow(slot.table, rowOf(slot, segment, token));
    if (row >= 0) free.set(row, (free.get(row) ?? 0n) + units);
  };
  // A share bought yesterday may be sold, but its sale stays margined until it is delivered: t1 does not count here.
  for (const [key, units] of heldUnits(account)) add(placeOf(key), units);
  for (const [position, units] of paid) add(position, units);
  return { lines, orders: working.filter((order) => order !== undefined), free };
}

/** Exchange requirement of the account with these orders working, paise. */
export function plainRequirement(slot: Slot, account: Account, orders: readonly Order[]): bigint {
  const { table } = slot;
  if (table === undefined) return 0n;
  const alone = (order: Order): boolean => worksAlone(slot, order);
  const netted = orders.filter((order) => !alone(order));
  const asked = portfolioOf(slot, account, orders.filter(alone)).orders;
  return requirementOf(table, Number(slot.policy.cashRateFloor), portfolioOf(slot, account, netted), 'parts') + aloneRequirement(table, asked);
}

/** Does the order ask by itself: a future of an equity underlying in the pre-open session, since 8 December 2025? */
function worksAlone(slot: Slot, { segment, token }: Order): boolean {
  const isEquity = segment === ExchangeSegment.NFO || segment === ExchangeSegment.BFO;
  return isEquity && slot.gates.get(segment) === 'PRE_OPEN' && slot.businessDate >= 20_251_208 && kindOf(slot, segment, token) === InstrumentKind.FUT;
}

/** The same with the house multiplier on top, rounded up. */
export function requirementWith(slot: Slot, account: Account, orders: readonly Order[]): bigint {
  return divideUp(plainRequirement(slot, account, orders) * slot.policy.spanMultiplier, 10_000n);
}

/** Requirement of the account as it stands. */
export const requirementNow = (slot: Slot, account: Account): bigint => requirementWith(slot, account, openOrders(account));

/** Is it an option, whose price is paid in cash and never marked? */
export const isOptionPosition = ({ kind }: Position): boolean => kind === InstrumentKind.CE || kind === InstrumentKind.PE;

/** Realised and unrealised gain of futures and shares, ticks x units. */
export function gainOf(account: Account): bigint {
  let sum = 0n;
  for (const position of account.positions.values())
    if (!isOptionPosition(position)) sum += position.realised + position.units * position.mark - position.cost;
  return sum;
}

/** Gain of futures closed today, ticks x units: with premium it is what the clearing corporation has crystallised (all dates here are after October 2019). */
export function closedGainOf(account: Account): bigint {
  const futures = [...account.positions.values()].filter((position) => !isOptionPosition(position) && !CASH_SEGMENTS.has(position.segment));
  return futures.reduce((sum, { realised }) => sum + realised, 0n);
}

/** Sum of |net| x mark, ticks x units. */
export function grossOf(account: Account): bigint {
  const each = (position: Position): bigint => abs(position.units) * position.mark;
  return [...account.positions.values()].reduce((sum, position) => sum + each(position), 0n);
}

const floorPaise = (tickUnits: bigint): bigint => -divideUp(-tickUnits, 100n);

/** What the client has, paise: other collateral counts up to the cash; losses count, gains do not, and no open gain pays for a future closed at a loss. */
export function availableOf(slot: Slot, account: Account): bigint {
  const cashLike = account.cash + account.cashEquivalent;
  const nonCash = smaller(account.nonCash, larger(cashLike, 0n));
  const loss = smaller(floorPaise(smaller(gainOf(account), closedGainOf(account))), 0n);
  return (
    cashLike + account.adhoc + ownInLots(account) + earlySales(slot, account) - account.early.money + nonCash - divideUp(account.premium, 100n) + loss
  );
}
