// How shards are started: options, their defaults, and the shared memory they need.
import { SLOT_COUNT } from '../engine/index.ts';
import type { CheckpointClient } from './checkpoint/checkpoint-client.ts';
import type { Durability } from './journal/file-journal.ts';
import type { FilePort } from './journal/file-port.ts';
import { SEGMENT_BYTES } from './journal/layout.ts';
import type { SharedTable } from './parameter-files.ts';
import { allocateBells } from './ring/doorbell.ts';
import { allocateRing } from './ring/layout.ts';
import { reserveShardMemory } from './shard-memory.ts';
import type { ShardMemory } from './shard-setup.ts';
import { allocateStageTimes } from './stage-times.ts';

export interface ShardOptions {
  /** Directory this process will own: journal, state tables, parameter store. Created when absent. */
  readonly dataDir: string;
  /** 1 to 128. */
  readonly shards: number;
  /** `threads`: one thread per shard; `inline`: in the caller's thread, worked off at flush. */
  readonly mode: 'threads' | 'inline';
  readonly durability: Durability;
  /** Called once when a shard or the checkpoint thread has failed: the process must end. Default: say so on stderr and exit with 70. */
  readonly onFailure?: (error: Error) => void;
  /** Milliseconds between checkpoints of a slot. */
  readonly checkpointMs?: number;
  /** Times a shard looks for work before it parks; 0 on machines with few cores. */
  readonly spins?: number;
  /** Ring capacities, powers of two. */
  readonly inboundBytes?: number;
  readonly outboundBytes?: number;
  readonly segmentBytes?: number;
  /** Journal segments between two snapshots of a slot. */
  readonly snapshotSegments?: number;
  /** Parameter tables already in memory: recovery takes them from here before it reads the store. */
  readonly tables?: readonly SharedTable[];
  /** URL of a module that exports `createFold(tables, memory): SlotFold`; default: the engine. */
  readonly foldModule?: string;
  /** Gives command times, EpochMicros, never stepping back; default: the wall clock held to that. For simulation and tests. */
  readonly clock?: () => number;
  /** Bytes reserved for a shard's state, of addresses; default 4 GiB. See shard-memory.ts. */
  readonly memoryBytes?: number;
  /** Inline only: the journal's file calls. */
  readonly files?: FilePort;
}

export type CompleteOptions = Required<Omit<ShardOptions, 'files' | 'clock' | 'memoryBytes'>> & Pick<ShardOptions, 'files' | 'clock' | 'memoryBytes'>;

const SHARDS_MAX = 128;
const EXIT_FAILURE = 70;

/** Fills in the defaults. Throws RangeError on a count out of range. */
export function completeOptions(options: ShardOptions): CompleteOptions {
  if (!Number.isInteger(options.shards) || options.shards < 1 || options.shards > SHARDS_MAX)
    throw new RangeError(`shards: ${options.shards} is not a whole number from 1 to ${SHARDS_MAX}`);
  return {
    onFailure: failStop,
    checkpointMs: 1000,
    spins: 0,
    inboundBytes: 1 << 20,
    outboundBytes: 1 << 21,
    segmentBytes: SEGMENT_BYTES,
    snapshotSegments: 4,
    tables: [],
    foldModule: new URL('./engine-fold.ts', import.meta.url).href,
    ...options,
  };
}

/** Rings, doorbells and counters of the shards; `checkpoint` has the rings to the checkpoint thread, and the memory that it looks after. */
export function allocateShardMemory(
  options: CompleteOptions,
  bells: SharedArrayBuffer,
  checkpoint: Pick<CheckpointClient, 'rings' | 'arenas'>,
): ShardMemory[] {
  const sequences = new SharedArrayBuffer(SLOT_COUNT * 8);
  return checkpoint.rings.map((ring, shard) => ({
    inbound: allocateRing(options.inboundBytes),
    outbound: allocateRing(options.outboundBytes),
    rows: ring,
    arena: checkpoint.arenas[shard] ?? reserveShardMemory(options.memoryBytes),
    bells,
    sequences,
    stages: allocateStageTimes(),
  }));
}

/** Doorbells of the shards, the checkpoint thread and the gateway. */
export const allocateShardBells = (shards: number): SharedArrayBuffer => allocateBells(shards + 2);

/** What was folded is not durable, or state is in doubt: nothing may be answered any more. */
function failStop(error: Error): void {
  process.stderr.write(`tarazu: stopping: ${error.message}\n`);
  process.exit(EXIT_FAILURE);
}
