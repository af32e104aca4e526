// What follows when a body fails: the retry policy of its row, applied. Pure; the answer is written down with the failure.
import { backoffSeconds, type RetryPolicy } from '../graph/retry-policy.ts';
import type { InstanceState } from './instance-state.ts';
import type { Next, Way } from './record.ts';

const MICROS = 1e6;
const HOUR_SECONDS = 3600;
/** Pace of a node that keeps trying for hours. */
const WINDOW_SECONDS = 15 * 60;

/** Next step after attempt `state.attempt` failed at `now`. A permanent fault uses up the attempts of its way at once. */
export function afterFailure(policy: RetryPolicy, state: InstanceState, isTransient: boolean, now: number): Next {
  const { attempt, way } = state;
  if (isTransient && attempt < policy.attempts) return retry(attempt + 1, way, now + backoffSeconds(policy.backoff, attempt + 1) * MICROS);
  switch (policy.exhausted.kind) {
    case 'alternate':
      return way === 'usual' ? retry(1, 'alternate', now) : { status: 'failed' };
    case 'stale':
      return way === 'usual' ? retry(1, 'stale', now) : { status: 'failed' };
    case 'manual':
      return { status: 'manual' };
    case 'window': {
      const since = state.firstFailedAt === 0 ? now : state.firstFailedAt;
      const isOver = now - since >= policy.exhausted.hours * HOUR_SECONDS * MICROS;
      return isTransient && !isOver ? retry(attempt + 1, way, now + WINDOW_SECONDS * MICROS) : { status: 'failed' };
    }
    case 'surface':
      return { status: 'failed' };
  }
}

const retry = (attempt: number, way: Way, at: number): Next => ({ status: 'retry', at, way, attempt });
