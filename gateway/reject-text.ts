// What a RejectCode says outside: OrdRejReason(103), CxlRejReason(102), Text(58) and the API's error type. Exhaustive by type: a new code
// does not compile until it has a row here. Figures (limit, value, shortfall) are added by the encoders, not here.
import { RejectCode } from '../engine/index.ts';

/** FIX OrdRejReason(103), the values used here. */
const Ord = {
  BROKER: 0,
  UNKNOWN_SYMBOL: 1,
  CLOSED: 2,
  LIMIT: 3,
  UNKNOWN_ORDER: 5,
  DUPLICATE: 6,
  UNSUPPORTED: 11,
  QUANTITY: 13,
  ACCOUNT: 15,
} as const;
/** FIX CxlRejReason(102), the values used here. */
const Cxl = { TOO_LATE: 0, UNKNOWN: 1, BROKER: 2, PENDING: 3, DUPLICATE: 6 } as const;

/** Kite's error_type vocabulary, used by the HTTP API. */
export type ErrorType = 'InputException' | 'OrderException' | 'MarginException' | 'HoldingException' | 'UserException';

/** How one reason is rendered. */
export interface RejectText {
  /** FIX OrdRejReason(103). */
  readonly ordRejReason: number;
  /** FIX CxlRejReason(102). */
  readonly cxlRejReason: number;
  /** Text(58) and API message: one plain ASCII sentence without figures. */
  readonly text: string;
  readonly errorType: ErrorType;
}

const row = (ordRejReason: number, cxlRejReason: number, errorType: ErrorType, text: string): RejectText => ({
  ordRejReason,
  cxlRejReason,
  errorType,
  text,
});

const TEXTS: Record<keyof typeof RejectCode, RejectText> = {
  none: row(Ord.BROKER, Cxl.BROKER, 'OrderException', 'Accepted'),
  dayNotOpen: row(Ord.CLOSED, Cxl.BROKER, 'OrderException', 'Business day is not open'),
  unknownAccount: row(Ord.ACCOUNT, Cxl.BROKER, 'UserException', 'Account is not known here'),
  duplicateClOrdId: row(Ord.DUPLICATE, Cxl.DUPLICATE, 'InputException', 'ClOrdID was used before by this client'),
  firmKilled: row(Ord.BROKER, Cxl.BROKER, 'OrderException', 'Firm kill switch is engaged'),
  accountKilled: row(Ord.BROKER, Cxl.BROKER, 'OrderException', 'Kill switch of the account is engaged'),
  accountNotActive: row(Ord.ACCOUNT, Cxl.BROKER, 'UserException', 'Account is frozen or closed'),
  lossLimit: row(Ord.LIMIT, Cxl.BROKER, 'MarginException', 'Loss of the day is at its limit; only position-reducing orders pass'),
  riskReduction: row(Ord.BROKER, Cxl.BROKER, 'MarginException', 'Nearly all margin is used; only position-reducing orders pass'),
  segmentClosed: row(Ord.CLOSED, Cxl.BROKER, 'OrderException', 'Exchange segment is closed, or open to reducing orders only'),
  segmentNotAllowed: row(Ord.BROKER, Cxl.BROKER, 'UserException', 'Account may not trade this exchange segment'),
  unknownInstrument: row(Ord.UNKNOWN_SYMBOL, Cxl.BROKER, 'InputException', 'Instrument is not in the parameter file of the day'),
  parametersMissing: row(Ord.BROKER, Cxl.BROKER, 'OrderException', 'Risk parameters of the instrument are missing'),
  instrumentBanned: row(Ord.BROKER, Cxl.BROKER, 'OrderException', 'Instrument is in a ban period; only position-reducing orders pass'),
  orderTypeNotAllowed: row(Ord.UNSUPPORTED, Cxl.BROKER, 'InputException', 'Order type, validity or product is not allowed'),
  quantityInvalid: row(Ord.QUANTITY, Cxl.BROKER, 'InputException', 'Quantity is not a positive whole number'),
  lotSize: row(Ord.QUANTITY, Cxl.BROKER, 'InputException', 'Quantity is not a multiple of the lot'),
  freezeQuantity: row(Ord.QUANTITY, Cxl.BROKER, 'InputException', 'Quantity is above the exchange freeze quantity'),
  priceTick: row(Ord.UNSUPPORTED, Cxl.BROKER, 'InputException', 'Price is missing, not positive or off the tick'),
  priceBand: row(Ord.LIMIT, Cxl.BROKER, 'InputException', 'Price is outside the price band'),
  displayQuantity: row(Ord.QUANTITY, Cxl.BROKER, 'InputException', 'Disclosed quantity is above the order quantity'),
  clientOrderQuantity: row(Ord.LIMIT, Cxl.BROKER, 'OrderException', 'Order quantity is above the limit of the client'),
  orderValue: row(Ord.LIMIT, Cxl.BROKER, 'OrderException', 'Order value is above the limit'),
  openOrderCount: row(Ord.LIMIT, Cxl.BROKER, 'OrderException', 'Too many open orders'),
  openOrderValue: row(Ord.LIMIT, Cxl.BROKER, 'OrderException', 'Value of unexecuted orders would pass the limit'),
  positionLimit: row(Ord.LIMIT, Cxl.BROKER, 'OrderException', 'Position with this order filled would pass the limit'),
  turnoverLimit: row(Ord.LIMIT, Cxl.BROKER, 'OrderException', 'Turnover of the day with this order filled would pass the limit'),
  reduceOnly: row(Ord.BROKER, Cxl.BROKER, 'OrderException', 'Account is in reduce-only mode and the order could raise its risk'),
  insufficientHoldings: row(Ord.LIMIT, Cxl.BROKER, 'HoldingException', 'Sale is above the holding that is free to sell'),
  insufficientMargin: row(Ord.LIMIT, Cxl.BROKER, 'MarginException', 'Margin is not sufficient'),
  unknownOrder: row(Ord.UNKNOWN_ORDER, Cxl.UNKNOWN, 'InputException', 'No such order of this client'),
  tooLateToChange: row(Ord.BROKER, Cxl.TOO_LATE, 'OrderException', 'Order is already filled, cancelled, rejected or expired'),
  changePending: row(Ord.BROKER, Cxl.PENDING, 'OrderException', 'A replace or cancel of this order is already pending'),
  replaceMismatch: row(Ord.UNSUPPORTED, Cxl.BROKER, 'InputException', 'Replace names another instrument or side than its order'),
  replaceBelowFilled: row(Ord.QUANTITY, Cxl.BROKER, 'InputException', 'Replace lowers the quantity to what is filled already, or below'),
  commandMalformed: row(Ord.BROKER, Cxl.BROKER, 'InputException', 'Request was malformed or named something unknown'),
  stopPrice: row(Ord.UNSUPPORTED, Cxl.BROKER, 'InputException', 'Stop price is missing, superfluous or on the wrong side of the limit price'),
  memberRiskReduction: row(
    Ord.BROKER,
    Cxl.BROKER,
    'MarginException',
    'The broker is in risk-reduction mode at the clearing corporation: only exits pass',
  ),
  stopLossRange: row(
    Ord.UNSUPPORTED,
    Cxl.BROKER,
    'InputException',
    'Stop-loss of the cover or bracket order is missing, on the wrong side or outside the permitted range',
  ),
  linkedOrder: row(Ord.BROKER, Cxl.BROKER, 'OrderException', 'Exit leg does not fit its entry, or may not be cancelled while it is needed'),
  lendingNotOffered: row(Ord.BROKER, Cxl.BROKER, 'InputException', 'Lending and borrowing of securities (SLBS) is not offered'),
  fundingNotAllowed: row(
    Ord.BROKER,
    Cxl.BROKER,
    'UserException',
    'Account is not enabled for margin trading funding (MTF), or the share is not on its list',
  ),
  fundingLimit: row(Ord.LIMIT, Cxl.BROKER, 'MarginException', 'Funded amount with this order filled would pass what is sanctioned'),
  fundingExhausted: row(Ord.LIMIT, Cxl.BROKER, 'MarginException', 'What the broker may still lend to all clients (MTF) is spent'),
  targetRange: row(
    Ord.UNSUPPORTED,
    Cxl.BROKER,
    'InputException',
    'Target of the bracket order is missing, on the wrong side of its price or farther than permitted',
  ),
  sliceExhausted: row(Ord.LIMIT, Cxl.BROKER, 'MarginException', 'The margin the broker may still use at the clearing corporation is spent'),
};

const byNumber: RejectText[] = [];
const names: string[] = [];
for (const name of Object.keys(RejectCode) as (keyof typeof RejectCode)[]) {
  byNumber[RejectCode[name]] = TEXTS[name];
  names[RejectCode[name]] = name;
}

/** Rendering of a code; an unknown number (a journal of a newer release) is named as such. Allocates only then. */
export function rejectText(code: number): RejectText {
  return byNumber[code] ?? row(Ord.BROKER, Cxl.BROKER, 'OrderException', `Rejected with code ${code}, which this release does not know`);
}

/** Name of a code as RejectCode spells it; 'unknown' for a number of a newer release. */
export function rejectName(code: number): string {
  return names[code] ?? 'unknown';
}
