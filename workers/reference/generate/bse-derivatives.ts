// BSE's made-up equity derivatives: its two indices and one share that NSE lists too, expiring on Thursdays (NSE's expire on Tuesdays, each exchange
// on its own day since September 2025; SENSEX alone has weekly options), margined by BSE's clearing corporation.
import { listMarket, type Market } from './market.ts';
import { followed } from './market-series.ts';
import { equityDerivativeType, type ListedWhere } from './print-listings.ts';
import type { ClearingHouse } from './print-span.ts';
import { monthlyExpiryList, THURSDAY, weeklyExpiries } from './trading-calendar.ts';
import type { Underlying } from './underlyings.ts';

/** Who margins them. */
export const BSE_CLEARING: ClearingHouse = { org: 'ICCL', name: 'Indian Clearing Corporation Limited', exchange: 'BSE' };
/** As BSE's bhavcopy names them. */
export const BSE_DERIVATIVES: ListedWhere = { segment: 'FO', source: 'BSE', typeOf: equityDerivativeType };

/** Tokens of BSE's contracts begin here. */
const FIRST_TOKEN = 810_001;
const MONTHS = 2;
const WEEKS = 3;
const INDICES: readonly (readonly [symbol: string, title: string, token: number, level: number, sigma: number, lot: number, step: number])[] = [
  ['SENSEX', 'BSE SENSEX', 1, 79_500, 0.125, 20, 100],
  ['BANKEX', 'BSE BANKEX', 12, 61_200, 0.16, 30, 100],
];

/** The market of `date` that began at `first`. `share`: one that both list, as it stood at the beginning; it walks the same path here. */
export function bseDerivatives(seed: number, first: number, date: number, share: Underlying | undefined): Market {
  const make = (day: number): Underlying[] => underlyingsOn(day, share);
  const start = listMarket(first, make(first), { seed, path: seed }, { contracts: [], nextToken: FIRST_TOKEN });
  return date === first ? start : followed({ seed, date, start }, make);
}

function underlyingsOn(date: number, share: Underlying | undefined): Underlying[] {
  const monthlies = monthlyExpiryList(date, MONTHS, 1, THURSDAY);
  const indices = INDICES.map(([symbol, title, token, close, sigma, lot, strikeStep]) => {
    const weeklies = symbol === 'SENSEX' ? weeklyExpiries(date, WEEKS, THURSDAY) : [];
    const optionExpiries = [...new Set([...weeklies, ...monthlies])].sort((a, b) => a - b);
    const rates = { psr: 0.093, psrFar: 0.177, vsr: 0.05 };
    return {
      symbol,
      title,
      token,
      isin: '',
      isIndex: true,
      close,
      sigma,
      lot,
      strikeStep,
      strikes: 6,
      ...rates,
      futureExpiries: monthlies,
      optionExpiries,
    };
  });
  return share === undefined ? indices : [...indices, { ...share, strikes: 4, futureExpiries: monthlies, optionExpiries: monthlies }];
}
