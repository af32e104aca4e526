// Worker thread of the load client: sleeps until each planned instant and writes that instant's orders straight to the socket's descriptor, so that
// neither the event loop's millisecond timers nor the reading of answers delays a send. A late send is sent at once; the plan is never
// moved (no coordinated omission). Needs a platform where a TCP socket has a descriptor (Linux, macOS).
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { OrderStream, type OrderTemplate } from './order-stream.ts';

/** What the client hands its sender. */
export interface SenderTask {
  readonly fd: number;
  readonly ids: { readonly sender: string; readonly target: string };
  readonly prefix: string;
  readonly orders: readonly OrderTemplate[];
  readonly firstSequence: number;
  readonly firstNumber: number;
  readonly count: number;
  /** Orders per planned instant, and nanoseconds between instants. */
  readonly burst: number;
  readonly interval: number;
  /** Planned time of the first instant, nanoseconds of the monotonic clock. */
  readonly start: number;
}

/** What the sender says when all is written. */
export interface SenderDone {
  readonly worstLateness: number;
  readonly bytesOut: number;
}

/** Nanoseconds of the system's monotonic clock: the same in every thread. */
export function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Blocks until the instant: sleeps to 60 µs before it, then looks at the clock. */
function waitUntil(instant: number): number {
  for (;;) {
    const now = monotonic();
    const left = instant - now;
    if (left <= 0) return now;
    if (left > 90_000) Atomics.wait(sleeper, 0, 0, (left - 60_000) / 1e6);
  }
}

function writeAll(fd: number, bytes: Buffer, length: number): void {
  let at = 0;
  while (at < length) {
    try {
      at += writeSync(fd, bytes, at, length - at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 0.1);
    }
  }
}

function send(task: SenderTask): SenderDone {
  const stream = new OrderStream(task.ids, task.prefix, task.orders);
  const bytes = Buffer.alloc(stream.bytesMax * task.burst);
  let worstLateness = 0;
  let bytesOut = 0;
  for (let sent = 0, instant = 0; sent < task.count; instant++) {
    const planned = task.start + instant * task.interval;
    worstLateness = Math.max(worstLateness, waitUntil(planned) - planned);
    stream.setTime(Date.now());
    let length = 0;
    const burst = Math.min(task.burst, task.count - sent);
    for (let i = 0; i < burst; i++) length = stream.write(bytes, length, task.firstSequence + sent + i, task.firstNumber + sent + i);
    writeAll(task.fd, bytes, length);
    sent += burst;
    bytesOut += length;
  }
  return { worstLateness: worstLateness / 1000, bytesOut };
}

// Also imported for its clock and types; only the worker has a task.
if (parentPort !== null && workerData !== null) parentPort.postMessage(send(workerData as SenderTask));
