// `tarazu-batch explain NODE --date D [--json]`: all that is known of one node: its row in the plan, where it departs from it and why, what it waits for,
// each attempt with inputs and outcome, its calls to the outside.
import { parseArgs } from 'node:util';
import { instanceLine } from '../night/night-text.ts';
import { type NodeDetail, nodeDetail } from '../night/node-detail.ts';
import { askNight, NIGHT_OPTIONS, systemMicros } from '../night/with-night.ts';
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
  const date = dayOption(values.date);
  const detail = await askNight(
    values,
    (client) => client.node(date, key),
    async (night) => nodeDetail(night, date, key),
  );
  process.stdout.write(values.json ? `${JSON.stringify(detail)}\n` : detailText(detail, date));
  return 0;
}

function detailText({ key, row, below, run: found, view, records, calls }: NodeDetail, date: string): string {
  const lines = [`${key}, as the plan has it`];
  for (const [name, value] of Object.entries(row)) lines.push(`  ${name.padEnd(13)} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  lines.push(`  ${'waits for it'.padEnd(13)} ${below.join(', ') || 'nothing'}`, '');
  if (found === undefined || view === undefined)
    return `${[...lines, row['effect'] === 'engine' ? 'runs in the order path, not in the night' : `not run on ${date}`].join('\n')}\n`;
  lines.push(`in run ${found.id}`, instanceLine(view, systemMicros()), '');
  for (const { at, kind, ...rest } of records) lines.push(`  ${istTime(at)} ${kind.padEnd(11)} ${JSON.stringify(rest)}`);
  for (const call of calls) {
    const outcome = call.answer === undefined ? (call.refused ?? 'no answer yet') : JSON.stringify(call.answer);
    lines.push(`  call ${call.key} to ${call.port} at ${istTime(call.at)}: ${JSON.stringify(call.request)} → ${outcome}`);
  }
  return `${lines.join('\n')}\n`;
}
