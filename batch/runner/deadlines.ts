// When an instance is due, when it will probably land, and whether that is too late: SLA clocks that warn before the breach. Predictions are medians
// of earlier nights along the longest path still to be run; they are advice and start nothing.
import type { BusinessCalendar } from '../calendar/business-calendar.ts';
import { settlementTypeOf, settlementWindow } from '../calendar/settlement-windows.ts';
import type { Instance } from '../graph/graph.ts';
import type { InstanceState } from './instance-state.ts';
import { isTerminal } from './instance-state.ts';
import { istMicros } from './ist-clock.ts';
import { triggerAt } from './readiness.ts';

/** Microseconds a node took on earlier nights (median), or undefined when it never ran. */
export type TypicalDuration = (id: string) => number | undefined;

/** What a deadline is worked out from. */
export interface DeadlineView {
  readonly date: string;
  readonly now: number;
  readonly calendar: BusinessCalendar;
  readonly typical: TypicalDuration;
  /** Landings worked out so far, by instance. */
  readonly landings: Map<string, number>;
  stateOf(key: string): InstanceState | undefined;
  instance(key: string): Instance;
}

/** Microseconds since 1970; dueAt 0 = no deadline. */
export interface Deadline {
  readonly dueAt: number;
  readonly predictedAt: number;
  readonly risk: 'none' | 'atRisk' | 'breached';
}

const MICROS = 1e6;
/** Of a node that never ran: half its service level, at most this. */
const UNKNOWN_MICROS = 60 * MICROS;

/** Deadline of one instance. */
export function deadlineOf(instance: Instance, state: InstanceState, view: DeadlineView): Deadline {
  const dueAt = dueOf(instance, view);
  const predictedAt = predict(instance.key, view);
  if (dueAt === 0) return { dueAt, predictedAt, risk: 'none' };
  const landed = isTerminal(state) ? state.finishedAt : view.now;
  if (landed > dueAt) return { dueAt, predictedAt, risk: 'breached' };
  return { dueAt, predictedAt, risk: !isTerminal(state) && predictedAt > dueAt ? 'atRisk' : 'none' };
}

function dueOf(instance: Instance, view: DeadlineView): number {
  const { due, phase } = instance.node;
  if (due.kind === 'none') return 0;
  if (due.kind === 'within') {
    const ready = readyAt(instance, view);
    return ready === 0 ? 0 : ready + due.seconds * MICROS;
  }
  if (instance.node.row.trigger?.settles === 'payInFrom') {
    const window = settlementWindow(settlementTypeOf(instance.segment), view.date, view.calendar);
    return istMicros(window.date, window.payInBy);
  }
  // "Next day" of settlement is the next day that settles, not the next on the wall.
  if (phase === 'set' && due.days > 0) return istMicros(view.calendar.settlementDay(view.date, due.days), due.minute);
  return istMicros(view.date, due.minute, due.days);
}

/** When everything it waits for was there; 0 = not yet. */
function readyAt(instance: Instance, view: DeadlineView): number {
  let latest = triggerAt(instance, view.date, view.calendar);
  for (const key of instance.waitsFor) {
    const state = view.stateOf(key);
    if (state === undefined || !isTerminal(state)) return 0;
    latest = Math.max(latest, state.finishedAt);
  }
  return latest;
}

function predict(key: string, view: DeadlineView): number {
  const before = view.landings.get(key);
  if (before !== undefined) return before;
  const state = view.stateOf(key);
  const instance = view.instance(key);
  const landing = state !== undefined && isTerminal(state) ? state.finishedAt : unfinished(instance, state, view);
  view.landings.set(key, landing);
  return landing;
}

function unfinished(instance: Instance, state: InstanceState | undefined, view: DeadlineView): number {
  const duration = view.typical(instance.node.row.id) ?? guess(instance);
  if (state?.status === 'running') return Math.max(view.now, state.startedAt + duration);
  let start = Math.max(view.now, triggerAt(instance, view.date, view.calendar));
  for (const key of instance.waitsFor) if (view.instance(key).node.row.effect !== 'engine') start = Math.max(start, predict(key, view));
  return start + duration;
}

function guess({ node }: Instance): number {
  return node.due.kind === 'within' ? Math.min(UNKNOWN_MICROS, (node.due.seconds * MICROS) / 2) : UNKNOWN_MICROS;
}
