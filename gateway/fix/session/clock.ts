// Time for the FIX layer, in one place so that tests can hold it.

export interface Clock {
  /** Microseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** The machine's clock, millisecond resolution. It may step; the session tolerates it. */
export const systemClock: Clock = { now: () => Date.now() * 1_000 };
