// The memory of a shard: what is touched ahead of need, so that an order does not wait while the system finds a page for it.
import { expect, test } from 'vitest';
import { Arena } from '../../engine/index.ts';
import { MemoryAhead } from '../../workers/checkpoint/memory-ahead.ts';
import { reserveShardMemory } from '../../workers/shard-memory.ts';

const MB = 2 ** 20;

/** Megabytes touched until nothing is wanted: 2 MB a time. */
function readyAfterwards(ahead: MemoryAhead): number {
  let touched = 0;
  for (; ahead.makeReady(); touched += 2) expect(touched).toBeLessThan(256);
  return touched;
}

test.each([
  // in use, made ready behind it: MB
  [1, 4],
  [12, 12],
  [100, 64],
])('%d MB in use: some %d MB are kept ready', (used, ready) => {
  const memory = new SharedArrayBuffer(256 * MB);
  const ahead = new MemoryAhead([memory]);
  new Arena(memory).take((used * MB) / 8);
  expect(ahead.isWanted).toBe(true);
  expect(Math.abs(readyAfterwards(ahead) - ready)).toBeLessThanOrEqual(2);
  expect(ahead.isWanted).toBe(false);
});

test("what was touched is what it was: nothing where it is free, the shard's own words where it is not", () => {
  const memory = new SharedArrayBuffer(64 * MB);
  const arena = new Arena(memory);
  const ahead = new MemoryAhead([memory]);
  const at = arena.take(MB / 8);
  // The shard writes on although the other thread has not been told how far it is.
  arena.f64s.fill(7, at, at + MB);
  readyAfterwards(ahead);
  expect(arena.f64s.subarray(at, at + MB).every((word) => word === 7)).toBe(true);
  expect(arena.f64s.subarray(at + MB, at + 2 * MB).every((word) => word === 0)).toBe(true);
  arena.take((3 * MB) / 8);
  expect(ahead.isWanted).toBe(true);
});

test('the end of the memory is the end of what can be made ready', () => {
  const memory = new SharedArrayBuffer(2 * MB);
  const ahead = new MemoryAhead([memory, new SharedArrayBuffer(2 * MB)]);
  new Arena(memory).take(MB / 8);
  readyAfterwards(ahead);
  expect(ahead.isWanted).toBe(false);
});

test.each([
  // TARAZU_SHARD_MEMORY_MB, asked for by who starts the shards, reserved: MB
  ['32', undefined, 32],
  ['', undefined, 4096],
  ['0', undefined, 4096],
  ['-1', undefined, 4096],
  ['plenty', undefined, 4096],
  ['', 256, 256],
  ['32', 256, 32],
])('with the setting %o, where %o MB are asked for, a shard reserves %d MB', (setting, asked, megabytes) => {
  expect(reserveShardMemory(asked === undefined ? undefined : asked * MB, setting).byteLength).toBe(megabytes * MB);
});

test('what was reserved is not moved until it is full; then it is, with what it holds', () => {
  const arena = new Arena(reserveShardMemory(undefined, '32'));
  const before = arena.f64s;
  const at = arena.take((31 * MB) / 8);
  arena.f64s[at] = 7;
  expect(arena.f64s).toBe(before);
  arena.take((8 * MB) / 8);
  expect(arena.f64s).not.toBe(before);
  expect([arena.bytes.length / MB, arena.f64s[at]]).toEqual([64, 7]);
});
