// `tarazu-batch run bod|th|eod|set --date D [--data DIR] [--by NAME] [--watch]`: opens the phase's run (or takes it up) and runs what is ready. Ends when
// nothing more can start by itself: 0 when the run is green, 3 when people or the clock are needed; with --watch it waits for the clock. A night that
// is served is run there; this command then only watches.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Phase } from '../graph/graph.ts';
import { PHASES } from '../graph/graph.ts';
import type { NightClient } from '../night/night-client.ts';
import { instanceLine, nightText } from '../night/night-text.ts';
import { type NightView, nightView } from '../night/night-view.ts';
import { clientOf, NIGHT_OPTIONS, systemMicros, withOpenNight } from '../night/with-night.ts';
import { dayOption } from './day-option.ts';
import { Progress, standardScreen } from './progress.ts';

/** Exit code of a run that needs someone or something. */
const NOT_GREEN = 3;
/** How often running nodes are redrawn, and a served night is looked at. */
const REDRAW_MILLIS = 500;
/** Longest single timer; the loop looks again anyway. */
const TIMER_MILLIS_MAX = 60_000;

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...NIGHT_OPTIONS, watch: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const phase = PHASES.find((known) => known === positionals[0]);
  if (phase === undefined || values.date === undefined) {
    process.stderr.write(`tarazu-batch run: ${PHASES.join('|')} and --date YYYY-MM-DD are needed\n`);
    return 2;
  }
  const wanted = { phase, date: dayOption(values.date), isWatched: values.watch, isSilent: values.json };
  const client = await clientOf(values);
  const view = client === undefined ? await runHere(values.data, values.by, wanted) : await runThere(client, wanted);
  process.stdout.write(values.json ? `${JSON.stringify(view)}\n` : `\n${nightText(view)}`);
  return view.runs.find((found) => found.run.phase === phase)?.isGreen === true ? 0 : NOT_GREEN;
}

interface Wanted {
  readonly phase: Phase;
  readonly date: string;
  readonly isWatched: boolean;
  readonly isSilent: boolean;
}

function runHere(data: string, by: string | undefined, { phase, date, isWatched, isSilent }: Wanted): Promise<NightView> {
  const progress = new Progress(standardScreen());
  const onRecord: NonNullable<Parameters<typeof withOpenNight>[2]>['onRecord'] = (runId, key, record) =>
    progress.record(runId, key, record, systemMicros());
  return withOpenNight(
    data,
    async (night) => {
      const { runner } = night;
      const opened = runner.open(date, phase, by ?? 'operations');
      const redraw = setInterval(() => {
        const views = nightView(night, date).runs.find(({ run }) => run.id === opened.id)?.instances ?? [];
        if (!isSilent) progress.running(views, systemMicros());
      }, REDRAW_MILLIS);
      try {
        for (let wakeAt = await runner.advance(); isWatched && wakeAt > 0; wakeAt = await runner.advance()) await waitUntil(wakeAt);
      } finally {
        clearInterval(redraw);
        if (!isSilent) progress.end();
      }
      return nightView(night, date);
    },
    { wait: waitUntil, ...(isSilent ? {} : { onRecord }) },
  );
}

/** Opens the run at the serving process and follows it there. */
async function runThere(client: NightClient, { phase, date, isWatched, isSilent }: Wanted): Promise<NightView> {
  const progress = new Progress(standardScreen());
  const said = await client.act({ act: 'open', date, phase });
  if (!isSilent) progress.line(said);
  const before = new Map<string, string>();
  for (;;) {
    const view = await client.view(date);
    const instances = view.runs.find(({ run }) => run.phase === phase)?.instances ?? [];
    for (const instance of instances) {
      const isNews = (before.get(instance.key) ?? 'waiting') !== instance.status;
      before.set(instance.key, instance.status);
      if (isNews && !isSilent && instance.status !== 'running') progress.line(instanceLine(instance, view.now));
    }
    if (!isSilent) progress.running(instances, view.now);
    const isAtWork = instances.some(({ status, waitingFor }) => status === 'running' || (status === 'waiting' && waitingFor.length === 0));
    const isTimed = instances.some(({ status, waitingFor }) => status === 'retry' || status === 'inDoubt' || waitingFor.includes('the clock'));
    if (!isAtWork && !(isWatched && isTimed)) {
      if (!isSilent) progress.end();
      return view;
    }
    await sleep(REDRAW_MILLIS);
  }
}

function waitUntil(micros: number): Promise<void> {
  return sleep(Math.min(TIMER_MILLIS_MAX, Math.max(0, (micros - systemMicros()) / 1000)));
}
