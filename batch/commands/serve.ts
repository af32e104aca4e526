// `tarazu-batch serve [--data DIR] [--port P]`: holds the night open, runs what becomes ready by clock or act, answers the page and the other commands
// over HTTP on loopback. Ctrl-C ends it cleanly; whatever ran goes on at the next start.
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PageFiles } from '../../workers/index.ts';
import { type Night, nightDirectory, openNight } from '../night/night.ts';
import { SERVING_FILE, type Serving } from '../night/night-client.ts';
import { serveNight } from '../night/night-server.ts';
import { People } from '../night/people.ts';
import { NIGHT_OPTIONS, systemMicros } from '../night/with-night.ts';
import { nightBodies } from '../nodes/index.ts';
import { NightFiles } from '../nodes/night-files.ts';
import { portsOf } from '../nodes/settlement/funds-ports.ts';
import { ReceiptsClock } from '../nodes/settlement/receipts-clock.ts';
import { istDate } from '../runner/index.ts';
import { Progress, standardScreen } from './progress.ts';

/** How often the clock is looked at when nothing else happens. */
const LOOK_MILLIS = 1_000;
/** Runs of this many days back are taken up. */
const DAYS_BACK = 8;
const DAY_MICROS = 86_400 * 1e6;
const PORT_MAX = 65_535;

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { ...NIGHT_OPTIONS, port: { type: 'string', default: '0' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
    process.stderr.write(`tarazu-batch serve: --port ${values.port} is not a port\n`);
    return 2;
  }
  const progress = new Progress(standardScreen());
  const night = await openNight({
    dataDirectory: values.data,
    bodies: nightBodies({ dataDirectory: values.data }),
    now: systemMicros,
    onRecord: (runId, key, record) => progress.record(runId, key, record, systemMicros()),
  });
  try {
    await serve(night, values.data, port);
  } finally {
    await night.close();
  }
  return 0;
}

async function serve(night: Night, data: string, wantedPort: number): Promise<void> {
  const directory = nightDirectory(data);
  const files = new PageFiles(join(import.meta.dirname, '../console'));
  const incarnation = randomBytes(8).toString('hex');
  const file = (path: string, known: string | undefined): ReturnType<PageFiles['answer']> => files.answer(path, known);
  const people = new People(directory);
  const look = looker(night);
  const receipts = receiptsOf(night, data);
  const server = await serveNight({ night, dataDirectory: data, people, incarnation, acted: look, file }, '127.0.0.1', wantedPort);
  const { port } = server.address() as AddressInfo;
  const serving: Serving = { port, pid: process.pid, incarnation };
  writeFileSync(join(directory, SERVING_FILE), `${JSON.stringify(serving)}\n`);
  takeUpRecent(night);
  // What ended may have made other nodes ready: looked at once its record is stored.
  const unlisten = night.feed.listen(() => setImmediate(look));
  const timer = setInterval(() => {
    look();
    receipts.look();
  }, LOOK_MILLIS);
  const nobody = people.all.length === 0 ? `nobody may see it yet: tarazu-batch person add NAME --data ${data}\n` : '';
  process.stdout.write(`${nobody}the night of ${data} is served on http://127.0.0.1:${port}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  clearInterval(timer);
  await receipts.ended();
  unlisten();
  rmSync(join(directory, SERVING_FILE), { force: true });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Starts what is ready; a fault in looking is said and does not end the night. */
function looker({ runner }: Night): () => void {
  return () => {
    try {
      runner.startReady();
    } catch (error) {
      process.stderr.write(`tarazu-batch serve: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
}

/** Client money that comes to the bank while the night is served. */
function receiptsOf({ store, calendar }: Night, data: string): ReceiptsClock {
  const parts = { dataDirectory: data, files: new NightFiles(data), calendar, port: portsOf(data) };
  return new ReceiptsClock(parts, { root: store.root, now: systemMicros }, (line) => process.stdout.write(`${line}\n`));
}

function takeUpRecent({ runner, store }: Night): void {
  const from = istDate(systemMicros() - DAYS_BACK * DAY_MICROS);
  for (const run of store.runsFrom()) {
    if (run.date < from || runner.isGreen(run.id)) continue;
    try {
      runner.takeUp(run);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      process.stderr.write(`tarazu-batch serve: ${error.message}\n`);
    }
  }
}
