// Prints the day's margin rates: ELM by symbol (ael), ELM by contract, and the VaR file of the cash market.

import { exposureRate, isDeepOutOfTheMoney } from '../../../engine/index.ts';
import { isoDate } from '../decimal-text.ts';
import type { Market } from './market.ts';
import type { Share } from './print-listings.ts';
import { PseudoRandom } from './pseudo-random.ts';
import type { Underlying } from './underlyings.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 20-Nov-2026 */
export function namedMonthDate(date: number): string {
  return `${isoDate(date).slice(8)}-${MONTHS[(Math.floor(date / 100) % 100) - 1]}-${Math.floor(date / 10_000)}`;
}

/** 20112026 */
export function dayFirstDate(date: number): string {
  return `${isoDate(date).slice(8)}${isoDate(date).slice(5, 7)}${Math.floor(date / 10_000)}`;
}

/** Extra ELM (percent) that surveillance put on a few stocks. */
function additionalElm(seed: number, underlying: Underlying): number {
  return !underlying.isIndex && PseudoRandom.of(seed, `additional ${underlying.symbol}`).next() < 0.08 ? 15 : 0;
}

const percent = (bps: number): string => String(bps / 100);

/** ael file: OTH and OTM per underlying. */
export function printSymbolElm(seed: number, market: Market): string[] {
  const lines = [
    `Sr No.,Symbol,Instrument Type,Normal ELM Margin%,Additional ELM% for Trade Date ${namedMonthDate(market.date)},Total applicable ELM%`,
  ];
  for (const underlying of [...market.underlyings].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))) {
    const additional = additionalElm(seed, underlying);
    const rates = underlying.isIndex ? { OTH: 200, OTM: 300 } : { OTH: 350, OTM: 525 };
    for (const [type, normal] of Object.entries(rates)) {
      lines.push([lines.length, underlying.symbol, type, percent(normal), additional, percent(normal + additional * 100)].join(','));
    }
  }
  return lines;
}

/** Per-contract ELM file: every future and option. */
export function printContractElm(seed: number, market: Market): string[] {
  const lines = ['Sr No.,Symbol,Instrument Type,Expiry Date,Strike Price,Option Type,Normal ELM Margin%,Additional ELM%,Total applicable ELM%'];
  for (const { underlying, kind, expiry, strike } of market.contracts) {
    const subject = {
      isIndex: underlying.isIndex,
      kind,
      expiry,
      strike: Math.round(strike * 10_000),
      underlyingPrice: Math.round(underlying.close * 10_000),
    };
    const normal = exposureRate(subject, market.date);
    const additional = additionalElm(seed, underlying);
    const type = isDeepOutOfTheMoney(subject, market.date) ? 'OTM' : 'OTH';
    const terms = kind === 'FUT' ? '0,XX' : `${strike.toFixed(2)},${kind}`;
    lines.push(
      [lines.length, underlying.symbol, type, namedMonthDate(expiry), terms, percent(normal), additional, percent(normal + additional * 100)].join(
        ',',
      ),
    );
  }
  return lines;
}

/** Ban list: the first `count` stocks among the last underlyings; an empty list says NIL. */
export function printBans(market: Market, count: number): string[] {
  const title = `Securities in Ban For Trade Date ${namedMonthDate(market.date).toUpperCase()}:`;
  const stocks = market.underlyings.filter((underlying) => !underlying.isIndex).slice(-10);
  const banned = stocks.slice(0, count).map((underlying, at) => `${at + 1},${underlying.symbol}`);
  return banned.length === 0 ? [`${title} NIL`] : [title, ...banned];
}

/** Security VaR of a share: six daily deviations, at least 9 %, as group I securities; percent. */
const securityVar = ({ sigma }: Share): number => Math.max(9, Math.round(sigma * 31.4 * 100) / 100);
const lossRateOf = ({ series }: Share): number => (series === 'EQ' ? 3.5 : 5);

/** Applicable margin rate of a share, percent. */
export const securityRate = (share: Share): number => securityVar(share) + lossRateOf(share);

/** VaR file: a header record and one record 20 per share. */
export function printVar(date: number, shares: readonly Share[]): string[] {
  const lines = [`10,${dayFirstDate(date)},1,${shares.length}`];
  for (const share of shares) {
    const [security, lossRate] = [securityVar(share), lossRateOf(share)];
    lines.push(
      [
        '20',
        share.symbol,
        share.series,
        share.isin,
        security.toFixed(2),
        '0.00',
        security.toFixed(2),
        lossRate.toFixed(2),
        '0.00',
        (security + lossRate).toFixed(2),
      ].join(','),
    );
  }
  return lines;
}
