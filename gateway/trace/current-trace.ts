// The trace of the request being served, through its awaits. Only HTTP requests run inside one: the FIX path has no await to lose it over.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceContext } from './trace-parent.ts';

/** A request's own span, and its caller's; '' when the caller sent none. */
export interface TracedRequest {
  readonly trace: TraceContext;
  readonly parentId: string;
}

const storage = new AsyncLocalStorage<TracedRequest>();

/** Runs `work` within a traced request. */
export function runInTrace<Result>(request: TracedRequest, work: () => Result): Result {
  return storage.run(request, work);
}

/** The trace this code runs in, if any. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore()?.trace;
}
