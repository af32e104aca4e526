// A graph of some of settlement's nodes for a house that settles these, after stand-ins for the end of day's that they wait for.
import { Graph } from '../../../batch/graph/graph.ts';
import { rowFor } from '../../../batch/graph/index.ts';
import type { NodeRow, SETTLED } from '../../../batch/graph/node-row.ts';
import { SETTLEMENT } from '../../../batch/graph/settlement.ts';

const standIn = (id: string, per: NodeRow['per']): NodeRow => ({
  id,
  operation: id,
  dependsOn: '[entry]',
  blocks: '[exit]',
  idempotent: 'yes',
  retry: '3×',
  rollback: '[none]',
  sla: '< 5m',
  surface: 'ops queue',
  source: 'test',
  effect: 'pure',
  per,
});

/** Stand-ins by id (EOD-READY: one a day), and settlement's nodes of these ids. */
export const settlementGraph = (evening: readonly string[], nodes: readonly string[], settled: typeof SETTLED): Graph =>
  new Graph([
    ...evening.map((id) => standIn(id, id === 'EOD-READY' ? 'day' : settled)),
    ...SETTLEMENT.filter(({ id }) => nodes.includes(id)).map((each) => rowFor(each, settled)),
  ]);
