// Worker thread of the ring bench: gives every record back through the second ring until the first record of length 8 arrives.
import { workerData } from 'node:worker_threads';
import { Doorbell } from '../../workers/ring/doorbell.ts';
import { RingReader } from '../../workers/ring/ring-reader.ts';
import { RingWriter } from '../../workers/ring/ring-writer.ts';

const { inbound, outbound, bells } = workerData as { inbound: SharedArrayBuffer; outbound: SharedArrayBuffer; bells: SharedArrayBuffer };
const ownBell = new Doorbell(bells, 0);
const mainBell = new Doorbell(bells, 1);
const reader = new RingReader(inbound, mainBell);
const writer = new RingWriter(outbound);
const hasWork = (): boolean => !reader.isEmpty();

function drain(): boolean {
  for (let at = reader.next(); at >= 0; at = reader.next()) {
    if (reader.length === 8) return false;
    const to = writer.claim(reader.length, 0);
    if (to < 0) throw new Error('the answering ring is full: the bench keeps too much in flight');
    writer.bytes.set(reader.bytes.subarray(at, at + reader.length), to);
    writer.commit();
  }
  reader.release();
  mainBell.ring();
  return true;
}

while (drain()) ownBell.park(hasWork, 1000);
