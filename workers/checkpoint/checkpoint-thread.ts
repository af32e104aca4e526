// The checkpoint thread: takes changed rows from every shard and commits them to LMDB, so that no shard ever waits for it, and has memory ready for
// the rows to come. Sleeps between commits; ends when told to, with everything stored.
import { workerData } from 'node:worker_threads';
import type { Durability } from '../journal/file-journal.ts';
import { Doorbell } from '../ring/doorbell.ts';
import { RingReader } from '../ring/ring-reader.ts';
import { CheckpointIntake } from './checkpoint-intake.ts';
import { CheckpointPhase, enterWork, leaveWork } from './checkpoint-phase.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { MemoryAhead } from './memory-ahead.ts';

/**
 * How often rows are taken off the rings between commits, and memory is looked after while shards recover. Not by bell: a wake-up for each slot would
 * cost the sender more than the slot.
 */
const DRAIN_MS = 20;
/** Of each five parts of time the thread works one at most: a burst of orders must not lose a core to its own bookkeeping. */
const REST_PER_WORK = 4;
const REST_MS_MAX = 3_000;

/** What the thread is started with. */
export interface CheckpointThreadData {
  readonly dataDir: string;
  readonly durability: Durability;
  readonly snapshotSegments: number;
  /** From one commit to the next at least, milliseconds: a page of the tables that changed ten times in between is written once. */
  readonly commitMs: number;
  readonly rings: readonly SharedArrayBuffer[];
  /** Where each shard's state lies. */
  readonly arenas: readonly SharedArrayBuffer[];
  /** Doorbells: one per shard, then this thread's own at `ownBell`. */
  readonly bells: SharedArrayBuffer;
  readonly ownBell: number;
  /** Int32 words of checkpoint-phase.ts. */
  readonly phase: SharedArrayBuffer;
  /** Float64 per slot: sequence the tables are as of. */
  readonly stored: SharedArrayBuffer;
}

async function run(start: CheckpointThreadData): Promise<void> {
  const phase = new Int32Array(start.phase);
  // LMDB shares an environment within a process under the flags of whoever opens it first: opened here while a recovering shard still reads, it
  // would be read-only for good.
  const ahead = new MemoryAhead(start.arenas);
  while (Atomics.load(phase, 0) === CheckpointPhase.WAIT) if (!ahead.makeReady()) Atomics.wait(phase, 0, CheckpointPhase.WAIT, DRAIN_MS);
  enterWork(phase);
  try {
    const writer = new CheckpointWriter(start.dataDir, start.durability, new Float64Array(start.stored), start.snapshotSegments);
    store(start, { phase, ahead }, writer);
    await writer.close();
  } finally {
    leaveWork(phase);
  }
}

/** Takes rows and commits them until told to finish. */
function store(start: CheckpointThreadData, { phase, ahead }: { phase: Int32Array; ahead: MemoryAhead }, writer: CheckpointWriter): void {
  const bell = new Doorbell(start.bells, start.ownBell);
  const intakes = start.rings.map((memory, shard) => new CheckpointIntake(new RingReader(memory, new Doorbell(start.bells, shard))));
  const isStopping = (): boolean => Atomics.load(phase, 0) === CheckpointPhase.FINISH;
  const hasWork = (): boolean => isStopping() || ahead.isWanted || intakes.some((intake) => !intake.isEmpty);
  const restAfter = (started: number): number => Math.min(REST_MS_MAX, (performance.now() - started) * REST_PER_WORK);
  let nextCommit = 0;
  let nextSnapshot = 0;
  for (;;) {
    const stopping = isStopping();
    for (const intake of intakes) intake.drain((stored, rows) => writer.add(stored, rows));
    const now = performance.now();
    if ((stopping || now >= nextCommit) && writer.commit() > 0) nextCommit = performance.now() + Math.max(start.commitMs, restAfter(now));
    else if ((stopping || now >= nextSnapshot) && writer.snapshotOne()) nextSnapshot = performance.now() + restAfter(now);
    else if (stopping) return;
    leaveWork(phase);
    if (ahead.makeReady()) {
      // There may be more to do.
    } else if (now < nextCommit || writer.hasSnapshots) Atomics.wait(phase, 0, CheckpointPhase.WORK, Math.min(DRAIN_MS, start.commitMs));
    else bell.park(hasWork, 1000);
    enterWork(phase);
  }
}

await run(workerData as CheckpointThreadData);
