// Counts of nanoseconds in logarithmic buckets with 128 steps each: any value up to 73 minutes is kept to better than 1 %, in constant
// memory and without allocation per value. Does not interpolate: a percentile is the upper edge of its bucket.

const STEPS = 128;
const STEP_BITS = 7;
const OCTAVES = 36;

/** A distribution reduced to what is printed and plotted; microseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  /** [percentile, microseconds] for the plot. */
  readonly curve: readonly (readonly [number, number])[];
}

/** Latencies in nanoseconds. */
export class Histogram {
  private readonly buckets = new Float64Array(OCTAVES * STEPS);
  count = 0;
  private sum = 0;
  private smallest = Number.POSITIVE_INFINITY;
  private largest = 0;

  /** Adds one value; negative values (a clock that stepped back) count as 0. */
  record(nanoseconds: number): void {
    const value = nanoseconds > 0 ? Math.floor(nanoseconds) : 0;
    const bucket = bucketOf(value);
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.count += 1;
    this.sum += value;
    if (value < this.smallest) this.smallest = value;
    if (value > this.largest) this.largest = value;
  }

  /** Nanoseconds that `percentile` per cent of the values do not pass; 0 when empty. */
  at(percentile: number): number {
    if (this.count === 0) return 0;
    const wanted = Math.max(1, Math.ceil((percentile / 100) * this.count));
    let seen = 0;
    for (let bucket = 0; bucket < this.buckets.length; bucket++) {
      seen += this.buckets[bucket] ?? 0;
      if (seen >= wanted) return Math.min(upperEdge(bucket), this.largest);
    }
    return this.largest;
  }

  /** Forgets everything. */
  reset(): void {
    this.buckets.fill(0);
    this.count = 0;
    this.sum = 0;
    this.smallest = Number.POSITIVE_INFINITY;
    this.largest = 0;
  }

  /** The distribution in microseconds. */
  summary(): LatencySummary {
    const us = (percentile: number): number => this.at(percentile) / 1000;
    const curve: (readonly [number, number])[] = [];
    for (let left = 1; left >= 1e-5 && (1 - left) * this.count < this.count; left /= 1.15) {
      if (left * this.count < 1) break;
      curve.push([100 * (1 - left), us(100 * (1 - left))]);
    }
    return {
      count: this.count,
      mean: this.count === 0 ? 0 : this.sum / this.count / 1000,
      min: this.count === 0 ? 0 : this.smallest / 1000,
      max: this.largest / 1000,
      p50: us(50),
      p90: us(90),
      p99: us(99),
      p999: us(99.9),
      p9999: us(99.99),
      curve,
    };
  }
}

function bucketOf(value: number): number {
  if (value < STEPS * 2) return value;
  const octave = value < 0x1_0000_0000 ? 31 - Math.clz32(value) - STEP_BITS : 63 - Math.clz32(value / 0x1_0000_0000) - STEP_BITS;
  const step = Math.floor(value / 2 ** octave) - STEPS;
  return Math.min((octave + 1) * STEPS + step, OCTAVES * STEPS - 1);
}

function upperEdge(bucket: number): number {
  if (bucket < STEPS * 2) return bucket;
  const octave = Math.floor(bucket / STEPS) - 1;
  return (STEPS + (bucket % STEPS) + 1) * 2 ** octave - 1;
}
