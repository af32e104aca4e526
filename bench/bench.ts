// The shape of a benchmark and of what it reports. A figure always travels with its unit, its parameters and what it leaves out; a
// target is judged by the run that measured it. Does not run or print anything.
import type { LatencySummary } from './histogram.ts';

/** How large a run is: smoke proves that the bench works, real gives figures worth keeping. */
export type Size = 'smoke' | 'real';

/** One figure. */
export interface Measure {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

/** One latency distribution, microseconds. */
export interface Series {
  readonly label: string;
  readonly latency: LatencySummary;
}

/** A promise the run can keep or break. */
export interface Target {
  readonly claim: string;
  readonly value: number;
  readonly bound: number;
  readonly sense: 'at most' | 'at least';
}

/** Everything one bench says. */
export interface BenchResult {
  /** What was turned up or down: sizes, rates, shards, durability. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** SHA-256 prefix over the parameters: two results compare only when it is equal. */
  readonly configuration: string;
  readonly measures: readonly Measure[];
  readonly series: readonly Series[];
  readonly targets: readonly Target[];
  /** What the figures do not contain, in words. */
  readonly excluded: readonly string[];
}

/** One benchmark file exports `bench` of this shape. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Runs at the given size; throws when something it measures gives a wrong answer. `say` is for progress. */
  run(size: Size, say: (line: string) => void): Promise<BenchResult>;
}

/** Did the run keep the target? */
export function isMet(target: Target): boolean {
  return target.sense === 'at most' ? target.value <= target.bound : target.value >= target.bound;
}
