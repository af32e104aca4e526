// What a client has and what a client needs, worked out from nothing each time: the account's orders, positions and holdings become a
// portfolio for the margin oracle. Owns the funds formula.
import { InstrumentKind, type ParameterTable } from '../../engine/index.ts';
import { type Account, instrumentKey, type Order, type Position, type Slot, type Terms } from './book.ts';
import { divideHalfAway, divideUp, larger, smaller, whole } from './exact.ts';
import { requirementOf } from './margin-oracle.ts';
import type { Portfolio, PositionLine, WorkingOrder } from './portfolio.ts';

/** Worst permitted price: the limit, or for a market order the edge of the band it may trade at. */
export function valuedPrice(table: ParameterTable, row: number, side: number, terms: Terms): bigint {
  if (terms.price > 0n) return terms.price;
  return side === 1 ? whole(table.bandHigh[row]) : whole(table.bandLow[row]);
}

/** What of an order is still open, for the margin. */
export function workingOrder(table: ParameterTable, order: Order): WorkingOrder | undefined {
  const row = table.find(order.segment, order.token);
  if (row < 0 || order.ending !== undefined) return undefined;
  const open = (terms: Terms): bigint => larger(terms.quantity - order.filled, 0n);
  const replacement = order.pendingReplace?.terms;
  return {
    row,
    product: order.product,
    side: order.side,
    quantity: open(order.terms),
    price: valuedPrice(table, row, order.side, order.terms),
    altQuantity: replacement === undefined ? 0n : open(replacement),
    altPrice: replacement === undefined ? 0n : valuedPrice(table, row, order.side, replacement),
  };
}

/** The account as the margin sees it; `extra` replaces or adds orders (what-if). */
export function portfolioOf(table: ParameterTable, account: Account, orders: Iterable<Order>): Portfolio {
  const lines: PositionLine[] = [];
  for (const position of account.positions.values()) {
    const row = table.find(position.segment, position.token);
    if (row >= 0) lines.push({ row, product: position.product, units: position.units });
  }
  const working = [...orders].map((order) => workingOrder(table, order)).filter((order) => order !== undefined);
  const free = new Map<number, bigint>();
  for (const holding of account.holdings.values()) {
    const row = table.find(holding.segment, holding.token);
    if (row >= 0) free.set(row, holding.free + holding.t1);
  }
  return { lines, orders: working, free };
}

/** Requirement in paise with the house multiplier, rounded up. */
export function requirementFor(slot: Slot, table: ParameterTable | undefined, account: Account, orders: Iterable<Order>): bigint {
  if (table === undefined) return 0n;
  const plain = requirementOf(table, Number(slot.day?.cashRateFloor ?? 0n), portfolioOf(table, account, orders), 'parts');
  return divideUp(plain * (slot.day?.spanMultiplier ?? 10_000n), 10_000n);
}

/** Requirement of the account as it stands. */
export const requirementNow = (slot: Slot, table: ParameterTable | undefined, account: Account): bigint =>
  requirementFor(slot, table, account, account.orders.values());

/** Is the position one whose gain and loss is marked (not an option, whose premium is cash)? */
function isMarked(table: ParameterTable | undefined, position: Position): boolean {
  const row = table?.find(position.segment, position.token) ?? -1;
  const kind = row < 0 ? InstrumentKind.EQ : (table?.kind[row] ?? 0);
  return kind === InstrumentKind.EQ || kind === InstrumentKind.FUT;
}

/** Unrealised gain of the account in paise against the last marks. */
export function unrealisedOf(slot: Slot, table: ParameterTable | undefined, account: Account): bigint {
  let sum = 0n;
  for (const position of account.positions.values()) {
    const mark = slot.marks.get(instrumentKey(position.segment, position.token));
    if (mark === undefined || !isMarked(table, position)) continue;
    sum += divideHalfAway(position.units * mark - position.cost, 100n);
  }
  return sum;
}

/** What the client has, paise: half of the collateral must be cash; losses count, gains do not. */
export function availableOf(slot: Slot, table: ParameterTable | undefined, account: Account): bigint {
  const cashLike = account.cash + account.cashEquivalent;
  const nonCash = smaller(account.nonCash, larger(cashLike, 0n));
  const gain = account.realised + unrealisedOf(slot, table, account);
  return cashLike + account.adhoc + nonCash - account.premium + smaller(gain, 0n);
}
