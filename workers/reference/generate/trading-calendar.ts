// Trading days and derivative expiries of the made-up market: NSE's 2026 holidays, NSE's expiries on Tuesdays, BSE's on Thursdays, brought forward
// over holidays. The engine never derives an expiry: it reads them from files. Dates are yyyymmdd.

const HOLIDAYS = new Set([
  20260115, 20260126, 20260303, 20260326, 20260331, 20260403, 20260414, 20260501, 20260528, 20260626, 20260914, 20261002, 20261020, 20261110,
  20261124, 20261225,
]);
/** Traded on a Sunday: Muhurat trading of Diwali. */
const SPECIAL_SESSIONS = new Set([20261108]);
const TUESDAY = 2;
/** Weekday of BSE's expiries, as Date counts them. */
export const THURSDAY = 4;

function toUtc(date: number): Date {
  return new Date(Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100));
}

function fromUtc(date: Date): number {
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** The date `days` calendar days later. */
function addDays(date: number, days: number): number {
  const utc = toUtc(date);
  utc.setUTCDate(utc.getUTCDate() + days);
  return fromUtc(utc);
}

/** Calendar days from one date to another. */
export function daysBetween(from: number, to: number): number {
  return Math.round((toUtc(to).getTime() - toUtc(from).getTime()) / 86_400_000);
}

/** Whether the exchange trades: no weekend but for special sessions, no holiday of the table, and a day of the calendar at all (not 20260230). */
export function isTradingDay(date: number): boolean {
  const utc = toUtc(date);
  if (fromUtc(utc) !== date) return false;
  const weekday = utc.getUTCDay();
  return SPECIAL_SESSIONS.has(date) || (weekday !== 0 && weekday !== 6 && !HOLIDAYS.has(date));
}

/** The last trading day before a date. */
export function previousTradingDay(date: number): number {
  let day = addDays(date, -1);
  while (!isTradingDay(day)) day = addDays(day, -1);
  return day;
}

/** The first trading day after a date. */
export function nextTradingDay(date: number): number {
  let day = addDays(date, 1);
  while (!isTradingDay(day)) day = addDays(day, 1);
  return day;
}

/** A day itself when it trades, else the trading day before it. */
function onOrBefore(date: number): number {
  return isTradingDay(date) ? date : previousTradingDay(date);
}

/** The next `count` weekly expiries, from `date` itself on. */
export function weeklyExpiries(date: number, count: number, weekday: number = TUESDAY): number[] {
  const expiries: number[] = [];
  let nominal = date;
  while (toUtc(nominal).getUTCDay() !== weekday) nominal = addDays(nominal, 1);
  for (; expiries.length < count; nominal = addDays(nominal, 7)) {
    const expiry = onOrBefore(nominal);
    if (expiry >= date) expiries.push(expiry);
  }
  return expiries;
}

/** The monthly expiry (last Tuesday, or other weekday) of a month `monthsAhead` after that of `date`. */
function monthlyExpiry(date: number, monthsAhead: number, weekday: number): number {
  const last = new Date(Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) + monthsAhead, 0));
  while (last.getUTCDay() !== weekday) last.setUTCDate(last.getUTCDate() - 1);
  return onOrBefore(fromUtc(last));
}

/** The next `count` monthly expiries, from `date` itself on; `step` 3 gives the quarter months only. */
export function monthlyExpiryList(date: number, count: number, step: 1 | 3 = 1, weekday: number = TUESDAY): number[] {
  const expiries: number[] = [];
  for (let ahead = 0; expiries.length < count; ahead++) {
    const expiry = monthlyExpiry(date, ahead, weekday);
    const month = Math.floor(expiry / 100) % 100;
    if (expiry >= date && month % step === 0) expiries.push(expiry);
  }
  return expiries;
}

/** The next `count` expiries on a day of the month, or the trading day before it, from `date` itself on; `months` (1 to 12) says which months have one. */
export function dayOfMonthList(date: number, count: number, day: number, months: readonly number[]): number[] {
  const expiries: number[] = [];
  for (let ahead = 0; expiries.length < count; ahead++) {
    const nominal = fromUtc(new Date(Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1 + ahead, day)));
    const expiry = onOrBefore(nominal);
    if (expiry >= date && months.includes(Math.floor(nominal / 100) % 100)) expiries.push(expiry);
  }
  return expiries;
}

/** The next `count` expiries two trading days before the last one of a month, as currency contracts have them. */
export function currencyExpiryList(date: number, count: number): number[] {
  const expiries: number[] = [];
  for (let ahead = 1; expiries.length < count; ahead++) {
    const monthAfter = fromUtc(new Date(Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1 + ahead, 1)));
    const expiry = previousTradingDay(previousTradingDay(previousTradingDay(monthAfter)));
    if (expiry >= date) expiries.push(expiry);
  }
  return expiries;
}
