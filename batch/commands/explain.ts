// `tarazu-batch explain NODE --date D`: all that is known of one node: its row in the plan, where it departs from it and why, what it waits for, each
// attempt with inputs and outcome, its calls to the outside.
import { parseArgs } from 'node:util';
import { instanceLine } from '../night/night-text.ts';
import { nightView } from '../night/night-view.ts';
import { NIGHT_OPTIONS, withOpenNight } from '../night/with-night.ts';
import { istTime } from '../runner/index.ts';
import { dayOption } from './day-option.ts';

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: NIGHT_OPTIONS, allowPositionals: true });
  const [key] = positionals;
  if (key === undefined || values.date === undefined) {
    process.stderr.write('tarazu-batch explain: NODE and --date YYYY-MM-DD are needed\n');
    return 2;
  }
  const text = await withOpenNight(values.data, async (night) => {
    const { runner, store } = night;
    const date = dayOption(values.date ?? '');
    const instance = runner.parts.graph.instance(key);
    const { row } = instance.node;
    const lines = Object.entries(row).map(([name, value]) => `  ${name.padEnd(13)} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    lines.unshift(`${key}, as the plan has it`);
    const run = runner.states.newest(date, instance.node.phase);
    if (run === undefined) return `${[...lines, '', `not run on ${date}`].join('\n')}\n`;
    const view = nightView(night, date)
      .runs.flatMap(({ instances }) => instances)
      .find((other) => other.key === key);
    lines.push('', `in run ${run.id}`, view === undefined ? '  not run by the night' : instanceLine(view, runner.parts.now()), '');
    for (const { at, kind, ...rest } of store.recordsOfInstance(run.id, key))
      lines.push(`  ${istTime(at)} ${kind.padEnd(11)} ${JSON.stringify(rest)}`);
    const calls = store.callsOf(run.id).filter((call) => call.instance === key);
    for (const call of calls) {
      const outcome = call.answer === undefined ? (call.refused ?? 'no answer yet') : JSON.stringify(call.answer);
      lines.push(`  call ${call.key} to ${call.port} at ${istTime(call.at)}: ${JSON.stringify(call.request)} → ${outcome}`);
    }
    return `${lines.join('\n')}\n`;
  });
  process.stdout.write(text);
  return 0;
}
