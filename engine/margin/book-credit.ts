// Credits between underlyings in the live book: what the groups of a circle (credit-groups.ts), with no order working on any of them, ask less together
// than each by itself. Worked out from scratch by the code of reports, so the two cannot differ; that allocates, and only tables with credits
// between commodities come here.
import type { CompiledRules } from './compiled-rules.ts';
import type { GroupView } from './derivative-book.ts';
import { portfolioMargin, type UnderlyingReport } from './portfolio-margin.ts';
import type { ContractPosition } from './underlying-span.ts';

/** An order that would come to a group, and what the group would then ask more (paise). */
export interface OrderChange {
  readonly underlying: number;
  /** +1, or -1 for one that goes. */
  readonly orders: number;
  readonly paise: number;
}

/** Paise the circle's groups ask less together than apart; 0 while an order works on one of them. `change`: as if it had happened. */
export function circleCredit(rules: CompiledRules, groups: readonly GroupView[], circle: number, change?: OrderChange): number {
  const own = groups.filter((group) => rules.credits.circle[group.underlying] === circle);
  const orders = own.reduce((sum, group) => sum + group.workingOrders, change?.orders ?? 0);
  if (own.length === 0 || orders > 0) return 0;
  const apart = own.reduce((sum, group) => sum + group.requirement, change?.paise ?? 0);
  return apart - reportOf(rules, own).sum.total;
}

/** The groups as a portfolio, with the dated rules where the table asks for them. */
function reportOf(rules: CompiledRules, groups: readonly GroupView[]): ReturnType<typeof portfolioMargin> {
  const positions: ContractPosition[] = groups.flatMap((group) => group.positions);
  return portfolioMargin(rules.table, positions, 0, rules.dated.isOn ? (expiry) => rules.dated.daysTo(expiry) : undefined);
}

/** Every group's position taken apart, by underlying: with the credits of circles in which no order works, else by itself. */
export function groupReports(rules: CompiledRules, groups: readonly GroupView[]): Map<number, UnderlyingReport> {
  const reports = new Map<number, UnderlyingReport>();
  const circles = new Set(groups.map(({ underlying }) => rules.credits.circle[underlying] as number));
  for (const circle of circles) {
    const own = groups.filter(({ underlying }) => rules.credits.circle[underlying] === circle);
    const isTogether = circle >= 0 && own.every(({ workingOrders }) => workingOrders === 0);
    for (const part of isTogether ? [own] : own.map((group) => [group])) {
      for (const line of reportOf(rules, part).underlyings) reports.set(line.underlying, line);
    }
  }
  return reports;
}
