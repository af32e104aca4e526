// The context a body works in: the run's own view of inputs, other nodes' outputs and calls to the outside.
import type { Instance } from '../graph/graph.ts';
import { isTerminal } from './instance-state.ts';
import { type NodeContext, PermanentFault } from './node-body.ts';
import { callAnew, callOnce, isAnsweredBefore } from './port-call.ts';
import type { Run } from './record.ts';
import type { NightRunner } from './runner.ts';

/** Makes the context of one attempt. */
export function nodeContext(runner: NightRunner, run: Run, instance: Instance): NodeContext {
  const { states, parts } = runner;
  const { attempt, way } = states.state(run.id, instance.key);
  const caller = { runId: run.id, instance: instance.key, now: parts.now, store: parts.store };
  const clearedAt = (): number => parts.store.recordsOfInstance(run.id, instance.key).findLast(({ kind }) => kind === 'cleared')?.at ?? 0;
  return {
    runId: run.id,
    key: instance.key,
    date: run.date,
    segment: instance.segment,
    chains: parts.graph.chains,
    instant: instance.instant,
    way,
    attempt,
    corrects: run.corrects,
    root: parts.store.root,
    now: parts.now,
    outputsOf: (key) => {
      const state = states.onDate(run.date, key);
      if (state === undefined || !isTerminal(state)) throw new RangeError(`${key} is not finished on ${run.date}`);
      return state.outputs;
    },
    peopleOf: (key) => {
      const records = parts.store.recordsOfInstance(run.id, key);
      const approved = records.findLastIndex(({ kind }) => kind === 'approved');
      const proposed = records.findLastIndex(({ kind }, at) => kind === 'proposed' && at < approved);
      return [records[proposed], records[approved]].flatMap((record) => (record !== undefined && 'by' in record ? [record.by] : []));
    },
    pin: (role, file, sha256) => {
      for (const state of states.of(run.id).values()) {
        const other = state.inputs[role];
        if (other !== undefined && other !== sha256)
          throw new PermanentFault(
            `${file}: another version of "${role}" than this run has used (${other.slice(0, 12)}); a re-issued file opens a correction run`,
          );
      }
      if (states.state(run.id, instance.key).inputs[role] === sha256) return;
      runner.record(run.id, instance.key, { kind: 'input', at: parts.now(), role, file, sha256 });
    },
    call: (port, name, request) => callOnce(caller, port, name, request),
    instruct: (port, name, request) => callAnew(caller, clearedAt(), port, name, request),
    isSeen: (name) => isAnsweredBefore(caller, clearedAt(), name),
  };
}
