// `tarazu-batch audit --run DATE/PHASE/CYCLE`: the audit pack of a run as lines of JSON, the last with the hash of the others. `tarazu-batch diff RUN RUN`: what
// differs between two runs. `tarazu-batch backfill PHASE --from D --to D [--go]`: the dates that were not run, and (with --go) running them.
import { parseArgs } from 'node:util';
import { PHASES } from '../graph/graph.ts';
import { NIGHT_OPTIONS, withOpenNight } from '../night/with-night.ts';
import { auditPack, runDifferences } from '../runner/index.ts';
import { dayOption } from './day-option.ts';

/** Runs the command named by the first word: audit, diff or backfill. */
export async function run(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args;
  if (word === 'diff') return diff(rest);
  return word === 'backfill' ? backfill(rest) : audit(rest);
}

async function audit(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { ...NIGHT_OPTIONS, run: { type: 'string' } } });
  const { run: runId } = values;
  if (runId === undefined) {
    process.stderr.write('tarazu-batch audit: --run DATE/PHASE/CYCLE is needed\n');
    return 2;
  }
  await withOpenNight(values.data, async ({ store }) => {
    for (const line of auditPack(store, runId)) process.stdout.write(line);
  });
  return 0;
}

async function diff(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: NIGHT_OPTIONS, allowPositionals: true });
  const [left, right] = positionals;
  if (left === undefined || right === undefined) {
    process.stderr.write('tarazu-batch diff: two runs (DATE/PHASE/CYCLE) are needed\n');
    return 2;
  }
  const found = await withOpenNight(values.data, async ({ runner: { states } }) => runDifferences(states.of(left), states.of(right)));
  const lines = found.map(({ key, what, name, left: a, right: b }) => `${key} ${what} ${name}: ${JSON.stringify(a)} → ${JSON.stringify(b)}\n`);
  process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : lines.join('') || 'no difference\n');
  return 0;
}

async function backfill(args: readonly string[]): Promise<number> {
  const options = { ...NIGHT_OPTIONS, from: { type: 'string' }, to: { type: 'string' }, go: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const phase = PHASES.find((known) => known === positionals[0]);
  if (phase === undefined || values.from === undefined || values.to === undefined) {
    process.stderr.write('tarazu-batch backfill: bod|th|eod|set, --from D and --to D are needed; without --go it only lists\n');
    return 2;
  }
  const [from, to] = [dayOption(values.from), dayOption(values.to)];
  await withOpenNight(values.data, async ({ runner, calendar }) => {
    for (let date = calendar.isTraded(from) ? from : calendar.tradedAfter(from); date <= to; date = calendar.tradedAfter(date)) {
      const known = runner.states.newest(date, phase);
      const state = known === undefined ? 'not run' : runner.isGreen(known.id) ? 'green' : 'not green';
      if (values.go && state !== 'green') {
        runner.open(date, phase, values.by ?? 'operations');
        await runner.advance();
      }
      const after = values.go && state !== 'green' ? ` → ${runner.isGreen(runner.states.newest(date, phase)?.id ?? '') ? 'green' : 'not green'}` : '';
      process.stdout.write(`${date} ${phase}: ${state}${after}\n`);
    }
  });
  return 0;
}
