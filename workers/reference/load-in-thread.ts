// Loads parameters beside a running gateway: parsing and joining a real day takes seconds, so it runs in a thread of its own that ends
// when the table, in shared memory, is handed over (and stored, when a directory is given).
import { Worker } from 'node:worker_threads';
import { ParameterTable } from '../../engine/index.ts';
import { THREAD_START } from '../thread-start.ts';
import type { ParameterFiles } from './load-parameters.ts';
import { type FaultPlace, ReferenceFileError } from './reference-error.ts';

/** What the thread is asked, as workerData. */
export interface LoadRequest {
  readonly files: ParameterFiles;
  /** Directory of the parameter store; undefined: the table is not stored. */
  readonly store: string | undefined;
}

/** What the thread answers, once. */
export type LoadAnswer =
  | { readonly kind: 'table'; readonly buffer: SharedArrayBuffer; readonly hash: string }
  | { readonly kind: 'fault'; readonly place: FaultPlace; readonly reason: string };

/** A table and its content hash. */
export interface LoadedTable {
  readonly table: ParameterTable;
  readonly hash: string;
}

/** As loadRiskParameters, without holding up the caller's thread. Rejects with the same ReferenceFileError. */
export function loadParametersInThread(files: ParameterFiles, store?: string): Promise<LoadedTable> {
  const request: LoadRequest = { files, store };
  const thread = new Worker(new URL('./loader-thread.ts', import.meta.url), { workerData: request, ...THREAD_START });
  return new Promise((resolve, reject) => {
    thread.once('message', (answer: LoadAnswer) => {
      if (answer.kind === 'table') resolve({ table: new ParameterTable(answer.buffer), hash: answer.hash });
      else reject(new ReferenceFileError(answer.place, answer.reason));
    });
    thread.once('error', reject);
    // After an answer this changes nothing.
    thread.once('exit', (code) => reject(new Error(`parameter loader ended with code ${code} and no answer`)));
  });
}
