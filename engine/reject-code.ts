// The reasons for which tarazu says no. A number is for ever: append only, never merged, never reused. Order of precedence is the order of
// the checks in decide.ts. Each has a line here, a FIX and API rendering in gateway/reject-text.ts, and a row in
// test/engine/reject-codes.table.ts; test/house/reject-codes.test.ts counts all four.

export const RejectCode = {
  /** No reason: accepted. */
  none: 0,
  /** The business day has not been opened, or is closed. */
  dayNotOpen: 1,
  /** Account(1) is not an account of this firm. */
  unknownAccount: 2,
  /** ClOrdID(11) was used before by this client. */
  duplicateClOrdId: 3,
  /** The firm-wide kill switch is engaged. */
  firmKilled: 4,
  /** The account's kill switch is engaged. */
  accountKilled: 5,
  /** The account is frozen or closed. */
  accountNotActive: 6,
  /** The account may not trade this exchange segment. */
  segmentNotAllowed: 7,
  /** The instrument is not in the day's parameter file. */
  unknownInstrument: 8,
  /** The instrument's risk parameters are missing: fails closed. */
  parametersMissing: 9,
  /** The instrument is in a ban period: only orders that reduce the position pass. */
  instrumentBanned: 10,
  /** Order type, validity or product is not allowed for this instrument. */
  orderTypeNotAllowed: 11,
  /** Quantity is not a positive integer. */
  quantityInvalid: 12,
  /** Quantity is not a multiple of the lot. */
  lotSize: 13,
  /** Quantity is above the exchange's freeze quantity. */
  freezeQuantity: 14,
  /** Price is missing, not positive, or off the tick. */
  priceTick: 15,
  /** Price is outside the day's band. */
  priceBand: 16,
  /** Disclosed quantity is above the order's quantity. */
  displayQuantity: 17,
  /** Order quantity is above the client's limit. */
  clientOrderQuantity: 18,
  /** Order value is above the client's or the firm's limit. */
  orderValue: 19,
  /** Too many open orders. */
  openOrderCount: 20,
  /** Value of unexecuted orders would pass the client's limit. */
  openOrderValue: 21,
  /** Net position with this order filled would pass the client's limit. */
  positionLimit: 22,
  /** Day's turnover with this order filled would pass the client's limit. */
  turnoverLimit: 23,
  /** The account is in reduce-only mode and the order could raise its risk. */
  reduceOnly: 24,
  /** A delivery sale is above the holding that is free to sell. */
  insufficientHoldings: 25,
  /** Margin after the order is neither covered nor no higher than before it. */
  insufficientMargin: 26,
  /** OrigClOrdID(41) or OrderID(37) names no order of this client. */
  unknownOrder: 27,
  /** The order is already filled, cancelled, rejected or expired. */
  tooLateToChange: 28,
  /** A replace or cancel of this order is already pending. */
  changePending: 29,
  /** The replace names another instrument or side than its order. */
  replaceMismatch: 30,
  /** The replace lowers the quantity to what is filled already, or below. */
  replaceBelowFilled: 31,
  /** A command that is not an order was malformed or named something unknown. */
  commandMalformed: 32,
  /** Stop price is missing for a stop order, present for another, or on the wrong side of the limit price. */
  stopPrice: 33,
  /** The exchange segment's gate is closed, or open to reducing orders only. */
  segmentClosed: 34,
  /** The client uses nearly all its margin: only reducing orders until it is well below. */
  riskReduction: 35,
  /** The day's loss has reached the client's limit: only reducing orders pass. */
  lossLimit: 36,
  /** The member uses nearly all it has at the clearing corporation: only reducing orders until it is well below. */
  memberRiskReduction: 37,
  /** The order's margin is above what is left of this slot's slice of the member's limit at the clearing corporation. */
  sliceExhausted: 38,
  /** The stop-loss of a cover or bracket order is missing, on the wrong side of its price, or outside the permitted range. */
  stopLossRange: 39,
  /** An exit leg names no entry or not the units that are to be exited, or may not be cancelled while there are any. */
  linkedOrder: 40,
  /** The target of a bracket order is missing, on the wrong side of its price, or farther than permitted. */
  targetRange: 41,
  /** The order lends or borrows securities (SLBS), which the house does not do. */
  lendingNotOffered: 42,
  /** The client is not enabled for margin trading funding (MTF), or the share may not be bought with it. */
  fundingNotAllowed: 43,
  /** What the house would lend the client with this order filled is above what it is sanctioned, or above what the house lends one client. */
  fundingLimit: 44,
  /** What the house may still lend all clients together is less than what it would lend on the order. */
  fundingExhausted: 45,
} as const;
export type RejectCode = (typeof RejectCode)[keyof typeof RejectCode];

/** Who set the limit a verdict quotes. Numbers are for ever. */
export const LimitLevel = { none: 0, exchange: 1, firm: 2, client: 3, instrument: 4 } as const;
export type LimitLevel = (typeof LimitLevel)[keyof typeof LimitLevel];
