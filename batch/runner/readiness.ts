// May an instance start now, and if not, what is it waiting for? Pure over what the runner shows it: states of this and other runs, the clock,
// the calendar. Answers in words a person can act on.
import type { BusinessCalendar } from '../calendar/business-calendar.ts';
import { settlementTypeOf, settlementWindow } from '../calendar/settlement-windows.ts';
import type { Instance } from '../graph/graph.ts';
import { type InstanceState, isTerminal } from './instance-state.ts';
import { istMicros } from './ist-clock.ts';

/** What readiness looks at. */
export interface Surroundings {
  readonly date: string;
  readonly now: number;
  readonly calendar: BusinessCalendar;
  /** State of an instance of this date, any phase, newest cycle; undefined when its run was never opened. */
  stateOf(key: string): InstanceState | undefined;
  /** States of a node's instances on an earlier date; 'no run' when the date has none; 'before the first' when no run of the phase is older than this one. */
  past(id: string, date: string): readonly InstanceState[] | 'no run' | 'before the first';
}

/** Ready, or why not. `wakeAt` is when time alone may change the answer (microseconds, 0 = it will not). */
export interface Readiness {
  readonly isReady: boolean;
  readonly wakeAt: number;
  readonly waitingFor: readonly string[];
}

const READY: Readiness = { isReady: true, wakeAt: 0, waitingFor: [] };
const notYet = (waitingFor: readonly string[], wakeAt = 0): Readiness => ({ isReady: false, wakeAt, waitingFor });

/** See the file's head. */
export function readiness(instance: Instance, state: InstanceState, around: Surroundings): Readiness {
  if (state.held !== '') return notYet([`held: ${state.held}`]);
  switch (state.status) {
    case 'waiting':
      return startable(instance, state, around);
    case 'retry':
      return state.nextAt <= around.now ? READY : notYet(['its next attempt'], state.nextAt);
    case 'inDoubt':
      if (around.now >= state.until) return notYet(['a decision: the other side gave no answer in time']);
      return state.nextAt <= around.now ? READY : notYet(['the other side'], state.nextAt);
    default:
      return notYet(state.status === 'running' ? [] : [state.status]);
  }
}

function startable(instance: Instance, state: InstanceState, around: Surroundings): Readiness {
  const { row } = instance.node;
  const open = instance.waitsFor.filter((key) => !isSatisfied(key, around));
  const isEnough = row.join === 'any' ? open.length < instance.waitsFor.length : open.length === 0;
  if (!isEnough) return notYet(open);
  const past = pastOpen(instance, around);
  if (past.length > 0) return notYet(past);
  const start = triggerAt(instance, around.date, around.calendar);
  if (start > around.now) return notYet(['the clock'], start);
  if (row.human === 'two-person' && !state.isReleased) return notYet(['approval by two persons']);
  return READY;
}

function isSatisfied(key: string, around: Surroundings): boolean {
  const state = around.stateOf(key);
  return state !== undefined && isTerminal(state);
}

/** Past instances it waits for that are not finished, in words. */
function pastOpen(instance: Instance, around: Surroundings): string[] {
  const open: string[] = [];
  for (const { id, dates } of instance.node.waitsPast) {
    let date = around.date;
    for (let i = 0; i < dates; i++) {
      date = around.calendar.tradedBefore(date);
      const states = around.past(id, date);
      if (states === 'before the first') break;
      if (states === 'no run' || !states.every(isTerminal)) open.push(`${id} of ${date}`);
    }
  }
  return open;
}

/** Instant before which the clock holds an instance back; 0 without a trigger. */
export function triggerAt({ node, segment, instant }: Instance, date: string, calendar: BusinessCalendar): number {
  const { trigger } = node.row;
  if (trigger === undefined) return 0;
  const minutes = trigger.minutes[instant] ?? 0;
  if (trigger.settles !== undefined) {
    const window = settlementWindow(settlementTypeOf(segment), date, calendar);
    return istMicros(window.date, window[trigger.settles] + minutes);
  }
  const base = trigger.fromClose === true && segment !== undefined ? calendar.close(segment, date) : 0;
  return istMicros(date, base + minutes, trigger.days);
}
