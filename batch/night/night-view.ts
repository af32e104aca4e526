// A business date's night as plain objects, for the command line, the console and anything that polls: runs, every instance with its clocks and what it
// waits for, the work queue. Times are microseconds since 1970, 0 = not yet. Reads only.
import { PHASES, type Phase } from '../graph/graph.ts';
import { type QueueEntry, type Run, type Status, workQueue } from '../runner/index.ts';
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
  readonly dueAt: number;
  readonly predictedAt: number;
  readonly risk: 'none' | 'atRisk' | 'breached';
  readonly error: string;
  readonly note: string;
  readonly held: string;
  readonly owner: string;
  readonly stale: boolean;
  readonly call: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly openGates: readonly { readonly name: string; readonly left: number; readonly right: number }[];
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

function instancesOf({ runner }: Night, run: Run): InstanceView[] {
  return runner.parts.graph.phase(run.phase).map((instance) => {
    const state = runner.states.state(run.id, instance.key);
    const { dueAt, predictedAt, risk } = runner.deadline(run, instance.key);
    const { status, attempt, way, startedAt, finishedAt, nextAt, error, note, held, owner, stale, call, inputs, openGates } = state;
    const { row } = instance.node;
    return {
      key: instance.key,
      node: row.id,
      phase: run.phase,
      operation: row.operation,
      segment: instance.segment ?? '',
      effect: row.effect,
      status,
      waitsFor: instance.waitsFor,
      waitingFor: status === 'done' || status === 'skipped' ? [] : runner.readiness(run, instance.key).waitingFor,
      ...{ attempt, way, startedAt, finishedAt, nextAt, dueAt, predictedAt, risk, error, note, held, owner, stale, call, inputs, openGates },
    };
  });
}
