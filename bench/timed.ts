// Times a loop too short for a timer per turn, and counts the bytes it leaves on the heap. The median of several repetitions is the time; the
// least is the heap (a repetition in which the collector ran says nothing, another thread's allocation is not ours).
import { memoryUsage } from 'node:process';

/** What one loop cost. */
export interface LoopCost {
  readonly nanoseconds: number;
  readonly heapBytes: number;
}

/** Runs `body(from, to)` over [0, count) `repetitions` times after one warm-up; both figures are per item. */
export function timeLoop(count: number, repetitions: number, body: (from: number, to: number) => void): LoopCost {
  body(0, count);
  const times: number[] = [];
  const heaps: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const before = memoryUsage().heapUsed;
    const start = process.hrtime.bigint();
    body(0, count);
    const elapsed = Number(process.hrtime.bigint() - start);
    const grown = memoryUsage().heapUsed - before;
    times.push(elapsed / count);
    if (grown >= 0) heaps.push(grown / count);
  }
  times.sort((a, b) => a - b);
  const least = heaps.length === 0 ? 0 : Math.min(...heaps);
  // Reading the clock and the heap leaves some hundred bytes itself.
  return { nanoseconds: times[Math.floor(times.length / 2)] ?? 0, heapBytes: least * count < 2048 ? 0 : least };
}
