// LMDB shares an environment within a process under the flags of whoever opens it first. A recovering shard reads the tables before the checkpoint
// thread may open them, however long that takes.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { CheckpointClient } from '../../workers/checkpoint/checkpoint-client.ts';
import { StateStore } from '../../workers/checkpoint/state-store.ts';
import { allocateShardBells } from '../../workers/shard-options.ts';
import { newDirectory, removeDirectories } from './shard-bench.ts';

afterEach(removeDirectories);

test('the checkpoint thread can write after a slow reader has read', async () => {
  const dataDir = newDirectory();
  const path = join(dataDir, 'state');
  await new StateStore(path, { synced: false }).close();
  const reader = new StateStore(path, { synced: true, readOnly: true });
  const failures: string[] = [];
  const where = { dataDir, durability: 'process', snapshotSegments: 4, commitMs: 20 } as const;
  const client = new CheckpointClient(where, { memory: allocateShardBells(1), shards: 1 }, (error) => failures.push(error.message));
  // Long enough for a thread that does not wait to have opened the environment.
  await pause(500);
  expect(reader.slots()).toEqual([]);
  await reader.close();
  client.begin();
  await client.stop();
  expect(failures).toEqual([]);
});
