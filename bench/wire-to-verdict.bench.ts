// Order bytes in, verdict bytes out: a real gateway process with session log, journal and every check, a client process that plans its sends, and
// beside it in the same run a bare TCP echo of the same bytes with the same client: the floor. What counts is the ratio to the floor.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchResult, Measure, Series, Size, Target } from './bench.ts';
import { type GatewayOptions, type GatewayProcess, startGateway } from './gateway-process.ts';
import { cpuMicros } from './load/cpu-time.ts';
import { type LoadPlan, type OrderTemplate, type Phase, type PhaseResult, runLoad, startEchoFloor } from './load/index.ts';
import { OrderStream } from './load/order-stream.ts';
import { configurationHash } from './machine.ts';
import { marketDay, orderTemplates } from './market-day.ts';
import { outFolder } from './out-folder.ts';

const IDS = { sender: 'OMS', target: 'TARAZU' };
const IN_FLIGHT = 2000;
const ENGINELESS = new URL('./engineless/hook.js', import.meta.url).href;
const TEMPLATES = 1024;
const WARM_UP_LABEL = 'warm-up';
/** Design targets: the median at 10,000 a second, and the highest rate, against the floor's. */
const MEDIAN_RATIO = 2.5;
const RATE_RATIO = 0.4;

/** How the gateway is run, and which rates are tried on it; the highest rate always is. */
interface Variant {
  readonly label: string;
  readonly shards: number;
  readonly durability: 'process' | 'power';
  /** Orders a second. */
  readonly rates: readonly number[];
  /** Orders of the highest rate. */
  readonly orders: number;
  /** Orders are accepted unseen (engineless/): what is left is all but the engine. */
  readonly isEngineless?: true;
}

/** The whole of the first variant, the two rates that are judged of the others, so that the run stays short. */
const VARIANTS: Readonly<Record<Size, readonly Variant[]>> = {
  smoke: [{ label: 'inline', shards: 0, durability: 'process', rates: [1000, 10_000], orders: 3_000 }],
  real: [
    { label: 'inline', shards: 0, durability: 'process', rates: [1000, 10_000, 50_000], orders: 400_000 },
    { label: '1 shard thread', shards: 1, durability: 'process', rates: [10_000], orders: 400_000 },
    { label: 'inline, no engine', shards: 0, durability: 'process', rates: [], orders: 400_000, isEngineless: true },
    { label: '1 shard thread, no engine', shards: 1, durability: 'process', rates: [], orders: 400_000, isEngineless: true },
    { label: 'inline, power', shards: 0, durability: 'power', rates: [10_000], orders: 100_000 },
  ],
};
/** Orders in the window before anything is counted, and then seconds of small bursts: code that is not compiled yet would be measured otherwise. */
const WARM_UP: Readonly<Record<Size, number>> = { smoke: 500, real: 50_000 };
const WARM_UP_SECONDS: Readonly<Record<Size, number>> = { smoke: 0.05, real: 2 };

function phases(variant: Variant, size: Size): Phase[] {
  const seconds = size === 'smoke' ? 0.2 : 3;
  const open = variant.rates.map((perSecond): Phase => ({ mode: 'open', label: `${perSecond / 1000}k/s`, perSecond, seconds }));
  return [
    { mode: 'window', label: WARM_UP_LABEL, inFlight: IN_FLIGHT, count: WARM_UP[size] },
    { mode: 'open', label: WARM_UP_LABEL, perSecond: 10_000, seconds: WARM_UP_SECONDS[size] },
    ...open,
    { mode: 'window', label: 'max', inFlight: IN_FLIGHT, count: variant.orders },
  ];
}

function check(label: string, results: readonly PhaseResult[]): void {
  for (const { label: phase, sent, answered, refused } of results) {
    if (answered !== sent || refused > 0) throw new Error(`${label}, ${phase}: ${sent} orders sent, ${answered} verdicts, ${refused} refusals`);
  }
}

/** A few orders, to learn what an answer looks like and how long it is. */
async function probe(gateway: GatewayProcess, plan: LoadPlan): Promise<{ bytes: number; sample: string }> {
  const [result] = await runLoad({ ...plan, port: gateway.fixPort, phases: [{ mode: 'window', label: 'probe', inFlight: 10, count: 500 }] });
  if (result === undefined || result.answered !== 500) throw new Error(`the probe got ${result?.answered ?? 0} verdicts of 500: ${result?.sample}`);
  if (!result.sample.includes('|150=0|')) throw new Error(`the probe's first order was not accepted: ${result.sample}`);
  return { bytes: Math.round(result.bytesIn / 500), sample: result.sample };
}

interface Compared {
  readonly variant: Variant;
  readonly own: readonly PhaseResult[];
  readonly floor: readonly PhaseResult[];
  readonly reportBytes: number;
  /** Microseconds over all threads of the gateway and all phases; NaN where the system does not say. */
  readonly cpuPerVerdict: number;
}

async function compare(variant: Variant, size: Size, day: { directory: string; orders: readonly OrderTemplate[] }): Promise<Compared> {
  const folder = mkdtempSync(join(outFolder(), 'wire-'));
  const options: GatewayOptions = {
    dataDirectory: join(folder, 'data'),
    day: day.directory,
    shards: variant.shards,
    durability: variant.durability,
    ...IDS,
  };
  const profile = process.env['BENCH_CPU_PROF'] === '1' ? ['--cpu-prof', `--cpu-prof-dir=${outFolder()}`] : [];
  const nodeFlags = [...(variant.isEngineless === true ? ['--import', ENGINELESS] : []), ...profile];
  const gateway = await startGateway({ ...options, nodeFlags });
  try {
    const plan: LoadPlan = {
      port: gateway.fixPort,
      logon: true,
      ...IDS,
      warmUp: 0.2,
      firstNumber: 0,
      orders: day.orders,
      phases: phases(variant, size),
    };
    const { bytes } = await probe(gateway, plan);
    const clOrdIdAt = new OrderStream(IDS, 'L', day.orders).clOrdIdAt;
    const echo = await startEchoFloor(bytes, clOrdIdAt);
    const floor = await runLoad({ ...plan, port: echo.port, logon: false });
    echo.stop();
    const before = cpuMicros(gateway.pid);
    const own = await runLoad({ ...plan, firstNumber: 1000 });
    check('floor', floor);
    check(variant.label, own);
    const verdicts = own.reduce((sum, { answered }) => sum + answered, 0);
    return { variant, own, floor, reportBytes: bytes, cpuPerVerdict: (cpuMicros(gateway.pid) - before) / verdicts };
  } catch (error) {
    throw new Error(`${variant.label}: ${error instanceof Error ? error.message : String(error)}\n${gateway.output()}`);
  } finally {
    await gateway.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

function report({ variant, own, floor, cpuPerVerdict }: Compared): { measures: Measure[]; series: Series[]; targets: Target[] } {
  const measures: Measure[] = [];
  const series: Series[] = [];
  const targets: Target[] = [];
  own.forEach((result, i) => {
    const base = floor[i];
    if (base === undefined || result.label === WARM_UP_LABEL) return;
    series.push(
      { label: `${variant.label}, ${result.label}`, latency: result.latency },
      { label: `floor (${variant.label} run), ${result.label}`, latency: base.latency },
    );
    if (result.label === 'max') {
      measures.push({ label: `${variant.label}, highest rate`, value: result.perSecond, unit: 'verdicts/s', note: `${IN_FLIGHT} in flight` });
      measures.push({ label: `floor (${variant.label} run), highest rate`, value: base.perSecond, unit: 'answers/s' });
      const rate = result.perSecond / base.perSecond;
      if (variant.isEngineless === true) measures.push({ label: `${variant.label}, highest rate / floor`, value: rate, unit: 'times' });
      else targets.push({ claim: `${variant.label}: highest rate / floor`, value: rate, bound: RATE_RATIO, sense: 'at least' });
    } else {
      const ratio = result.latency.p50 / base.latency.p50;
      measures.push({ label: `${variant.label}, ${result.label}, p50 / floor`, value: ratio, unit: 'times' });
      if (result.label === '10k/s')
        targets.push({ claim: `${variant.label}: p50 at 10k/s / floor`, value: ratio, bound: MEDIAN_RATIO, sense: 'at most' });
    }
  });
  if (!Number.isNaN(cpuPerVerdict))
    measures.push({ label: `${variant.label}, CPU a verdict`, value: cpuPerVerdict, unit: 'us', note: 'all threads, all rates' });
  return { measures, series, targets };
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const day = await marketDay({ seed: 7, clients: size === 'smoke' ? 200 : 2000, underlyings: size === 'smoke' ? 4 : 24, strikes: 9 }, true);
  const orders = orderTemplates(day, TEMPLATES);
  const parts: Compared[] = [];
  for (const variant of VARIANTS[size]) {
    say(variant.label);
    parts.push(await compare(variant, size, { directory: day.directory, orders }));
  }
  const reports = parts.map(report);
  const parameters = {
    clients: day.clients.length,
    instruments: day.table.instruments,
    variants: VARIANTS[size].map(({ shards, durability }) => `${shards} shards ${durability}`).join(' / '),
    connections: 1,
    reportBytes: parts[0]?.reportBytes ?? 0,
    orderTemplates: TEMPLATES,
  };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures: reports.flatMap((one) => one.measures),
    series: reports.flatMap((one) => one.series),
    targets: reports.flatMap((one) => one.targets),
    excluded: [
      'the network (loopback)',
      `${WARM_UP[size]} orders and ${WARM_UP_SECONDS[size]} s at 10k/s before the first phase, and the first fifth of each phase (warm-up)`,
      'late sends are not excluded: latency counts from the planned time',
    ],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'wire-to-verdict', title: 'FIX order in to durable verdict out, beside a bare TCP echo', run };
