// What tests of running shards share: a fresh directory, shards over the toy fold, orders, and the events that came back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_SLOTS, CommandKind, EventField, MassCancel, newCommandView, OriginKind, PlaceOrder, SLOT_COUNT } from '../../engine/index.ts';
import { type ShardOptions, type Shards, startShards } from '../../workers/index.ts';
import { toyFoldModule } from './toy-fold.ts';

/** An event as tests compare it. */
export interface SeenEvent {
  readonly slot: number;
  readonly sequence: number;
  readonly number: number;
  readonly value: number;
  readonly file: number;
  readonly position: number;
}

const made: string[] = [];

/** A new empty directory; removeDirectories deletes it. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tarazu-workers-'));
  made.push(directory);
  return directory;
}

export function removeDirectories(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** Shards over the toy fold; failures are thrown by whoever asks `failures`. */
export async function startToy(dataDir: string, options: Partial<ShardOptions> = {}): Promise<{ shards: Shards; failures: Error[] }> {
  const failures: Error[] = [];
  const shards = await startShards({
    dataDir,
    shards: 1,
    mode: 'inline',
    durability: 'process',
    checkpointMs: 20,
    foldModule: toyFoldModule,
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { shards, failures };
}

/** Places order `number` of an account in `slot`; false when the lane is full. */
export function placeOrder(shards: Shards, slot: number, number: number): boolean {
  const view = shards.claim(slot, PlaceOrder.BYTES, 'order');
  if (view === null) return false;
  view.begin(CommandKind.PlaceOrder, PlaceOrder.BYTES, slot).setOrigin(OriginKind.FIX, 7, 1, number);
  view.setText(PlaceOrder.account, 16, `C${slot}-${number % 3}`);
  view.setF64(PlaceOrder.quantity, number);
  shards.commit();
  return true;
}

/** A broadcast that gives `events` events in every slot. */
export function broadcastOf(events: number): Uint8Array {
  const view = newCommandView(MassCancel.BYTES);
  view.begin(CommandKind.MassCancel, MassCancel.BYTES, ALL_SLOTS).setU32(MassCancel.token, events);
  return view.bytes;
}

/** Takes every event off the rings into `seen`. */
export function collect(shards: Shards, seen: SeenEvent[], limit?: number): number {
  return shards.poll((event) => {
    seen.push({
      slot: event.slot,
      sequence: event.slotSequence,
      number: event.f64(EventField.originNumber),
      value: event.f64(EventField.value),
      file: event.u32(EventField.journalFile),
      position: event.f64(EventField.journalPosition),
    });
  }, limit);
}

/** Polls until `count` events have been seen; throws after `ms`. */
export async function collectUntil(shards: Shards, seen: SeenEvent[], count: number, ms = 120_000): Promise<void> {
  const until = Date.now() + ms;
  while (seen.length < count) {
    if (collect(shards, seen) === 0) {
      if (Date.now() > until) throw new Error(`saw ${seen.length} of ${count} events in ${ms} ms`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/** State hashes of all slots. */
export async function slotHashes(shards: Shards): Promise<string[]> {
  const hashes: string[] = [];
  for (let slot = 0; slot < SLOT_COUNT; slot++) hashes.push(((await shards.query(slot, { type: 'hash' })) as { hash: string }).hash);
  return hashes;
}
