// The trace of the request being served, through its awaits. Only HTTP requests run inside one: the FIX path has no await to lose it over.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceContext } from './trace-parent.ts';

/** A request's own span, and its caller's; '' when the caller sent none. */
export interface TracedRequest {
  readonly trace: TraceContext;
  readonly parentId: string;
}

const storage = new AsyncLocalStorage<TracedRequest>();
let running = 0;

/** Runs `work` within a traced request, until it has settled. */
export async function runInTrace<Result>(request: TracedRequest, work: () => Result | Promise<Result>): Promise<Result> {
  running += 1;
  try {
    return await storage.run(request, work);
  } finally {
    running -= 1;
    // While a store is in use every callback of the process pays for it, those of the FIX path too.
    if (running === 0) storage.disable();
  }
}

/** The trace this code runs in, if any. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore()?.trace;
}
