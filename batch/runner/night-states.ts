// States of every instance of every run that is looked at: folded once from the store, kept up to date by whoever appends. The only place that
// appends records, so that memory and store cannot part.
import type { Graph, Instance } from '../graph/graph.ts';
import { phaseOf } from '../graph/graph.ts';
import { applyRecord, type InstanceState, untouched } from './instance-state.ts';
import type { NightStore } from './night-store.ts';
import type { InstanceRecord, Run } from './record.ts';

/** A record and whose it is. */
export interface PlacedRecord {
  readonly runId: string;
  readonly key: string;
  readonly record: InstanceRecord;
}

/** See the file's head. */
export class NightStates {
  readonly store: NightStore;
  readonly graph: Graph;
  private readonly byRun = new Map<string, Map<string, InstanceState>>();
  /** Newest run by date and phase; undefined = there is none. Runs come into being by openRun alone. */
  private readonly newestRuns = new Map<string, Run | undefined>();
  private readonly typicals = new Map<string, number | undefined>();

  constructor(store: NightStore, graph: Graph) {
    this.store = store;
    this.graph = graph;
  }

  /** Instances of a run by key, untouched ones included. */
  of(runId: string): ReadonlyMap<string, InstanceState> {
    const known = this.byRun.get(runId);
    if (known !== undefined) return known;
    const run = this.store.run(runId);
    if (run === undefined) throw new RangeError(`run ${runId} was never opened`);
    const states = new Map<string, InstanceState>(this.graph.phase(run.phase).map(({ key }) => [key, untouched()]));
    for (const { instance, record } of this.store.recordsOf(runId)) {
      const state = states.get(instance);
      if (state !== undefined) applyRecord(state, record);
    }
    this.byRun.set(runId, states);
    return states;
  }

  /** State of one instance. Throws RangeError when the run has no such instance. */
  state(runId: string, key: string): InstanceState {
    const state = this.of(runId).get(key);
    if (state === undefined) throw new RangeError(`${key}: no node of run ${runId}`);
    return state;
  }

  /** Stores records of one instance, with whatever else `also` stores, in one transaction; then folds them. */
  append(runId: string, key: string, records: readonly InstanceRecord[], also: () => void = () => undefined): void {
    const state = this.state(runId, key);
    this.store.transaction(() => {
      also();
      for (const record of records) this.store.append(runId, key, record);
    });
    for (const record of records) applyRecord(state, record);
  }

  /** Stores one record of each of several instances in one transaction; then folds them. */
  appendAll(records: readonly PlacedRecord[]): void {
    const states = records.map(({ runId, key }) => this.state(runId, key));
    this.store.transaction(() => {
      for (const { runId, key, record } of records) this.store.append(runId, key, record);
    });
    for (const [i, { record }] of records.entries()) applyRecord(states[i] as InstanceState, record);
  }

  /** Stores a new run; it is the newest of its phase and date from here on. Throws RangeError when the run is there already. */
  openRun(run: Run): void {
    this.store.openRun(run, this.graph.definition);
    this.newestRuns.clear();
  }

  /** Newest cycle of a phase on a date. */
  newest(date: string, phase: string): Run | undefined {
    const place = `${date}/${phase}/`;
    if (this.newestRuns.has(place)) return this.newestRuns.get(place);
    const [run] = this.store.runsFrom(place).sort((a, b) => b.cycle - a.cycle);
    this.newestRuns.set(place, run);
    return run;
  }

  /** State of an instance on a date, newest cycle of its phase; undefined when there is no run. */
  onDate(date: string, key: string): InstanceState | undefined {
    const instance = this.graph.instance(key);
    if (instance.node.row.effect === 'engine') return ENGINE;
    const run = this.newest(date, instance.node.phase);
    return run === undefined ? undefined : this.of(run.id).get(key);
  }

  /** States of a node's instances on an earlier date. */
  past(id: string, date: string): readonly InstanceState[] | 'no run' | 'before the first' {
    const phase = phaseOf(id);
    const run = this.newest(date, phase);
    if (run !== undefined) return this.instancesOf(id).map(({ key }) => this.state(run.id, key));
    return this.store.runsFrom().some((other) => other.phase === phase && other.date < date) ? 'no run' : 'before the first';
  }

  /** Median microseconds a node took in earlier runs; undefined when it never finished. */
  typical(id: string): number | undefined {
    if (this.typicals.has(id)) return this.typicals.get(id);
    const took: number[] = [];
    for (const run of this.store
      .runsFrom()
      .reverse()
      .filter(({ phase }) => phase === phaseOf(id))
      .slice(0, NIGHTS_MAX)) {
      for (const { key } of this.instancesOf(id)) {
        const { status, firstStartedAt, finishedAt } = this.state(run.id, key);
        if (status === 'done' && firstStartedAt > 0) took.push(finishedAt - firstStartedAt);
      }
    }
    took.sort((a, b) => a - b);
    const median = took[took.length >> 1];
    this.typicals.set(id, median);
    return median;
  }

  private instancesOf(id: string): Instance[] {
    return [...this.graph.instances.values()].filter(({ node }) => node.row.id === id);
  }
}

/** Earlier nights a typical duration is taken from. */
const NIGHTS_MAX = 20;
/** Nodes of the order path are the engine's: nothing of the night waits for them. */
const ENGINE: InstanceState = { ...untouched(), status: 'done' };
