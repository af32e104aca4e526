import { existsSync, readdirSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, describe, expect, test } from 'vitest';
import { ALL_SLOTS, CommandKind, PlaceOrder } from '../../engine/index.ts';
import { CheckpointWriter } from '../../workers/checkpoint/checkpoint-writer.ts';
import type { StoredSlot } from '../../workers/checkpoint/layout.ts';
import { RowImages } from '../../workers/checkpoint/row-images.ts';
import { loadSlotSnapshot } from '../../workers/checkpoint/slot-snapshots.ts';
import { StateStore, storePaths } from '../../workers/checkpoint/state-store.ts';
import { inspectJournal, rareCommand } from '../../workers/index.ts';
import { journalDirectory, listSegments } from '../../workers/journal/segment-files.ts';
import { foldSlotTo } from '../../workers/recovery/fold-slot-to.ts';
import { replayDirectory } from '../../workers/recovery/replay-directory.ts';
import { newDirectory, placeOrder, removeDirectories, slotHashes, startToy } from './shard-bench.ts';
import { createFold } from './toy-fold.ts';

afterEach(removeDirectories);

const toy = createFold(() => undefined);

/** Has each of the eight slots a whole snapshot? */
function hasSnapshots(dataDir: string): boolean {
  const directory = join(dataDir, 'snapshots');
  if (!existsSync(directory)) return false;
  const slots = readdirSync(directory);
  return slots.length === 8 && slots.every((slot) => readdirSync(join(directory, slot)).some((name) => name.endsWith('.tzs')));
}

/** Orders from `from` on over eight slots, in batches of ten; with `stored`, each fifty wait until the tables show them. */
async function trade(dataDir: string, from: number, count: number, options: Parameters<typeof startToy>[1] = {}, stored = false): Promise<string[]> {
  const { shards, failures } = await startToy(dataDir, options);
  for (let number = from; number < from + count; number++) {
    placeOrder(shards, number % 8, number);
    if (number % 10 !== 0) continue;
    shards.flush();
    shards.poll(() => undefined);
    while (stored && number % 50 === 0 && shards.gauges().checkpointLag > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    // Snapshots are written in what time is left beside the tables: half-way every slot gets the time for one.
    while (stored && number === from - 1 + count / 2 && !hasSnapshots(dataDir)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  shards.flush();
  const hashes = await slotHashes(shards);
  await shards.stop();
  expect(failures).toEqual([]);
  return hashes;
}

describe('a slot at any past moment', () => {
  test('is folded from the nearest snapshot, and is what the whole fold gives', async () => {
    const dataDir = newDirectory();
    await trade(dataDir, 1, 800, { segmentBytes: 40_000, snapshotSegments: 1, checkpointMs: 5 }, true);
    const slots = readdirSync(join(dataDir, 'snapshots'));
    expect(slots).toContain('003');
    let fromSnapshot = 0;
    for (const sequence of [1, 2, 50, 77, 100]) {
      const moment = foldSlotTo(dataDir, 3, sequence, toy);
      expect(moment?.state.sequence).toBe(sequence - 1);
      expect(moment?.command.originNumber).toBe(3 + (sequence - 1) * 8);
      expect(moment?.command.f64(PlaceOrder.quantity)).toBe(3 + (sequence - 1) * 8);
      expect(moment?.events.length).toBe(1);
      if ((moment?.folded ?? 0) < sequence - 1) fromSnapshot += 1;
    }
    expect(fromSnapshot).toBeGreaterThan(0);
    expect(foldSlotTo(dataDir, 3, 101, toy)).toBeUndefined();
    expect(foldSlotTo(dataDir, 200, 1, toy)).toBeUndefined();
  });

  test('does without a snapshot that is damaged', async () => {
    const dataDir = newDirectory();
    await trade(dataDir, 1, 400, { segmentBytes: 40_000, snapshotSegments: 1, checkpointMs: 5 }, true);
    const directory = join(dataDir, 'snapshots', '003');
    expect(loadSlotSnapshot(dataDir, toy.create(3), 1000)).toBe(true);
    for (const name of readdirSync(directory)) truncateSync(join(directory, name), 100);
    expect(loadSlotSnapshot(dataDir, toy.create(3), 1000)).toBe(false);
    expect(foldSlotTo(dataDir, 3, 40, toy)?.folded).toBe(39);
  });
});

describe('replay', () => {
  test('of a whole directory gives the live hashes, over restarts with other numbers of shards', async () => {
    const dataDir = newDirectory();
    await trade(dataDir, 1, 200, { shards: 1 });
    await trade(dataDir, 201, 200, { shards: 3 });
    const hashes = await trade(dataDir, 401, 200, { shards: 2 });
    const replay = await replayDirectory(dataDir, toy);
    expect(replay.commands).toBe(600);
    expect(replay.compared).toBe(8);
    expect(replay.differences).toEqual([]);
    for (const { slot, hash } of replay.slots) expect(hash).toBe(hashes[slot]);
  });

  test('of shards that were stopped after one command each: their records lie at the same place of two segments', async () => {
    const dataDir = newDirectory();
    await trade(dataDir, 8, 2, { shards: 2 });
    await trade(dataDir, 10, 2, { shards: 2 });
    const replay = await replayDirectory(dataDir, toy);
    expect(replay.commands).toBe(4);
    expect(replay.differences).toEqual([]);
  });

  test('begins with the snapshots of a closed day once the journal before it has been archived', async () => {
    const dataDir = newDirectory();
    const { shards } = await startToy(dataDir, { checkpointMs: 5 });
    for (let number = 1; number <= 80; number++) placeOrder(shards, number % 8, number);
    expect(shards.broadcast(rareCommand(CommandKind.CloseDay, ALL_SLOTS, { businessDate: 20261120 }).bytes)).toBe(true);
    shards.flush();
    await shards.stop();
    const hashes = await trade(dataDir, 81, 80);
    for (const { path, epoch } of listSegments(journalDirectory(dataDir))) if (epoch === 1) unlinkSync(path);
    const replay = await replayDirectory(dataDir, toy);
    expect(replay.differences).toEqual([]);
    expect(replay.commands).toBe(80);
    for (const { slot, hash } of replay.slots) expect(hash).toBe(hashes[slot]);
    expect((await inspectJournal(dataDir)).problems).toEqual([]);
  });

  test('names the slot whose stored tables are not the fold', async () => {
    const dataDir = newDirectory();
    await trade(dataDir, 1, 100);
    const [path = ''] = storePaths(dataDir);
    const store = new StateStore(path, { synced: false });
    const stored = store.slots().find(({ slot }) => slot === 5);
    if (stored === undefined) throw new Error('slot 5 was not stored');
    let image = new Uint8Array(0);
    store.readTable(5, 1, 2, (row, bytes) => {
      if (row === 1) image = new Uint8Array(bytes);
    });
    image[24] = (image[24] ?? 0) ^ 1;
    const rows = new RowImages();
    rows.put(5, 1, 1, image);
    store.apply([stored], rows);
    await store.close();
    expect((await replayDirectory(dataDir, toy)).differences).toEqual([expect.stringMatching(/^slot 5: at command \d+ the fold gives/)]);
  });

  test('refuses a fold that answers otherwise than it did', async () => {
    const dataDir = newDirectory();
    await trade(dataDir, 1, 100);
    const other = createFold(() => undefined);
    const fold = other.fold.bind(other);
    other.fold = (state, command, body, events) => {
      fold(state, command, body, events);
      if (command.originNumber === 42) events.u32(12, 99);
    };
    await expect(replayDirectory(dataDir, other)).rejects.toThrow(/slot 2 command 6: event 0 is not what it was/);
  });
});

describe('the tables on disk', () => {
  test('are thrown away when they were not flushed before the machine went down', async () => {
    const dataDir = newDirectory();
    const hashes = await trade(dataDir, 1, 100);
    const root = open({ path: storePaths(dataDir)[0] ?? '', noSubdir: false, maxDbs: 4 });
    root.openDB({ name: 'meta', encoding: 'json' }).putSync('written', { synced: false, boot: 'the day before' });
    await root.close();
    const { shards } = await startToy(dataDir);
    expect(shards.recovered.folded).toBe(100);
    expect(await slotHashes(shards)).toEqual(hashes);
    await shards.stop();
  });

  test('are thrown away when they cannot be opened', async () => {
    const dataDir = newDirectory();
    const hashes = await trade(dataDir, 1, 100);
    writeFileSync(join(storePaths(dataDir)[0] ?? '', 'data.mdb'), Buffer.alloc(8192, 7));
    const { shards } = await startToy(dataDir);
    expect(await slotHashes(shards)).toEqual(hashes);
    await shards.stop();
  });

  describe('in two copies', () => {
    const head = { epoch: 1, shard: 0, segment: 0, offset: 0, batch: 1, hash: '' };
    const tables = [{ id: 1, name: 'sums', stride: 8, rows: 4 }];
    const at = (sequence: number): StoredSlot => ({ slot: 9, sequence, time: 0, parametersHash: '', tables, head, sealed: false });
    /** Rows of the one table: row 1 holds the first value, row 2 the second. */
    const rowsOf = (...values: number[]): RowImages => {
      const rows = new RowImages();
      for (const [index, value] of values.entries()) rows.put(9, 1, index + 1, new Uint8Array(8).fill(value));
      return rows;
    };

    /** The two copies as a killed process leaves them: one at sequence 1, the other at 2. */
    async function leave(older: string, newer: string): Promise<void> {
      const [first, second] = [new StateStore(older, { synced: true }), new StateStore(newer, { synced: true })];
      first.apply([at(1)], rowsOf(1));
      second.apply([at(2)], rowsOf(2, 3));
      await first.close();
      await second.close();
    }

    async function read(path: string): Promise<{ sequence: number | undefined; rows: number[] }> {
      const store = new StateStore(path, { synced: true, readOnly: true });
      const rows: number[] = [];
      store.readTable(9, 1, 4, (_row, image) => rows.push(image[0] ?? 0));
      const sequence = store.slots()[0]?.sequence;
      await store.close();
      return { sequence, rows };
    }

    test('the one that missed its turn is brought up to the other before it goes on', async () => {
      const dataDir = newDirectory();
      const [a = '', b = ''] = storePaths(dataDir);
      await leave(b, a);
      await new CheckpointWriter(dataDir, 'power', new Float64Array(256), 4).close();
      expect(await read(b)).toEqual({ sequence: 2, rows: [2, 3] });
    });

    test('the newer of which is written no more: where the durability is process since, the other is brought up to it first', async () => {
      const dataDir = newDirectory();
      const [a = '', b = ''] = storePaths(dataDir);
      await leave(a, b);
      const writer = new CheckpointWriter(dataDir, 'process', new Float64Array(256), 4);
      // What changed after sequence 2, which the shards were restored from.
      const changed = new RowImages();
      changed.put(9, 1, 3, new Uint8Array(8).fill(4));
      writer.add(at(3), changed);
      await writer.close();
      expect(await read(a)).toEqual({ sequence: 3, rows: [2, 3, 4] });
    });
  });
});

describe('a start that died while its first segment was being made', () => {
  test('does not break the chain from the epoch before to the epoch after', async () => {
    const dataDir = newDirectory();
    await trade(dataDir, 1, 50);
    const [first] = listSegments(journalDirectory(dataDir));
    const torn = first?.path.replace('000001-', '000002-') ?? '';
    writeFileSync(torn, Buffer.alloc(100, 1));
    expect((await inspectJournal(dataDir)).unfinished).toEqual([expect.stringContaining(torn)]);
    await trade(dataDir, 51, 50);
    expect(existsSync(torn)).toBe(false);
    expect((await inspectJournal(dataDir)).problems).toEqual([]);
    expect(listSegments(journalDirectory(dataDir)).map(({ epoch }) => epoch)).toEqual([1, 3]);
  });
});
