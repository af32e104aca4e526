// Trading and settlement holidays of 2026 as two tables: on some days the exchange trades and nothing settles. Source: exchange and clearing
// corporation holiday circulars for 2026 (15-Jan added by circular of 12-Jan-2026). Muhurat trading falls on 8-Nov (a Sunday), and 1-Feb (a Sunday)
// was a live session. Years without a table are refused: a guess here moves every pay-in.

/** One exchange segment's year. */
export interface HolidayYear {
  /** No trading; MM-DD. */
  readonly trading: readonly string[];
  /** Trading, but no settlement; MM-DD. */
  readonly settlementOnly: readonly string[];
  /** Trading on a Saturday or Sunday; MM-DD. */
  readonly specialSessions: readonly string[];
}

/** Equity and equity derivatives; currency and commodity keep the same full closures (their morning-only closures are not in the circulars we hold). */
export const HOLIDAYS: Readonly<Record<string, HolidayYear>> = {
  '2026': {
    trading: [
      '01-15',
      '01-26',
      '03-03',
      '03-26',
      '03-31',
      '04-03',
      '04-14',
      '05-01',
      '05-28',
      '06-26',
      '09-14',
      '10-02',
      '10-20',
      '11-10',
      '11-24',
      '12-25',
    ],
    settlementOnly: ['02-19', '03-19', '04-01', '08-26'],
    specialSessions: ['02-01', '11-08'],
  },
};
