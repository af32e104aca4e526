// Cash-segment margin from scratch: one line per cash instrument and product, rate x value of the worst reachable net. Intraday lines
// are margined either way; delivery lines when bought, and when sold beyond what is held. Owns no derivative rule.
import { type ParameterTable, Product } from '../../engine/index.ts';
import { divideHalfAway, larger, whole } from './exact.ts';
import type { Portfolio, WorkingOrder } from './portfolio.ts';

/** Is the row a derivative (margined with its underlying) rather than a cash instrument? */
export const isDerivative = (table: ParameterTable, row: number): boolean => (table.kind[row] ?? 0) !== 0;

/** A line of the cash book. */
export interface CashKey {
  readonly row: number;
  readonly product: number;
}

/** The cash lines a portfolio touches. */
export function cashKeysOf(table: ParameterTable, book: Portfolio): CashKey[] {
  const keys = new Map<string, CashKey>();
  for (const { row, product } of [...book.lines, ...book.orders]) if (!isDerivative(table, row)) keys.set(`${row}/${product}`, { row, product });
  return [...keys.values()];
}

/**
 * Margin of one cash line, paise, rounded half away from zero once. The worst net is reached with every buy filled or with every sell
 * filled (the other side only pulls back), so the two are looked at, and nothing else. Positions are valued at the previous close, an
 * order at the higher of its price and the previous close.
 */
export function cashRequirement(table: ParameterTable, cashRateFloor: number, book: Portfolio, key: CashKey): bigint {
  const same = (item: CashKey): boolean => item.row === key.row && item.product === key.product;
  const close = whole(table.previousClose[key.row]);
  const net = book.lines.filter(same).reduce((sum, line) => sum + line.units, 0n);
  const held = key.product === Product.CNC ? (book.free.get(key.row) ?? 0n) : 0n;
  const atStake = (side: number): bigint =>
    book.orders.filter((order) => same(order) && order.side === side).reduce((sum, order) => sum + orderValue(order, close), 0n);
  const long = net * close + atStake(1);
  // Delivery of what is held is free, at whatever price it is offered; beyond it everything but the holding's value counts.
  const selling = book.orders
    .filter((order) => same(order) && order.side === 2)
    .reduce((sum, order) => sum + larger(order.quantity, order.altQuantity), 0n);
  const covered = key.product === Product.CNC && selling <= net + held;
  const short = covered ? 0n : -(net + held) * close + atStake(2);
  const plain = larger(whole(table.cashRate[key.row]), whole(cashRateFloor));
  const rate = key.product === Product.MTF ? larger(plain, fundedRate(table, key.row)) : plain;
  // Value in ticks, rate in 1/10,000: 1e-8 rupee, a million to the paisa.
  return divideHalfAway(larger(larger(long, short), 0n) * rate, 1_000_000n);
}

/** What a share asks at least when it is bought with funding: its own rate in the list, and 25 % under a table of dated rules. */
function fundedRate(table: ParameterTable, row: number): bigint {
  const { funded, tradingDays } = table.details;
  const own = funded?.find(([segment, token]) => segment === table.segment[row] && token === table.token[row])?.[2] ?? 0;
  return larger(whole(own), tradingDays === undefined ? 0n : 2_500n);
}

/** Ticks of value an order can put at stake: the dearer of its terms. */
function orderValue(order: WorkingOrder, close: bigint): bigint {
  return larger(order.quantity * larger(order.price, close), order.altQuantity * larger(order.altPrice, close));
}
