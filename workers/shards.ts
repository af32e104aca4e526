// What the gateway and batch see of the shards, whichever way they run (threads or inline). One producer thread.
//
//   claim → write the command in place → commit …  flush (one notify per batch)
//   onEvents fires when events are durable; poll hands them out in order, per shard.
import type { CommandView, EventView } from '../engine/index.ts';

/** Back-pressure class: only 'order' may be refused, the others have reserved room (design section 4). */
export type Lane = 'order' | 'reserved';

export interface Shards {
  readonly shardCount: number;
  /** Shard that owns a slot. */
  shardOf(slot: number): number;
  /**
   * Room for a command of `length` bytes on the ring of the slot's owner, as a view to write through, or null when the lane is full
   * (answer "busy", or pause the source). Exactly one claim may be open; it is written, then committed. Valid until commit.
   */
  claim(slot: number, length: number, lane: Lane): CommandView | null;
  /** Stamps time (max(last, clock)) and publishes the claimed command. */
  commit(): void;
  /** Enqueues one record (slot = ALL_SLOTS) on every shard, or on none: false when any ring lacks room. */
  broadcast(record: Uint8Array): boolean;
  /** Wakes the shards that have unread commands; call once per socket read or timer. */
  flush(): void;
  /** Hands out up to `limit` durable events in order; returns how many. The view is valid inside the callback only. */
  poll(handler: (event: EventView, shard: number) => void, limit?: number): number;
  /** Calls back (on the event loop) when poll has something; one listener. */
  onEvents(listener: () => void): void;
  /** Asks the owner of `slot`; the answer is a plain object. Not journalled; refused when the query budget is spent. */
  query(slot: number, request: object): Promise<unknown>;
  /** Flushes, seals the journal and stops; resolves when every shard has stopped. */
  stop(): Promise<void>;
}
