// Token buckets by caller, in bounded memory: a flood of addresses forgets the caller seen longest ago, and can make no table grow. Answers with the
// figures that the RateLimit headers need.
import type { RateLimit } from '../config.ts';

/** Callers remembered per bucket table. */
const CALLERS_MAX = 10_000;

/** A caller's bucket after a request. */
export interface Allowance {
  readonly passes: boolean;
  readonly limit: RateLimit;
  /** Requests that may follow at once. */
  readonly remaining: number;
  /** Seconds until one more may come (when refused), or until the bucket is full. */
  readonly resetSeconds: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  at: number;
}

/** Buckets of one kind. */
export class RateLimiter {
  readonly name: string;
  private readonly limit: RateLimit;
  private readonly buckets = new Map<string, Bucket>();

  constructor(name: string, limit: RateLimit) {
    this.name = name;
    this.limit = limit;
  }

  /** Takes one token of the caller, if there is one. `now` in milliseconds; undefined when there is no limit. */
  take(caller: string, now: number): Allowance | undefined {
    const { perSecond, burst } = this.limit;
    if (perSecond === 0) return undefined;
    const bucket = this.bucketOf(caller, now);
    const passes = bucket.tokens >= 1;
    if (passes) bucket.tokens -= 1;
    return this.allowance(bucket, passes, burst, perSecond);
  }

  /** Would take() pass? Takes nothing. */
  peek(caller: string, now: number): Allowance | undefined {
    const { perSecond, burst } = this.limit;
    if (perSecond === 0) return undefined;
    const bucket = this.bucketOf(caller, now);
    return this.allowance(bucket, bucket.tokens >= 1, burst, perSecond);
  }

  /** Callers remembered now. */
  get size(): number {
    return this.buckets.size;
  }

  private allowance(bucket: Bucket, passes: boolean, burst: number, perSecond: number): Allowance {
    const missing = passes ? burst - bucket.tokens : 1 - bucket.tokens;
    return { passes, limit: this.limit, remaining: Math.floor(bucket.tokens), resetSeconds: Math.ceil(missing / perSecond) };
  }

  private bucketOf(caller: string, now: number): Bucket {
    const { perSecond, burst } = this.limit;
    const known = this.buckets.get(caller);
    const bucket = known ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1_000);
    bucket.at = now;
    // Taken out and put back: the map's order is then the order of last use.
    if (known !== undefined) this.buckets.delete(caller);
    else if (this.buckets.size >= CALLERS_MAX) this.buckets.delete(this.buckets.keys().next().value ?? '');
    this.buckets.set(caller, bucket);
    return bucket;
  }
}

/** Headers of the IETF draft (RateLimit fields), in its newer and its older form. */
export function rateHeaders(name: string, allowance: Allowance): Record<string, string> {
  const { limit, remaining, resetSeconds } = allowance;
  const window = Math.max(1, Math.ceil(limit.burst / limit.perSecond));
  return {
    ratelimit: `"${name}";r=${remaining};t=${resetSeconds}`,
    'ratelimit-policy': `"${name}";q=${limit.burst};w=${window}`,
    'ratelimit-limit': String(limit.burst),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  };
}

/** What an address is counted by: an IPv6 caller owns a /64, an IPv4 address mapped into IPv6 is itself. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter((part) => part !== '');
  const right = tail === undefined ? [] : tail.split(':').filter((part) => part !== '');
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}
