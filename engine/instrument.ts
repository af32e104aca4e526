// The field's small closed vocabularies, as numbers that go into commands. Values are for ever.

/**
 * Exchange segment, numbered as Kite's instrument token does (token & 0xff). Where an order trades: the segments of NSE, BSE and MCX, in which the
 * house's clients are registered (UCC files go to these three). NCDEX is none of them: no file of the day, no registration and no settlement of the
 * house names it, so an order for it is refused as one for an unknown exchange. A client's segments are the bits 1 to 7 of one byte.
 */
export const ExchangeSegment = { NSE: 1, NFO: 2, CDS: 3, BSE: 4, BFO: 5, BCD: 6, MCX: 7 } as const;
export type ExchangeSegment = (typeof ExchangeSegment)[keyof typeof ExchangeSegment];
/** Number of lending and borrowing (SLBS) in an order: no segment anybody may trade in, only known so as to be refused by its own code. */
export const LENDING_SEGMENT = 8;

export const InstrumentKind = { EQ: 0, FUT: 1, CE: 2, PE: 3 } as const;
export type InstrumentKind = (typeof InstrumentKind)[keyof typeof InstrumentKind];

/** FIX Side(54). */
export const Side = { BUY: 1, SELL: 2 } as const;
export type Side = (typeof Side)[keyof typeof Side];

/** FIX OrdType(40). */
export const OrdType = { MARKET: 1, LIMIT: 2, STOP: 3, STOP_LIMIT: 4 } as const;
export type OrdType = (typeof OrdType)[keyof typeof OrdType];

/** Calls and puts: their premium is cash when traded and their value is net option value, so they carry no gain or loss. */
export function isOption(kind: number): boolean {
  return kind === InstrumentKind.CE || kind === InstrumentKind.PE;
}

/** FIX TimeInForce(59). */
export const TimeInForce = { DAY: 0, GTC: 1, IOC: 3, FOK: 4, GTD: 6 } as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

/** Product the client asked for; decides which margin applies in the cash segment. */
export const Product = { CNC: 1, MIS: 2, NRML: 3, MTF: 4, CO: 5, BO: 6 } as const;
export type Product = (typeof Product)[keyof typeof Product];

/** FIX OrdStatus(39) as character codes. */
export const OrdStatus = {
  NEW: 48,
  PARTIALLY_FILLED: 49,
  FILLED: 50,
  CANCELED: 52,
  REPLACED: 53,
  PENDING_CANCEL: 54,
  REJECTED: 56,
  EXPIRED: 67,
  PENDING_REPLACE: 69,
} as const;
export type OrdStatus = (typeof OrdStatus)[keyof typeof OrdStatus];

/** FIX ExecType(150) as character codes. */
export const ExecType = {
  NEW: 48,
  CANCELED: 52,
  REPLACED: 53,
  PENDING_CANCEL: 54,
  REJECTED: 56,
  EXPIRED: 67,
  RESTATED: 68,
  PENDING_REPLACE: 69,
  TRADE: 70,
  TRADE_CORRECT: 71,
  TRADE_CANCEL: 72,
  ORDER_STATUS: 73,
} as const;
export type ExecType = (typeof ExecType)[keyof typeof ExecType];
