// What BSE lists of the made-up cash market: most shares of NSE under its own scrip codes, groups and closes, with the same ISINs. Its closes follow
// NSE's a few ticks off, so that the days of a series go on there too.
import { cashTickByRule } from '../exchange-rules.ts';
import { SCRIP_COLUMNS } from '../scrip-file.ts';
import type { Share } from './print-listings.ts';
import { round } from './underlyings.ts';

const FIRST_CODE = 500_101;
const CODE_STEP = 7;
const NORMAL_SERIES = 'EQ';
/** Every so many shares are listed at NSE alone. */
const LISTED_ELSEWHERE = 5;
const TICK = 0.05;
const TICKS_OFF = 7;

/** Shares both exchanges list, as BSE does; in the order of NSE's. */
export function bseShares(shares: readonly Share[]): Share[] {
  return shares
    .filter(({ series }, at) => series === NORMAL_SERIES && at % LISTED_ELSEWHERE !== LISTED_ELSEWHERE - 1)
    .map((share, at) => {
      const token = FIRST_CODE + at * CODE_STEP;
      return { ...share, token, series: at % 2 === 0 ? 'A' : 'B', close: bseClose(token, share.close) };
    });
}

/** BSE's close of a share that closed at `close` rupees at NSE: up to three ticks off, by its code. */
export const bseClose = (code: number, close: number): number => Math.max(TICK, round(close + ((code % TICKS_OFF) - 3) * TICK, TICK));

/** The scrip master: tick in paise. */
export function printScripFile(shares: readonly Share[]): string[] {
  const rows = shares.map(({ token, symbol, title, series, isin, close }) =>
    [token, symbol, title, series, 1, cashTickByRule(Math.round(close * 10_000)) / 100, 'A', isin].join('|'),
  );
  return [SCRIP_COLUMNS.join('|'), ...rows];
}
