import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, describe, expect, test } from 'vitest';
import { CommandKind, newCommandView, PlaceOrder, SLOT_COUNT } from '../../engine/index.ts';
import { appendToInbox, InboxFeed, InboxStore } from '../../workers/index.ts';
import { broadcastOf, collect, newDirectory, removeDirectories, type SeenEvent, slotHashes, startToy } from './shard-bench.ts';

afterEach(removeDirectories);

function creditCommand(slot: number, quantity: number): Uint8Array {
  const view = newCommandView(PlaceOrder.BYTES);
  view.begin(CommandKind.PlaceOrder, PlaceOrder.BYTES, slot).setText(PlaceOrder.account, 16, `IN${slot}`);
  view.setF64(PlaceOrder.quantity, quantity);
  return view.bytes;
}

describe('an inbox', () => {
  test('numbers commands, and a key that comes again keeps its number', async () => {
    const dataDir = newDirectory();
    expect(await appendToInbox(dataDir, 5, creditCommand(1, 10), 'a')).toBe(1);
    expect(await appendToInbox(dataDir, 5, creditCommand(1, 20), 'b')).toBe(2);
    expect(await appendToInbox(dataDir, 5, creditCommand(1, 10), 'a')).toBe(1);
    expect(await appendToInbox(dataDir, 6, creditCommand(1, 10), 'a')).toBe(1);
  });

  test('is left alone while its writer is still making it', async () => {
    const dataDir = newDirectory();
    const { shards } = await startToy(dataDir, { shards: 1 });
    const feed = new InboxFeed(dataDir, shards);
    // As the writer leaves it between creating the environment and its databases.
    const half = open({ path: join(dataDir, 'inbox', '5'), noSubdir: false });
    expect(feed.pump()).toBe(0);
    await half.close();
    await appendToInbox(dataDir, 5, creditCommand(1, 10), 'a');
    expect(feed.pump()).toBe(1);
    await feed.close();
    await shards.stop();
  });

  test('is carried to the shards once, whatever is restarted or lost in between', async () => {
    const dataDir = newDirectory();
    const inbox = new InboxStore(dataDir, 5, 'write');
    for (let i = 1; i <= 300; i++) inbox.append(creditCommand(i % 16, i), `credit-${i}`);
    inbox.append(broadcastOf(1), 'tick');
    const seen: SeenEvent[] = [];
    const first = await startToy(dataDir, { shards: 2 });
    const feed = new InboxFeed(dataDir, first.shards);
    expect(feed.pump()).toBe(256);
    expect(feed.pump()).toBe(45);
    expect(feed.pump()).toBe(0);
    expect(feed.isSettled).toBe(true);
    collect(first.shards, seen);
    expect(seen.length).toBe(300 + SLOT_COUNT);
    const hashes = await slotHashes(first.shards);
    await feed.close();
    await first.shards.stop();
    // Without its cursors the feed must find out from the journal.
    for (const lose of [false, true]) {
      if (lose) rmSync(join(dataDir, 'inbox', 'cursors.json'));
      const next = await startToy(dataDir, { shards: 1 });
      const again = new InboxFeed(dataDir, next.shards);
      expect(again.pump()).toBe(0);
      expect(await slotHashes(next.shards)).toEqual(hashes);
      await again.close();
      await next.shards.stop();
    }
    inbox.append(creditCommand(3, 1), 'late');
    await inbox.close();
    const last = await startToy(dataDir, { shards: 1 });
    const late = new InboxFeed(dataDir, last.shards);
    expect(late.pump()).toBe(1);
    await late.close();
    await last.shards.stop();
  });
});
