// A business date's night as plain objects, for the command line, the console and anything that polls: runs, every instance with its clocks and what it
// waits for, the work queue. Times are microseconds since 1970, 0 = not yet. Reads only.
import type { Surface } from '../graph/failure-surface.ts';
import { PHASES, type Phase } from '../graph/graph.ts';
import { type Deadline, type HumanAction, type QueueEntry, type Run, type Status, workQueue } from '../runner/index.ts';
import type { Night } from './night.ts';

/** One node in one segment or at one instant. */
export interface InstanceView {
  readonly key: string;
  readonly node: string;
  readonly phase: Phase;
  readonly operation: string;
  readonly segment: string;
  readonly effect: string;
  readonly status: Status;
  readonly waitsFor: readonly string[];
  /** What keeps it from starting now, in words. */
  readonly waitingFor: readonly string[];
  readonly attempt: number;
  readonly way: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly nextAt: number;
  /** In doubt: when a person has to decide. */
  readonly until: number;
  readonly dueAt: number;
  /** Due at a time of day that others set, not so long after it could start. */
  readonly isCutoff: boolean;
  readonly predictedAt: number;
  /** Median microseconds of earlier nights; 0 when it never finished. */
  readonly typical: number;
  readonly risk: 'none' | 'atRisk' | 'breached';
  readonly error: string;
  readonly note: string;
  readonly held: string;
  readonly owner: string;
  readonly stale: boolean;
  readonly call: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly openGates: readonly { readonly name: string; readonly left: number; readonly right: number }[];
  readonly proposed: { readonly action: HumanAction; readonly by: string; readonly reason: string; readonly at: number } | null;
  /** Starts only when two persons say so. */
  readonly isTwoPerson: boolean;
  /** Moves money: once done it is reversed by a correction run, never run again. */
  readonly isOnce: boolean;
  readonly surface: Surface;
  /** Times it was cleared. */
  readonly generation: number;
}

/** One phase's newest run. */
export interface RunView {
  readonly run: Run;
  readonly isGreen: boolean;
  readonly instances: readonly InstanceView[];
}

/** A date at an instant. */
export interface NightView {
  readonly date: string;
  readonly now: number;
  readonly runs: readonly RunView[];
  readonly queue: readonly QueueEntry[];
}

/** Newest run of each phase of a date, and the queue over them. */
export function nightView(night: Night, date: string): NightView {
  const { runner } = night;
  const runs = PHASES.map((phase) => runner.states.newest(date, phase)).filter((run) => run !== undefined);
  return {
    date,
    now: runner.parts.now(),
    runs: runs.map((run) => ({ run, isGreen: runner.isGreen(run.id), instances: instancesOf(night, run) })),
    queue: workQueue(runner.states, runner.parts.graph, runs),
  };
}

/** One instance of a run. Throws RangeError when the graph or the run has none such. */
export function instanceView({ runner }: Night, run: Run, key: string, deadlineOf: (key: string) => Deadline = runner.deadlines(run)): InstanceView {
  const instance = runner.parts.graph.instance(key);
  const state = runner.states.state(run.id, key);
  const { dueAt, predictedAt, risk } = deadlineOf(key);
  const { status, attempt, way, startedAt, finishedAt, nextAt, until, error, note, held, owner, stale, call, inputs, openGates, generation } = state;
  const { proposal } = state;
  const { row, due, surface } = instance.node;
  return {
    key,
    node: row.id,
    phase: run.phase,
    operation: row.operation,
    segment: instance.segment ?? '',
    effect: row.effect,
    status,
    waitsFor: instance.waitsFor,
    waitingFor: status === 'done' || status === 'skipped' ? [] : runner.readiness(run, key).waitingFor,
    ...{ attempt, way, startedAt, finishedAt, nextAt, until, dueAt, predictedAt, risk, error, note, held, owner, stale, call, inputs, openGates },
    isCutoff: due.kind === 'by',
    typical: runner.states.typical(row.id) ?? 0,
    proposed: proposal === undefined ? null : { action: proposal.action, by: proposal.by, reason: proposal.reason, at: proposal.at },
    isTwoPerson: row.human === 'two-person',
    isOnce: row.idempotent.startsWith('no'),
    surface: surface.kind,
    generation,
  };
}

function instancesOf(night: Night, run: Run): InstanceView[] {
  const deadlineOf = night.runner.deadlines(run);
  return night.runner.parts.graph.phase(run.phase).map(({ key }) => instanceView(night, run, key, deadlineOf));
}
