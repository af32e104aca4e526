import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocateBells, Doorbell } from '../../workers/ring/doorbell.ts';
import { allocateRing, RING_BYTES_MIN } from '../../workers/ring/layout.ts';
import { RingReader } from '../../workers/ring/ring-reader.ts';
import { RingWriter } from '../../workers/ring/ring-writer.ts';

type Step = { readonly write: number; readonly reserve: number } | { readonly read: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ write: fc.integer({ min: 2, max: 8192 }).map((words) => words * 8), reserve: fc.constantFrom(0, 0, 32_768) }) },
  { weight: 2, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 6 }) }) },
);

/** A record of `length` bytes whose every word tells which record it is. */
function fill(writer: RingWriter, at: number, length: number, number: number): void {
  writer.data.setUint32(at, length, true);
  for (let i = 4; i < length; i += 4) writer.data.setUint32(at + i, (number + i) >>> 0, true);
}

function checkFilled(reader: RingReader, at: number, number: number): void {
  for (let i = 4; i < reader.length; i += 4) expect(reader.data.getUint32(at + i, true)).toBe((number + i) >>> 0);
}

describe('a ring is a bounded queue', () => {
  test('any mix of writes, reserves and reads behaves as a queue that refuses when full', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const memory = allocateRing(RING_BYTES_MIN);
        const writer = new RingWriter(memory);
        const reader = new RingReader(memory, undefined);
        const model: { number: number; length: number }[] = [];
        let number = 0;
        for (const now of steps) {
          if ('write' in now) {
            const held = model.reduce((sum, record) => sum + record.length, 0);
            const at = writer.claim(now.write, now.reserve);
            if (at < 0) {
              // A refusal must be for want of room: wrapping wastes less than the record itself.
              expect(held + 2 * now.write + now.reserve + 65_536).toBeGreaterThan(RING_BYTES_MIN);
              continue;
            }
            expect(held + now.write + now.reserve).toBeLessThanOrEqual(RING_BYTES_MIN);
            number += 1;
            fill(writer, at, now.write, number);
            writer.commit();
            model.push({ number, length: now.write });
          } else {
            for (let i = 0; i < now.read; i++) {
              const at = reader.next();
              const wanted = model.shift();
              if (wanted === undefined) {
                expect(at).toBe(-1);
                break;
              }
              expect(reader.length).toBe(wanted.length);
              checkFilled(reader, at, wanted.number);
            }
            reader.release();
          }
        }
        expect(writer.usedBytes > 0).toBe(model.length > 0);
      }),
      { numRuns: 60 },
    );
  });

  test('a run of records is taken as far as there is room, and arrives whole and in order', () => {
    const lengths = fc.array(
      fc.integer({ min: 2, max: 8192 }).map((words) => words * 8),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 9 }), (records, reads) => {
        const memory = allocateRing(RING_BYTES_MIN);
        const writer = new RingWriter(memory);
        const reader = new RingReader(memory, undefined);
        const staged = new DataView(new ArrayBuffer(records.reduce((sum, length) => sum + length, 0)));
        let end = 0;
        for (const length of records) {
          staged.setUint32(end, length, true);
          staged.setUint32(end + length - 4, end, true);
          end += length;
        }
        let sent = 0;
        let taken = 0;
        while (taken < end) {
          sent += writer.appendRun(new Uint8Array(staged.buffer), staged, sent, end);
          expect(sent).toBeGreaterThan(taken);
          for (let i = 0, at = reader.next(); at >= 0; at = ++i < reads ? reader.next() : -1) {
            expect(reader.length).toBe(staged.getUint32(taken, true));
            expect(reader.data.getUint32(at + reader.length - 4, true)).toBe(taken);
            taken += reader.length;
          }
          reader.release();
        }
        expect(writer.usedBytes).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('what is not released keeps its room, and position tells when it is', () => {
    const memory = allocateRing(RING_BYTES_MIN);
    const writer = new RingWriter(memory);
    const reader = new RingReader(memory, undefined);
    const record = new Uint8Array(65_536);
    new DataView(record.buffer).setUint32(0, record.length, true);
    expect(writer.append(record, 0)).toBe(true);
    const first = writer.position;
    expect(writer.append(record, 0)).toBe(true);
    expect(writer.append(record, 0)).toBe(false);
    expect(reader.next()).toBeGreaterThan(0);
    expect(writer.append(record, 0)).toBe(false);
    expect(writer.isPast(first)).toBe(false);
    reader.release();
    expect(writer.isPast(first)).toBe(true);
    expect(writer.append(record, 0)).toBe(true);
  });

  test('a capacity that is no power of two, or too small for two large records, is refused', () => {
    expect(() => allocateRing(65_536)).toThrow(/power of two/);
    expect(() => allocateRing(RING_BYTES_MIN + 8)).toThrow(/power of two/);
  });
});

const CONSUMER = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { RingReader } from '${new URL('../../workers/ring/ring-reader.ts', import.meta.url).href}';
  import { Doorbell } from '${new URL('../../workers/ring/doorbell.ts', import.meta.url).href}';
  const own = new Doorbell(workerData.bells, 0);
  const reader = new RingReader(workerData.memory, new Doorbell(workerData.bells, 1));
  let expected = 0;
  let wrong = 0;
  while (expected < workerData.records) {
    for (let at = reader.next(); at >= 0; at = reader.next()) {
      if (reader.data.getUint32(at + 4, true) !== expected) wrong += 1;
      expected += 1;
    }
    reader.release();
    if (expected < workerData.records) own.park(() => !reader.isEmpty(), 10000);
  }
  parentPort.postMessage({ wrong, expected });
`;

describe('two threads', () => {
  test('400,000 records of changing length arrive once, in order, with both sides parking', async () => {
    const records = 400_000;
    const memory = allocateRing(RING_BYTES_MIN);
    const bells = allocateBells(2);
    const consumer = new Doorbell(bells, 0);
    const producer = new Doorbell(bells, 1);
    const writer = new RingWriter(memory);
    const url = new URL(`data:text/javascript,${encodeURIComponent(CONSUMER)}`);
    const worker = new Worker(url, { workerData: { memory, bells, records } });
    const done = new Promise<{ wrong: number; expected: number }>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    for (let number = 0; number < records; ) {
      const length = 16 + (number % 37) * 8;
      const at = writer.claim(length, 0);
      if (at < 0) {
        consumer.ring();
        writer.requestRoom();
        const parked = producer.parkAsync(() => writer.fits(length, 0));
        if (parked !== undefined) await parked;
        continue;
      }
      writer.data.setUint32(at, length, true);
      writer.data.setUint32(at + 4, number, true);
      writer.commit();
      number += 1;
      if (number % 64 === 0) consumer.ring();
    }
    consumer.ring();
    expect(await done).toEqual({ wrong: 0, expected: records });
    await worker.terminate();
  });
});
