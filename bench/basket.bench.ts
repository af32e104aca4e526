// What-if baskets of 4, 50 and 1,000 legs, in the slices a shard answers, beside the bare decision of as many orders one by one.
import { type BasketCarry, basketView, PlaceOrder, Verdict } from '../engine/index.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { ClientWorld, sideOf } from './client-world.ts';
import { configurationHash } from './machine.ts';
import { syntheticTable } from './synthetic-table.ts';
import { timeLoop } from './timed.ts';

const SLICE = 50;
const HASH = '1'.repeat(64);

/** PlaceOrder records of one client over many contracts. */
function legsOf(world: ClientWorld, client: number, count: number): Uint8Array {
  const legs = new Uint8Array(count * PlaceOrder.BYTES);
  for (let i = 0; i < count; i++) {
    world.order(client, world.instrumentOf(client, i % 40), sideOf(i));
    legs.set(world.command.bytes.subarray(0, PlaceOrder.BYTES), i * PlaceOrder.BYTES);
  }
  return legs;
}

/** One basket, whole; the longest slice in milliseconds. */
function weigh(world: ClientWorld, client: number, legs: Uint8Array): number {
  const state = world.states[world.slotOfClient[client] ?? 0];
  if (state === undefined) throw new Error('a client without a slot');
  const account = `C${`${client}`.padStart(7, '0')}`;
  let carry: BasketCarry | undefined;
  let longest = 0;
  for (let at = 0; at < legs.length; at += SLICE * PlaceOrder.BYTES) {
    const start = process.hrtime.bigint();
    const slice = basketView(world.fold, state, { account, legs: legs.slice(at, at + SLICE * PlaceOrder.BYTES), onPositions: true, carry });
    if (slice === undefined || slice === 'moved') throw new Error('the basket was not weighed');
    carry = slice.carry;
    longest = Math.max(longest, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return longest;
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const smoke = size === 'smoke';
  const clients = smoke ? 200 : 5_000;
  const world = new ClientWorld({ clients, positions: 20 }, new Map([[HASH, syntheticTable({ underlyings: smoke ? 20 : 180, options: 20 })]]));
  say(`${clients} clients opened`);
  const measures: Measure[] = [];
  for (const [count, turns] of [
    [4, smoke ? 4 : 400],
    [50, smoke ? 2 : 60],
    [1_000, smoke ? 1 : 5],
  ] as const) {
    let client = 0;
    let longest = 0;
    const baskets = Array.from({ length: turns }, (_, i) => legsOf(world, i % clients, count));
    const cost = timeLoop(turns, smoke ? 1 : 3, (from, to) => {
      for (let i = from; i < to; i++) longest = Math.max(longest, weigh(world, client++ % Math.min(clients, turns), baskets[i] ?? new Uint8Array(0)));
    });
    const each = { value: 1e9 / cost.nanoseconds, unit: 'baskets/s' };
    measures.push({ label: `basket of ${count}`, ...each, note: `longest slice held its shard for ${longest.toFixed(1)} ms, cold code included` });
  }
  const verdict = new Verdict();
  const bare = timeLoop(smoke ? 200 : 20_000, 3, (from, to) => {
    for (let i = from; i < to; i++)
      world.fold.whatIf(world.order(i % clients, world.instrumentOf(i % clients, i % 40), sideOf(i)), world.command, verdict);
  });
  measures.push({ label: 'bare what-if of one order', value: 1e9 / bare.nanoseconds, unit: 'orders/s', note: 'a leg is weighed five ways' });
  const parameters = { clients, positionsPerClient: 20, instruments: world.table.instruments, sliceLegs: SLICE };
  return { parameters, configuration: configurationHash(parameters), measures, series: [], targets: [], excluded: ['HTTP', 'crossing threads'] };
}

/** See the file's head. */
export const bench: Bench = { name: 'basket', title: 'What-if of baskets', run };
