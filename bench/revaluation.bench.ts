// Full revaluation: the next intraday risk file is swapped in and every client's margin is computed anew in every slot, as LoadParameters does it.
import type { Bench, BenchResult, Size } from './bench.ts';
import { ClientWorld } from './client-world.ts';
import { Histogram } from './histogram.ts';
import { configurationHash } from './machine.ts';
import { syntheticTable } from './synthetic-table.ts';

const FIRST = '1'.repeat(64);
const SECOND = '2'.repeat(64);

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const smoke = size === 'smoke';
  const clients = smoke ? 1000 : 100_000;
  const positions = smoke ? 5 : 20;
  const tableSize = { underlyings: smoke ? 20 : 180, options: smoke ? 20 : 60 };
  const tables = new Map([
    [FIRST, syntheticTable(tableSize)],
    [SECOND, syntheticTable(tableSize, 0.01)],
  ]);
  const world = new ClientWorld({ clients, positions }, tables);
  say(`${clients} clients opened`);
  world.loadTable(SECOND);
  const swaps = new Histogram();
  const repetitions = smoke ? 2 : 5;
  const seconds: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = process.hrtime.bigint();
    world.loadTable(i % 2 === 0 ? FIRST : SECOND);
    const elapsed = Number(process.hrtime.bigint() - start);
    swaps.record(elapsed / 256);
    seconds.push(elapsed / 1e9);
  }
  seconds.sort((a, b) => a - b);
  const median = seconds[Math.floor(seconds.length / 2)] ?? 1;
  const parameters = { clients, positionsPerClient: positions, instruments: world.table.instruments, slots: 256, threads: 1 };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures: [
      { label: 'clients revalued', value: clients / median, unit: 'clients/s', note: 'one core' },
      { label: 'positions revalued', value: (clients * positions) / median, unit: 'positions/s', note: 'one core' },
      { label: 'whole book', value: median * 1000, unit: 'ms' },
      { label: 'trading stands still in one slot', value: swaps.at(50) / 1e6, unit: 'ms', note: 'mean of the 256 slots' },
    ],
    series: [],
    targets: [],
    excluded: ['reading and parsing the file', 'working orders (none here)'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'revaluation', title: 'Full revaluation on a parameter swap', run };
