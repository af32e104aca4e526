// The thread behind loadParametersInThread: one request, one answer, end.
import { parentPort, workerData } from 'node:worker_threads';
import type { LoadAnswer, LoadRequest } from './load-in-thread.ts';
import { loadRiskParameters } from './load-parameters.ts';
import { hashOfTable, saveTable } from './parameter-store.ts';
import { ReferenceFileError } from './reference-error.ts';

async function answer({ files, store }: LoadRequest): Promise<LoadAnswer> {
  try {
    const table = await loadRiskParameters(files);
    const hash = store === undefined ? hashOfTable(table) : saveTable(store, table);
    // Tables are always built in shared memory.
    return { kind: 'table', buffer: table.buffer as SharedArrayBuffer, hash };
  } catch (error) {
    if (error instanceof ReferenceFileError) return { kind: 'fault', place: error.place, reason: error.reason };
    throw error;
  }
}

parentPort?.postMessage(await answer(workerData as LoadRequest));
