// Trading days between two dates, for rules that count them. Weekends, and the exchange's holidays of the years this table has; a year it does
// not have counts its weekdays. Dates are yyyymmdd.
import { isTradingDay, previousTradingDay } from './generate/trading-calendar.ts';

const DAY = 86_400_000;

/** Trading days after `from` up to and including `to`; 0 for the day itself, Infinity for a date before it or more than a month away. */
export function tradingDaysBetween(from: number, to: number): number {
  const start = utcOf(from);
  const days = Math.round((utcOf(to) - start) / DAY);
  // No rule looks further; a far expiry is not worth counting.
  if (days < 0 || days > 31) return Number.POSITIVE_INFINITY;
  let count = 0;
  for (let day = 1; day <= days; day++) if (isTradingDay(dateOf(start + day * DAY))) count++;
  return count;
}

/** The date so many trading days before another. */
export function tradingDayBefore(date: number, count: number): number {
  return count === 0 ? date : tradingDayBefore(previousTradingDay(date), count - 1);
}

function utcOf(date: number): number {
  return Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100);
}

function dateOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}
