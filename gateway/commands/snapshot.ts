// `tarazu snapshot`: margin snapshots of a running gateway. Takes one now; or stays for the day and takes each of the exchanges' windows, at the house's clock
// or at a minute drawn by lot as the clearing corporations do; or lists those taken.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { drawnMinute, ExchangeSegment, type PeakWindow, peakWindowsOn } from '../../engine/index.ts';
import { indianDay } from '../kite/charges-route.ts';
import { askGateway } from './gateway-client.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu snapshot [--number N] [--segments NFO,MCX] [--label TEXT] [--config tarazu.json]
       tarazu snapshot --windows [--drawn] [--config tarazu.json]
       tarazu snapshot --list [--config tarazu.json]
`;
const MINUTE_MS = 60_000;
const INDIA_MINUTES = 330;
const DAY_MINUTES = 1_440;
const DRAWS = 1_000_000;

interface Taken {
  readonly number: number;
  readonly time_micros: number;
  readonly clients: number;
  readonly short_clients: number;
  readonly required_paise: number;
  readonly shortfall_paise: number;
}

/** Exit code 0 when the snapshots were taken. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      number: { type: 'string' },
      segments: { type: 'string' },
      label: { type: 'string', default: 'by hand' },
      windows: { type: 'boolean', default: false },
      drawn: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const segments = values.segments?.split(',') ?? [];
  const number = values.number === undefined ? undefined : Number(values.number);
  const isSound = segments.every((name) => Object.hasOwn(ExchangeSegment, name)) && (number === undefined || Number.isInteger(number));
  if (!isSound || (values.drawn && !values.windows)) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (values.list) {
    const { snapshots } = (await askGateway(values.config, '/v1/margin-snapshots')) as { readonly snapshots: readonly Taken[] };
    for (const taken of snapshots) print(taken);
    if (snapshots.length === 0) process.stdout.write('no margin snapshot today\n');
    return 0;
  }
  if (values.windows) return takeWindows(values.config, values.drawn);
  const body = { label: values.label, ...(number === undefined ? {} : { number }), ...(segments.length === 0 ? {} : { segments }) };
  print((await askGateway(values.config, '/v1/margin-snapshots', body)) as Taken);
  return 0;
}

/** Waits for each window that is still to come; one that another program took is passed over. */
async function takeWindows(config: string, isDrawn: boolean): Promise<number> {
  for (const window of peakWindowsOn(indianDay(Date.now()))) {
    const minute = isDrawn ? drawnMinute(window, randomInt(DRAWS) / DRAWS) : window.clock;
    const wait = millisUntil(minute);
    if (wait < 0) continue;
    process.stdout.write(`snapshot ${window.number} at ${clockText(minute)}\n`);
    await new Promise((resolve) => setTimeout(resolve, wait));
    await takeWindow(config, window);
  }
  return 0;
}

async function takeWindow(config: string, { number, segments }: PeakWindow): Promise<void> {
  const names = Object.entries(ExchangeSegment).flatMap(([name, segment]) => (segments.includes(segment) ? [name] : []));
  try {
    print((await askGateway(config, '/v1/margin-snapshots', { label: `window ${number}`, number, segments: names })) as Taken);
  } catch (error) {
    process.stderr.write(`tarazu snapshot: ${number}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** Milliseconds until a minute of the day in India; below zero when it has passed. */
function millisUntil(minute: number): number {
  const now = Date.now() / MINUTE_MS + INDIA_MINUTES;
  return (Math.floor(now / DAY_MINUTES) * DAY_MINUTES + minute - now) * MINUTE_MS;
}

const clockText = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const rupees = (paise: number): string => (paise / 100).toLocaleString('en-IN', { minimumFractionDigits: 2 });

function print({ number, time_micros, clients, short_clients, required_paise, shortfall_paise }: Taken): void {
  const time = time_micros === 0 ? '' : ` at ${clockText(Math.floor(time_micros / 1_000 / MINUTE_MS + INDIA_MINUTES) % DAY_MINUTES)}`;
  const lacking = short_clients === 0 ? 'nobody short' : `${short_clients} short by Rs ${rupees(shortfall_paise)}`;
  process.stdout.write(`snapshot ${number}${time}: ${clients} clients need Rs ${rupees(required_paise)}, ${lacking}\n`);
}
