// `tarazu-batch run bod|th|eod|set --date D [--data DIR] [--by NAME] [--watch]`: opens the phase's run (or takes it up) and runs what is ready. Ends when
// nothing more can start by itself: 0 when the run is green, 3 when people or the clock are needed; with --watch it waits for the clock.
import { parseArgs } from 'node:util';
import type { Phase } from '../graph/graph.ts';
import { PHASES } from '../graph/graph.ts';
import { openNight } from '../night/night.ts';
import { nightText } from '../night/night-text.ts';
import { nightView } from '../night/night-view.ts';
import { NIGHT_OPTIONS, systemMicros } from '../night/with-night.ts';
import { nightBodies } from '../nodes/index.ts';
import { dayOption } from './day-option.ts';
import { showProgress } from './progress.ts';

/** Exit code of a run that needs someone or something. */
const NOT_GREEN = 3;

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
  return runPhase(phase, dayOption(values.date), values);
}

interface RunValues {
  readonly data: string;
  readonly by?: string | undefined;
  readonly json: boolean;
  readonly watch: boolean;
}

async function runPhase(phase: Phase, date: string, { data, by, json, watch }: RunValues): Promise<number> {
  const night = await openNight({
    dataDirectory: data,
    bodies: nightBodies({ dataDirectory: data }),
    now: systemMicros,
    wait: waitUntil,
    ...(json ? {} : { onRecord: (runId, key, record) => showProgress(runId, key, record, systemMicros()) }),
  });
  try {
    const opened = night.runner.open(date, phase, by ?? 'operations');
    for (let wakeAt = await night.runner.advance(); watch && wakeAt > 0; wakeAt = await night.runner.advance()) await waitUntil(wakeAt);
    const view = nightView(night, date);
    process.stdout.write(json ? `${JSON.stringify(view)}\n` : `\n${nightText(view)}`);
    return night.runner.isGreen(opened.id) ? 0 : NOT_GREEN;
  } finally {
    await night.close();
  }
}

/** Longest single timer; the loop looks again anyway. */
const TIMER_MILLIS_MAX = 60_000;

function waitUntil(micros: number): Promise<void> {
  const millis = Math.min(TIMER_MILLIS_MAX, Math.max(0, (micros - systemMicros()) / 1000));
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}
