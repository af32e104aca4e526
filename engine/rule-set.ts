// Rule sets by number. OpenDay names one; every decision of that day is given under it, so that a replay years later gives the same
// verdicts. A released number never changes its meaning: a new rule is a new number.

/** What a rule set may switch. Grows with the rules; a number's row never changes. */
export interface RuleSet {
  readonly number: number;
  /** First release that knows it. */
  readonly since: string;
}

const RULE_SETS: readonly RuleSet[] = [{ number: 1, since: '0.1.0' }];

/** The rule set of that number, or undefined. */
export function ruleSetOf(number: number): RuleSet | undefined {
  return RULE_SETS.find((ruleSet) => ruleSet.number === number);
}

/** Numbers this release can decide under, ascending. */
export function knownRuleSets(): readonly number[] {
  return RULE_SETS.map((ruleSet) => ruleSet.number);
}
