// The night's memory: one LMDB environment with runs, their records, calls to the outside and the audit trail. Every change is one transaction; the
// ledger opens its tables in the same environment, so that a node's postings and its being done commit together. One process writes.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { InstanceRecord, Outputs, Run } from './record.ts';

/** Address space the environment may grow into; sparse until used. */
const MAP_BYTES = 64 * 2 ** 30;
const TABLES_MAX = 64;

/** A call to a counterparty, by its key: written before it is made, answered once. */
export interface Call {
  readonly key: string;
  readonly runId: string;
  readonly instance: string;
  readonly port: string;
  readonly request: Outputs;
  readonly at: number;
  /** Outcome; absent while nobody knows. */
  readonly answer?: Outputs;
  readonly refused?: string;
  readonly answeredAt?: number;
  /** Two persons found that the other side never had it. */
  readonly mayResend?: boolean;
}

/** One record with the place it stands at. */
export interface StoredRecord {
  readonly instance: string;
  readonly sequence: number;
  readonly record: InstanceRecord;
}

type RecordKey = [runId: string, instance: string, sequence: number];

/** A night that is to be read has never been run. */
export class NoNight extends Error {
  override readonly name = 'NoNight';
}

/** See the file's head. */
export class NightStore {
  readonly root: RootDatabase;
  private readonly runs: Database<Run, string>;
  private readonly records: Database<InstanceRecord, RecordKey>;
  private readonly calls: Database<Call, string>;
  private readonly definitions: Database<string, string>;
  private readonly sequences = new Map<string, number>();

  /**
   * Opens or creates the environment; `synced` (default) flushes each commit, because money moves by what it says. Throws NoNight when it is to be
   * read and is not there.
   */
  constructor(path: string, mode: { readonly synced?: boolean; readonly readOnly?: boolean } = {}) {
    if (mode.readOnly !== true) mkdirSync(path, { recursive: true });
    else if (!existsSync(join(path, 'data.mdb'))) throw new NoNight(`${path}: no night has been run here`);
    this.root = open({
      path,
      mapSize: MAP_BYTES,
      maxDbs: TABLES_MAX,
      noSync: mode.synced === false,
      overlappingSync: false,
      readOnly: mode.readOnly === true,
      noSubdir: false,
    });
    this.runs = this.root.openDB({ name: 'runs', encoding: 'msgpack' });
    this.records = this.root.openDB({ name: 'records', encoding: 'msgpack' });
    this.calls = this.root.openDB({ name: 'calls', encoding: 'msgpack' });
    this.definitions = this.root.openDB({ name: 'definitions', encoding: 'msgpack' });
  }

  /** Runs `work` in one transaction: all of it is stored, or (when it throws) none. */
  transaction(work: () => void): void {
    try {
      // A block body: a returned promise would make lmdb take it for an asynchronous transaction.
      this.root.transactionSync(() => {
        work();
      });
    } catch (error) {
      // Numbers given in it were never stored; the next ones are read anew.
      this.sequences.clear();
      throw error;
    }
  }

  /** Adds a run and the definition it is interpreted by. Throws RangeError when the run is there already. */
  openRun(run: Run, definition: string): void {
    if (this.runs.get(run.id) !== undefined) throw new RangeError(`run ${run.id} is there already`);
    this.transaction(() => {
      this.runs.putSync(run.id, run);
      if (this.definitions.get(run.definition) === undefined) this.definitions.putSync(run.definition, definition);
    });
  }

  run(id: string): Run | undefined {
    return this.runs.get(id);
  }

  /** Runs whose id starts with `prefix`, oldest date first; `2026-11` gives a month. */
  runsFrom(prefix = ''): Run[] {
    return [...this.runs.getRange({ start: prefix, end: `${prefix}\uffff` })].map(({ value }) => value);
  }

  /** Rows of a definition, JSON. */
  definition(hash: string): string | undefined {
    return this.definitions.get(hash);
  }

  /** Appends to an instance's list; inside a transaction it is part of it. */
  append(runId: string, instance: string, record: InstanceRecord): void {
    const id = `${runId} ${instance}`;
    const sequence = this.sequences.get(id) ?? this.lastSequence(runId, instance);
    this.sequences.set(id, sequence + 1);
    this.records.putSync([runId, instance, sequence + 1], record);
  }

  /** Records of a run, instance by instance, each in order. */
  *recordsOf(runId: string): Generator<StoredRecord> {
    for (const { key, value } of this.records.getRange({ start: [runId, '', 0], end: [runId, '\uffff', 0] })) {
      yield { instance: key[1], sequence: key[2], record: value };
    }
  }

  /** Records of one instance, in order. */
  recordsOfInstance(runId: string, instance: string): InstanceRecord[] {
    const range = this.records.getRange({ start: [runId, instance, 0], end: [runId, instance, Number.MAX_SAFE_INTEGER] });
    return [...range].map(({ value }) => value);
  }

  call(key: string): Call | undefined {
    return this.calls.get(key);
  }

  putCall(call: Call): void {
    this.calls.putSync(call.key, call);
  }

  /** Calls of a run, by key. */
  callsOf(runId: string): Call[] {
    return [...this.calls.getRange({ start: runId, end: `${runId}\uffff` })].map(({ value }) => value);
  }

  close(): Promise<void> {
    return this.root.close();
  }

  private lastSequence(runId: string, instance: string): number {
    const range = this.records.getKeys({ start: [runId, instance, Number.MAX_SAFE_INTEGER], end: [runId, instance, 0], reverse: true, limit: 1 });
    for (const key of range) return key[2];
    return 0;
  }
}
