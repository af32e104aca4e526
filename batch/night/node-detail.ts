// All that is known of one node on a date: its row in the plan, where it stands, every record of every attempt, its calls to the outside. Reads only.

import type { InstanceRecord, Run } from '../runner/index.ts';
import type { Call } from '../runner/night-store.ts';
import type { Night } from './night.ts';
import { type InstanceView, instanceView } from './night-view.ts';

/** See the file's head. `run` and what hangs on it are absent when its phase was not run on the date. */
export interface NodeDetail {
  readonly key: string;
  /** The plan's row and our reading of it, by column. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly waitsFor: readonly string[];
  /** Everything that waits for it, directly or through others. */
  readonly below: readonly string[];
  readonly run?: Run;
  readonly view?: InstanceView;
  readonly records: readonly InstanceRecord[];
  readonly calls: readonly Call[];
}

/** Detail of a node in the newest run of its phase on a date. Throws RangeError when the graph has no such node. */
export function nodeDetail(night: Night, date: string, key: string): NodeDetail {
  const { graph } = night.runner.parts;
  const instance = graph.instance(key);
  const { row, phase } = instance.node;
  const plan = { key, row: { ...row }, waitsFor: instance.waitsFor, below: graph.below(key) };
  const run = night.runner.states.newest(date, phase);
  if (run === undefined || row.effect === 'engine') return { ...plan, records: [], calls: [] };
  return {
    ...plan,
    run,
    view: instanceView(night, run, key),
    records: night.store.recordsOfInstance(run.id, key),
    calls: night.store.callsOf(run.id).filter((call) => call.instance === key),
  };
}
