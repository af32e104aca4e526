// Which dates are traded and which settle, and when a segment closes. Two calendars, because a day can be traded and not settled: T+1 counts
// settlement days. Dates are YYYY-MM-DD; minutes are since midnight IST.
import { type Chain, SEGMENT_OF, type Segment } from '../graph/node-row.ts';
import { HOLIDAYS, type HolidayYear } from './holidays.ts';

const DAY_MS = 86_400_000;
const SEARCH_DAYS_MAX = 30;
const minute = (hour: number, past: number): number => hour * 60 + past;

/** When a segment takes orders: equity 09:15, currency and commodity 09:00. Block deals have a window of their own from 08:45, which no order here is for. */
const OPENS: Readonly<Record<Segment, number>> = { CM: minute(9, 15), FO: minute(9, 15), CD: minute(9, 0), COM: minute(9, 0) };
/** Closes by segment: equity 15:30, currency 17:00. */
const CLOSES: Readonly<Record<Exclude<Segment, 'COM'>, number>> = { CM: minute(15, 30), FO: minute(15, 30), CD: minute(17, 0) };
/** T+0 closes before its cash segment does, so that its pay-in is the same afternoon (SEBI/HO/MRD/MRD-PoD-3/P/CIR/2024/20 of 21 March 2024). */
const SAME_DAY_CLOSE = minute(13, 30);
/** Commodity closes 23:30 while New York keeps summer time, 23:55 otherwise (second Sunday of March to first Sunday of November). */
const COMMODITY_SUMMER = minute(23, 30);
const COMMODITY_WINTER = minute(23, 55);

/** See the file's head. */
export class BusinessCalendar {
  private readonly years: Readonly<Record<string, HolidayYear>>;

  /** `years` by year; dates of another year are refused with a RangeError. */
  constructor(years: Readonly<Record<string, HolidayYear>> = HOLIDAYS) {
    this.years = years;
  }

  /** Is the date traded? */
  isTraded(date: string): boolean {
    const year = this.year(date);
    const day = date.slice(5);
    return year.specialSessions.includes(day) || (!isWeekend(date) && !year.trading.includes(day));
  }

  /** Does anything settle on the date? */
  isSettled(date: string): boolean {
    const year = this.year(date);
    const day = date.slice(5);
    return !isWeekend(date) && !year.trading.includes(day) && !year.settlementOnly.includes(day);
  }

  /** The nth settlement day after a trade date: 1 is T+1. */
  settlementDay(date: string, n: number): string {
    let found = date;
    for (let i = 0; i < n; i++) found = this.step(found, 1, (candidate) => this.isSettled(candidate));
    return found;
  }

  /** Traded date before or after one. */
  tradedBefore(date: string): string {
    return this.step(date, -1, (candidate) => this.isTraded(candidate));
  }

  /** See tradedBefore. */
  tradedAfter(date: string): string {
    return this.step(date, 1, (candidate) => this.isTraded(candidate));
  }

  /** Minute of the day from which a segment takes orders, at whichever exchange. */
  open(chain: Chain): number {
    return OPENS[SEGMENT_OF[chain]];
  }

  /** Minute of the day at which a segment closes, at whichever exchange. */
  close(chain: Chain, date: string): number {
    if (chain === 'T0') return SAME_DAY_CLOSE;
    const segment = SEGMENT_OF[chain];
    if (segment !== 'COM') return CLOSES[segment];
    return isNewYorkSummer(date) ? COMMODITY_SUMMER : COMMODITY_WINTER;
  }

  private step(date: string, by: 1 | -1, wanted: (date: string) => boolean): string {
    let time = Date.parse(`${date}T00:00:00Z`);
    for (let i = 0; i < SEARCH_DAYS_MAX; i++) {
      time += by * DAY_MS;
      const candidate = new Date(time).toISOString().slice(0, 10);
      if (wanted(candidate)) return candidate;
    }
    throw new RangeError(`no such day within ${SEARCH_DAYS_MAX} days of ${date}`);
  }

  private year(date: string): HolidayYear {
    const year = this.years[date.slice(0, 4)];
    if (year === undefined) throw new RangeError(`${date}: the holiday tables have no year ${date.slice(0, 4)}; load the exchange's circular first`);
    return year;
  }
}

function isWeekend(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6;
}

/** United States daylight saving: from the second Sunday of March to the first Sunday of November. */
function isNewYorkSummer(date: string): boolean {
  const year = date.slice(0, 4);
  return date >= nthSunday(`${year}-03`, 2) && date < nthSunday(`${year}-11`, 1);
}

function nthSunday(month: string, n: number): string {
  const first = new Date(`${month}-01T00:00:00Z`).getUTCDay();
  return `${month}-${String(1 + ((7 - first) % 7) + (n - 1) * 7).padStart(2, '0')}`;
}
