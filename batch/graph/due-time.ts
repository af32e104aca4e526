// When a node has to be finished, as a typed value made from the plan's phrase; times of day are Indian Standard Time. A phrase that is not
// understood is refused. Watching the clock is runner/'s work.

/** A node's service level. */
export type ServiceLevel =
  /** So many seconds after everything it waits for was there. */
  | { readonly kind: 'within'; readonly seconds: number }
  /** By a time of day, `days` after the business date (next calendar day = 1); minutes since midnight IST. */
  | { readonly kind: 'by'; readonly minute: number; readonly days: number }
  /** Set by a clock, the other side or an event: no deadline of its own. */
  | { readonly kind: 'none'; readonly why: string };

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const MINUTES_PER_HOUR = 60;
const WITHIN = /^< (\d+)(ms|s|m|h)( typical| after trigger| post-window| after payin window| cumulative)?$/;
const BY = /^by (\d\d):(\d\d)( IST)?( next-day)?$/;
/** Phrases without a number of their own. */
const PHRASES: Readonly<Record<string, ServiceLevel>> = {
  scheduled: { kind: 'none', why: 'starts by the clock' },
  'by midnight': { kind: 'by', minute: 24 * MINUTES_PER_HOUR, days: 0 },
  overnight: { kind: 'by', minute: 5 * MINUTES_PER_HOUR + 30, days: 1 },
  'overnight (~3h typical)': { kind: 'by', minute: 5 * MINUTES_PER_HOUR + 30, days: 1 },
  'within 7 days': { kind: 'by', minute: 24 * MINUTES_PER_HOUR, days: 7 },
  'clearing-side timing': { kind: 'none', why: 'the clearing corporation sets the time' },
  'clearing-side': { kind: 'none', why: 'the clearing corporation sets the time' },
  'event-driven': { kind: 'none', why: 'follows an event' },
  'window-bound': { kind: 'none', why: 'lasts as long as its window' },
  // SEBI/HO/MIRSD/TPD-1/P/CIR/2022/160 (25-Nov-2022): a glitch is reported within one hour of its occurrence.
  'within prescribed mins': { kind: 'within', seconds: 3600 },
};

/** The service level a phrase of the plan stands for. Throws RangeError, naming the phrase, when it cannot be read. */
export function parseServiceLevel(phrase: string): ServiceLevel {
  const known = PHRASES[phrase];
  if (known !== undefined) return known;
  const within = WITHIN.exec(phrase);
  if (within !== null) return { kind: 'within', seconds: Number(within[1]) * (UNIT_SECONDS[within[2] ?? ''] ?? 0) };
  const by = BY.exec(phrase);
  if (by === null) throw new RangeError(`service level "${phrase}" cannot be read`);
  return { kind: 'by', minute: Number(by[1]) * MINUTES_PER_HOUR + Number(by[2]), days: by[4] === undefined ? 0 : 1 };
}
