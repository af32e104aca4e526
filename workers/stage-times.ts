// What a shard spends its time on, in shared memory: three histograms and a few counts, filled once per batch by its only writer, the shard, and read
// by whoever draws metrics. A reader may see a batch half counted; the next look has it.

/** Upper bounds of the buckets, microseconds. */
export const STAGE_BOUNDS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000];

/** ringWait: from the oldest command of a batch stamped to the batch begun; fold: each command's share of its batch; journal: the batch's write. */
export const SHARD_STAGES = ['ringWait', 'fold', 'journal'] as const;
export type ShardStage = (typeof SHARD_STAGES)[number];

/** Counts beside the histograms. */
export const SHARD_COUNTS = ['batches', 'commands', 'bytes'] as const;
export type ShardCount = (typeof SHARD_COUNTS)[number];

/** Every so many batches or turns are timed: a clock read costs as much as a good part of an order's decoding. A mask for a count. */
export const TIMED_MASK = 7;

/** Counts within each bound, those above all, then the sum in microseconds. */
const CELLS = STAGE_BOUNDS.length + 2;

/** A histogram over STAGE_BOUNDS: counts are not cumulative, the last is above all bounds. The sum is in microseconds. */
export interface StageHistogram {
  readonly counts: Float64Array;
  readonly sum: number;
}

/** Memory for one shard. */
export function allocateStageTimes(): SharedArrayBuffer {
  return new SharedArrayBuffer((SHARD_STAGES.length * CELLS + SHARD_COUNTS.length) * 8);
}

/** Adds `count` observations of `micros` to the cells of a histogram that begin at `at`. Allocates nothing. */
export function observeStage(cells: Float64Array, at: number, micros: number, count: number): void {
  let bucket = 0;
  while (bucket < STAGE_BOUNDS.length && micros > (STAGE_BOUNDS[bucket] as number)) bucket += 1;
  cells[at + bucket] = (cells[at + bucket] as number) + count;
  cells[at + CELLS - 1] = (cells[at + CELLS - 1] as number) + micros * count;
}

/** Cells of one histogram. */
export const STAGE_CELLS: number = CELLS;

export class StageTimes {
  private readonly cells: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.cells = new Float64Array(memory);
  }

  /** Adds `count` observations of `micros`; what clocks of two threads make negative counts as none. */
  observe(stage: ShardStage, micros: number, count: number): void {
    observeStage(this.cells, SHARD_STAGES.indexOf(stage) * CELLS, Math.max(0, micros), count);
  }

  /** Adds a batch. */
  countBatch(commands: number, bytes: number): void {
    const at = SHARD_STAGES.length * CELLS;
    this.cells[at] = (this.cells[at] as number) + 1;
    this.cells[at + 1] = (this.cells[at + 1] as number) + commands;
    this.cells[at + 2] = (this.cells[at + 2] as number) + bytes;
  }

  /** A copy of one histogram. */
  histogram(stage: ShardStage): StageHistogram {
    const at = SHARD_STAGES.indexOf(stage) * CELLS;
    return { counts: this.cells.slice(at, at + CELLS - 1), sum: this.cells[at + CELLS - 1] ?? 0 };
  }

  /** One of the counts. */
  count(name: ShardCount): number {
    return this.cells[SHARD_STAGES.length * CELLS + SHARD_COUNTS.indexOf(name)] ?? 0;
  }
}
