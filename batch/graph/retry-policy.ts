// How often a node is tried and what happens when that was not enough, as a typed value made from the plan's phrase. A phrase that is not in the
// table is refused: a retry nobody understood is not a policy. Does not wait or try anything itself: see runner/.

/** What happens when the attempts are used up. */
export type Exhausted =
  /** The node fails and its failure surface is told. */
  | { readonly kind: 'surface' }
  /** Once more, by the node's alternate way (second endpoint, portal), with as many attempts; then the surface. */
  | { readonly kind: 'alternate' }
  /** Goes on with the last good input, marked stale; what is done with it is tagged for review. */
  | { readonly kind: 'stale' }
  /** Waits in the manual queue for a person. */
  | { readonly kind: 'manual' }
  /** Keeps trying at a slow pace for so many hours, then the surface. */
  | { readonly kind: 'window'; readonly hours: number };

/** Waits between attempts: first, times factor, at most max; seconds. */
export interface Backoff {
  readonly firstSeconds: number;
  readonly factor: number;
  readonly maxSeconds: number;
}

/** A node's retry policy. */
export interface RetryPolicy {
  /** Attempts in all, 1 = never again; Infinity = until it works or the day is over. */
  readonly attempts: number;
  readonly backoff: Backoff;
  readonly exhausted: Exhausted;
  /** Who is told when it is exhausted, beyond the node's own surface. */
  readonly alert: 'none' | 'ops' | 'critical' | 'ciso';
}

/** Transient faults are retried three times with exponential backoff unless the plan says otherwise (plan, section 0.1). */
const BACKOFF: Backoff = { firstSeconds: 5, factor: 2, maxSeconds: 300 };
const SLOW: Backoff = { firstSeconds: 60, factor: 2, maxSeconds: 1800 };

const policy = (attempts: number, exhausted: Exhausted, alert: RetryPolicy['alert'] = 'none', backoff = BACKOFF): RetryPolicy => ({
  attempts,
  backoff,
  exhausted,
  alert,
});
const surface: Exhausted = { kind: 'surface' };
const manual: Exhausted = { kind: 'manual' };
const alternate: Exhausted = { kind: 'alternate' };
const stale: Exhausted = { kind: 'stale' };

/** The plan's phrases. */
const PHRASES: Readonly<Record<string, RetryPolicy>> = {
  none: policy(1, surface),
  'n/a': policy(1, surface),
  'none (time)': policy(1, surface),
  'none (event-triggered)': policy(1, surface),
  '3×': policy(3, surface),
  '3× then alternate': policy(3, alternate),
  '3× then alternate FTP': policy(3, alternate),
  '3× then alternate FTP endpoint': policy(3, alternate),
  '3× then alternate; ops alert': policy(3, alternate, 'ops'),
  '3× then alternate endpoint; ops alert if all fail': policy(3, alternate, 'ops'),
  '3× then exchange-portal check': policy(3, alternate, 'ops'),
  '3× exp backoff; ops alert + clearing-corp helpdesk if persistent': policy(3, surface, 'critical'),
  '3× then ops alert': policy(3, surface, 'ops'),
  '1× then ops alert': policy(1, surface, 'ops'),
  '3× then CISO alert': policy(3, surface, 'ciso'),
  '3× then critical alert': policy(3, surface, 'critical'),
  '1× then critical': policy(1, surface, 'critical'),
  '1× then escalation': policy(1, surface, 'critical'),
  'escalation runbook if not GREEN by 09:00': policy(1, surface, 'ciso'),
  "3× then yesterday's list (stale flag)": policy(3, stale, 'ops'),
  '3× then stale-list fallback': policy(3, stale, 'ops'),
  '3× then stale-list': policy(3, stale, 'ops'),
  '3× then manual': policy(3, manual),
  '3× then manual queue': policy(3, manual),
  '1× then manual': policy(1, manual),
  '1× then manual queue': policy(1, manual),
  '3× then DLT retry': policy(3, { kind: 'window', hours: 24 }, 'ops'),
  '3× then 24h queue': policy(3, { kind: 'window', hours: 24 }, 'ops'),
  '3× then 7d window': policy(3, { kind: 'window', hours: 168 }, 'ops'),
  'retry on dependency-receipt': policy(3, surface),
  'retry on dep-receipt': policy(3, surface),
  'retry on dependency-receipt; ops alert if dependency fails': policy(3, surface, 'ops'),
  'infinite reconnect with backoff': policy(Number.POSITIVE_INFINITY, surface, 'ops', SLOW),
  'retry next-cycle if missed (DMF row)': policy(3, surface, 'ops'),
  'async best-effort': policy(1, surface),
  '1× on FIX disconnect; manual on persistent': policy(1, manual),
};

/** The policy a phrase of the plan stands for. Throws RangeError, naming the phrase, when it is not one this release reads. */
export function parseRetryPolicy(phrase: string): RetryPolicy {
  const known = PHRASES[phrase];
  if (known === undefined) throw new RangeError(`retry policy "${phrase}" cannot be read: add it to the table with what it means`);
  return known;
}

/** Seconds to wait before attempt number `next` (2 = the first repetition). */
export function backoffSeconds(backoff: Backoff, next: number): number {
  let seconds = backoff.firstSeconds;
  for (let attempt = 2; attempt < next && seconds < backoff.maxSeconds; attempt++) seconds *= backoff.factor;
  return Math.min(seconds, backoff.maxSeconds);
}
