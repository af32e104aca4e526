// Our side of durable steps: small nights whose nodes do nothing, run by the night's runner over its store, every record flushed. A node is a step;
// it is two records, begun and done, each a commit of its own.
import { join } from 'node:path';
import { BusinessCalendar } from '../../batch/calendar/business-calendar.ts';
import { Graph } from '../../batch/graph/graph.ts';
import type { NodeRow } from '../../batch/graph/node-row.ts';
import { istMicros, NightRunner, NightStore, type NodeBody } from '../../batch/runner/index.ts';

/** Nodes of one night. */
export const STEPS_A_NIGHT = 100;
const FIRST_DATE = '2026-01-05';
const AFTERNOON = 16 * 60;

/** Each after the one before, or all after none. */
export type Shape = 'chain' | 'wide';

const nodeId = (n: number): string => `EOD-STEP-${n}`;

function rowOf(n: number, shape: Shape): NodeRow {
  return {
    id: nodeId(n),
    operation: 'a step',
    dependsOn: shape === 'wide' || n === 1 ? '[entry]' : nodeId(n - 1),
    blocks: '[exit]',
    idempotent: 'yes',
    retry: '3×',
    rollback: '[none]',
    sla: '< 5m',
    surface: 'ops queue',
    source: 'bench',
    effect: 'pure',
    per: 'day',
  };
}

/** Steps a second over `nights` nights, `parallel` bodies at once. Throws when a step is not done. */
export async function ownSteps(directory: string, shape: Shape, nights: number, parallel: number): Promise<number> {
  const rows = Array.from({ length: STEPS_A_NIGHT }, (_, i) => rowOf(i + 1, shape));
  const body: NodeBody = async (context) => ({ outputs: { step: context.key } });
  const store = new NightStore(join(directory, shape));
  const calendar = new BusinessCalendar();
  const graph = new Graph(rows);
  const bodies = new Map(rows.map(({ id }) => [id, body]));
  try {
    let date = FIRST_DATE;
    const runner = new NightRunner({ store, graph, bodies, calendar, now: () => istMicros(date, AFTERNOON), parallel });
    const begin = performance.now();
    for (let night = 0; night < nights; night++) {
      const run = runner.open(date, 'eod', 'bench');
      await runner.advance();
      if (!runner.isGreen(run.id)) throw new Error(`the night of ${date} did not end`);
      date = calendar.tradedAfter(date);
    }
    return (nights * STEPS_A_NIGHT * 1_000) / (performance.now() - begin);
  } finally {
    await store.close();
  }
}
