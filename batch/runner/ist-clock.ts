// Business dates and times of day in Indian Standard Time, as microseconds since 1970. India has one zone and no summer time, so an offset is enough.

/** IST is UTC + 5:30. */
const IST_MICROS = 330 * 60 * 1e6;
const MINUTE_MICROS = 60 * 1e6;
const DAY_MICROS = 24 * 60 * MINUTE_MICROS;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Microseconds of `minute` (since midnight IST) of a date, `days` later. Throws RangeError when the date is none. */
export function istMicros(date: string, minute: number, days = 0): number {
  const [, year, month, day] = DATE.exec(date) ?? [];
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day)) * 1000;
  if (Number.isNaN(midnight) || new Date(midnight / 1000).toISOString().slice(0, 10) !== date)
    throw new RangeError(`${date} is not a date (YYYY-MM-DD)`);
  return midnight - IST_MICROS + minute * MINUTE_MICROS + days * DAY_MICROS;
}

/** Date in India at an instant, YYYY-MM-DD. */
export const istDate = (micros: number): string => new Date((micros + IST_MICROS) / 1000).toISOString().slice(0, 10);

/** Time of day in India at an instant, HH:MM:SS. */
export const istTime = (micros: number): string => new Date((micros + IST_MICROS) / 1000).toISOString().slice(11, 19);
