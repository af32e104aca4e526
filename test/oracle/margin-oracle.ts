// Requirement of one client's whole portfolio with working orders, in paise: underlyings rounded once each and added, cash
// instruments beside them. Slow and from scratch.
import type { ParameterTable } from '../../engine/index.ts';
import { cashKeysOf, cashRequirement, isDerivative } from './cash-oracle.ts';
import { marginByParts, marginBySubsets } from './derivative-oracle.ts';
import { divideHalfAway, larger, MICROS_IN_PAISA } from './exact.ts';
import type { Portfolio, WorkingOrder } from './portfolio.ts';

/** Which of the two forms to use: every subset of fills (exponential), or sums of positive parts. */
export type Form = 'subsets' | 'parts';

/** The client's requirement in paise. `cashRateFloor` in 1/10,000. */
export function requirementOf(table: ParameterTable, cashRateFloor: number, book: Portfolio, form: Form): bigint {
  let sum = 0n;
  for (const underlying of underlyingsOf(table, book)) sum += underlyingRequirement(table, underlying, book, form);
  for (const key of cashKeysOf(table, book)) sum += cashRequirement(table, cashRateFloor, book, key);
  return sum;
}

/** Underlying rows the portfolio touches. */
export function underlyingsOf(table: ParameterTable, book: Portfolio): number[] {
  const rows = [...book.lines, ...book.orders].map((item) => item.row).filter((row) => isDerivative(table, row));
  return [...new Set(rows.map((row) => table.underlying[row] ?? -1))].sort((a, b) => a - b);
}

/** Requirement of one underlying, paise, rounded half away from zero once. */
export function underlyingRequirement(table: ParameterTable, underlying: number, book: Portfolio, form: Form): bigint {
  const mine = (row: number): boolean => isDerivative(table, row) && table.underlying[row] === underlying;
  const net = new Map<number, bigint>();
  // Derivatives net per contract whatever the product.
  for (const line of book.lines) if (mine(line.row)) net.set(line.row, (net.get(line.row) ?? 0n) + line.units);
  const orders = book.orders.filter((order) => mine(order.row));
  const micros = form === 'subsets' ? marginBySubsets(table, underlying, net, orders) : marginByParts(table, underlying, net, orders);
  return divideHalfAway(micros, MICROS_IN_PAISA);
}

/** Micros one unit of a derivative asks with nothing beside it. */
export const unitAlone = (table: ParameterTable, row: number, side: number): bigint =>
  marginByParts(table, table.underlying[row] ?? -1, new Map([[row, side === 1 ? 1n : -1n]]), []);

/** Pre-open orders, paise: each contract's larger side, every unit asking what it would with nothing beside it; rounded once a contract. */
export function aloneRequirement(table: ParameterTable, orders: readonly WorkingOrder[]): bigint {
  let sum = 0n;
  for (const row of new Set(orders.map((order) => order.row))) {
    const side = (which: number): bigint => {
      const unit = unitAlone(table, row, which);
      const mine = orders.filter((order) => order.row === row && order.side === which);
      return mine.reduce((total, order) => total + larger(order.quantity, order.altQuantity), 0n) * unit;
    };
    sum += divideHalfAway(larger(side(1), side(2)), MICROS_IN_PAISA);
  }
  return sum;
}
