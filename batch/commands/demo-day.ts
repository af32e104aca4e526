// `tarazu-batch demo-day [--days 1] [--first 2026-09-30] [--clients 60] [--seconds 8] [--rate 60] [--seed 7] [--faults LIST] [--data DIR]`: lives
// days in a row at speed: morning files and gates, trading over real FIX, the evening, the settlement, the next morning. Prints the timeline and
// leaves everything to look at.

import { resolve as absolute } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDirectory } from '../../workers/index.ts';
import { DayLoop } from '../demo/day-loop.ts';
import { summarise } from '../demo/loop-summary.ts';
import { dayOption } from './day-option.ts';

const DAYS_MAX = 250;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** See the file's head. Exit code 0 when every phase of every day is green and the books of both sides are equal. */
export async function run(args: readonly string[]): Promise<number> {
  const text = (value: string): { readonly type: 'string'; readonly default: string } => ({ type: 'string', default: value });
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: text('.tarazu/days'),
      first: text('2026-09-30'),
      days: text('1'),
      clients: text('60'),
      seconds: text('8'),
      rate: text('60'),
      seed: text('7'),
      faults: text(''),
    },
  });
  const [days, clients, seconds, rate, seed] = [values.days, values.clients, values.seconds, values.rate, values.seed].map(Number);
  if (
    !isWhole(days, 1, DAYS_MAX) ||
    !isWhole(clients, 12, 100_000) ||
    !isWhole(rate, 1, 10_000) ||
    !isWhole(seed, 0, 0xffff_ffff) ||
    !((seconds ?? 0) > 0)
  ) {
    process.stderr.write('tarazu-batch demo-day: --days 1 to 250, --clients 12 to 100000, --rate 1 to 10000, --seed and --seconds must be numbers\n');
    return 2;
  }
  const folder = absolute(values.data);
  makeDirectory(folder);
  const loop = new DayLoop({ folder, first: dayOption(values.first), days, clients, seconds: seconds ?? 0, rate, seed, faults: values.faults, say });
  const began = performance.now();
  const stop = (): void => void loop.close().finally(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    await loop.run();
    const { lines, faults } = summarise(loop);
    for (const line of ['', ...lines, ...faults.map((fault) => `OPEN  ${fault}`)]) say(line);
    say(`\n${days} days in ${((performance.now() - began) / 1000).toFixed(0)} s; look at them:`);
    for (const line of looks(values.data, loop.dates)) say(`  ${line}`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await loop.close();
  }
}

const isWhole = (value: number | undefined, low: number, high: number): value is number =>
  value !== undefined && Number.isInteger(value) && value >= low && value <= high;

/** Commands that show what was left. */
function looks(folder: string, dates: readonly string[]): string[] {
  const data = `${folder}/data`;
  const last = dates.at(-1) ?? '';
  return [
    `npx tarazu-batch status --data ${data} --date ${last}`,
    `npx tarazu-batch notes list --data ${data} --date ${last}      (documents in ${data}/night/notes)`,
    `npx tarazu-batch ledger trial-balance --data ${data}`,
    `npx tarazu replay --data ${data}`,
  ];
}
