// `tarazu-batch status --date D`: the grid of a date, with elapsed against due, and what people have to look at.
import { parseArgs } from 'node:util';
import { nightText } from '../night/night-text.ts';
import { NIGHT_OPTIONS, viewOf } from '../night/with-night.ts';
import { dayOption } from './day-option.ts';

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: NIGHT_OPTIONS });
  if (values.date === undefined) {
    process.stderr.write('tarazu-batch status: --date YYYY-MM-DD is needed\n');
    return 2;
  }
  const view = await viewOf(values, dayOption(values.date));
  process.stdout.write(values.json ? `${JSON.stringify(view)}\n` : nightText(view));
  return 0;
}
