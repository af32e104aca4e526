// --date of the night's commands, in the form runs are named by.
import { dateOption } from './date-option.ts';

/** The day as YYYY-MM-DD. Throws with the option's name when there is no such day. */
export function dayOption(text: string, option = '--date'): string {
  const day = String(dateOption(text, option));
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
