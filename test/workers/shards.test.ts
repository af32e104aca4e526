import { afterEach, describe, expect, test } from 'vitest';
import { SLOT_COUNT } from '../../engine/index.ts';
import { broadcastOf, collectUntil, newDirectory, placeOrder, removeDirectories, type SeenEvent, slotHashes, startToy } from './shard-bench.ts';

afterEach(removeDirectories);

/** 3,000 orders over 40 slots and two broadcasts, as one script. */
async function playScript(
  options: Parameters<typeof startToy>[1],
  dataDir = newDirectory(),
  from = 0,
): Promise<{ hashes: string[]; seen: SeenEvent[] }> {
  const { shards, failures } = await startToy(dataDir, options);
  const seen: SeenEvent[] = [];
  let expected = 0;
  for (let number = from + 1; number <= from + 3000; number++) {
    while (!placeOrder(shards, (number * 7) % 40, number)) {
      shards.flush();
      await collectUntil(shards, seen, seen.length + 1);
    }
    expected += 1;
    if (number % 1000 === 500) {
      expect(shards.broadcast(broadcastOf(3))).toBe(true);
      expected += 3 * SLOT_COUNT;
    }
    if (number % 50 === 0) shards.flush();
  }
  shards.flush();
  await collectUntil(shards, seen, expected);
  const hashes = await slotHashes(shards);
  await shards.stop();
  expect(failures).toEqual([]);
  return { hashes, seen };
}

/** Order numbers and sequences per slot, without times and places. */
const perSlot = (seen: readonly SeenEvent[]): string[] => {
  const lines = seen.map(({ slot, sequence, number, value }) => ({ slot, line: `${slot} ${sequence} ${number} ${value}` }));
  return lines.sort((a, b) => a.slot - b.slot).map(({ line }) => line);
};

describe('inline and threaded shards', () => {
  test('the same commands give the same events, whatever runs them', async () => {
    const inline = await playScript({ mode: 'inline' });
    const threads = await playScript({ mode: 'threads', shards: 2 });
    expect(perSlot(threads.seen)).toEqual(perSlot(inline.seen));
    expect(inline.seen.length).toBe(3000 + 3 * 3 * SLOT_COUNT);
  });

  test('after a restart with another number of shards every slot is what it was', async () => {
    const dataDir = newDirectory();
    const first = await playScript({ mode: 'inline', shards: 1 }, dataDir);
    const second = await startToy(dataDir, { mode: 'threads', shards: 2 });
    expect(await slotHashes(second.shards)).toEqual(first.hashes);
    expect([...second.shards.recovered.accounts()].length).toBe(40 * 3);
    await second.shards.stop();
    const middle = await playScript({ mode: 'threads', shards: 2 }, dataDir, 3000);
    expect(middle.hashes).not.toEqual(first.hashes);
    const third = await startToy(dataDir, { mode: 'inline', shards: 1 });
    expect(await slotHashes(third.shards)).toEqual(middle.hashes);
    await third.shards.stop();
  });
});
