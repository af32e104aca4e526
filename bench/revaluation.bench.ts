// Full revaluation: the next intraday risk file is swapped in and every client's margin is computed anew in every slot, as LoadParameters does it; the
// same when every slot is derived from nothing, as after a restart or under a file of other contracts; and the kernel that sums the positions by itself,
// in WebAssembly and in plain TypeScript, beside a C loop over the same bytes.
import { type CompiledRules, type ContractPosition, compiledRules, ScanBatch } from '../engine/index.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { ClientWorld } from './client-world.ts';
import { Histogram } from './histogram.ts';
import { configurationHash } from './machine.ts';
import { runPlainC } from './plain-c.ts';
import { syntheticTable } from './synthetic-table.ts';

const FIRST = '1'.repeat(64);
const SECOND = '2'.repeat(64);

/** Enters every client's positions into a batch, by underlying and tier. */
function packed(world: ClientWorld, rules: CompiledRules, positions: number, kernel: 'vector' | 'plain'): ScanBatch {
  const { table, clients } = world;
  const all = new ScanBatch(rules, { groups: (clients * positions) / 2, positions: clients * positions }, kernel);
  for (let client = 0; client < clients; client++) {
    const groups = new Map<number, ContractPosition[]>();
    for (let i = 0; i < positions; i++) {
      const instrument = world.instrumentOf(client, i);
      const key = (table.underlying[instrument] as number) * 256 + (table.scanTier[instrument] as number);
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ instrument, quantity: (i % 3 === 0 ? -1 : 1) * (table.lot[instrument] ?? 1) });
    }
    for (const group of groups.values()) {
      for (const { instrument, quantity } of group) all.add(instrument, quantity);
      all.endGroup();
    }
  }
  return all;
}

function secondsOf(turns: number, body: () => void): number {
  const seconds: number[] = [];
  for (let i = 0; i <= turns; i++) {
    const start = process.hrtime.bigint();
    body();
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  return seconds.slice(1).sort((a, b) => a - b)[Math.floor(turns / 2)] ?? 1;
}

/** The kernel's figures; throws when the three do not agree. */
function kernels(world: ClientWorld, positions: number, turns: number): Measure[] {
  const rules = compiledRules(world.table);
  const { clients } = world;
  const vector = packed(world, rules, positions, 'vector');
  const vectorSeconds = secondsOf(turns, () => vector.run());
  const memory = vector.memory;
  const sum = vector.results.reduce((total, value) => total + value, 0);
  const peer = runPlainC(memory, turns);
  const plain = packed(world, rules, positions, 'plain');
  const plainSeconds = secondsOf(turns, () => plain.run());
  if (plain.results.some((value, at) => value !== vector.results[at])) throw new Error('the two kernels disagree');
  if ('sum' in peer && peer.sum !== sum) throw new Error(`the C loop gives ${peer.sum}, the kernel ${sum}`);
  const c =
    'absent' in peer
      ? { label: 'C loop, cc -O3', value: 0, unit: 'clients/s', note: peer.absent }
      : { label: 'C loop, cc -O3', value: clients / peer.seconds, unit: 'clients/s', note: 'the same bytes, the same sums' };
  return [
    {
      label: `kernel, ${vector.kernel} (WebAssembly SIMD)`,
      value: clients / vectorSeconds,
      unit: 'clients/s',
      note: '16 losses, value, exposure of positions',
    },
    { label: 'kernel, plain TypeScript', value: clients / plainSeconds, unit: 'clients/s' },
    c,
  ];
}

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
  const fromNothing = secondsOf(smoke ? 1 : 3, () => {
    for (const state of world.states) state.rebuild(world.table);
  });
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
      { label: 'whole book', value: median * 1000, unit: 'ms', note: 'a file of the same contracts' },
      { label: 'whole book from nothing', value: fromNothing * 1000, unit: 'ms', note: 'a file of other contracts, or a restart' },
      ...kernels(world, positions, repetitions),
      { label: 'trading stands still in one slot', value: swaps.at(50) / 1e6, unit: 'ms', note: 'mean of the 256 slots' },
    ],
    series: [],
    targets: [],
    excluded: ['reading and parsing the file', 'working orders (none here)'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'revaluation', title: 'Full revaluation on a parameter swap', run };
