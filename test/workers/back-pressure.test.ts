import { afterEach, describe, expect, test } from 'vitest';
import { ALL_SLOTS, buildParameterTable, CommandKind, type LoadParametersBody, SLOT_COUNT } from '../../engine/index.ts';
import { QueryRefused, rareCommand } from '../../workers/index.ts';
import {
  broadcastOf,
  collect,
  collectUntil,
  newDirectory,
  placeOrder,
  removeDirectories,
  type SeenEvent,
  slotHashes,
  startToy,
} from './shard-bench.ts';

afterEach(removeDirectories);

const SMALL = 1 << 17;

/** Sequences per slot must be 1, 2, 3 … with nothing missing or doubled. */
function expectNothingLost(seen: readonly SeenEvent[]): void {
  const last = new Map<number, string>();
  for (const event of seen) {
    const key = `${event.sequence}.${event.value}`;
    const before = last.get(event.slot) ?? '0.0';
    const [sequence = 0, value = 0] = before.split('.').map(Number);
    const follows = (event.sequence === sequence + 1 && event.value === 0) || (event.sequence === sequence && event.value === value + 1);
    expect(follows, `slot ${event.slot}: ${key} after ${before}`).toBe(true);
    last.set(event.slot, key);
  }
}

describe.each(['inline', 'threads'] as const)('%s: when the gateway reads nothing', (mode) => {
  test('orders are refused, then executions too, nothing is dropped, and all comes out in order once it reads', async () => {
    const { shards, failures } = await startToy(newDirectory(), { mode, inboundBytes: SMALL, outboundBytes: SMALL });
    const seen: SeenEvent[] = [];
    // Each of these gives 256 events, far more than the outbound ring holds, so the shard stands still behind it.
    let broadcasts = 0;
    while (broadcasts < 20 && shards.broadcast(broadcastOf(8))) {
      broadcasts += 1;
      shards.flush();
    }
    let accepted = 0;
    let number = 0;
    for (let refusals = 0; refusals < 3; ) {
      number += 1;
      if (placeOrder(shards, number % 16, number)) accepted += 1;
      else {
        refusals += 1;
        shards.flush();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    expect(accepted).toBeGreaterThan(100);
    // The reserved lane still has room where orders have none.
    const reserved = shards.claim(3, 48, 'reserved');
    expect(reserved).not.toBeNull();
    reserved?.begin(7, 48, 3);
    shards.commit();
    shards.flush();
    expect(shards.gauges().backlogBytes[0]).toBeGreaterThan(SMALL / 2);
    const expected = accepted + 1 + broadcasts * 8 * SLOT_COUNT;
    // A slow reader: seven events at a time.
    const until = Date.now() + 120_000;
    while (seen.length < expected && Date.now() < until) if (collect(shards, seen, 7) === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(seen.length).toBe(expected);
    expectNothingLost(seen);
    await shards.stop();
    expect(failures).toEqual([]);
  });
});

describe('a broadcast', () => {
  test('goes to every shard or to none', async () => {
    const { shards } = await startToy(newDirectory(), { mode: 'inline', shards: 2, inboundBytes: SMALL });
    const seen: SeenEvent[] = [];
    // Fill the ring of shard 1 only, without letting it run.
    let filled = 0;
    for (let claimed = shards.claim(1, 65_536, 'reserved'); claimed !== null; claimed = shards.claim(1, 48, 'reserved')) {
      claimed.begin(7, claimed === null ? 48 : filled === 0 ? 65_536 : 48, 1);
      shards.commit();
      filled += 1;
    }
    expect(shards.broadcast(broadcastOf(1))).toBe(false);
    shards.flush();
    collect(shards, seen);
    expect(seen.length).toBe(filled);
    expect(shards.broadcast(broadcastOf(1))).toBe(true);
    shards.flush();
    await collectUntil(shards, seen, filled + SLOT_COUNT);
    await shards.stop();
  });
});

describe('questions', () => {
  test('are answered between batches, in order, and refused when too many wait', async () => {
    const { shards } = await startToy(newDirectory(), { mode: 'threads' });
    placeOrder(shards, 4, 1);
    shards.flush();
    const answers = await Promise.allSettled(Array.from({ length: 400 }, (_, i) => shards.query(4, { type: 'hash', i })));
    const fulfilled = answers.filter((answer) => answer.status === 'fulfilled').map((answer) => (answer.value as { asked: { i: number } }).asked.i);
    expect(fulfilled).toEqual(Array.from({ length: 256 }, (_, i) => i));
    expect(answers.slice(256).every((answer) => answer.status === 'rejected' && answer.reason instanceof QueryRefused)).toBe(true);
    await shards.stop();
  });
});

describe('the listener', () => {
  test.each(['inline', 'threads'] as const)('%s: is called for every batch of events, also those a limited poll left behind', async (mode) => {
    const { shards } = await startToy(newDirectory(), { mode, shards: 2 });
    const seen: SeenEvent[] = [];
    let resolve = (): void => undefined;
    const done = new Promise<void>((settle) => {
      resolve = settle;
    });
    shards.onEvents(() => {
      collect(shards, seen, 3);
      if (seen.length === 500) resolve();
    });
    for (let number = 1; number <= 500; number++) {
      placeOrder(shards, number % 16, number);
      if (number % 20 === 0) {
        shards.flush();
        await new Promise((settle) => setImmediate(settle));
      }
    }
    await done;
    expectNothingLost(seen);
    await shards.stop();
  });
});

describe('taking over parameters', () => {
  test.each(['inline', 'threads'] as const)('%s: every slot loads the table by a command of its own, orders go on meanwhile', async (mode) => {
    const dataDir = newDirectory();
    const { shards, failures } = await startToy(dataDir, { mode, shards: 2 });
    const seen: SeenEvent[] = [];
    shards.onEvents(() => void collect(shards, seen));
    const table = buildParameterTable(20261120, [], [], { sources: [], commodities: [], clearing: [] });
    const hash = 'ab'.repeat(32);
    const loading = shards.loadParameters({ hash, buffer: table.buffer as SharedArrayBuffer }, 'empty');
    // Inline, the first has been taken over before this line.
    if (mode === 'threads')
      await expect(shards.loadParameters({ hash, buffer: table.buffer as SharedArrayBuffer }, 'again')).rejects.toThrow(/still being taken over/);
    for (let number = 1; number <= 200; number++) {
      placeOrder(shards, number % 16, number);
      shards.flush();
    }
    await loading;
    await collectUntil(shards, seen, 200 + SLOT_COUNT);
    expectNothingLost(seen);
    // A table nobody has is dropped before any slot hears of it; bytes that are no table are refused at the door.
    const unknown: LoadParametersBody = { tableHash: 'cd'.repeat(32), label: 'unknown' };
    expect(shards.broadcast(rareCommand(CommandKind.LoadParameters, ALL_SLOTS, unknown).bytes)).toBe(true);
    shards.flush();
    await expect(shards.loadParameters({ hash: 'x', buffer: new SharedArrayBuffer(8) }, 'broken')).rejects.toThrow(/parameter table/);
    await slotHashes(shards);
    await shards.stop();
    expect(seen.length).toBe(200 + SLOT_COUNT);
    expect(failures).toEqual([]);
    const { shards: again } = await startToy(dataDir);
    expect([...again.recovered.parameters]).toEqual([[hash, SLOT_COUNT]]);
    await again.stop();
  });
});
