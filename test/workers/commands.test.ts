import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CommandKind, slotOf } from '../../engine/index.ts';
import { run as journal } from '../../gateway/commands/journal.ts';
import { run as replay } from '../../gateway/commands/replay.ts';
import { rareCommand, startShards } from '../../workers/index.ts';
import { journalDirectory, listSegments } from '../../workers/journal/segment-files.ts';
import { newDirectory, removeDirectories } from './shard-bench.ts';

afterEach(() => {
  vi.restoreAllMocks();
  removeDirectories();
});

/** Runs a command; its exit code and what it wrote. */
async function outcome(run: () => Promise<number>): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  const code = await run();
  vi.restoreAllMocks();
  return { code, out, err };
}

/** A directory in which one account was opened, by the real engine. */
async function smallDay(): Promise<string> {
  const dataDir = newDirectory();
  const shards = await startShards({ dataDir, shards: 1, mode: 'inline', durability: 'process' });
  const slot = slotOf('group');
  const opened = rareCommand(CommandKind.OpenAccount, slot, { account: 'A1', riskGroup: 'group', status: 'ACTIVE', segments: [1], kind: 'CLIENT' });
  const view = shards.claim(slot, opened.length, 'reserved');
  view?.bytes.set(opened.bytes, view.at);
  shards.commit();
  shards.flush();
  await shards.stop();
  return dataDir;
}

describe('tarazu journal and tarazu replay', () => {
  test('say that a sound directory is sound, and print its slot hashes', async () => {
    const dataDir = await smallDay();
    const verified = await outcome(() => journal(['verify', '--data', dataDir]));
    expect(verified).toEqual({ code: 0, out: expect.stringMatching(/^1 segments, 1 batches, 1 commands, 1 events, \d+ bytes\nsound\n$/), err: '' });
    const replayed = await outcome(() => replay(['--data', dataDir]));
    expect(replayed).toEqual({
      code: 0,
      out: expect.stringMatching(/^slot +\d+ {2}[0-9a-f]{32} {2}1 commands\n.*1 stored slots compared\n$/),
      err: '',
    });
    expect((await outcome(() => journal(['list', '--data', dataDir]))).out).toContain('000001-s000-000000.tzj  epoch 1  shard 0/1  from batch 1');
  });

  test('fail on a flipped byte, on an empty directory and on wrong usage', async () => {
    const dataDir = await smallDay();
    const path = listSegments(journalDirectory(dataDir))[0]?.path ?? '';
    const bytes = readFileSync(path);
    bytes[bytes.length - 200] = (bytes[bytes.length - 200] ?? 0) ^ 64;
    writeFileSync(path, bytes);
    const verified = await outcome(() => journal(['verify', '--data', dataDir]));
    expect(verified.code).toBe(1);
    expect(verified.err).toMatch(/^journal damaged: .*\.tzj at byte \d+, batch 1: record fails its CRC\n$/);
    await expect(replay(['--data', dataDir])).rejects.toThrow(/journal damaged/);
    const empty = newDirectory();
    expect((await outcome(() => journal(['verify', '--data', empty]))).err).toContain(`no journal in ${empty}`);
    expect((await outcome(() => replay(['--data', empty]))).code).toBe(1);
    expect((await outcome(() => journal(['verify']))).code).toBe(2);
    expect((await outcome(() => replay([]))).code).toBe(2);
  });
});
