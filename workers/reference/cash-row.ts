// Lays one listed share out as a row of the parameter table: cash margin rate, tick, price band.
import { ExchangeSegment, InstrumentFlag, type InstrumentRow, ruleValue } from '../../engine/index.ts';
import { cashBand, cashTickByRule } from './exchange-rules.ts';
import { instrumentKind, type Listing } from './listing.ts';
import { type PriceBands, priceBandKey } from './price-band-file.ts';
import type { CashRates } from './var-file.ts';

/** Smallest rate, 1/10,000: the 20 % a member may collect in place of VaR and ELM. */
const CASH_RATE_FLOOR = 2_000;
/** A security the VaR file does not name is paid in full. */
const CASH_RATE_UNKNOWN = 10_000;
/** Series settled trade for trade: no intraday netting. */
const TRADE_TO_TRADE_SERIES = new Set(['BE', 'BZ', 'SZ', 'ST']);
/** Groups of BSE settled so. */
const TRADE_TO_TRADE_GROUPS = new Set(['T', 'TS', 'XT', 'Z', 'ZP', 'MT']);
const NORMAL_SERIES = 'EQ';
/** Series of NSE's T+0 session: the shares of the ordinary series under a token of its own. */
const SAME_DAY_SERIES = 'T0';

/** Does the listing settle trade for trade? */
export const isTradeToTrade = ({ segment, series }: Listing): boolean =>
  (segment === ExchangeSegment.BSE ? TRADE_TO_TRADE_GROUPS : TRADE_TO_TRADE_SERIES).has(series);

/** Is the listing that of the T+0 session? */
export const isSameDay = ({ segment, series }: Listing): boolean => segment === ExchangeSegment.NSE && series === SAME_DAY_SERIES;

/** What a day's files say about cash securities. */
export interface CashParts {
  readonly businessDate: number;
  /** Undefined: no VaR file was given, and the floor applies. */
  readonly cashRates: CashRates | undefined;
  /** The same by ISIN, for shares another exchange lists under a name of its own; undefined: none are asked for. */
  readonly cashRatesByIsin?: CashRates | undefined;
  /** `symbol|series` margined in full. */
  readonly underSurveillance: ReadonlySet<string>;
  /** Bands of the exchanges' lists; a share none of them names has 20 %. */
  readonly priceBands?: PriceBands | undefined;
}

/** The row. Trade-to-trade series, T+0 and securities under surveillance are margined in full. */
export function cashRow(listing: Listing, { businessDate, cashRates, cashRatesByIsin, underSurveillance, priceBands }: CashParts): InstrumentRow {
  const isBse = listing.segment === ExchangeSegment.BSE;
  // The lists are NSE's: groups of BSE are none of its series.
  const key = `${listing.symbol}|${isBse ? NORMAL_SERIES : listing.series}`;
  const known = isBse ? cashRatesByIsin?.get(listing.isin ?? '') : cashRates?.get(key);
  const ofFile = cashRates === undefined ? CASH_RATE_FLOOR : (known ?? CASH_RATE_UNKNOWN);
  const isGross = isTradeToTrade(listing);
  const overlay = Math.max(
    isGross ? ruleValue('cash.tradeToTrade', businessDate) : 0,
    isSameDay(listing) ? ruleValue('cash.sameDay', businessDate) : 0,
    underSurveillance.has(key) ? ruleValue('cash.surveillance', businessDate) : 0,
  );
  const rate = Math.max(ofFile, overlay);
  const tickSize = listing.tickSize || cashTickByRule(listing.previousClose);
  const { symbol, series, token } = listing;
  const band = cashBand(listing.previousClose, tickSize, priceBands?.get(priceBandKey(isBse ? 'BSE' : 'NSE', symbol, series, token)));
  return {
    segment: listing.segment,
    token: listing.token,
    kind: instrumentKind('EQ'),
    name: listing.name,
    underlying: '',
    expiry: 0,
    strike: 0,
    lot: listing.lot || 1,
    tickSize,
    freezeQuantity: listing.freezeQuantity,
    bandLow: listing.bandLow || band.low,
    bandHigh: listing.bandHigh || band.high,
    previousClose: listing.previousClose,
    price: listing.previousClose / 100,
    delta: 10_000,
    elmLong: 0,
    elmShort: 0,
    cashRate: Math.max(rate, CASH_RATE_FLOOR),
    scanTier: 0,
    // A share needs no array; without a close its margin would be nothing, so it fails closed like one that misses its array.
    flags:
      (isGross ? InstrumentFlag.TRADE_TO_TRADE : 0) |
      (isSameDay(listing) ? InstrumentFlag.SAME_DAY : 0) |
      (listing.previousClose > 0 ? 0 : InstrumentFlag.NO_RISK_ARRAY),
    riskArray: NO_SCENARIOS,
  };
}

/** Sixteen zeros: present, so that the row is not taken for one whose array is missing. */
const NO_SCENARIOS: readonly number[] = new Array<number>(16).fill(0);
