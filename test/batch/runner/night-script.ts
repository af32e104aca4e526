// A small night for tests: rows in shorthand, bodies that follow a script, a clock that stands until moved, a store in a temporary directory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { Graph } from '../../../batch/graph/graph.ts';
import type { NodeRow } from '../../../batch/graph/node-row.ts';
import { istMicros, NightRunner, NightStore, type NodeBody, Operator, type Status } from '../../../batch/runner/index.ts';

export const DATE = '2026-11-20';

/** `[id, waits for, changes]`. */
export type Shorthand = readonly [string, string, Partial<NodeRow>?];

export function rowsOf(short: readonly Shorthand[]): NodeRow[] {
  return short.map(([id, dependsOn, changes]) => ({
    id,
    operation: id,
    dependsOn: dependsOn === '' ? '[entry]' : dependsOn,
    blocks: '[exit]',
    idempotent: 'yes',
    retry: '3×',
    rollback: '[none]',
    sla: '< 5m',
    surface: 'ops queue',
    source: 'test',
    effect: 'pure',
    per: 'day',
    ...changes,
  }));
}

export class TestNight {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'night-'));
  readonly graph: Graph;
  now: number = istMicros(DATE, 16 * 60);
  readonly bodies: Map<string, NodeBody> = new Map();
  /** Node ids in the order in which bodies began. */
  readonly begun: string[] = [];
  runner: NightRunner;
  operator: Operator;
  private store: NightStore;

  constructor(rows: readonly Shorthand[]) {
    this.graph = new Graph(rowsOf(rows));
    for (const [id] of rows) this.body(id, async () => ({}));
    this.store = new NightStore(join(this.directory, 'night'), { synced: false });
    this.runner = this.newRunner();
    this.operator = new Operator(this.runner);
  }

  body(id: string, body: NodeBody): void {
    this.bodies.set(id, async (context) => {
      this.begun.push(context.key);
      return body(context);
    });
  }

  /** Opens the end of day of DATE and runs what is ready. */
  async run(): Promise<number> {
    this.runner.open(DATE, 'eod', 'ops');
    return this.runner.advance();
  }

  /** Moves the clock and runs what became ready. */
  async later(seconds: number): Promise<number> {
    this.now += seconds * 1e6;
    return this.runner.advance();
  }

  /** A new process over the same store. */
  async restart(): Promise<void> {
    await this.store.close();
    this.store = new NightStore(join(this.directory, 'night'), { synced: false });
    this.runner = this.newRunner();
    this.operator = new Operator(this.runner);
  }

  get runId(): string {
    return this.runner.states.newest(DATE, 'eod')?.id ?? '';
  }

  status(key: string): Status {
    return this.runner.states.state(this.runId, key).status;
  }

  /** Every instance that is not done, by status. */
  notDone(): Record<string, Status> {
    return Object.fromEntries(
      [...this.runner.states.of(this.runId)].filter(([, { status }]) => status !== 'done').map(([key, { status }]) => [key, status]),
    );
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private newRunner(): NightRunner {
    const { graph, bodies, store } = this;
    return new NightRunner({ store, graph, bodies, calendar: new BusinessCalendar(), now: () => this.now, parallel: 4 });
  }
}
