// Shards in threads of their own: a Piscina pool that runs one long-lived task per thread and nothing else. The death of one ends the
// process: a shard run again would have forgotten what its ring held.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { assert } from '../engine/index.ts';
import { parametersDirectory, type SharedTable } from './parameter-files.ts';
import { Doorbell } from './ring/doorbell.ts';
import type { ControlAnswer, ControlMessage } from './shard-control.ts';
import type { HostListener, ShardHost } from './shard-host.ts';
import type { CompleteOptions } from './shard-options.ts';
import type { ShardRecovery, ShardSetup } from './shard-setup.ts';
import type { ShardTask } from './shard-task.ts';
import { QueryRefused } from './shards.ts';
import { THREAD_START } from './thread-start.ts';

/** Questions one shard may have waiting. */
const QUERIES_MAX = 256;

interface Thread {
  readonly port: MessagePort;
  readonly pending: Int32Array;
  readonly bell: Doorbell;
  readonly queries: Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>;
  readonly ended: Promise<void>;
}

export class ThreadHost implements ShardHost {
  readonly recoveries: ShardRecovery[] = [];
  private readonly pool: Piscina;
  private readonly threads: Thread[] = [];
  private readonly listener: HostListener;
  private stopping = false;
  private nextQuery = 0;

  private constructor(pool: Piscina, listener: HostListener) {
    this.pool = pool;
    this.listener = listener;
  }

  /** Resolves when every shard has recovered; rejects with the first one's error. */
  static async start(setups: readonly ShardSetup[], options: CompleteOptions, listener: HostListener): Promise<ThreadHost> {
    const shards = setups.length;
    const pool = new Piscina({
      filename: new URL('./shard-task.ts', import.meta.url).href,
      name: 'runShard',
      minThreads: shards,
      maxThreads: shards,
      concurrentTasksPerWorker: 1,
      ...THREAD_START,
      idleTimeout: Number.POSITIVE_INFINITY,
      // Tasks come once; a pool that spins for the next would burn a core per shard.
      atomics: 'disabled',
    });
    const host = new ThreadHost(pool, listener);
    const starts = setups.map((setup) => host.startShard(setup, options));
    try {
      host.recoveries.push(...(await Promise.all(starts)));
    } catch (error) {
      host.stopping = true;
      await pool.destroy();
      throw error;
    }
    return host;
  }

  work(): void {
    // The doorbells have been rung: nothing to do here.
  }

  query(shard: number, slot: number, request: object): Promise<unknown> {
    const thread = this.thread(shard);
    if (thread.queries.size >= QUERIES_MAX) return Promise.reject(new QueryRefused(`shard ${shard} has ${QUERIES_MAX} questions waiting`));
    this.nextQuery += 1;
    const id = this.nextQuery;
    return new Promise((resolve, reject) => {
      thread.queries.set(id, { resolve, reject });
      post(thread, { type: 'query', id, slot, request });
    });
  }

  offerTable(table: SharedTable): void {
    for (const thread of this.threads) post(thread, { type: 'table', hash: table.hash, buffer: table.buffer });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const thread of this.threads) post(thread, { type: 'stop' });
    await Promise.all(this.threads.map((thread) => thread.ended));
    for (const thread of this.threads) {
      for (const { reject } of thread.queries.values()) reject(new QueryRefused('the shards have stopped'));
      thread.port.close();
    }
    await this.pool.destroy();
  }

  private startShard(setup: ShardSetup, options: CompleteOptions): Promise<ShardRecovery> {
    const { port1, port2 } = new MessageChannel();
    const pending = new SharedArrayBuffer(4);
    const parameters = { directory: parametersDirectory(setup.dataDir), loaded: options.tables };
    const task: ShardTask = { setup, port: port2, pending, parameters, spins: options.spins, foldModule: options.foldModule };
    const queries: Thread['queries'] = new Map();
    return new Promise((resolve, reject) => {
      port1.on('message', (answer: ControlAnswer) => {
        if (answer.type === 'ready') resolve(answer.recovery);
        else this.receive(answer, queries);
      });
      const run = this.pool.run(task, { transferList: [port2] }) as Promise<void>;
      const ended = run.then(
        () => undefined,
        (error: unknown) => {
          const failure = error instanceof Error ? error : new Error(String(error));
          reject(failure);
          if (!this.stopping) this.listener.failed(failure);
        },
      );
      this.threads[setup.shard] = {
        port: port1,
        pending: new Int32Array(pending),
        bell: new Doorbell(setup.memory.bells, setup.shard),
        queries,
        ended,
      };
    });
  }

  private receive(answer: ControlAnswer, queries: Thread['queries']): void {
    if (answer.type === 'parametersLoaded' || answer.type === 'parametersRefused') {
      this.listener.parametersLoaded(answer.hash, answer.type === 'parametersLoaded');
      return;
    }
    if (answer.type === 'ready') return;
    const query = queries.get(answer.id);
    queries.delete(answer.id);
    if (answer.type === 'answer') query?.resolve(answer.answer);
    else query?.reject(new RangeError(answer.message));
  }

  private thread(shard: number): Thread {
    const thread = this.threads[shard];
    assert(thread !== undefined, 'no such shard');
    return thread;
  }
}

/** Counted once it is posted, so that a shard that sees the count finds the message; then woken. */
function post(thread: Thread, message: ControlMessage): void {
  thread.port.postMessage(message);
  Atomics.add(thread.pending, 0, 1);
  thread.bell.ring();
}
