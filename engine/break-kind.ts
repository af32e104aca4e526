// What can be wrong between what the exchange (or the OMS) reports and what the engine knows. A break never stops a fact from being
// booked; a person looks at it. Numbers are for ever.

export const BreakKind = {
  none: 0,
  /** A report names no order of the client; a trade in it was booked. */
  unknownOrder: 1,
  /** A report names an account nobody opened; a FROZEN account was opened for it. */
  unknownAccount: 2,
  /** More was filled than the order's quantity. */
  overfill: 3,
  /** A fill for an order already filled, cancelled, rejected or expired. */
  fillAfterClose: 4,
  /** The exchange has not answered a verdict in time; the order keeps its margin. Closed by the answer. */
  stuckOrder: 5,
  /** A trade in an instrument the parameter table does not name. */
  unknownInstrument: 6,
  /** A correction or bust of a trade not seen before. */
  unknownTrade: 7,
  /** Two sources report one trade with different quantity or price; the first stands. */
  tradeMismatch: 8,
  /** A trade's instrument or side differs from its order's; booked by the trade, the order is left alone. */
  orderMismatch: 9,
  /** A report that fits no pending request or no state of its order. */
  unexpectedReport: 10,
  /** A report whose quantity or price cannot be: nothing was booked. */
  malformedReport: 11,
  /** An intraday share position was still there when its segment closed: it is to be squared off or taken to delivery. */
  residualIntraday: 12,
  /** More was sold for delivery than is held or on its way: the clearing corporation buys in at the client's cost. */
  shortDelivery: 13,
  /** The clearing corporation settled another position on the contract's last day than was held here. */
  expiryMismatch: 14,
} as const;
export type BreakKind = (typeof BreakKind)[keyof typeof BreakKind];

const NAMES: readonly string[] = Object.entries(BreakKind).reduce<string[]>((names, [name, kind]) => {
  names[kind] = name;
  return names;
}, []);

/** Name of a break's kind; its number where this release knows none. */
export const breakName = (kind: number): string => NAMES[kind] ?? String(kind);
