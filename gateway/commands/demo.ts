// `tarazu demo`: everything on one machine, nothing needed from outside. See gateway/demo/run-demo.ts.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { summaryLine } from '../demo/display.ts';
import { runDemo } from '../demo/run-demo.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu demo [--data .tarazu/demo] [--seconds N] [--clients 400] [--rate 60] [--seed 7] [--shards N] [--fresh] [--plain]
  --seconds N  ends by itself after N seconds     --fresh  forgets what earlier runs left
  --rate R     requests a second                  --plain  lines instead of a screen
`;

/** Runs until Ctrl-C or for --seconds; exit code 0, 1 when a part failed or nothing was judged, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: '.tarazu/demo' },
      seconds: { type: 'string', default: '0' },
      clients: { type: 'string', default: '400' },
      rate: { type: 'string', default: '60' },
      seed: { type: 'string', default: '7' },
      shards: { type: 'string', default: availableParallelism() >= 4 ? '2' : '0' },
      fresh: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
    },
  });
  const [seconds, clients, rate, seed, shards] = [values.seconds, values.clients, values.rate, values.seed, values.shards].map(Number);
  const whole = (value: number | undefined, least: number): value is number => value !== undefined && Number.isInteger(value) && value >= least;
  if (!whole(seconds, 0) || !whole(clients, 10) || !whole(rate, 1) || !whole(seed, 0) || !whole(shards, 0)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const live = process.stdout.isTTY === true && process.env['CI'] === undefined && !values.plain;
  const view = await runDemo({ folder: resolve(values.data), seconds, clients, rate, seed, shards, fresh: values.fresh, live });
  if (view === undefined || view.accepted === 0) {
    process.stderr.write('tarazu demo: no order was accepted\n');
    return 1;
  }
  process.stdout.write(`${summaryLine(view)}\n`);
  return 0;
}
