// The decision itself: Fold over 100,000 clients with 20 positions each, the client picked at random (memory-bound) or from a hot thousand. "decide" is the
// verdict alone, "fold" adds what an accepted order changes and its event. One thread, no ring, no journal.

import { Verdict } from '../engine/index.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { ClientWorld, firstRejectCode, rejectName, sideOf } from './client-world.ts';
import { configurationHash } from './machine.ts';
import { syntheticTable } from './synthetic-table.ts';
import { type LoopCost, timeLoop } from './timed.ts';

/** A scattered walk over [0, count): same every time, no table of random numbers to pollute the cache. */
const scattered = (turn: number, count: number): number => (Math.imul(turn, 0x9e3779b1) >>> 0) % count;

function decisions(world: ClientWorld, clients: number, count: number): LoopCost & { accepted: number } {
  const verdict = new Verdict();
  let accepted = 0;
  let turns = 0;
  const cost = timeLoop(count, 5, (from, to) => {
    for (let i = from; i < to; i++) {
      const state = world.order(scattered(i, clients), (scattered(i, world.table.instruments) * 31) % world.table.instruments, sideOf(i));
      world.fold.whatIf(state, world.command, verdict);
      if (verdict.code === 0) accepted += 1;
      turns += 1;
    }
  });
  if (verdict.requirementAfter <= 0) throw new Error('decide gave no margin requirement: nothing was measured');
  return { ...cost, accepted: accepted / turns };
}

function folds(world: ClientWorld, clients: number, count: number): LoopCost & { rejects: Map<number, number> } {
  const rejects = new Map<number, number>();
  const codes = new Uint32Array(256);
  const cost = timeLoop(count, 3, (from, to) => {
    for (let i = from; i < to; i++) {
      const state = world.order(scattered(i, clients), (scattered(i, world.table.instruments) * 31) % world.table.instruments, sideOf(i));
      world.events.reset();
      world.fold.fold(state, world.command, undefined, world.events);
      const code = firstRejectCode(world.events);
      codes[code] = (codes[code] ?? 0) + 1;
    }
  });
  for (const [code, seen] of codes.entries()) if (seen > 0) rejects.set(code, seen);
  return { ...cost, rejects };
}

/** What writing the order itself costs: taken off the others. */
function writing(world: ClientWorld, clients: number, count: number): LoopCost {
  return timeLoop(count, 3, (from, to) => {
    for (let i = from; i < to; i++)
      world.order(scattered(i, clients), (scattered(i, world.table.instruments) * 31) % world.table.instruments, sideOf(i));
  });
}

const cpuNote = (cost: LoopCost, base: LoopCost): string => `${Math.round(cost.cpuNanoseconds - base.cpuNanoseconds)} ns of processor time`;

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const smoke = size === 'smoke';
  const clients = smoke ? 1000 : 100_000;
  const positions = smoke ? 5 : 20;
  const count = smoke ? 5000 : 300_000;
  const tableSize = { underlyings: smoke ? 20 : 180, options: smoke ? 20 : 60 };
  const world = new ClientWorld({ clients, positions }, new Map([['0'.repeat(64), syntheticTable(tableSize)]]));
  say(`${clients} clients opened`);
  const hotClients = Math.min(1000, clients / 2);
  const measures: Measure[] = [];
  for (const [label, of] of [
    ['random', clients],
    ['hot', hotClients],
  ] as const) {
    const base = writing(world, of, count);
    const decided = decisions(world, of, count);
    measures.push({
      label: `decide, ${label}`,
      value: decided.nanoseconds - base.nanoseconds,
      unit: 'ns/decision',
      note: `${cpuNote(decided, base)}, ${Math.round(decided.accepted * 100)} % accepted`,
    });
    measures.push({ label: `decide, ${label}, heap`, value: decided.heapBytes, unit: 'bytes/decision' });
    const folded = folds(world, of, smoke ? count : 100_000);
    const note = `${cpuNote(folded, base)}; ${[...folded.rejects].map(([code, seen]) => `${rejectName(code)} ${seen}`).join(', ')}`;
    measures.push({ label: `fold PlaceOrder, ${label}`, value: folded.nanoseconds - base.nanoseconds, unit: 'ns/order', note });
    measures.push({ label: `fold PlaceOrder, ${label}, heap`, value: folded.heapBytes, unit: 'bytes/order', note: 'growth of tables included' });
  }
  const parameters = { clients, positionsPerClient: positions, hotClients, instruments: world.table.instruments, slots: 256 };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series: [],
    targets: [
      {
        claim: 'heap bytes per decision',
        value: measures.find((one) => one.label === 'decide, random, heap')?.value ?? -1,
        bound: 0,
        sense: 'at most',
      },
    ],
    excluded: ['writing the command (measured and taken off)', 'FIX, rings, journal'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'decide', title: 'Pre-trade decision over many clients', run };
