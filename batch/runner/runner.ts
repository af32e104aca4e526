// Runs what is ready, in parallel, until nothing is: starts bodies, stores what came of them, follows the retry policy, leaves in doubt what is in
// doubt. Decides no business question. Any instant may be its last: whatever it had not stored did not happen, and whatever it had begun outside
// is asked about first. Nodes that start together, and nodes that end in the same turn, share a commit: a flush costs more than all they do.
import type { BusinessCalendar } from '../calendar/business-calendar.ts';
import type { Graph, Instance, Phase } from '../graph/graph.ts';
import { type Deadline, deadlineOf } from './deadlines.ts';
import { afterFailure } from './failure.ts';
import type { InstanceState } from './instance-state.ts';
import { NightStates, type PlacedRecord } from './night-states.ts';
import type { NightStore } from './night-store.ts';
import { type NodeBody, PermanentFault, TransientFault } from './node-body.ts';
import { nodeContext } from './node-context.ts';
import { InDoubt } from './port-call.ts';
import { type Readiness, readiness } from './readiness.ts';
import type { InstanceRecord, Run } from './record.ts';

/** What the night is run with. */
export interface RunnerParts {
  readonly store: NightStore;
  readonly graph: Graph;
  /** By node id. */
  readonly bodies: ReadonlyMap<string, NodeBody>;
  readonly calendar: BusinessCalendar;
  /** Microseconds since 1970. */
  readonly now: () => number;
  /** Bodies at work at once. */
  readonly parallel: number;
  /** Resolves at an instant; without it, time that passes while a body works starts nothing until that body ends. */
  readonly wait?: (until: number) => Promise<void>;
  /** Told of every record as it is stored; for displays and logs. */
  readonly onRecord?: (runId: string, key: string, record: InstanceRecord) => void;
}

/** A body's end that is to be stored, and who waits for it. */
interface Ending extends PlacedRecord {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** An instance that may start. */
interface Starting {
  readonly run: Run;
  readonly instance: Instance;
  readonly state: InstanceState;
}

const MICROS = 1e6;
/** How often the other side of an in-doubt call is asked, and for how long before a person has to decide. */
const ASK_EVERY_SECONDS = 30;
const ASK_FOR_SECONDS = 30 * 60;

/** See the file's head. */
export class NightRunner {
  readonly states: NightStates;
  readonly parts: RunnerParts;
  private readonly running = new Map<string, Promise<void>>();
  private readonly active = new Set<string>();
  /** Ends of bodies in this turn. */
  private endings: Ending[] = [];
  private isStopping = false;

  constructor(parts: RunnerParts) {
    this.parts = parts;
    this.states = new NightStates(parts.store, parts.graph);
  }

  /** Opens the run of a phase, or takes up the one that is there; what ran when the process ended goes on. */
  open(date: string, phase: Phase, by: string): Run {
    const { graph, calendar, now } = this.parts;
    if (!calendar.isTraded(date)) throw new RangeError(`${date} is not a trading day`);
    const known = this.states.newest(date, phase);
    if (known !== undefined) return this.takeUp(known);
    const run: Run = { id: `${date}/${phase}/1`, date, phase, cycle: 1, openedAt: now(), openedBy: by, definition: graph.hash, corrects: [] };
    this.states.openRun(run);
    this.active.add(run.id);
    return run;
  }

  /** Takes up a run that is in the store. Throws RangeError when it was started under another definition of the graph. */
  takeUp(run: Run): Run {
    const { graph, now } = this.parts;
    if (run.definition !== graph.hash)
      throw new RangeError(
        `run ${run.id} was opened under graph ${run.definition.slice(0, 12)}; this release has ${graph.hash.slice(0, 12)}: finish it with the release that opened it`,
      );
    if (this.active.has(run.id)) return run;
    this.active.add(run.id);
    for (const [key, state] of this.states.of(run.id)) if (state.status === 'running') this.record(run.id, key, { kind: 'interrupted', at: now() });
    return run;
  }

  /** Runs everything that is ready, and what becomes ready by it; resolves to the next instant at which time alone makes more ready (0 = none). */
  async advance(): Promise<number> {
    for (;;) {
      const wakeAt = this.startReady();
      if (this.running.size === 0) return wakeAt;
      const timer = wakeAt > 0 && this.parts.wait !== undefined ? [this.parts.wait(wakeAt)] : [];
      await Promise.race([...this.running.values(), ...timer]);
    }
  }

  /** Starts nothing more; resolves when the bodies at work have ended. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.running.values());
  }

  /** Is every node of the run terminal and every gate closed? */
  isGreen(runId: string): boolean {
    return [...this.states.of(runId).values()].every(({ status }) => status === 'done' || status === 'skipped');
  }

  /** Why an instance has not started, or that it may. */
  readiness(run: Run, key: string): Readiness {
    return readiness(this.parts.graph.instance(key), this.states.state(run.id, key), this.surroundings(run));
  }

  /** Due and probable landing of an instance. */
  deadline(run: Run, key: string): Deadline {
    return this.deadlines(run)(key);
  }

  /** Due and probable landing of instances of a run as of now; what is worked out for one serves the others. */
  deadlines(run: Run): (key: string) => Deadline {
    const { graph, calendar, now } = this.parts;
    const view = {
      date: run.date,
      now: now(),
      calendar,
      landings: new Map<string, number>(),
      typical: (id: string) => this.states.typical(id),
      stateOf: (other: string) => this.states.onDate(run.date, other),
      instance: (other: string) => graph.instance(other),
    };
    return (key) => deadlineOf(graph.instance(key), this.states.state(run.id, key), view);
  }

  /** Stores one record and tells whoever watches. */
  record(runId: string, key: string, record: InstanceRecord, also?: () => void): void {
    this.states.append(runId, key, [record], also);
    this.parts.onRecord?.(runId, key, record);
  }

  private surroundings(run: Run): Parameters<typeof readiness>[2] {
    return {
      date: run.date,
      now: this.parts.now(),
      calendar: this.parts.calendar,
      stateOf: (key) => this.states.onDate(run.date, key),
      past: (id, date) => this.states.past(id, date),
    };
  }

  /** Starts what may start and waits for none of it; returns the earliest wake-up of the rest (0 = none). For a process that looks again by itself. */
  startReady(): number {
    const ready: Starting[] = [];
    const wakeAt = this.gatherReady(ready);
    if (ready.length === 0) return wakeAt;
    const at = this.parts.now();
    const begun = ready.map(({ run, instance, state }): PlacedRecord => {
      const attempt = state.status === 'inDoubt' ? state.attempt : state.attempt + 1;
      return { runId: run.id, key: instance.key, record: { kind: 'started', at, attempt, way: state.way } };
    });
    this.states.appendAll(begun);
    for (const { runId, key, record } of begun) this.parts.onRecord?.(runId, key, record);
    for (const { run, instance } of ready) {
      const id = `${run.id} ${instance.key}`;
      this.running.set(
        id,
        this.work(run, instance).finally(() => this.running.delete(id)),
      );
    }
    return wakeAt;
  }

  private gatherReady(ready: Starting[]): number {
    let wakeAt = 0;
    // Whoever ends the process may have closed the store by now.
    if (this.isStopping) return wakeAt;
    for (const runId of this.active) {
      const run = this.parts.store.run(runId);
      if (run === undefined) continue;
      const surroundings = this.surroundings(run);
      for (const [key, state] of this.states.of(runId)) {
        if (this.running.size + ready.length >= this.parts.parallel) return wakeAt;
        const instance = this.parts.graph.instance(key);
        const answer = readiness(instance, state, surroundings);
        if (answer.isReady) ready.push({ run, instance, state });
        else if (answer.wakeAt > 0 && (wakeAt === 0 || answer.wakeAt < wakeAt)) wakeAt = answer.wakeAt;
      }
    }
    return wakeAt;
  }

  private async work(run: Run, instance: Instance): Promise<void> {
    const body = this.parts.bodies.get(instance.node.row.id);
    try {
      if (body === undefined)
        throw new PermanentFault(`${instance.node.row.id} has no body in this release: it can only be resolved or skipped by two persons`);
      const outcome = await body(nodeContext(this, run, instance));
      const done = {
        kind: 'done',
        at: this.parts.now(),
        outputs: outcome.outputs ?? {},
        gates: outcome.gates ?? [],
        stale: outcome.stale === true,
        note: outcome.note ?? '',
      } as const;
      if (outcome.commit === undefined) await this.recordEnd(run.id, instance.key, done);
      else this.record(run.id, instance.key, done, outcome.commit);
    } catch (error) {
      this.fail(run, instance, error);
    }
  }

  /** Stores the end of a body that has nothing to commit beside it, together with all that ended in the same turn. */
  private recordEnd(runId: string, key: string, record: InstanceRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.endings.push({ runId, key, record, resolve, reject }) === 1) setImmediate(() => this.storeEndings());
    });
  }

  private storeEndings(): void {
    const endings = this.endings;
    this.endings = [];
    try {
      this.states.appendAll(endings);
    } catch (error) {
      for (const { reject } of endings) reject(error);
      return;
    }
    for (const { runId, key, record, resolve } of endings) {
      this.parts.onRecord?.(runId, key, record);
      resolve();
    }
  }

  private fail(run: Run, instance: Instance, error: unknown): void {
    const state = this.states.state(run.id, instance.key);
    const now = this.parts.now();
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof InDoubt) {
      const until = state.until === 0 ? now + ASK_FOR_SECONDS * MICROS : state.until;
      this.record(run.id, instance.key, {
        kind: 'inDoubt',
        at: now,
        call: error.key,
        error: message,
        askAt: now + ASK_EVERY_SECONDS * MICROS,
        until,
      });
      return;
    }
    const transient = error instanceof TransientFault;
    const isForeseen = transient || error instanceof PermanentFault;
    const next = afterFailure(instance.node.retry, state, transient, now);
    this.record(run.id, instance.key, { kind: 'failed', at: now, transient, error: isForeseen ? message : `unforeseen: ${message}`, next });
  }
}
