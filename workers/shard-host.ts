// Runs the shards, in threads or in the caller's: what differs between the two, behind one interface.
import type { SharedTable } from './parameter-files.ts';
import type { ShardRecovery } from './shard-setup.ts';

export interface ShardHost {
  /** What each shard recovered, by shard. */
  readonly recoveries: readonly ShardRecovery[];
  /** After commands were committed and doorbells rung. */
  work(): void;
  query(shard: number, slot: number, request: object): Promise<unknown>;
  offerTable(table: SharedTable): void;
  /** Works off what is on the rings, sends all rows, closes the journals. */
  stop(): Promise<void>;
}

/** How a host tells its owner what happens in the shards. */
export interface HostListener {
  parametersLoaded(hash: string, loaded: boolean): void;
  failed(error: Error): void;
  /** Inline shards did a round of work on this thread. */
  worked(): void;
}
