// `tarazu-batch serve [--data DIR] [--port P]`: holds the night open, runs what becomes ready by clock or act, answers the console and the other commands
// over HTTP on loopback. Ctrl-C ends it cleanly; whatever ran goes on at the next start.
import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Night, nightDirectory, openNight } from '../night/night.ts';
import { SERVING_FILE } from '../night/night-client.ts';
import { serveNight } from '../night/night-server.ts';
import { People } from '../night/people.ts';
import { NIGHT_OPTIONS, systemMicros } from '../night/with-night.ts';
import { nightBodies } from '../nodes/index.ts';
import { istDate } from '../runner/index.ts';
import { showProgress } from './progress.ts';

/** How often the clock is looked at when nothing else happens. */
const LOOK_MILLIS = 1_000;
/** Runs of this many days back are taken up. */
const DAYS_BACK = 8;
const DAY_MICROS = 86_400 * 1e6;

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { ...NIGHT_OPTIONS, port: { type: 'string', default: '0' } } });
  const night = await openNight({
    dataDirectory: values.data,
    bodies: nightBodies({ dataDirectory: values.data }),
    now: systemMicros,
    onRecord: (runId, key, record) => showProgress(runId, key, record, systemMicros()),
  });
  takeUpRecent(night);
  const directory = nightDirectory(values.data);
  const server = await serveNight(
    { night, people: new People(directory), acted: () => void night.runner.advance(), file: () => undefined },
    '127.0.0.1',
    Number(values.port),
  );
  const { port } = server.address() as AddressInfo;
  const serving = join(directory, SERVING_FILE);
  writeFileSync(serving, `${JSON.stringify({ port, pid: process.pid })}\n`);
  process.stdout.write(`the night of ${values.data} is served on http://127.0.0.1:${port}\n`);
  const timer = setInterval(() => void night.runner.advance(), LOOK_MILLIS);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  clearInterval(timer);
  rmSync(serving, { force: true });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  await night.close();
  return 0;
}

function takeUpRecent({ runner, store }: Night): void {
  const from = istDate(systemMicros() - DAYS_BACK * DAY_MICROS);
  for (const run of store.runsFrom()) if (run.date >= from && !runner.isGreen(run.id)) runner.takeUp(run);
}
