// A clock for rehearsals: the engine's day runs at another time of another date, faster, and holds before a given moment. Only command times follow it;
// sessions, logs and rate limits keep the wall clock, because the other side's messages do.
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

/** Settings of a rehearsal in tarazu.json; absent: the day is today's. */
export const rehearsalConfig: z.ZodType<RehearsalConfig> = z
  .strictObject({
    /** Time the clock begins at. */
    from: instant,
    /** Wall time at which it begins, so that several programs have one clock; default: the program's start. */
    at: instant.optional(),
    /** Time the clock does not pass. */
    until: instant,
    /** Seconds of the rehearsal in a second. */
    speed: z.number().min(0.001).max(100_000).default(1),
  })
  .refine(({ from, until }) => Date.parse(from) <= Date.parse(until), 'from must not be after until');

/** See rehearsalConfig. */
export interface RehearsalConfig {
  readonly from: string;
  readonly at?: string | undefined;
  readonly until: string;
  readonly speed: number;
}

const steadyWall = (): number => performance.timeOrigin + performance.now();

/** Times of a rehearsal, EpochMicros; never steps back, begins at once or when its wall time has come. `wall` gives milliseconds since 1970, steadily. */
export function rehearsalClock({ from, at, until, speed }: RehearsalConfig, wall: () => number = steadyWall): () => number {
  const [start, end] = [Date.parse(from) * 1_000, Date.parse(until) * 1_000];
  const began = at === undefined ? wall() : Date.parse(at);
  return () => Math.min(end, Math.floor(start + Math.max(0, wall() - began) * 1_000 * speed));
}
