// `tarazu-batch audit --run DATE/PHASE/CYCLE`: the audit pack of a run as lines of JSON, the last with the hash of the others. `tarazu-batch diff RUN
// RUN`: what differs between two runs. `tarazu-batch backfill PHASE --from D --to D [--go]`: the dates that were not run, and (with --go) running
// them.
import { parseArgs } from 'node:util';
import { PHASES, type Phase } from '../graph/graph.ts';
import { type BackfillDate, backfillDates } from '../night/backfill.ts';
import { askNight, NIGHT_OPTIONS, type NightPlace } from '../night/with-night.ts';
import { auditPack, runDifferences } from '../runner/index.ts';
import { dayOption } from './day-option.ts';

/** Exit code of a backfill that left a date not green. */
const NOT_GREEN = 3;

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
  const pack = await askNight(
    values,
    (client) => client.audit(runId),
    async ({ store }) => [...auditPack(store, runId)].join(''),
  );
  process.stdout.write(pack);
  return 0;
}

async function diff(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: NIGHT_OPTIONS, allowPositionals: true });
  const [left, right] = positionals;
  if (left === undefined || right === undefined) {
    process.stderr.write('tarazu-batch diff: two runs (DATE/PHASE/CYCLE) are needed\n');
    return 2;
  }
  const found = await askNight(
    values,
    (client) => client.diff(left, right),
    async ({ runner: { states } }) => runDifferences(states.of(left), states.of(right)),
  );
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
  const [from, to] = [dayOption(values.from, '--from'), dayOption(values.to, '--to')];
  if (values.go) return backfillNow(values, values.json, phase, [from, to]);
  const dates = await askNight(
    values,
    (client) => client.backfill(phase, from, to),
    async (night) => backfillDates(night, phase, from, to),
  );
  process.stdout.write(values.json ? `${JSON.stringify(dates)}\n` : dates.map(line).join('') || 'no traded date in this span\n');
  return 0;
}

const line = ({ date, phase, state }: BackfillDate): string => `${date} ${phase}: ${state}\n`;

/** Here one date after the other; at a serving process all are opened and go on there. */
function backfillNow(place: NightPlace, isJson: boolean, phase: Phase, [from, to]: readonly [string, string]): Promise<number> {
  return askNight(
    place,
    async (client) => {
      const said = await client.act({ act: 'backfill', phase, from, to });
      process.stdout.write(isJson ? `${JSON.stringify({ said })}\n` : `${said}\n`);
      return 0;
    },
    async (night) => {
      const after: BackfillDate[] = [];
      for (const { date, state } of backfillDates(night, phase, from, to)) {
        if (state !== 'green') {
          night.runner.open(date, phase, place.by ?? 'operations');
          await night.runner.advance();
        }
        const [now] = backfillDates(night, phase, date, date);
        if (now === undefined) continue;
        after.push(now);
        if (!isJson) process.stdout.write(`${date} ${phase}: ${state}${state === 'green' ? '' : ` → ${now.state}`}\n`);
      }
      if (isJson) process.stdout.write(`${JSON.stringify(after)}\n`);
      return after.every(({ state }) => state === 'green') ? 0 : NOT_GREEN;
    },
  );
}
