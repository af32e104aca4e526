// Units on their way through a corporate action. The risk engine counts a split or a bonus from the morning of the ex date, units on their way with
// the others, because what trades that day is new. What was traded before settles on that day in old units; the depositories, and with them the books
// of units, change in the evening, for whoever holds by then (ex date and record date are one day since settlement is T+1). Between morning and
// evening the two differ by the ratio and by nothing else.
import type { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { become, readCorporateActions, sharesOf, type UnitRatio } from '../begin-of-day/corporate-actions.ts';
import { dayNumber, refusing } from '../end-of-day/day-parts.ts';
import { readEngine } from '../engine/engine-state.ts';
import type { NightFiles } from '../night-files.ts';

/** What is asked. */
export interface ActingParts {
  readonly dataDirectory: string;
  readonly files: NightFiles;
  readonly calendar: BusinessCalendar;
}

/** Units of a share (its number at NSE) as the engine counts them. */
export type InEngine = (token: number, units: number) => number;

const DAYS_MAX = 31;

/** How the engine counts units of `since` (YYYY-MM-DD, a trade date whose actions are in them), by the lists taken in on the mornings after it. */
export async function unitsInEngine({ dataDirectory, files, calendar }: ActingParts, since: string): Promise<InEngine> {
  const { slots } = await readEngine(dataDirectory);
  const until = Math.min(...slots.map(({ businessDate }) => businessDate));
  const actions: UnitRatio[] = [];
  let date = calendar.tradedAfter(since);
  for (let day = 0; day < DAYS_MAX && slots.length > 0 && dayNumber(date) <= until; day++, date = calendar.tradedAfter(date))
    actions.push(...(await actionsOn(files, date)));
  return (token, units) => actions.reduce((sum, action) => (action.token === token ? become(sum, action) : sum), units);
}

/** Actions on shares with ex date on a date, by the list its morning took in; none where it took in none. */
export async function actionsOn(files: NightFiles, date: string): Promise<UnitRatio[]> {
  const file = files.of('corporate-actions', date);
  return file === undefined ? [] : sharesOf(await refusing(() => readCorporateActions(file, date)));
}
