import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { OriginKind } from '../../engine/index.ts';
import { CommandClock } from '../../workers/clock.ts';
import { DirectoryLocked, startShards } from '../../workers/index.ts';
import { broadcastOf, collect, newDirectory, placeOrder, removeDirectories, type SeenEvent, slotHashes, startToy } from './shard-bench.ts';
import { toyFoldModule } from './toy-fold.ts';

/** Answers that a victim has given before it is killed. */
const ENOUGH = 100;

afterEach(removeDirectories);

/** A process that owns `dataDir`, places orders as fast as it can, and prints the highest number it saw answered. */
function startVictim(dataDir: string, mode: string, from: number): ReturnType<typeof fork> {
  const script = join(newDirectory(), 'victim.ts');
  const bench = new URL('./shard-bench.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { placeOrder, startToy } from '${bench}';
     const { shards } = await startToy(${JSON.stringify(dataDir)}, { mode: '${mode}', shards: 2, checkpointMs: 5 });
     let number = ${from};
     shards.onEvents(() => {
       let answered = [];
       shards.poll((event) => { answered.push([event.slot, event.slotSequence, event.f64(24)]); });
       process.send(answered);
     });
     process.send('ready');
     setInterval(() => {
       for (let i = 0; i < 40; i++) if (placeOrder(shards, number % 16, number + 1)) number += 1;
       shards.flush();
     }, 1);`,
  );
  return fork(script, { silent: true });
}

describe('killed at a random moment', () => {
  test.each([
    ['threads', 2],
    ['inline', 1],
  ] as const)('%s: every answer that left is in the journal, and the restart equals the fold', async (mode, rounds) => {
    const dataDir = newDirectory();
    const answered = new Map<string, number>();
    let from = 0;
    for (let round = 0; round < rounds; round++) {
      const child = startVictim(dataDir, mode, from);
      let errors = '';
      let given = 0;
      child.stderr?.on('data', (bytes) => {
        errors += String(bytes);
      });
      child.on('message', (message: 'ready' | [number, number, number][]) => {
        if (message === 'ready') return;
        for (const [slot, sequence, number] of message) {
          answered.set(`${slot}:${sequence}`, number);
          from = Math.max(from, number);
        }
        // However slow the machine is, there is something to lose.
        if (given < ENOUGH && given + message.length >= ENOUGH) setTimeout(() => child.kill('SIGKILL'), Math.random() * 60);
        given += message.length;
      });
      await once(child, 'exit');
      expect(errors).toBe('');
      // Numbers must go on rising, as a session's do: what was lost on the rings may be given again.
      from += 100_000;
    }
    expect(answered.size).toBeGreaterThanOrEqual(rounds * ENOUGH);
    const { shards } = await startToy(dataDir, { mode: 'inline' });
    const journalled = new Map<string, number>();
    shards.recovered.eventsAfter(
      () => 0,
      (event) => journalled.set(`${event.slot}:${event.slotSequence}`, event.f64(24)),
    );
    for (const [key, number] of answered) expect(journalled.get(key), key).toBe(number);
    const hashes = await slotHashes(shards);
    await shards.stop();
    const { createFold } = await import('./toy-fold.ts');
    const { replayDirectory } = await import('../../workers/recovery/replay-directory.ts');
    const replay = await replayDirectory(
      dataDir,
      createFold(() => undefined),
    );
    expect(replay.differences).toEqual([]);
    for (const { slot, hash } of replay.slots) expect(hash).toBe(hashes[slot]);
  });
});

describe('one process owns a directory', () => {
  test('a second is refused and told who has it; a killed owner leaves nothing behind', async () => {
    const dataDir = newDirectory();
    const child = startVictim(dataDir, 'inline', 0);
    await once(child, 'message');
    const attempt = startShards({ dataDir, shards: 1, mode: 'inline', durability: 'process', foldModule: toyFoldModule });
    await expect(attempt).rejects.toThrow(DirectoryLocked);
    await expect(attempt).rejects.toThrow(`in use by process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { shards } = await startToy(dataDir);
    await expect(startToy(dataDir)).rejects.toThrow(`process ${process.pid}`);
    await shards.stop();
    const again = await startToy(dataDir);
    await again.shards.stop();
  });
});

describe('a clock that steps back', () => {
  test('stands still until the wall clock has caught up', () => {
    let wall = 1_000_000;
    let counter = 0;
    const clock = new CommandClock(
      0,
      () => wall,
      () => counter,
    );
    expect(clock.now()).toBe(1_000_000_000);
    counter += 2000;
    wall -= 60_000;
    expect(clock.now()).toBe(1_000_000_000);
    counter += 2000;
    wall += 60_001;
    expect(clock.now()).toBe(1_000_001_000);
  });

  test('goes on from the latest recovered command', async () => {
    const ahead = (Date.now() + 3_600_000) * 1000;
    expect(new CommandClock(ahead).now()).toBe(ahead);
  });
});

describe('what a start finds', () => {
  test.each(['process', 'power'] as const)('%s: accounts, origins, gaps in their numbers, and events past a cursor', async (durability) => {
    const dataDir = newDirectory();
    const first = await startToy(dataDir, { shards: 2, durability, checkpointMs: 5 });
    const seen: SeenEvent[] = [];
    for (const number of [1, 2, 3, 5, 6, 9]) placeOrder(first.shards, number % 4, number);
    first.shards.flush();
    expect(first.shards.broadcast(broadcastOf(2))).toBe(true);
    first.shards.flush();
    collect(first.shards, seen);
    await first.shards.stop();
    expect(first.failures).toEqual([]);
    const { shards } = await startToy(dataDir, { shards: 1, durability });
    const { recovered } = shards;
    expect(recovered.epoch).toBe(2);
    // Everything was stored at the stop: nothing to fold again.
    expect(recovered.folded).toBe(0);
    expect([...recovered.accounts()].map(([account]) => account).sort()).toEqual(
      ['C0-2', 'C1-0', 'C1-1', 'C1-2', 'C2-0', 'C2-2', 'C3-0'].filter((name) => seenAccount(name)),
    );
    expect(recovered.origins()).toEqual([{ originKind: OriginKind.FIX, origin: 7, incarnation: 1, number: 9 }]);
    const key = { originKind: OriginKind.FIX, origin: 7, incarnation: 1 };
    expect(recovered.originNumbers(key, 1)).toEqual([1, 2, 3, 5, 6, 9]);
    expect(recovered.originNumbers(key, 4)).toEqual([5, 6, 9]);
    expect(recovered.originNumbers(key, 10)).toEqual([]);
    expect(recovered.originNumbers({ ...key, incarnation: 2 }, 1)).toEqual([]);
    const again: string[] = [];
    recovered.eventsAfter(
      (slot) => (slot === 1 ? 1 : slot < 4 ? 0 : 99),
      (event) => again.push(`${event.slot}:${event.slotSequence}:${event.f64(24)}`),
    );
    const wanted = seen
      .filter(({ slot, sequence }) => slot < 4 && (slot !== 1 || sequence > 1))
      .map(({ slot, sequence, number }) => `${slot}:${sequence}:${number}`);
    expect(again.sort()).toEqual(wanted.sort());
    await shards.stop();
  });
});

const seenAccount = (name: string): boolean => [1, 2, 3, 5, 6, 9].some((number) => `C${number % 4}-${number % 3}` === name);

describe('tables that are behind, or gone', () => {
  test('the journal makes up for whatever the checkpoint had not stored', async () => {
    const dataDir = newDirectory();
    const first = await startToy(dataDir, { checkpointMs: 3_600_000 });
    for (let number = 1; number <= 500; number++) {
      placeOrder(first.shards, number % 32, number);
      if (number % 25 === 0) first.shards.flush();
      first.shards.poll(() => undefined);
    }
    const hashes = await slotHashes(first.shards);
    await first.shards.stop();
    const { rmSync } = await import('node:fs');
    rmSync(join(dataDir, 'state'), { recursive: true });
    const { shards } = await startToy(dataDir, { shards: 2, mode: 'threads' });
    expect(shards.recovered.folded).toBe(500);
    expect(await slotHashes(shards)).toEqual(hashes);
    await shards.stop();
  });
});
