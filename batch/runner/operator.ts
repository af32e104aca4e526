// What people do to a night: hold, release, assign, retry, clear, and (with a second person) start, skip, resolve, fail, send again, explain. Every
// act is a record with a name and a reason. Maker and checker are never one person. Refusals say what would be needed.
import type { Instance } from '../graph/graph.ts';
import { type InstanceState, isTerminal, type Status } from './instance-state.ts';
import type { HumanAction, Outputs, Run } from './record.ts';
import type { NightRunner } from './runner.ts';

/** Who does it and why. */
export interface Act {
  readonly by: string;
  readonly reason: string;
}

/** States in which an action makes sense. */
const ALLOWED: Readonly<Record<HumanAction, readonly Status[]>> = {
  start: ['waiting'],
  skip: ['waiting', 'retry', 'manual', 'failed'],
  resolve: ['waiting', 'manual', 'failed', 'inDoubt'],
  fail: ['inDoubt'],
  again: ['inDoubt'],
  explain: ['gate'],
};
const REASON_MIN = 3;

/** See the file's head. Every method throws RangeError with what would be needed when the act is not allowed now. */
export class Operator {
  private readonly runner: NightRunner;

  constructor(runner: NightRunner) {
    this.runner = runner;
  }

  /** Keeps an instance from starting. */
  hold(runId: string, key: string, act: Act): void {
    this.note(runId, key, 'held', act);
  }

  /** Lets a held instance go. */
  release(runId: string, key: string, act: Act): void {
    if (this.state(runId, key).held === '') throw new RangeError(`${key} is not held`);
    this.note(runId, key, 'released', act);
  }

  /** Names who looks after an instance. */
  assign(runId: string, key: string, by: string, owner: string): void {
    this.state(runId, key);
    this.runner.record(runId, key, { kind: 'assigned', at: this.now(), by: named(by), owner: named(owner) });
  }

  /** Lets a failed or manual instance try again now. An in-doubt one is never simply retried: see propose('again'). */
  retry(runId: string, key: string, act: Act): void {
    const { status } = this.state(runId, key);
    if (status === 'inDoubt') throw new RangeError(`${key} is in doubt: ask the other side, then propose resolve, fail or again`);
    if (status !== 'failed' && status !== 'manual' && status !== 'retry') throw new RangeError(`${key} is ${status}: there is nothing to retry`);
    this.clearOne(runId, key, act);
  }

  /** Runs instances of a run again: one, everything below it, or the failed ones only; returns their keys. External steps that took effect stay. */
  clear(runId: string, key: string, scope: 'one' | 'below' | 'failed', act: Act): string[] {
    checked(act);
    const states = this.runner.states.of(runId);
    const below = this.runner.parts.graph.below(key).filter((other) => states.has(other));
    const wanted = scope === 'one' ? [key] : scope === 'below' ? [key, ...below] : [key, ...below].filter((other) => isFailed(states.get(other)));
    for (const other of wanted) {
      const { status } = this.state(runId, other);
      if (status === 'running' || status === 'inDoubt') throw new RangeError(`${other} is ${status}: nothing was cleared`);
      if (isTerminal(this.state(runId, other)) && this.instance(other).node.row.idempotent.startsWith('no'))
        throw new RangeError(
          `${other} moved money and may not be run again: a correction run reverses it (${this.instance(other).node.row.compensation ?? 'no compensation named'})`,
        );
    }
    for (const other of wanted) this.clearOne(runId, other, act);
    return wanted;
  }

  /** Asks for something that needs a second person. `outputs` is the evidence of resolve. */
  propose(runId: string, key: string, action: HumanAction, act: Act & { readonly outputs?: Outputs }): void {
    checked(act);
    const state = this.state(runId, key);
    if (!ALLOWED[action].includes(state.status)) throw new RangeError(`${key} is ${state.status}: ${action} is for ${ALLOWED[action].join(', ')}`);
    if (action === 'start' && this.instance(key).node.row.human === undefined) throw new RangeError(`${key} starts by itself`);
    if (state.proposal !== undefined)
      throw new RangeError(`${key}: ${state.proposal.action} proposed by ${state.proposal.by} is waiting for approval`);
    this.runner.record(runId, key, { kind: 'proposed', at: this.now(), by: act.by, action, reason: act.reason, outputs: act.outputs ?? {} });
  }

  /** Approves what another person proposed; it takes effect at once. */
  approve(runId: string, key: string, by: string): void {
    const { proposal, call } = this.state(runId, key);
    if (proposal === undefined) throw new RangeError(`${key}: nothing is proposed`);
    if (proposal.by === named(by)) throw new RangeError(`${key}: ${by} proposed this; another person has to approve`);
    const { store } = this.runner.parts;
    const known = proposal.action === 'again' ? store.call(call) : undefined;
    this.runner.record(runId, key, { kind: 'approved', at: this.now(), by }, () => {
      if (known !== undefined) store.putCall({ ...known, mayResend: true });
    });
  }

  /** Takes a proposal back. */
  withdraw(runId: string, key: string, act: Act): void {
    if (this.state(runId, key).proposal === undefined) throw new RangeError(`${key}: nothing is proposed`);
    checked(act);
    this.runner.record(runId, key, { kind: 'withdrawn', at: this.now(), by: act.by, reason: act.reason });
  }

  /**
   * Opens the correction run of a phase for input roles that came again: what used them, and all below, is to run again and reverses and re-posts; the
   * rest stands as it was. Throws RangeError when no finished node used them.
   */
  correct(date: string, phase: Run['phase'], roles: readonly string[], act: Act): Run {
    checked(act);
    const { states, parts } = this.runner;
    const before = states.newest(date, phase);
    if (before === undefined) throw new RangeError(`${date}/${phase} was never run`);
    const old = states.of(before.id);
    const touched = [...old].filter(([, state]) => roles.some((role) => role in state.inputs)).map(([key]) => key);
    if (touched.length === 0) throw new RangeError(`no node of ${before.id} used ${roles.join(', ')}`);
    const affected = new Set(touched.flatMap((key) => [key, ...parts.graph.below(key)]));
    const cycle = before.cycle + 1;
    const run: Run = { ...before, id: `${date}/${phase}/${cycle}`, cycle, openedAt: this.now(), openedBy: act.by, corrects: roles };
    // All or nothing: what a half-opened run had not inherited would be done a second time.
    parts.store.transaction(() => {
      states.openRun(run);
      for (const [key, state] of old) if (!affected.has(key) && state.status === 'done') this.inherit(run, key, { from: before.id, state });
    });
    return this.runner.takeUp(run);
  }

  /** What an instance did in the run before stands in this one, with the files it rests on: a later correction run may be about one of them. */
  private inherit(run: Run, key: string, { from, state }: { readonly from: string; readonly state: InstanceState }): void {
    for (const record of this.runner.parts.store.recordsOfInstance(from, key))
      if (record.kind === 'input' && state.inputs[record.role] === record.sha256) this.runner.record(run.id, key, record);
    this.runner.record(run.id, key, { kind: 'inherited', at: state.finishedAt, from, outputs: state.outputs });
  }

  private clearOne(runId: string, key: string, act: Act): void {
    checked(act);
    this.runner.record(runId, key, { kind: 'cleared', at: this.now(), by: act.by, reason: act.reason });
  }

  private note(runId: string, key: string, kind: 'held' | 'released', act: Act): void {
    checked(act);
    const state = this.state(runId, key);
    if (isTerminal(state)) throw new RangeError(`${key} is ${state.status}`);
    this.runner.record(runId, key, { kind, at: this.now(), by: act.by, reason: act.reason });
  }

  private state(runId: string, key: string): InstanceState {
    return this.runner.states.state(runId, key);
  }

  private instance(key: string): Instance {
    return this.runner.parts.graph.instance(key);
  }

  private now(): number {
    return this.runner.parts.now();
  }
}

const isFailed = (state: InstanceState | undefined): boolean => state?.status === 'failed' || state?.status === 'manual';

function named(name: string): string {
  if (name.trim() === '') throw new RangeError('a name is needed');
  return name;
}

function checked({ by, reason }: Act): void {
  named(by);
  if (reason.trim().length < REASON_MIN) throw new RangeError('a reason is needed');
}
