// Proves the books whole in a thread of its own, on a read snapshot of the night's environment, while the night goes on writing.
import { Worker } from 'node:worker_threads';
import { THREAD_START } from '../../../workers/index.ts';
import { PermanentFault } from '../../runner/index.ts';

/** What was found; root is that of the trial balance of the snapshot. */
export interface BooksReport {
  readonly entries: number;
  readonly accounts: number;
  readonly root: string;
  readonly findings: readonly string[];
}

/** Checks the books in an environment. Rejects with PermanentFault when the thread ends without an answer. */
export function checkBooks(path: string): Promise<BooksReport> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./books-check-thread.ts', import.meta.url), { workerData: path, ...THREAD_START });
    thread.once('message', resolve);
    thread.once('error', (error) => reject(new PermanentFault(`the books cannot be checked: ${error.message}`)));
    thread.once('exit', (code) => reject(new PermanentFault(`the check of the books ended with ${code}`)));
  });
}
