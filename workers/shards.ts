// What the gateway and batch see of the shards, whichever way they run (threads or inline). One producer thread.
//
//   claim → write the command in place → commit …  flush (one notify per batch)
//   onEvents fires when events are durable; poll hands them out in order, per shard.
import type { CommandView, EventView } from '../engine/index.ts';
import type { SharedTable } from './parameter-files.ts';
import type { Recovered } from './recovery/recovered.ts';
import type { StageTimes } from './stage-times.ts';

/** Back-pressure class: only 'order' may be refused, the others have reserved room (design section 4). */
export type Lane = 'order' | 'reserved';

/** What operations watch. */
export interface ShardGauges {
  /** Commands folded, all slots. */
  readonly folded: number;
  /** Commands folded that the tables on disk do not show yet: what a restart would fold again. */
  readonly checkpointLag: number;
  /** Bytes waiting in each inbound ring. */
  readonly backlogBytes: readonly number[];
}

/** What metrics read of the shards beside the gauges. */
export interface ShardMeters {
  /** Bytes each inbound ring holds when full, and the share of them that new orders and replaces may use. */
  readonly ringBytes: number;
  readonly orderShare: number;
  /** Times and counts of each shard. */
  readonly stages: readonly StageTimes[];
}

export interface Shards {
  readonly shardCount: number;
  /** What the start found and redid. */
  readonly recovered: Recovered;
  /** Shard that owns a slot. */
  shardOf(slot: number): number;
  /**
   * Room for a command of `length` bytes on the ring of the slot's owner, as a view to write through, or null when the lane is full
   * (answer "busy", or pause the source). Exactly one claim may be open; it is written, then committed. Valid until commit.
   */
  claim(slot: number, length: number, lane: Lane): CommandView | null;
  /** Stamps time (max(last, clock)) and publishes the claimed command. */
  commit(): void;
  /** Enqueues one record (slot = ALL_SLOTS) on every shard, or on none: false when any ring lacks room. Stamps time. */
  broadcast(record: Uint8Array): boolean;
  /** Wakes the shards that have unread commands; call once per socket read or timer. */
  flush(): void;
  /** Hands out up to `limit` durable events in order; returns how many. The view is valid inside the callback only. */
  poll(handler: (event: EventView, shard: number) => void, limit?: number): number;
  /** Calls back (on the event loop) when poll has something, or when a ring that refused a claim or broadcast has room again; one listener. */
  onEvents(listener: () => void): void;
  /**
   * Asks the owner of `slot`; the answer is a plain object, as of a batch it has finished (commands still on the ring are not in it). Not journalled;
   * rejects with QueryRefused when too many wait.
   */
  query(slot: number, request: object): Promise<unknown>;
  /**
   * Makes every slot take over a stored parameter table, a few slots at a time between orders; resolves when the last has, and the
   * table before it is free. Rejects when the table cannot be had. One at a time.
   */
  loadParameters(table: SharedTable, label: string): Promise<void>;
  /** A position that isDurable can later be asked about: everything committed for the owner of `slot` so far. */
  position(slot: number): number;
  /** Is everything up to `position` in the journal? */
  isDurable(slot: number, position: number): boolean;
  gauges(): ShardGauges;
  readonly meters: ShardMeters;
  /** Folds and publishes what is on the rings, stores every row, closes the journal; resolves when every thread has ended. */
  stop(): Promise<void>;
}

/** Too many questions are waiting for this shard: ask again later. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
}
