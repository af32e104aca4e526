// Decimal numbers and calendar dates as reference files print them, turned into integers. NaN or 0 says "not one": the caller knows
// the place and raises the error.

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** A plain decimal (no exponent, no thousands separators) as a double; NaN when it is not one. */
export function decimalOf(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

/**
 * A decimal times 10^digits as an exact integer, e.g. rupees to ticks with 4; NaN when it is no decimal, has more significant
 * decimals than `digits`, or does not fit 2^53.
 */
export function scaledDecimalOf(text: string, digits: number): number {
  const value = decimalOf(text);
  const scaled = Math.round(value * 10 ** digits);
  // Both sides are the doubles nearest to the same decimal when nothing was lost.
  return Number.isSafeInteger(scaled) && scaled / 10 ** digits === value ? scaled : Number.NaN;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const YEAR_FIRST = /^(\d{4})([-/]?)(\d{2})\2(\d{2})$/;
const DAY_FIRST = /^(\d{2})([-/])(\d{2})\2(\d{4})$/;
const NAMED_MONTH = /^(\d{1,2})([- ]?)([A-Za-z]{3})\2(\d{4})$/;

/** A date as yyyymmdd from YYYY-MM-DD, YYYYMMDD, DD-MM-YYYY, DD/MM/YYYY or DD-Mon-YYYY; 0 when it is none or no day of the calendar. */
export function dateOf(text: string): number {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) return calendarDate(Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4]));
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) return calendarDate(Number(dayFirst[4]), Number(dayFirst[3]), Number(dayFirst[1]));
  const named = NAMED_MONTH.exec(text);
  if (named) return calendarDate(Number(named[4]), MONTHS.indexOf((named[3] ?? '').toUpperCase()) + 1, Number(named[1]));
  return 0;
}

function calendarDate(year: number, month: number, day: number): number {
  if (year < 1980 || month < 1 || month > 12 || day < 1) return 0;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day > lastDay ? 0 : year * 10_000 + month * 100 + day;
}

/** yyyymmdd of seconds since 1980-01-01, the exchange's own epoch in contract files; 0 when out of range. */
export function dateOfExchangeSeconds(seconds: number): number {
  if (!Number.isSafeInteger(seconds) || seconds <= 0 || seconds > 4_000_000_000) return 0;
  const date = new Date(Date.UTC(1980, 0, 1) + seconds * 1000);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** YYYY-MM-DD of a yyyymmdd date; '' for 0. */
export function isoDate(date: number): string {
  const text = String(date);
  return date === 0 ? '' : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

/** An integer scaled by 10^digits printed with `digits` decimals, exactly. */
export function printScaled(value: number, digits: number): string {
  const magnitude = String(Math.abs(value)).padStart(digits + 1, '0');
  const sign = value < 0 ? '-' : '';
  return `${sign}${magnitude.slice(0, magnitude.length - digits)}.${magnitude.slice(magnitude.length - digits)}`;
}
