// Nodes of settlement that stand alone (registries, preparation of the next day), without what comes before them, on a clock of their own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { Graph } from '../../../batch/graph/graph.ts';
import { rowFor } from '../../../batch/graph/index.ts';
import { SEGMENTS } from '../../../batch/graph/node-row.ts';
import { SETTLEMENT } from '../../../batch/graph/settlement.ts';
import { settlementBodies } from '../../../batch/nodes/settlement/index.ts';
import { istMicros, NightRunner, NightStore, Operator } from '../../../batch/runner/index.ts';
import type { InstanceState } from '../../../batch/runner/instance-state.ts';

/** See the file's head. */
export class LoneNodes {
  readonly data: string = mkdtempSync(join(tmpdir(), 'lone-'));
  readonly store: NightStore;
  readonly runner: NightRunner;
  readonly operator: Operator;
  now = 0;

  constructor(...ids: readonly string[]) {
    this.store = new NightStore(join(this.data, 'night', 'state'), { synced: false });
    const rows = SETTLEMENT.filter(({ id }) => ids.includes(id)).map((row) => ({
      ...rowFor(row, SEGMENTS),
      after: '',
      reading: 'alone in this test',
    }));
    this.runner = new NightRunner({
      store: this.store,
      graph: new Graph(rows),
      bodies: new Map(Object.entries(settlementBodies(this.data))),
      calendar: new BusinessCalendar(),
      now: () => this.now,
      parallel: 1,
    });
    this.operator = new Operator(this.runner);
  }

  /** Runs the nodes of a date from 20:00 on, jumping over waits of up to an hour. */
  async night(date: string): Promise<void> {
    this.now = Math.max(this.now, istMicros(date, 20 * 60));
    this.runner.open(date, 'set', 'ops');
    for (let i = 0; i < 50; i++) {
      const wakeAt = await this.runner.advance();
      if (wakeAt === 0 || wakeAt > this.now + 3600e6) return;
      this.now = Math.max(this.now, wakeAt);
    }
  }

  state(key: string, date: string): InstanceState {
    return this.runner.states.state(`${date}/set/1`, key);
  }

  async end(): Promise<void> {
    await this.runner.stop();
    await this.store.close();
    rmSync(this.data, { recursive: true, force: true });
  }
}
