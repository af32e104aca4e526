// Times a loop too short for a timer per turn, and counts the bytes it leaves on the heap. The median of several repetitions is the time; the
// least is the heap (a repetition in which the collector ran says nothing, another thread's allocation is not ours).
import { cpuUsage, memoryUsage } from 'node:process';

/** What one loop cost. */
export interface LoopCost {
  readonly nanoseconds: number;
  /** Processor time of the whole process, collector and compiler threads included: the figure to trust on a machine that is shared. */
  readonly cpuNanoseconds: number;
  readonly heapBytes: number;
}

/** What reading the clocks and the heap leaves itself, at most. */
const READING_BYTES = 2048;

/** Runs `body(from, to)` over [0, count) `repetitions` times after one warm-up; both figures are per item. */
export function timeLoop(count: number, repetitions: number, body: (from: number, to: number) => void): LoopCost {
  body(0, count);
  const times: number[] = [];
  const cpus: number[] = [];
  const heaps: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const cpu = cpuUsage();
    const before = memoryUsage().heapUsed;
    const start = process.hrtime.bigint();
    body(0, count);
    const elapsed = Number(process.hrtime.bigint() - start);
    const grown = memoryUsage().heapUsed - before;
    const { user, system } = cpuUsage(cpu);
    times.push(elapsed / count);
    cpus.push(((user + system) * 1000) / count);
    if (grown >= 0) heaps.push(grown / count);
  }
  const least = heaps.length === 0 ? 0 : Math.min(...heaps);
  return { nanoseconds: median(times), cpuNanoseconds: median(cpus), heapBytes: least * count < READING_BYTES ? 0 : least };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
