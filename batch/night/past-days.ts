// Days back: each date with its calendar and, per run, how it stands; for the calendar of run health and the columns of the grid. Reads only.
import type { Phase } from '../graph/graph.ts';
import { isTerminal, needsSomeone, type Run, type Status } from '../runner/index.ts';
import type { Night } from './night.ts';

/** How a run stands as a whole: open is neither green nor in need of anybody. */
export type Health = 'green' | 'open' | 'attention';

/** One run in brief. */
export interface RunBrief {
  readonly id: string;
  readonly phase: Phase;
  readonly cycle: number;
  readonly health: Health;
  readonly done: number;
  readonly total: number;
  readonly openedAt: number;
  /** When its last node finished; 0 while it is not green. */
  readonly finishedAt: number;
  /** By instance; empty where it was not asked for. */
  readonly states: Readonly<Record<string, Status>>;
}

/** One date. */
export interface PastDay {
  readonly date: string;
  readonly isTraded: boolean;
  readonly isSettled: boolean;
  readonly runs: readonly RunBrief[];
}

const DAY_MILLIS = 86_400_000;

/** The `count` dates up to `until`, newest first; the newest `withStates` traded ones with the state of each instance. Ends early where the calendar does. */
export function pastDays(night: Night, until: string, count: number, withStates: number): PastDay[] {
  const days: PastDay[] = [];
  let left = withStates;
  for (let back = 0; back < count; back++) {
    const date = new Date(Date.parse(`${until}T00:00:00Z`) - back * DAY_MILLIS).toISOString().slice(0, 10);
    const day = calendarDay(night, date);
    if (day === undefined) break;
    const runs = night.store.runsFrom(`${date}/`).filter((run) => run.date === date);
    days.push({ date, ...day, runs: runs.map((run) => brief(night, run, left > 0)) });
    if (day.isTraded) left -= 1;
  }
  return days;
}

function calendarDay({ calendar }: Night, date: string): { readonly isTraded: boolean; readonly isSettled: boolean } | undefined {
  try {
    return { isTraded: calendar.isTraded(date), isSettled: calendar.isSettled(date) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A run in brief. */
export function brief(night: Night, run: Run, withStates: boolean): RunBrief {
  const states = [...night.runner.states.of(run.id)];
  const done = states.filter(([, state]) => isTerminal(state)).length;
  const isGreen = done === states.length;
  return {
    id: run.id,
    phase: run.phase,
    cycle: run.cycle,
    health: isGreen ? 'green' : states.some(([, state]) => needsSomeone(state)) ? 'attention' : 'open',
    done,
    total: states.length,
    openedAt: run.openedAt,
    finishedAt: isGreen ? states.reduce((last, [, { finishedAt }]) => Math.max(last, finishedAt), 0) : 0,
    states: withStates ? Object.fromEntries(states.map(([key, { status }]) => [key, status])) : {},
  };
}
