// Running a phase for business dates that were missed: what would be run, as a list, and opening it. Holidays are left out; green runs are left alone.
import type { Phase } from '../graph/graph.ts';
import type { Night } from './night.ts';

/** One traded date of the span. */
export interface BackfillDate {
  readonly date: string;
  readonly phase: Phase;
  readonly state: 'green' | 'not green' | 'not run';
}

const DATES_MAX = 366;

/** Traded dates of a span and how the phase stands on each. Throws RangeError when the span is turned round or longer than a year. */
export function backfillDates({ runner, calendar }: Night, phase: Phase, from: string, to: string): BackfillDate[] {
  if (from > to) throw new RangeError(`from ${from} is after to ${to}`);
  const dates: BackfillDate[] = [];
  for (let date = calendar.isTraded(from) ? from : calendar.tradedAfter(from); date <= to; date = calendar.tradedAfter(date)) {
    if (dates.length === DATES_MAX) throw new RangeError(`a backfill has at most ${DATES_MAX} dates`);
    const run = runner.states.newest(date, phase);
    dates.push({ date, phase, state: run === undefined ? 'not run' : runner.isGreen(run.id) ? 'green' : 'not green' });
  }
  return dates;
}

/** Opens the phase on every date of the span that is not green, oldest first; returns those dates. */
export function openBackfill(night: Night, phase: Phase, from: string, to: string, by: string): string[] {
  const dates = backfillDates(night, phase, from, to).filter(({ state }) => state !== 'green');
  for (const { date } of dates) night.runner.open(date, phase, by);
  return dates.map(({ date }) => date);
}
