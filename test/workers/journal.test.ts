import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { EventField } from '../../engine/index.ts';
import { EventReader, inspectJournal } from '../../workers/index.ts';
import type { FilePort } from '../../workers/journal/file-port.ts';
import { systemFiles } from '../../workers/journal/file-port.ts';
import { SEGMENT_HEADER_BYTES } from '../../workers/journal/layout.ts';
import { journalDirectory, listSegments } from '../../workers/journal/segment-files.ts';
import { SegmentReader } from '../../workers/journal/segment-reader.ts';
import { surveyJournal } from '../../workers/recovery/survey.ts';
import { broadcastOf, collect, newDirectory, placeOrder, removeDirectories, type SeenEvent, slotHashes, startToy } from './shard-bench.ts';

afterEach(removeDirectories);

/** A directory with a few hundred orders in batches of ten; `checkpoint` stores the tables and anchors the head. */
async function fill(
  options: { orders?: number; segmentBytes?: number; checkpoint?: boolean; dataDir?: string; from?: number; perBatch?: number } = {},
): Promise<{
  dataDir: string;
  seen: SeenEvent[];
  hashes: string[];
}> {
  const dataDir = options.dataDir ?? newDirectory();
  const { shards } = await startToy(dataDir, {
    checkpointMs: options.checkpoint === false ? 3_600_000 : 20,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  });
  const seen: SeenEvent[] = [];
  const from = options.from ?? 0;
  for (let number = from + 1; number <= from + (options.orders ?? 200); number++) {
    placeOrder(shards, number % 8, number);
    if (number % (options.perBatch ?? 10) === 0) shards.flush();
    collect(shards, seen);
  }
  const hashes = await slotHashes(shards);
  await shards.stop();
  collect(shards, seen);
  return { dataDir, seen, hashes };
}

const onlySegment = (dataDir: string): string => listSegments(journalDirectory(dataDir)).at(-1)?.path ?? '';

/** Offsets where each batch of a segment begins, and the end. */
function batchOffsets(path: string): number[] {
  const reader = new SegmentReader(path);
  const offsets = [SEGMENT_HEADER_BYTES];
  while (reader.nextBatch()) offsets.push(reader.batchEnd);
  return offsets;
}

describe('events are found again by the address stamped into them', () => {
  test('across segments and shards', async () => {
    const { dataDir, seen } = await fill({ segmentBytes: 20_000 });
    expect(listSegments(journalDirectory(dataDir)).length).toBeGreaterThan(3);
    const reader = new EventReader(dataDir);
    for (const event of seen) {
      const found = reader.readEvent(event.file, event.position);
      expect(found.f64(EventField.originNumber)).toBe(event.number);
      expect(found.slotSequence).toBe(event.sequence);
    }
    expect(() => reader.readEvent(seen[0]?.file ?? 0, (seen[0]?.position ?? 0) + 8)).toThrow(/no event lies at this address/);
    reader.close();
  });
});

describe('a write torn by the death of the process', () => {
  test('at any byte of the last batch costs that batch and nothing else', async () => {
    const { dataDir } = await fill({ orders: 9, perBatch: 3, checkpoint: false });
    // Without the tables the journal alone must carry.
    const bare = newDirectory();
    mkdirSync(journalDirectory(bare), { recursive: true });
    const path = onlySegment(dataDir);
    const copy = join(journalDirectory(bare), path.split('/').at(-1) ?? '');
    const offsets = batchOffsets(path);
    const last = offsets.at(-2) ?? 0;
    const end = offsets.at(-1) ?? 0;
    for (let cut = last + 1; cut < end; cut++) {
      copyFileSync(path, copy);
      truncateSync(copy, cut);
      const survey = surveyJournal(bare, { repair: true });
      expect(survey.torn).toEqual([{ path: copy, keep: last, was: cut }]);
      expect(survey.heads[0]?.batch).toBe(2);
      expect(statSync(copy).size).toBe(last);
    }
    const { shards } = await startToy(bare);
    expect(shards.recovered.folded).toBe(6);
    await shards.stop();
  });

  test('in the first bytes of a new segment removes the segment', async () => {
    const { dataDir } = await fill({ orders: 60, checkpoint: false });
    const path = onlySegment(dataDir);
    const bytes = readFileSync(path);
    for (const cut of [0, 1, 100, SEGMENT_HEADER_BYTES - 1]) {
      writeFileSync(path, bytes.subarray(0, cut));
      const survey = surveyJournal(dataDir, { repair: true });
      expect(survey.segments).toEqual([]);
      expect(existsSync(path)).toBe(false);
    }
  });

  test('leaving whole sectors of zeroes, as a lost machine may, counts as torn', async () => {
    const { dataDir } = await fill({ orders: 60, checkpoint: false });
    const path = onlySegment(dataDir);
    const last = batchOffsets(path).at(-2) ?? 0;
    const bytes = readFileSync(path);
    const sector = Math.ceil(last / 512) * 512 + 512;
    writeFileSync(path, bytes.fill(0, sector, sector + 512));
    expect(surveyJournal(dataDir, { repair: false }).heads[0]?.batch).toBe(5);
  });
});

describe('anything else than a torn end is refused and located', () => {
  test('one flipped bit anywhere is found by verify, at or before the batch it is in, and by recovery', async () => {
    const { dataDir } = await fill({ orders: 60 });
    const path = onlySegment(dataDir);
    const bytes = readFileSync(path);
    const problems: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        writeFileSync(path, damaged);
        const report = await inspectJournal(dataDir);
        expect(report.problems.length).toBe(1);
        problems.push(report.problems[0] ?? '');
        expect(report.problems[0]).toContain(path);
        expect(report.problems[0]).toMatch(/at byte \d+, batch \d+/);
        await expect(startToy(dataDir)).rejects.toThrow(/journal damaged/);
      }),
      // The last bytes of the segment's header are padding behind its CRC: once missed.
      { numRuns: 60, examples: [[SEGMENT_HEADER_BYTES - 4, 0]] },
    );
    writeFileSync(path, bytes);
    expect((await inspectJournal(dataDir)).problems).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('in an earlier segment it is refused by the shard that must fold it, and the directory is free again', async () => {
    const { dataDir } = await fill({ orders: 200, segmentBytes: 20_000, checkpoint: false });
    rmSync(join(dataDir, 'state'), { recursive: true });
    const path = listSegments(journalDirectory(dataDir))[1]?.path ?? '';
    const bytes = readFileSync(path);
    bytes[SEGMENT_HEADER_BYTES + 200] = (bytes[SEGMENT_HEADER_BYTES + 200] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    for (const mode of ['inline', 'threads'] as const) await expect(startToy(dataDir, { mode })).rejects.toThrow(`journal damaged: ${path} at byte`);
    bytes[SEGMENT_HEADER_BYTES + 200] = (bytes[SEGMENT_HEADER_BYTES + 200] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { shards } = await startToy(dataDir);
    expect(shards.recovered.folded).toBe(200);
    await shards.stop();
  });

  test('a tail cut off cleanly is found, because the checkpoint remembers the head', async () => {
    const { dataDir } = await fill({ orders: 60 });
    const path = onlySegment(dataDir);
    truncateSync(path, batchOffsets(path).at(-3) ?? 0);
    const report = await inspectJournal(dataDir);
    expect(report.problems).toEqual([expect.stringMatching(/tail is missing: it ends with batch 4, a checkpoint saw batch 6/)]);
    await expect(startToy(dataDir)).rejects.toThrow(/tail is missing/);
  });

  test('a missing segment, a missing chain and a cut in an earlier epoch are found', async () => {
    const { dataDir } = await fill({ orders: 200, segmentBytes: 20_000 });
    await fill({ dataDir, orders: 50, from: 200 });
    const files = listSegments(journalDirectory(dataDir));
    const whole = newDirectory();
    cpSync(dataDir, whole, { recursive: true });
    unlinkSync(files[1]?.path ?? '');
    expect((await inspectJournal(dataDir)).problems[0]).toMatch(/segment 1 is missing/);
    const lastOfFirst = files.filter(({ epoch }) => epoch === 1).at(-1);
    const cut = join(journalDirectory(whole), lastOfFirst?.path.split('/').at(-1) ?? '');
    const offsets = batchOffsets(cut);
    truncateSync(cut, offsets.at(-2) ?? 0);
    expect((await inspectJournal(whole)).problems.join('\n')).toMatch(/tail is missing|does not continue/);
  });
});

/** Files that take `budget` bytes and are then full. */
function fullDisk(budget: number): FilePort {
  let left = budget;
  return {
    ...systemFiles,
    write: (fd, bytes, from, length, position) => {
      const take = Math.min(left, length);
      left -= take;
      if (take === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return systemFiles.write(fd, bytes, from, take, position);
    },
    truncate: () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    },
  };
}

describe('a full disk', () => {
  test('stops the shard, names the file, answers nothing of that batch, and the half of it is dropped at the next start', async () => {
    const dataDir = newDirectory();
    const { shards, failures } = await startToy(dataDir, { files: fullDisk(30_000), checkpointMs: 3_600_000 });
    const seen: SeenEvent[] = [];
    let placed = 0;
    for (let number = 1; number <= 200 && failures.length === 0; number++) {
      if (!placeOrder(shards, number % 8, number)) break;
      placed = number;
      if (number % 10 === 0) shards.flush();
      collect(shards, seen);
    }
    expect(failures[0]?.message).toMatch(/cannot write .*000001-s000-000000\.tzj at byte \d+: ENOSPC/);
    expect(seen.length).toBeLessThan(placed);
    expect(seen.length % 10).toBe(0);
    await shards.stop();
    const again = await startToy(dataDir);
    expect(again.shards.recovered.torn.length).toBe(1);
    expect(again.shards.gauges().folded).toBe(seen.length);
    expect(again.shards.broadcast(broadcastOf(1))).toBe(true);
    await again.shards.stop();
    expect((await inspectJournal(dataDir)).problems).toEqual([]);
  });
});
