// --date of the command line: a calendar day, 2026-11-20 or 20261120.
import { type BusinessDate, businessDate } from '../../engine/index.ts';

/** Checks that the day exists. Throws with the option's name. */
export function dateOption(text: string, option = '--date'): BusinessDate {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  const [year, month, day] = (match?.slice(1) ?? []).map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0));
  if (match === null || date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day)
    throw new Error(`${option} ${text} is not a day such as 2026-11-20`);
  return businessDate((year ?? 0) * 10_000 + (month ?? 0) * 100 + (day ?? 0));
}
