// Cross margin: which positions that offset each other are margined at a part of their margin, in which order they are matched, and the part by date. The
// parts are rows of margin-rules.ts. Which indices, baskets and pairs qualify the clearing corporation says, in a file; amounts are engine/margin's.
import { ruleOn } from './margin-rules.ts';

/** Why two sides offset: an index and what it is made of (shares, their futures, a fund that holds them), or two indices that move together. */
export type CrossMarginFamily = 'constituents' | 'correlated';

/** One round of matching: later rounds see what earlier ones left. */
export interface CrossMarginRound {
  readonly family: CrossMarginFamily;
  /**
   * Do legs that are futures have to expire with the future they offset? If not, all of them with each other (SEBI circular of 2024-04-23:
   * constituents may expire apart from the index, not from one another). Shares and funds have no expiry: they count in the round of the same.
   */
  readonly sameExpiry: boolean;
  /** Id of the dated rule with the part that is still asked. */
  readonly rule: string;
}

/**
 * Cheapest first. The clearing corporation's own list has nine places; the four parts below are all of it that is public to us, and taking the largest relief
 * first is this house's reading.
 */
export const CROSS_MARGIN_ROUNDS: readonly CrossMarginRound[] = [
  { family: 'constituents', sameExpiry: true, rule: 'crossMargin.constituents.sameExpiry' },
  { family: 'correlated', sameExpiry: true, rule: 'crossMargin.correlated.sameExpiry' },
  { family: 'constituents', sameExpiry: false, rule: 'crossMargin.constituents.otherExpiry' },
  { family: 'correlated', sameExpiry: false, rule: 'crossMargin.correlated.otherExpiry' },
];

/** Part of the margin that offsetting positions no longer ask in a round on a date, 1/10,000; 0 where the rule is not in force. */
export function crossMarginRelief(round: CrossMarginRound, date: number): number {
  const rule = ruleOn(round.rule, date);
  return rule === undefined ? 0 : 10_000 - rule.value;
}
