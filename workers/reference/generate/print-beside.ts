// Prints the lists that stand beside the SPAN files: a commodity clearing corporation's daily margins, what qualifies for cross margin, and the
// securities that count as collateral with price and haircut.
import { printScaled } from '../decimal-text.ts';
import type { Market } from './market.ts';
import type { Share } from './print-listings.ts';
import { namedMonthDate, securityRate } from './print-rates.ts';
import { round } from './underlyings.ts';

/** Percent beside ELM, by product: what is asked of both sides, and of longs alone. */
const ADDITIONAL: Readonly<Record<string, number>> = { NATURALGAS: 2 };
const SPECIAL_LONG: Readonly<Record<string, number>> = { SILVER: 1 };

/** Daily margins of every commodity future, percent. */
export function printCommodityMargins(market: Market): string[] {
  const lines = [
    'Date,FileID,InstrumentID,Symbol,Expiry Date,Initial Margin(%),Tender Margin(%),Total Margin(%),ELM Long(%),ELM Short(%),Additional Long Margin(%),Additional Short Margin(%),Special Long Margin(%),Special Short Margin(%),Lean Period',
  ];
  for (const { underlying, kind, expiry } of market.contracts) {
    if (kind !== 'FUT') continue;
    const initial = round(underlying.psr * 100, 0.01);
    const [elmLong, elmShort] = [1, underlying.symbol === 'CRUDEOIL' ? 1.25 : 1];
    const [additional, special] = [ADDITIONAL[underlying.symbol] ?? 0, SPECIAL_LONG[underlying.symbol] ?? 0];
    const total = round(initial + elmLong + additional + special, 0.01);
    const rates = [initial, 0, total, elmLong, elmShort, additional, additional, special, 0].map((rate) => rate.toFixed(2));
    lines.push([namedMonthDate(market.date), 1, 'FUTCOM', underlying.symbol, namedMonthDate(expiry), ...rates, 'N'].join(','));
  }
  return lines;
}

/** Parts of the bank index that its five largest members have, of the whole. */
const BANKS: Readonly<Record<string, number>> = { HDFCBANK: 0.38, ICICIBANK: 0.32, SBIN: 0.12, AXISBANK: 0.1, KOTAKBANK: 0.08 };

/**
 * Index against constituents (futures and shares), stocks against their own shares, and two indices that move together; nothing where the market
 * lists none of them.
 */
export function printCrossMargin(market: Market): string[] {
  const closes = new Map(market.underlyings.map(({ symbol, close }) => [symbol, close]));
  const lines = ['Set,Family,Index,Leg,Type,Units'];
  const bank = closes.get('BANKNIFTY');
  const members = Object.entries(BANKS).filter(([symbol]) => closes.has(symbol));
  for (const type of ['FUT', 'EQ'] as const) {
    if (bank === undefined || members.length < Object.keys(BANKS).length) break;
    for (const [symbol, part] of members)
      lines.push(`banks-${type.toLowerCase()},CONSTITUENTS,BANKNIFTY,${symbol},${type},${((bank * part) / (closes.get(symbol) ?? 1)).toFixed(4)}`);
  }
  // A stock's futures against its own shares.
  for (const [symbol] of members) lines.push(`own-${symbol},CONSTITUENTS,${symbol},${symbol},EQ,1`);
  const nifty = closes.get('NIFTY');
  if (bank !== undefined && nifty !== undefined) lines.push(`nifty-bank,CORRELATED,NIFTY,BANKNIFTY,FUT,${(nifty / bank).toFixed(4)}`);
  return lines;
}

const UNITS_CAP = 1_000_000;
/** Haircut of shares at least, per cent; what one share may be of a client's other collateral. */
const LEAST_HAIRCUT = 9;
const SHARE_CAP = 25;

/** Approved securities: shares of series EQ at their last close, less the larger of their VaR with ELM and the least haircut; columns of `tarazu haircuts`. */
export function printApproved(shares: readonly Share[]): string[] {
  const rows = shares
    .filter(({ series }) => series === 'EQ')
    .map(
      (share) =>
        `EQUITY,${share.isin},${printScaled(Math.round(share.close * 100), 2)},${Math.max(LEAST_HAIRCUT, securityRate(share)).toFixed(2)},${UNITS_CAP},`,
    );
  return ['kind,isin,price,haircut,cap,security_share', ...rows, `EQUITY,,,,,${SHARE_CAP}`];
}
