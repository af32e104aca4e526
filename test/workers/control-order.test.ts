// A control command right behind a parameter table is neither lost nor overtakes it: a kill switch may come in the very batch of a SPAN swap.
import { afterEach, expect, test } from 'vitest';
import { ALL_SLOTS, buildParameterTable, CommandKind, SLOT_COUNT } from '../../engine/index.ts';
import { rareCommand } from '../../workers/index.ts';
import { broadcastOf, collect, collectUntil, newDirectory, removeDirectories, type SeenEvent, startToy } from './shard-bench.ts';

afterEach(removeDirectories);

test('a broadcast behind a table reaches every slot, after the table', async () => {
  const { shards, failures } = await startToy(newDirectory(), { mode: 'inline', shards: 1 });
  const seen: SeenEvent[] = [];
  shards.onEvents(() => void collect(shards, seen));
  const table = buildParameterTable(20261120, [], [], { sources: [], commodities: [], clearing: [] });
  const hash = 'ab'.repeat(32);
  await shards.loadParameters({ hash, buffer: table.buffer as SharedArrayBuffer }, 'first');
  expect(shards.broadcast(rareCommand(CommandKind.LoadParameters, ALL_SLOTS, { tableHash: hash, label: 'second' }).bytes)).toBe(true);
  expect(shards.broadcast(broadcastOf(1))).toBe(true);
  shards.flush();
  await collectUntil(shards, seen, 3 * SLOT_COUNT);
  const counts = Array.from({ length: SLOT_COUNT }, (_, slot) => seen.filter((event) => event.slot === slot).length);
  expect(new Set(counts)).toEqual(new Set([3]));
  await shards.stop();
  expect(failures).toEqual([]);
});
