// A cash segment's evening: trade file to reconciled book, charges and ledger, in one durable commit, in a process of its own; beside PostgreSQL
// doing the same set by set, its settings and SQL in bench/night/. What clients owe together is compared to the paisa.
import { fork } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDate, chargeKey, chargeRatesOn, ratesOfKey } from '../engine/index.ts';
import type { Bench, BenchResult, Measure, Size, Target } from './bench.ts';
import { configurationHash } from './machine.ts';
import { PostgresPeer, postgresPrograms } from './night/postgres-peer.ts';
import { writeOwnList, writeTradeFile } from './night/trade-day.ts';

interface OwnEnding {
  readonly seconds: Readonly<Record<string, number>>;
  readonly peakBytes: number;
  readonly isWhole: boolean;
  readonly owed: number;
  readonly entries: number;
}

const RATE_DECIMALS = 9;
const GIB = 2 ** 30;

function ownNight(file: string, directory: string, trades: number, clients: number): Promise<OwnEnding> {
  const child = fork(new URL('./night/own-night.ts', import.meta.url), [file, directory, `${trades}`, `${clients}`]);
  return new Promise((resolve, reject) => {
    let ending: OwnEnding | undefined;
    child.once('message', (message) => {
      ending = message as OwnEnding;
    });
    child.once('error', reject);
    child.once('exit', (code) => (ending === undefined ? reject(new Error(`our night ended with ${code}`)) : resolve(ending)));
  });
}

/** Rates of the day as SQL numbers. */
function rateVariables(): Record<string, string> {
  const rates = chargeRatesOn(businessDate(20261120));
  const of = (product: 'CNC' | 'MIS', side: 'BUY' | 'SELL'): ReturnType<typeof ratesOfKey> =>
    ratesOfKey(rates, chargeKey({ exchange: 'NSE', segment: 'EQ', product, side }));
  const sql = (rate: bigint): string => `(${rate}::numeric / 1e${RATE_DECIMALS}::numeric)`;
  const { exchange, ipft, sebi } = of('CNC', 'BUY');
  const taxes = { cncBuyTax: of('CNC', 'BUY').tax, cncSellTax: of('CNC', 'SELL').tax, misSellTax: of('MIS', 'SELL').tax };
  const stamps = { cncBuyStamp: of('CNC', 'BUY').stamp, misBuyStamp: of('MIS', 'BUY').stamp };
  const linear = Object.entries({ exchange, ipft, sebi, ...taxes, ...stamps }).map(([name, rate]) => [name, sql(rate)]);
  return { ...Object.fromEntries(linear), gst: `(${rates.gst}::numeric / 1000)` };
}

/** Seconds of the peer's evening. Throws when it comes to another sum. */
async function peerNight(bin: string, directory: string, files: { readonly trades: string; readonly own: string }, ours: OwnEnding): Promise<number> {
  const peer = new PostgresPeer(bin, directory);
  try {
    await peer.script('own-list.sql', {}, files.own);
    const start = performance.now();
    const said = await peer.script('evening.sql', rateVariables(), files.trades);
    const seconds = (performance.now() - start) / 1_000;
    const [, , breaks, owed, entries] = /answer\|(\d+)\|(\d+)\|(-?\d+)\|(\d+)/.exec(said) ?? [];
    if (breaks !== '0' || Number(owed) !== ours.owed || Number(entries) !== ours.entries)
      throw new Error(`PostgreSQL comes to ${owed} paise in ${entries} entries with ${breaks} breaks, we to ${ours.owed} in ${ours.entries}`);
    return seconds;
  } finally {
    peer.stop();
  }
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const [trades, clients] = size === 'smoke' ? [3_000, 300] : [1_000_000, 100_000];
  const folder = mkdtempSync(join(tmpdir(), 'night-bench-'));
  chmodSync(folder, 0o755);
  const files = { trades: join(folder, 'Trade_NSE_CM_0_TM_90001_20261120_F_0000.csv'), own: join(folder, 'own.csv') };
  const measures: Measure[] = [];
  const targets: Target[] = [];
  try {
    writeTradeFile(files.trades, trades, clients);
    const ours = await ownNight(files.trades, folder, trades, clients);
    if (!ours.isWhole) throw new Error('our night found breaks in a day without any');
    const seconds = Object.values(ours.seconds).reduce((sum, each) => sum + each, 0);
    say(`ours ${seconds.toFixed(1)} s`);
    const parts = Object.entries(ours.seconds).map(([name, each]) => `${name} ${each.toFixed(2)} s`);
    const note = `${parts.join(', ')}; file of ${Math.round(statSync(files.trades).size / 1e6)} MB`;
    measures.push(
      { label: 'trade file to ledger', value: trades / seconds, unit: 'trades/s', note },
      { label: 'peak memory', value: ours.peakBytes / 2 ** 20, unit: 'MiB' },
    );
    targets.push({ claim: 'peak memory, GiB', value: ours.peakBytes / GIB, bound: 1, sense: 'at most' });
    const bin = postgresPrograms();
    if (bin === undefined) measures.push({ label: 'PostgreSQL', value: 0, unit: 'trades/s', note: 'absent: its programs are not installed' });
    else {
      writeOwnList(files.own, trades, clients);
      const directory = join(folder, 'postgres');
      mkdirSync(directory);
      const peer = await peerNight(bin, directory, files, ours);
      say(`PostgreSQL ${peer.toFixed(1)} s`);
      measures.push({ label: 'PostgreSQL, the same work', value: trades / peer, unit: 'trades/s', note: `${peer.toFixed(1)} s` });
      targets.push({ claim: 'PostgreSQL seconds over ours', value: peer / seconds, bound: 5, sense: 'at least' });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const parameters = { trades, clients, fillsPerOrder: 3 };
  const excluded = ['our own list: in memory here, loaded and indexed before the clock there', 'notes as documents'];
  return { parameters, configuration: configurationHash(parameters), measures, series: [], targets, excluded };
}

/** See the file's head. */
export const bench: Bench = { name: 'night', title: 'A cash evening: reconcile, charge, book', run };
