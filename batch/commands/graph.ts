// `tarazu-batch graph bod|th|eod|set --date D [--svg]`: the graph of a phase with the state of each node, as an indented tree or as SVG.
import { parseArgs } from 'node:util';
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
  if (positionals[0] === undefined || values.date === undefined) {
    process.stderr.write('tarazu-batch graph: bod|th|eod|set and --date YYYY-MM-DD are needed\n');
    return 2;
  }
  const view = await viewOf(values, dayOption(values.date));
  const found = view.runs.find(({ run: { phase } }) => phase === positionals[0]);
  if (found === undefined) throw new Error(`${positionals[0]} was not run on ${values.date}`);
  process.stdout.write(values.svg ? graphSvg(found.instances, found.run.id) : graphText(found.instances));
  return 0;
}
