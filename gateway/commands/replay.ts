// `tarazu replay`: folds the journal from its first command, prints each slot's hash, and fails when the stored tables say otherwise. With another SPAN
// file or rule date it is asked of the clients instead: replay-with.ts.
import { parseArgs } from 'node:util';
import { NightPool } from '../../workers/index.ts';
import { calendarDay } from './calendar-day.ts';
import { BREAKS, replayWith } from './replay-with.ts';

/** What --help prints. */
export const USAGE: string = `usage: tarazu replay --data DIR [--day DIR (--with FILE.spn | --rule-date YYYY-MM-DD)] [--json]
exit code: 0 sound, and under the other file or date nobody breaks; ${BREAKS} somebody does, who stood before; 1 it failed, or fold and tables differ; 2 usage
`;

/**
 * Exit code 0 when fold and tables agree, 1 when a slot differs (named on stderr) or the journal is damaged, 2 on wrong usage; --with and
 * --rule-date: BREAKS too.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      with: { type: 'string', multiple: true, default: [] },
      'rule-date': { type: 'string' },
      day: { type: 'string' },
    },
  });
  if (values.data === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { with: span, 'rule-date': ruleDate } = values;
  if (span.length > 0 || ruleDate !== undefined) {
    if (values.day === undefined || (ruleDate !== undefined && calendarDay(ruleDate) === 0)) {
      process.stderr.write("tarazu replay: --with and --rule-date need --day DIR with the day's other files; a date is YYYY-MM-DD\n");
      return 2;
    }
    return replayWith({ data: values.data, day: values.day, span, ruleDate, json: values.json });
  }
  const pool = new NightPool();
  try {
    const replay = await pool.replay(values.data);
    if (replay.slots.length === 0) {
      process.stderr.write(`tarazu replay: no journal in ${values.data}\n`);
      return 1;
    }
    if (values.json === true) process.stdout.write(`${JSON.stringify(replay)}\n`);
    else {
      for (const { slot, sequence, hash } of replay.slots) process.stdout.write(`slot ${String(slot).padStart(3)}  ${hash}  ${sequence} commands\n`);
      const rate = Math.round(replay.commands / Math.max(replay.seconds, 0.001));
      process.stdout.write(
        `${replay.commands} commands folded in ${replay.seconds.toFixed(2)} s (${rate}/s); ${replay.compared} stored slots compared\n`,
      );
    }
    for (const difference of replay.differences) process.stderr.write(`${difference}\n`);
    return replay.differences.length === 0 ? 0 : 1;
  } finally {
    await pool.close();
  }
}
