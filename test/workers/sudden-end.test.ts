// A process that ends itself (a failure it must not survive) ends, whatever the checkpoint thread is doing: a thread torn out of a transaction
// would keep the process for ever.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { newDirectory, removeDirectories } from './shard-bench.ts';

afterEach(removeDirectories);

const EXIT = 70;

/** Streams one slot of 60,000 rows to the checkpoint thread, which takes it a good while to commit, and ends itself in the middle of that. */
function startSudden(): ReturnType<typeof fork> {
  const script = join(newDirectory(), 'sudden.ts');
  const workers = (path: string): string => new URL(`../../workers/${path}`, import.meta.url).href;
  writeFileSync(
    script,
    `import { CheckpointClient } from '${workers('checkpoint/checkpoint-client.ts')}';
     import { CheckpointKind, RowImage, SlotCommit } from '${workers('checkpoint/layout.ts')}';
     import { RingWriter } from '${workers('ring/ring-writer.ts')}';
     import { allocateShardBells } from '${workers('shard-options.ts')}';
     const where = { dataDir: ${JSON.stringify(newDirectory())}, durability: 'process', snapshotSegments: 4, commitMs: 1 };
     const client = new CheckpointClient(where, { memory: allocateShardBells(1), shards: 1 }, (error) => console.error(error));
     const ring = new RingWriter(client.rings[0]);
     client.begin();
     const send = async (bytes) => { while (!ring.append(bytes, 0)) await new Promise((resolve) => setTimeout(resolve, 1)); };
     const message = (length, kind) => {
       const bytes = new Uint8Array((length + 7) & ~7);
       const data = new DataView(bytes.buffer);
       data.setUint32(0, bytes.length, true);
       data.setUint16(RowImage.kind, kind, true);
       return { bytes, data };
     };
     const row = message(RowImage.bytes + 64, CheckpointKind.RowImage);
     row.data.setUint16(RowImage.stride, 64, true);
     for (let i = 0; i < 60_000; i++) {
       row.data.setUint32(RowImage.row, (i * 7919) % 60_000, true);
       await send(row.bytes);
     }
     const head = { epoch: 1, shard: 0, segment: 0, offset: 0, batch: 1, hash: '' };
     const json = Buffer.from(JSON.stringify({ parametersHash: '', tables: [], head, sealed: false }));
     const commit = message(SlotCommit.body + json.length, CheckpointKind.SlotCommit);
     commit.data.setFloat64(SlotCommit.sequence, 1, true);
     commit.data.setUint32(SlotCommit.bodyBytes, json.length, true);
     commit.bytes.set(json, SlotCommit.body);
     await send(commit.bytes);
     while (ring.usedBytes > 0) await new Promise((resolve) => setTimeout(resolve, 1));
     setTimeout(() => process.exit(${EXIT}), 20);`,
  );
  return fork(script, { silent: true });
}

test('a process that ends itself in the middle of a commit is gone', async () => {
  const child = startSudden();
  let errors = '';
  child.stderr?.on('data', (bytes) => {
    errors += String(bytes);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  expect(errors).toBe('');
  expect(code).toBe(EXIT);
});
