// Starts and stops the checkpoint thread and knows how far it is behind.
import { Worker } from 'node:worker_threads';
import { SLOT_COUNT } from '../../engine/index.ts';
import type { Durability } from '../journal/file-journal.ts';
import { Doorbell } from '../ring/doorbell.ts';
import { allocateRing } from '../ring/layout.ts';
import { reserveShardMemory } from '../shard-memory.ts';
import { THREAD_START } from '../thread-start.ts';
import { BUSY_WORD, CheckpointPhase, PHASE_BYTES, PHASE_WORD } from './checkpoint-phase.ts';
import type { CheckpointThreadData } from './checkpoint-thread.ts';

const RING_BYTES = 1 << 20;
/** How long a process that ends waits for the thread to come out of a commit, milliseconds. */
const HALT_MS = 5_000;

/** The tables cannot be written (a full disk, most often). The journal is whole; a start with room brings them up to date. */
class CheckpointFailure extends Error {
  override readonly name = 'CheckpointFailure';

  constructor(dataDir: string, cause: unknown) {
    super(`checkpoint: cannot write the tables in ${dataDir}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The checkpoint thread, seen from the thread that started it. */
export class CheckpointClient {
  /** One ring per shard, written by the shard. */
  readonly rings: readonly SharedArrayBuffer[];
  /** Where each shard's state lies: the thread sees to it that there is always some ready to be written. */
  readonly arenas: readonly SharedArrayBuffer[];
  private readonly stored: Float64Array;
  private readonly phase: Int32Array;
  private readonly bell: Doorbell;
  private readonly ended: Promise<void>;
  private readonly halt = (): void => {
    this.enter(CheckpointPhase.HALT);
    const until = performance.now() + HALT_MS;
    while (Atomics.load(this.phase, BUSY_WORD) === 1 && performance.now() < until) Atomics.wait(this.phase, BUSY_WORD, 1, 100);
  };

  /** `fail` is called if the thread dies; the process is then no longer what it promises and must end. */
  constructor(
    where: { dataDir: string; durability: Durability; snapshotSegments: number; commitMs: number },
    bells: { memory: SharedArrayBuffer; shards: number; arenaBytes?: number | undefined },
    fail: (error: Error) => void,
  ) {
    this.rings = Array.from({ length: bells.shards }, () => allocateRing(RING_BYTES));
    this.arenas = this.rings.map(() => reserveShardMemory(bells.arenaBytes));
    const stored = new SharedArrayBuffer(SLOT_COUNT * 8);
    const phase = new SharedArrayBuffer(PHASE_BYTES);
    this.stored = new Float64Array(stored);
    this.phase = new Int32Array(phase);
    this.bell = new Doorbell(bells.memory, bells.shards);
    const { rings, arenas } = this;
    const workerData: CheckpointThreadData = { ...where, rings, arenas, bells: bells.memory, ownBell: bells.shards, phase, stored };
    const worker = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData, ...THREAD_START });
    this.ended = new Promise((resolve) => {
      worker.once('error', (error) => fail(new CheckpointFailure(where.dataDir, error)));
      worker.once('exit', () => {
        process.off('exit', this.halt);
        resolve();
      });
    });
    process.once('exit', this.halt);
  }

  /** Sequence per slot that the tables on disk are as of. */
  get storedSequences(): Float64Array {
    return this.stored;
  }

  /** Wakes the thread: rows have been sent. */
  wake(): void {
    this.bell.ring();
  }

  /** Lets the thread open the tables: every shard has read them. */
  begin(): void {
    this.enter(CheckpointPhase.WORK);
  }

  /** Stores everything sent so far and ends the thread. */
  async stop(): Promise<void> {
    this.enter(CheckpointPhase.FINISH);
    this.bell.ring();
    await this.ended;
  }

  private enter(phase: number): void {
    Atomics.store(this.phase, PHASE_WORD, phase);
    Atomics.notify(this.phase, PHASE_WORD);
  }
}
