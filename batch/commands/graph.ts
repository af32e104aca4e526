// `tarazu-batch graph bod|th|eod|set --date D [--svg | --json]`: the graph of a phase with the state of each node, as an indented tree, as SVG or as data.
import { parseArgs } from 'node:util';
import { PHASES } from '../graph/graph.ts';
import { graphSvg } from '../night/graph-svg.ts';
import { graphText } from '../night/night-text.ts';
import { NIGHT_OPTIONS, viewOf } from '../night/with-night.ts';
import { dayOption } from './day-option.ts';

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...NIGHT_OPTIONS, svg: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const phase = PHASES.find((known) => known === positionals[0]);
  if (phase === undefined || values.date === undefined) {
    process.stderr.write('tarazu-batch graph: bod|th|eod|set and --date YYYY-MM-DD are needed\n');
    return 2;
  }
  const view = await viewOf(values, dayOption(values.date));
  const found = view.runs.find(({ run }) => run.phase === phase);
  if (found === undefined) throw new Error(`${phase} was not run on ${values.date}`);
  if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else process.stdout.write(values.svg ? graphSvg(found.instances, found.run.id) : graphText(found.instances));
  return 0;
}
