// The hand-off between the gateway's thread and a shard's: what a record costs through a ring on one thread, and the round trip to another thread that
// sleeps between batches (Atomics.wait there, Atomics.waitAsync here), one in flight and many.
import { Worker } from 'node:worker_threads';
import { PlaceOrder } from '../engine/index.ts';
import { allocateBells, Doorbell } from '../workers/ring/doorbell.ts';
import { allocateRing } from '../workers/ring/layout.ts';
import { RingReader } from '../workers/ring/ring-reader.ts';
import { RingWriter } from '../workers/ring/ring-writer.ts';
import type { Bench, BenchResult, Size } from './bench.ts';
import { Histogram } from './histogram.ts';
import { configurationHash } from './machine.ts';
import { timeLoop } from './timed.ts';

const RING_BYTES = 1 << 20;
const RECORD = PlaceOrder.BYTES;

/** Both ends on this thread, in batches of 64. */
function oneThread(records: number): { nanoseconds: number; heapBytes: number } {
  const memory = allocateRing(RING_BYTES);
  const writer = new RingWriter(memory);
  const reader = new RingReader(memory, undefined);
  return timeLoop(records, 5, (from, to) => {
    for (let i = from; i < to; i += 64) {
      for (let k = 0; k < 64; k++) {
        const at = writer.claim(RECORD, 0);
        writer.data.setUint32(at, RECORD, true);
        writer.commit();
      }
      while (reader.next() >= 0);
      reader.release();
    }
  });
}

/** This thread and a parked worker; keeps `inFlight` records out until `count` have come back. */
class Pair {
  readonly latency = new Histogram();
  private readonly bells = allocateBells(2);
  private readonly inbound = allocateRing(RING_BYTES);
  private readonly outbound = allocateRing(RING_BYTES);
  private readonly writer = new RingWriter(this.inbound);
  private readonly workerBell = new Doorbell(this.bells, 0);
  private readonly ownBell = new Doorbell(this.bells, 1);
  private readonly reader = new RingReader(this.outbound, this.workerBell);
  private readonly worker = new Worker(new URL('load/ring-echo.ts', import.meta.url), {
    workerData: { inbound: this.inbound, outbound: this.outbound, bells: this.bells },
  });

  /** Records per second; each record carries its time of departure. */
  async run(count: number, inFlight: number): Promise<number> {
    this.latency.reset();
    const start = process.hrtime.bigint();
    let sent = 0;
    let back = 0;
    while (back < count) {
      const now = Number(process.hrtime.bigint() - start);
      const room = Math.min(inFlight - (sent - back), count - sent);
      for (let i = 0; i < room; i++) {
        const at = this.writer.claim(RECORD, 0);
        this.writer.data.setUint32(at, RECORD, true);
        this.writer.data.setFloat64(at + 32, now, true);
        this.writer.commit();
      }
      sent += room;
      this.workerBell.ring();
      await this.ownBell.parkAsync(() => !this.reader.isEmpty());
      const arrived = Number(process.hrtime.bigint() - start);
      for (let at = this.reader.next(); at >= 0; at = this.reader.next()) {
        this.latency.record(arrived - this.reader.data.getFloat64(at + 32, true));
        back += 1;
      }
      this.reader.release();
    }
    return count / (Number(process.hrtime.bigint() - start) / 1e9);
  }

  async stop(): Promise<void> {
    const at = this.writer.claim(8, 0);
    this.writer.data.setUint32(at, 8, true);
    this.writer.commit();
    this.workerBell.ring();
    await new Promise((resolve) => this.worker.once('exit', resolve));
  }
}

async function run(size: Size): Promise<BenchResult> {
  const smoke = size === 'smoke';
  const local = oneThread(smoke ? 64_000 : 6_400_000);
  const pair = new Pair();
  await pair.run(smoke ? 200 : 5000, 1);
  await pair.run(smoke ? 200 : 20_000, 1);
  const single = { label: 'round trip, 1 in flight', latency: pair.latency.summary() };
  await pair.run(smoke ? 10_000 : 500_000, 1024);
  const perSecond = await pair.run(smoke ? 20_000 : 3_000_000, 1024);
  const many = { label: 'round trip, 1,024 in flight', latency: pair.latency.summary() };
  await pair.stop();
  const parameters = { recordBytes: RECORD, ringBytes: RING_BYTES, batch: 64 };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures: [
      { label: 'one thread, claim + commit + read', value: local.nanoseconds, unit: 'ns/record' },
      { label: 'one thread, heap', value: local.heapBytes, unit: 'bytes/record' },
      { label: 'two threads, there and back', value: perSecond, unit: 'records/s', note: '1,024 in flight' },
    ],
    series: [single, many],
    targets: [],
    excluded: ['encoding and folding of commands'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'ring', title: 'Ring hand-off between threads', run };
