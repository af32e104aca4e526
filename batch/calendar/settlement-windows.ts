// When a settlement is due: by its type and the date it was traded on. Types: M normal, B, Z trade for trade (T+1), A auction (settles on the
// settlement day after the auction's), 5 same day. Where settlement holidays put two trade dates on one settlement day, the later one settles in that
// day's second session. Times: NSE Clearing's timetable (10:30/15:30; auction 08:00/10:00; second session 16:30/21:00, NCL/CMPT/72224 of January
// 2026; T+0 securities 15:30, funds 16:00, pay-out 16:30, of its own day).
import type { Chain } from '../graph/node-row.ts';
import type { BusinessCalendar } from './business-calendar.ts';

/** See the file's head. Minutes since midnight IST. */
export interface SettlementWindow {
  /** YYYY-MM-DD */
  readonly date: string;
  /** From when pay-in can be made: banks settle from 07:00, and a second session's comes after the first one's pay-out. */
  readonly payInFrom: number;
  readonly payInBy: number;
  readonly payOutBy: number;
  readonly session: 'auction' | 'same day' | 'first' | 'second';
}

const at = (hour: number, minute: number): number => hour * 60 + minute;
/** Minutes by which a proven delay of the bank may make a pay-in late: 11:00 instead of 10:30. */
export const GRACE_MINUTES = 30;

const TIMES: Readonly<Record<SettlementWindow['session'], readonly [payInFrom: number, payInBy: number, payOutBy: number]>> = {
  auction: [at(7, 0), at(8, 0), at(10, 0)],
  'same day': [at(15, 0), at(16, 0), at(16, 30)],
  first: [at(7, 0), at(10, 30), at(15, 30)],
  second: [at(15, 30), at(16, 30), at(21, 0)],
};

/** Settlement type of T+0 (NSE Clearing's list of types), and of what nothing else is said of. */
export const SAME_DAY_TYPE = '5';
const NORMAL_TYPE = 'M';

/** Type a chain's trades settle under, as far as clocks go: trade for trade and auctions keep the hours of M or their own. */
export const settlementTypeOf = (chain: Chain | undefined): string => (chain === 'T0' ? SAME_DAY_TYPE : NORMAL_TYPE);

/** Pay-in date of a chain's trades, YYYY-MM-DD: the next settlement day, of T+0 the day itself. */
export const settlementDateOf = (chain: Chain | undefined, tradeDate: string, calendar: BusinessCalendar): string =>
  chain === 'T0' ? tradeDate : calendar.settlementDay(tradeDate, 1);

/** The window of a settlement of `type` traded on `tradeDate`; a type that is not named here settles as M does. */
export function settlementWindow(type: string, tradeDate: string, calendar: BusinessCalendar): SettlementWindow {
  const session = sessionOf(type, tradeDate, calendar);
  const [payInFrom, payInBy, payOutBy] = TIMES[session];
  return { date: session === 'same day' ? tradeDate : calendar.settlementDay(tradeDate, 1), payInFrom, payInBy, payOutBy, session };
}

function sessionOf(type: string, tradeDate: string, calendar: BusinessCalendar): SettlementWindow['session'] {
  if (type === SAME_DAY_TYPE) return 'same day';
  if (type === 'A') return 'auction';
  const day = calendar.settlementDay(tradeDate, 1);
  return calendar.settlementDay(calendar.tradedBefore(tradeDate), 1) === day ? 'second' : 'first';
}
