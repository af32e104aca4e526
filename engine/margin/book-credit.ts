// Credits between underlyings in the live book: what the groups and shares of a circle (credit-groups.ts), with no order working on any of them, ask
// less together than each by itself. Worked out from scratch by the code of reports, so the two cannot differ; that allocates, and only tables with
// credits between commodities, or with cross margin, come here.
import { Product } from '../instrument.ts';
import type { CashView } from './cash-book.ts';
import type { CompiledRules } from './compiled-rules.ts';
import type { GroupView } from './derivative-book.ts';
import { type CashReport, type PortfolioPosition, portfolioMargin, type UnderlyingReport } from './portfolio-margin.ts';

/** What a client has: its groups of derivatives, its rows of the cash segment, and the least cash rate they go by. */
export interface BookViews {
  readonly groups: readonly GroupView[];
  readonly cash: readonly CashView[];
  readonly floor: number;
}

/** An order that would come to a member of the circle, and what that would then ask more (paise). */
export interface OrderChange {
  /** +1, or -1 for one that goes. */
  readonly orders: number;
  readonly paise: number;
}

/** Paise the circle's members ask less together than apart; 0 while an order works on one of them. `change`: as if it had happened. */
export function circleCredit(rules: CompiledRules, views: BookViews, circle: number, change?: OrderChange): number {
  const { groups, cash } = membersOf(rules, views, circle);
  const orders = [...groups, ...cash].reduce((sum, each) => sum + each.workingOrders, change?.orders ?? 0);
  if (groups.length === 0 || orders > 0) return 0;
  const apart = [...groups, ...cash].reduce((sum, each) => sum + each.requirement, change?.paise ?? 0);
  return apart - reportOf(rules, { groups, cash, floor: views.floor }).sum.total;
}

/** Circles that some group of the client's belongs to. */
export function circlesOf(rules: CompiledRules, { groups }: BookViews): Set<number> {
  const circles = new Set(groups.map(({ underlying }) => rules.credits.circle[underlying] as number));
  circles.delete(-1);
  return circles;
}

function membersOf({ credits }: CompiledRules, { groups, cash, floor }: BookViews, circle: number): BookViews {
  return {
    groups: groups.filter(({ underlying }) => credits.circle[underlying] === circle),
    cash: cash.filter(({ instrument }) => credits.cashCircle.get(instrument) === circle),
    floor,
  };
}

/** The members as a portfolio, with the dated rules where the table asks for them. */
function reportOf(rules: CompiledRules, { groups, cash, floor }: BookViews): ReturnType<typeof portfolioMargin> {
  const positions: PortfolioPosition[] = [
    ...groups.flatMap((group) => group.positions),
    ...cash.map(({ instrument, product, net, holding }) => ({ instrument, quantity: net, product, free: product === Product.CNC ? holding : 0 })),
  ];
  return portfolioMargin(rules.table, positions, floor, rules.dated.isOn ? (expiry) => rules.dated.daysTo(expiry) : undefined);
}

/** Every group's and share's position taken apart, with the credits of circles in which no order works, else by itself. */
export interface BookReports {
  /** By underlying row. */
  readonly groups: ReadonlyMap<number, UnderlyingReport>;
  /** Of circles in which no order works, by cash row and product. */
  readonly cash: ReadonlyMap<string, CashReport>;
}

/** Key of BookReports.cash. */
export const cashKey = (instrument: number, product: number): string => `${instrument} ${product}`;

/** See BookReports. */
export function bookReports(rules: CompiledRules, views: BookViews): BookReports {
  const groups = new Map<number, UnderlyingReport>();
  const shares = new Map<string, CashReport>();
  const take = (part: BookViews): void => {
    const report = reportOf(rules, part);
    for (const line of report.underlyings) groups.set(line.underlying, line);
    part.cash.forEach(({ instrument, product }, at) => {
      const line = report.cash[at];
      if (line !== undefined) shares.set(cashKey(instrument, product), line);
    });
  };
  const alone = (group: GroupView): void => take({ groups: [group], cash: [], floor: views.floor });
  for (const group of views.groups) if ((rules.credits.circle[group.underlying] as number) < 0) alone(group);
  for (const circle of circlesOf(rules, views)) {
    const own = membersOf(rules, views, circle);
    if ([...own.groups, ...own.cash].every(({ workingOrders }) => workingOrders === 0)) take(own);
    else own.groups.forEach(alone);
  }
  return { groups, cash: shares };
}
