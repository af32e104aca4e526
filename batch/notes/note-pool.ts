// Threads that make notes: a pool of their own, so that a night's notes never stand before anything else. Batches are given out as threads come free;
// whoever waits is told after each.
import { Piscina } from 'piscina';
import { THREAD_START } from '../../workers/index.ts';
import type { NoteTask } from './note-task.ts';

/** See the file's head. Close it: threads keep the process alive. */
export class NotePool {
  readonly threads: number;
  private readonly pool: Piscina;

  constructor(threads: number) {
    this.threads = threads;
    const filename = new URL('./note-task.ts', import.meta.url).href;
    this.pool = new Piscina({ filename, name: 'makeNotes', minThreads: 0, maxThreads: threads, ...THREAD_START });
  }

  /** Makes every batch; `done` is called with each as it is finished, in whatever order. Rejects with the first fault, after what was begun has ended. */
  async make(batches: Iterable<NoteTask>, done: (task: NoteTask, hashes: readonly string[]) => void): Promise<void> {
    const source = batches[Symbol.iterator]();
    let fault: unknown;
    const worker = async (): Promise<void> => {
      for (let next = source.next(); fault === undefined && next.done !== true; next = source.next()) {
        try {
          done(next.value, (await this.pool.run(next.value)) as string[]);
        } catch (error) {
          fault ??= error;
        }
      }
    };
    await Promise.all(Array.from({ length: this.threads }, worker));
    if (fault !== undefined) throw fault;
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
