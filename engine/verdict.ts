// The answer of a decision, before anything is done about it: a code and the figures it rests on.

/** Refilled for each decision. Amounts in paise; value and limit in the unit of the check that failed. */
export class Verdict {
  /** RejectCode; 0 = accepted. */
  code = 0;
  /** What was measured, what it was held against, and who set that (LimitLevel). */
  value = 0;
  limit = 0;
  level = 0;
  requirementBefore = 0;
  requirementAfter = 0;
  available = 0;
  /** MarginBasis the requirement after was worked out on. */
  marginBasis = 0;
}

/** How an order counts in its client's requirement: with the book, or by itself as in a pre-open session. Numbers are for ever. */
export const MarginBasis = { NETTED: 0, GROSS: 1 } as const;
export type MarginBasis = (typeof MarginBasis)[keyof typeof MarginBasis];

/** One check as explain shows it. */
export interface CheckTrace {
  /** Name of the reject code the check gives. */
  readonly check: string;
  readonly code: number;
  readonly passed: boolean;
  /** Did the live decision get as far as this check? */
  readonly decided: boolean;
  readonly value: number;
  readonly limit: number;
  readonly level: number;
}

/** Every check of one decision. */
export interface Explanation {
  readonly command: string;
  readonly ruleSet: number;
  readonly parametersHash: string;
  readonly businessDate: number;
  readonly time: number;
  /** First failing code; 0 = accepted. */
  readonly code: number;
  readonly checks: readonly CheckTrace[];
  readonly requirementBefore: number;
  readonly requirementAfter: number;
  readonly available: number;
  /** MarginBasis. */
  readonly marginBasis: number;
}
