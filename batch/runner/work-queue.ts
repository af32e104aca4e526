// What people have to look at, over the runs of a date: failures, manual steps, calls in doubt, open gates, proposals; by the surface that owns them.
import type { Surface } from '../graph/failure-surface.ts';
import type { Graph } from '../graph/graph.ts';
import { needsSomeone, type Status } from './instance-state.ts';
import type { NightStates } from './night-states.ts';
import type { HumanAction, Run } from './record.ts';

/** One entry. `since` in microseconds since 1970. */
export interface QueueEntry {
  readonly runId: string;
  readonly key: string;
  readonly operation: string;
  readonly surface: Surface;
  readonly surfaceWords: string;
  readonly status: Status;
  readonly error: string;
  readonly since: number;
  readonly owner: string;
  /** What is waiting for a second person. */
  readonly proposed: { readonly action: HumanAction; readonly by: string; readonly reason: string } | undefined;
  /** What would help, in words. */
  readonly hint: string;
}

const HINTS: Readonly<Partial<Record<Status, string>>> = {
  manual: 'correct the cause and retry, or propose skip or resolve',
  failed: 'retry once the cause is gone, or propose skip or resolve',
  inDoubt: 'ask the other side with the call key; then propose resolve (it was done), fail (it was refused) or again (it never arrived)',
  gate: 'the two sums differ: correct and clear, or propose explain with the reason',
};

/** Entries of some runs, oldest first. */
export function workQueue(states: NightStates, graph: Graph, runs: readonly Run[]): QueueEntry[] {
  const entries: QueueEntry[] = [];
  for (const run of runs) {
    for (const [key, state] of states.of(run.id)) {
      if (!needsSomeone(state)) continue;
      const { node } = graph.instance(key);
      const { status, proposal, openGates, owner } = state;
      const gates = openGates.map(({ name, left, right }) => `${name}: ${left} against ${right}`).join('; ');
      entries.push({
        runId: run.id,
        key,
        operation: node.row.operation,
        surface: status === 'inDoubt' ? 'critical' : node.surface.kind,
        surfaceWords: node.surface.words,
        status,
        error: gates === '' ? state.error : gates,
        since: proposal?.at ?? (state.finishedAt === 0 ? state.startedAt : state.finishedAt),
        owner,
        proposed: proposal === undefined ? undefined : { action: proposal.action, by: proposal.by, reason: proposal.reason },
        hint: proposal === undefined ? (HINTS[status] ?? '') : `${proposal.action}: another person than ${proposal.by} has to approve`,
      });
    }
  }
  return entries.sort((a, b) => a.since - b.since);
}
