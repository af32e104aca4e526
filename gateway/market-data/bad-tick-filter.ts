// Decides whether a tick may move a mark. A price that is wrong squares clients off; a price refused for a second costs nothing. Pure: what was
// last believed is passed in.

/** Why a tick is not believed. Numbers index counters; names are metric labels. */
export const BAD_TICK_REASONS = ['notPositive', 'unknownInstrument', 'outsideBand', 'timeBackwards', 'jump'] as const;
export type BadTickReason = (typeof BAD_TICK_REASONS)[number];

/** How far a price may move without being confirmed. */
export interface JumpRule {
  /** Share of the last price, such as 0.2. */
  readonly share: number;
  /** Ticks; below this price the share is taken of this, so that a five-paise option may double. */
  readonly floor: number;
}

/** What is known of the instrument. Ticks and milliseconds; 0 = unknown. */
export interface LastBelieved {
  readonly price: number;
  readonly time: number;
  /** A price refused for its jump, waiting for a second like it. */
  readonly suspect: number;
  readonly bandLow: number;
  readonly bandHigh: number;
}

const distance = (rule: JumpRule, from: number): number => rule.share * Math.max(from, rule.floor);

/**
 * The reason to refuse a price, or undefined. A jump is confirmed by the next price near it: feeds send a wrong price once, a market that moved
 * says so again.
 */
export function judgeTick(price: number, time: number, last: LastBelieved, rule: JumpRule): BadTickReason | undefined {
  if (!Number.isInteger(price) || price <= 0) return 'notPositive';
  if ((last.bandLow > 0 && price < last.bandLow) || (last.bandHigh > 0 && price > last.bandHigh)) return 'outsideBand';
  if (time > 0 && last.time > 0 && time < last.time) return 'timeBackwards';
  if (last.price > 0 && Math.abs(price - last.price) > distance(rule, last.price)) {
    const isConfirmed = last.suspect > 0 && Math.abs(price - last.suspect) <= distance(rule, last.suspect);
    if (!isConfirmed) return 'jump';
  }
  return undefined;
}
