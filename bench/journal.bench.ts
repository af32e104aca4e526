// The journal of one shard: records per second in batches of several sizes, surviving the process and surviving the machine, beside bare writes of the same
// bytes to a file. A record is a PlaceOrder and one event.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CommandKind, EVENT_BYTES, newCommandView, PlaceOrder } from '../engine/index.ts';
import { BatchBuffer } from '../workers/journal/batch-buffer.ts';
import { type Durability, FileJournal } from '../workers/journal/file-journal.ts';
import type { Bench, BenchResult, Measure, Series, Size } from './bench.ts';
import { Histogram } from './histogram.ts';
import { configurationHash } from './machine.ts';
import { outFolder } from './out-folder.ts';

const SLOT = 7;
const BATCHES = [1, 16, 256];

interface Run {
  readonly perSecond: number;
  readonly latency: Histogram;
  readonly batchBytes: number;
}

/** Appends batches of `size` records for `seconds`. */
function appendBatches(directory: string, durability: Durability, size: number, seconds: number): Run {
  const sequences = new Float64Array(256);
  const options = { directory, epoch: 1, shard: 0, shardCount: 1, ownedSlots: Array.from({ length: 256 }, (_, slot) => slot) };
  const journal = new FileJournal({ ...options, sequences, previousHash: new Uint8Array(32), durability });
  const batch = new BatchBuffer();
  const command = newCommandView(PlaceOrder.BYTES).begin(CommandKind.PlaceOrder, PlaceOrder.BYTES, SLOT);
  const event = new Uint8Array(EVENT_BYTES);
  const latency = new Histogram();
  let records = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  let now = start;
  for (; now < end; records += size) {
    journal.begin(batch);
    for (let i = 0; i < size; i++) {
      const sequence = (sequences[SLOT] ?? 0) + 1;
      sequences[SLOT] = sequence;
      batch.beginRecord(command.bytes, 0, PlaceOrder.BYTES);
      batch.stampSequence(sequence);
      batch.addEvents(event, 1, SLOT, sequence);
      batch.endRecord();
    }
    journal.submit(batch, journal.head.batch);
    const after = process.hrtime.bigint();
    latency.record(Number(after - now));
    now = after;
  }
  journal.close();
  return { perSecond: records / (Number(now - start) / 1e9), latency, batchBytes: batch.length };
}

/** Writes the same bytes with nothing around them. */
function appendRaw(file: string, durability: Durability, bytes: number, size: number, seconds: number): Run {
  const fd = openSync(file, 'w');
  const data = new Uint8Array(bytes);
  const latency = new Histogram();
  let records = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  let now = start;
  for (let at = 0; now < end; records += size, at += bytes) {
    writeSync(fd, data, 0, bytes, at);
    if (durability === 'power') fdatasyncSync(fd);
    const after = process.hrtime.bigint();
    latency.record(Number(after - now));
    now = after;
  }
  closeSync(fd);
  return { perSecond: records / (Number(now - start) / 1e9), latency, batchBytes: bytes };
}

async function run(size: Size): Promise<BenchResult> {
  const seconds = size === 'smoke' ? 0.04 : 2;
  const folder = mkdtempSync(join(outFolder(), 'journal-'));
  const measures: Measure[] = [];
  const series: Series[] = [];
  try {
    for (const durability of ['process', 'power'] as const) {
      for (const records of BATCHES) {
        const label = `${durability}, ${records} a batch`;
        const own = appendBatches(join(folder, `${durability}-${records}`), durability, records, seconds);
        const raw = appendRaw(join(folder, `${durability}-${records}.raw`), durability, own.batchBytes, records, seconds);
        measures.push({ label, value: own.perSecond, unit: 'records/s', note: `bare writes ${Math.round(raw.perSecond).toLocaleString('en-IN')}/s` });
        series.push({ label, latency: own.latency.summary() }, { label: `${label}, bare writes`, latency: raw.latency.summary() });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const parameters = { commandBytes: PlaceOrder.BYTES, eventBytes: EVENT_BYTES, seconds };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series,
    targets: [],
    excluded: ['folding and rings; the disk is the one under bench/out'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'journal', title: 'Journal appends beside bare writes', run };
