// The running shards as gateway and batch see them: rings in front, a host behind. See shards.ts for what each call promises.
import { assert, type CommandView, type EventView, ParameterTable, SLOT_COUNT } from '../engine/index.ts';
import type { CheckpointClient } from './checkpoint/checkpoint-client.ts';
import type { EventWakeups } from './event-wakeups.ts';
import type { GatewayRings } from './gateway-rings.ts';
import type { SharedTable } from './parameter-files.ts';
import type { ParameterLoading } from './parameter-loading.ts';
import type { Recovered } from './recovery/recovered.ts';
import type { ShardHost } from './shard-host.ts';
import type { ShardMemory } from './shard-setup.ts';
import type { Lane, ShardGauges, ShardMeters, Shards } from './shards.ts';
import { StageTimes } from './stage-times.ts';

/** How often a stopping gateway takes events off the rings, milliseconds. */
const STOP_POLL_MS = 2;

interface RunningParts {
  readonly rings: GatewayRings;
  readonly host: ShardHost;
  readonly checkpoint: CheckpointClient;
  readonly recovered: Recovered;
  readonly wakeups: EventWakeups;
  readonly unlock: () => Promise<void>;
  readonly memory: readonly ShardMemory[];
}

export class RunningShards implements Shards {
  readonly recovered: Recovered;
  /** Set once by startShards. */
  parameters: ParameterLoading | undefined;
  private readonly parts: RunningParts;
  private readonly sequences: Float64Array;
  readonly meters: ShardMeters;
  private stopped: Promise<void> | undefined;

  constructor(parts: RunningParts) {
    const memory = parts.memory[0];
    assert(memory !== undefined, 'no shards');
    this.parts = parts;
    this.recovered = parts.recovered;
    this.sequences = new Float64Array(memory.sequences);
    const stages = parts.memory.map((shard) => new StageTimes(shard.stages));
    this.meters = { ringBytes: parts.rings.capacity, orderShare: parts.rings.orderShare, stages };
  }

  get shardCount(): number {
    return this.parts.rings.shardCount;
  }

  shardOf(slot: number): number {
    return this.parts.rings.shardOf(slot);
  }

  claim(slot: number, length: number, lane: Lane): CommandView | null {
    return this.parts.rings.claim(slot, length, lane);
  }

  commit(): void {
    this.parts.rings.commit();
  }

  broadcast(record: Uint8Array): boolean {
    return this.parts.rings.broadcast(record);
  }

  flush(): void {
    this.parts.rings.ringShards();
    this.parts.host.work();
  }

  poll(handler: (event: EventView, shard: number) => void, limit: number = Number.POSITIVE_INFINITY): number {
    const count = this.parts.rings.poll(handler, limit);
    // Inline shards that stood still for want of room go on now.
    if (count > 0) this.parts.host.work();
    return count;
  }

  onEvents(listener: () => void): void {
    this.parts.wakeups.listen(listener);
  }

  query(slot: number, request: object): Promise<unknown> {
    return this.parts.host.query(this.shardOf(slot), slot, request);
  }

  async loadParameters(table: SharedTable, label: string): Promise<void> {
    assert(this.parameters !== undefined, 'shards: not started');
    // Here its bytes can still be refused; in a shard they would stop the process.
    new ParameterTable(table.buffer);
    this.parts.host.offerTable(table);
    await this.parameters.load(table.hash, label);
  }

  /** Broadcasts and wakes; false when a ring lacks room. */
  broadcastNow(record: Uint8Array): boolean {
    if (!this.broadcast(record)) return false;
    this.flush();
    return true;
  }

  position(slot: number): number {
    return this.parts.rings.position(slot);
  }

  isDurable(slot: number, position: number): boolean {
    return this.parts.rings.isDurable(slot, position);
  }

  gauges(): ShardGauges {
    const stored = this.parts.checkpoint.storedSequences;
    let folded = 0;
    let checkpointLag = 0;
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      const sequence = this.sequences[slot] ?? 0;
      folded += sequence;
      checkpointLag += sequence - Math.max(stored[slot] ?? 0, 0);
    }
    return { folded, checkpointLag, backlogBytes: this.parts.rings.backlogBytes() };
  }

  stop(): Promise<void> {
    this.stopped ??= this.stopOnce();
    return this.stopped;
  }

  private async stopOnce(): Promise<void> {
    const { rings, host, checkpoint, wakeups, unlock } = this.parts;
    this.flush();
    // A shard that waits for room on its outbound ring could not stop; events nobody listens for are in the journal all the same.
    const drain = (): void => {
      if (rings.hasEvents() && !wakeups.fire()) this.poll(() => undefined);
    };
    const timer = setInterval(drain, STOP_POLL_MS);
    try {
      await host.stop();
      drain();
      wakeups.stop();
      await checkpoint.stop();
    } finally {
      clearInterval(timer);
      await unlock();
    }
  }
}
