// A clock for rehearsals: the engine's day runs at another time of another date, faster, and holds before a given moment. Only command times follow it;
// sessions, logs and rate limits keep the wall clock, because the other side's messages do.
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

/** Settings of a rehearsal in tarazu.json; absent: the day is today's. */
export const rehearsalConfig: z.ZodType<RehearsalConfig> = z
  .strictObject({
    /** Time the start stands for. */
    from: instant,
    /** Time the clock does not pass. */
    until: instant,
    /** Seconds of the rehearsal in a second. */
    speed: z.number().min(0.001).max(100_000).default(1),
  })
  .refine(({ from, until }) => Date.parse(from) <= Date.parse(until), 'from must not be after until');

/** See rehearsalConfig. */
export interface RehearsalConfig {
  readonly from: string;
  readonly until: string;
  readonly speed: number;
}

/** Command times of a rehearsal that starts now, EpochMicros; never steps back. `counter` gives milliseconds. */
export function rehearsalClock({ from, until, speed }: RehearsalConfig, counter: () => number = () => performance.now()): () => number {
  const [start, end] = [Date.parse(from) * 1_000, Date.parse(until) * 1_000];
  const began = counter();
  return () => Math.min(end, Math.floor(start + (counter() - began) * 1_000 * speed));
}
