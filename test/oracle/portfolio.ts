// What a requirement is computed from, as plain data: positions, free holdings and working orders of one client. Owns no rule.

/** Net units of one instrument (and, in the cash segment, one product); sells negative. */
export interface PositionLine {
  readonly row: number;
  readonly product: number;
  readonly units: bigint;
}

/** What is still open of a working order; while a replace is pending, alt is the other set of terms (quantity 0 = none). */
export interface WorkingOrder {
  readonly row: number;
  readonly product: number;
  /** 1 buy, 2 sell. */
  readonly side: number;
  readonly quantity: bigint;
  /** Ticks; the worst permitted price of a market order. */
  readonly price: bigint;
  readonly altQuantity: bigint;
  readonly altPrice: bigint;
}

/** One client's book. `free` is units of a cash instrument that may be delivered, by row. */
export interface Portfolio {
  readonly lines: readonly PositionLine[];
  readonly orders: readonly WorkingOrder[];
  readonly free: ReadonlyMap<number, bigint>;
}

/** How much of one order is taken as filled, at which price. */
export interface Fill {
  readonly order: WorkingOrder;
  readonly quantity: bigint;
  readonly price: bigint;
}

/** Signed units of a fill. */
export const signedUnits = (fill: Fill): bigint => (fill.order.side === 1 ? fill.quantity : -fill.quantity);

/** The extreme outcomes of one order: nothing, all of it, or all of its replacement. */
export function extremes(order: WorkingOrder): Fill[] {
  const fills: Fill[] = [{ order, quantity: 0n, price: order.price }];
  if (order.quantity > 0n) fills.push({ order, quantity: order.quantity, price: order.price });
  if (order.altQuantity > 0n) fills.push({ order, quantity: order.altQuantity, price: order.altPrice });
  return fills;
}

/** Every combination of one extreme per order: the vertices of the space of fills. Exponential on purpose. */
export function fillSubsets(orders: readonly WorkingOrder[]): Fill[][] {
  let subsets: Fill[][] = [[]];
  for (const order of orders) subsets = subsets.flatMap((subset) => extremes(order).map((fill) => [...subset, fill]));
  return subsets;
}
