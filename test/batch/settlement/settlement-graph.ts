// A graph of some of settlement's nodes for a house that settles these, after stand-ins for the end of day's that they wait for.
import { Graph } from '../../../batch/graph/graph.ts';
import { rowFor } from '../../../batch/graph/index.ts';
import type { SETTLED } from '../../../batch/graph/node-row.ts';
import { SETTLEMENT } from '../../../batch/graph/settlement.ts';
import { rowsOf } from '../runner/night-script.ts';

/** Stand-ins by id (EOD-READY: one a day), and settlement's nodes of these ids. */
export const settlementGraph = (evening: readonly string[], nodes: readonly string[], settled: typeof SETTLED): Graph =>
  new Graph([
    ...rowsOf(evening.map((id) => [id, '', { per: id === 'EOD-READY' ? 'day' : settled }])),
    ...SETTLEMENT.filter(({ id }) => nodes.includes(id)).map((each) => rowFor(each, settled)),
  ]);
