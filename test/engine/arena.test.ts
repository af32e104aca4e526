// The memory of a shard: what is made ready ahead of need, so that an order does not wait while the system finds a page for it.
import { expect, test } from 'vitest';
import { Arena } from '../../engine/state/arena.ts';

const MB = 2 ** 20 / 8;

/** Words written to ahead of need, by how often makeReady has more to do: 2^14 words a time. */
function stepsUntilReady(arena: Arena): number {
  let steps = 1;
  while (arena.makeReady()) steps += 1;
  return steps * 2 ** 14;
}

test.each([
  // in use, made ready behind it: MB
  [1, 4],
  [12, 12],
  [100, 64],
])('%d MB in use: %d MB are kept ready', (used, ready) => {
  const arena = new Arena(new ArrayBuffer(256 * 2 ** 20));
  arena.take(used * MB);
  expect(arena.wantsReady).toBe(true);
  expect(stepsUntilReady(arena) / MB).toBeCloseTo(ready, 0);
  expect(arena.wantsReady).toBe(false);
});

test('what was made ready is zero when it is taken, and wanted again when half of it is', () => {
  const arena = new Arena(new ArrayBuffer(64 * 2 ** 20));
  stepsUntilReady(arena);
  const at = arena.take(3 * MB);
  expect(arena.f64s.subarray(at, at + 3 * MB).every((word) => word === 0)).toBe(true);
  expect(arena.wantsReady).toBe(true);
});

test('the end of the memory is the end of what can be made ready', () => {
  const arena = new Arena(new ArrayBuffer(2 * 2 ** 20));
  arena.take(1 * MB);
  stepsUntilReady(arena);
  expect(arena.wantsReady).toBe(false);
});
