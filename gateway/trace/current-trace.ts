// The trace of the request being served, through its awaits. Only HTTP requests run inside one: the FIX path has no await to lose it over.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceContext } from './trace-parent.ts';

const storage = new AsyncLocalStorage<TraceContext>();

/** Runs `work` within a trace. */
export function runInTrace<Result>(trace: TraceContext, work: () => Result): Result {
  return storage.run(trace, work);
}

/** The trace this code runs in, if any. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore();
}
