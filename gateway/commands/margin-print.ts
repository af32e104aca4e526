// A margin as the command line shows it: one JSON object, a table, or the tree of an explanation. Amounts in rupees; computes nothing.
import { MARGIN_RULES, type MarginNode, type ParameterTable, type PortfolioMargin, ruleOn, type SpanAmounts } from '../../engine/index.ts';
import type { Obligation } from './portfolio-obligations.ts';

/** One line of the answer: an underlying, or the sum. Named as the specification names the amounts. */
interface Line {
  readonly span: number;
  readonly scanRisk: number;
  readonly activeScenario?: number;
  readonly calendar: number;
  readonly interCommodity: number;
  readonly spot: number;
  readonly som: number;
  readonly nov: number;
  readonly excessOptionValue: number;
  readonly exposure: number;
  readonly addOns: number;
  readonly premium: number;
  readonly cash: number;
  readonly total: number;
}

/** Paise that the parts of a line are made of, beside SPAN's own. */
interface Extra {
  readonly cash: number;
  readonly added: number;
  readonly activeScenario?: number;
}

/** `cash` paise of cash-segment margin join the total of the underlying. */
function lineOf(amounts: SpanAmounts, { cash, added, activeScenario }: Extra): Line {
  return {
    span: amounts.span / 100,
    scanRisk: amounts.scan / 100,
    ...(activeScenario === undefined ? {} : { activeScenario }),
    calendar: amounts.calendar / 100,
    interCommodity: amounts.interCommodity / 100,
    spot: amounts.spot / 100,
    som: amounts.shortOptionMinimum / 100,
    nov: amounts.netOptionValue / 100,
    excessOptionValue: amounts.excessOptionValue / 100,
    exposure: amounts.exposure / 100,
    addOns: added / 100,
    premium: amounts.premium / 100,
    cash: cash / 100,
    total: (amounts.total + cash) / 100,
  };
}

const NO_CONTRACTS: Line = {
  span: 0,
  scanRisk: 0,
  calendar: 0,
  interCommodity: 0,
  spot: 0,
  som: 0,
  nov: 0,
  excessOptionValue: 0,
  exposure: 0,
  addOns: 0,
  premium: 0,
  cash: 0,
  total: 0,
};

/** Cash-segment margin by symbol, paise; a symbol may be held under several products. */
function cashBySymbol(margin: PortfolioMargin): Map<string, number> {
  const cash = new Map<string, number>();
  for (const line of margin.cash) cash.set(line.symbol, (cash.get(line.symbol) ?? 0) + line.margin);
  return cash;
}

/** The answer as one object. */
export function marginAsJson(table: ParameterTable, margin: PortfolioMargin, obligations: readonly Obligation[]): object {
  const cash = cashBySymbol(margin);
  const derivatives = margin.underlyings.map((line) => ({
    symbol: line.symbol,
    ...lineOf(line, { cash: cash.get(line.symbol) ?? 0, added: line.added, activeScenario: line.activeScenario }),
    timeRisk: line.time / 100,
    volatilityRisk: line.volatility / 100,
    priceRisk: line.price / 100,
    weightedPriceRisk: line.weightedPriceRisk,
    delta: line.delta,
    scanTiers: line.tiers.map((tier) => ({ scanRisk: tier.scan / 100, activeScenario: tier.activeScenario })),
    rules: line.addOns.map(({ rule, amount, inExposure, basis }) => ({ rule, amount: amount / 100, inExposure, basis })),
  }));
  const shares = sharesOnly(margin, cash).map(([symbol, paise]) => ({ symbol, ...NO_CONTRACTS, cash: paise / 100, total: paise / 100 }));
  return {
    businessDate: table.businessDate,
    underlyings: [...derivatives, ...shares],
    cash: margin.cash.map(({ symbol, quantity, margined, rate, rule, margin: paise }) => ({
      symbol,
      quantity,
      margined,
      rate: rate / 10_000,
      rule,
      margin: paise / 100,
    })),
    obligations: obligations.map((line) => ({ ...line, amount: line.amount / 100 })),
    sum: sumLine(margin, obligations),
  };
}

/** Obligations are part of the sum's total and of nothing else. */
function sumLine(margin: PortfolioMargin, obligations: readonly Obligation[]): Line {
  const owed = obligations.reduce((sum, line) => sum + line.amount, 0);
  const total = (margin.sum.total + owed) / 100;
  return { ...lineOf(margin.sum, { cash: 0, added: margin.sum.addOns }), cash: margin.sum.cash / 100, total };
}

/** Shares without a contract of the same underlying in the portfolio. */
function sharesOnly(margin: PortfolioMargin, cash: ReadonlyMap<string, number>): [string, number][] {
  const known = new Set(margin.underlyings.map((line) => line.symbol));
  return [...cash].filter(([symbol]) => !known.has(symbol));
}

const COLUMNS = {
  span: 'span',
  scanRisk: 'scan (sc)',
  calendar: 'calendar',
  spot: 'spot',
  interCommodity: 'inter',
  som: 'som',
  nov: 'nov',
  exposure: 'exposure',
  addOns: 'add-ons',
  premium: 'premium',
  cash: 'cash',
  total: 'total',
} as const;

const rupees = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** The answer as a table for people, and below it each dated rule that had a part in it. */
export function marginAsTable(table: ParameterTable, margin: PortfolioMargin, obligations: readonly Obligation[]): string {
  const columns = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const row = (name: string, line: Line): string[] => {
    const scenario = line.activeScenario === undefined ? '' : ` (${line.activeScenario})`;
    return [name, ...columns.map((key) => rupees.format(line[key]) + (key === 'scanRisk' ? scenario : ''))];
  };
  const cash = cashBySymbol(margin);
  const rows = [
    ['rupees', ...Object.values(COLUMNS)],
    ...margin.underlyings.map((line) =>
      row(line.symbol, lineOf(line, { cash: cash.get(line.symbol) ?? 0, added: line.added, activeScenario: line.activeScenario })),
    ),
    ...sharesOnly(margin, cash).map(([symbol, paise]) => row(symbol, { ...NO_CONTRACTS, cash: paise / 100, total: paise / 100 })),
    ...obligations.map((line) => row(`${line.symbol} (${line.rule})`, { ...NO_CONTRACTS, total: line.amount / 100 })),
    row('sum', sumLine(margin, obligations)),
  ];
  const widths = rows.reduce<number[]>((most, cells) => cells.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), []);
  const padded = rows.map((cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '));
  const head = `parameters of ${table.businessDate}; premium of bought options is already paid and not part of total`;
  return `${[head, ...padded, ...ruleLines(table, margin)].join('\n')}\n`;
}

function ruleLines(table: ParameterTable, margin: PortfolioMargin): string[] {
  const lines = margin.underlyings.flatMap(({ symbol, addOns }) =>
    addOns.map(({ rule, amount, inExposure, basis }) => {
      const source = ruleOn(rule, table.businessDate);
      const place = inExposure ? 'in exposure' : 'in add-ons';
      return `  ${symbol}  ${rule}  ${rupees.format(amount / 100)} (${place}): ${basis}; ${source?.source ?? ''}, from ${source?.from ?? ''}`;
    }),
  );
  return lines.length === 0 ? [] : [`rules in force on ${table.businessDate} (of ${MARGIN_RULES.length} on file):`, ...lines];
}

/** The tree with the obligations beside the underlyings. */
export function withObligations(root: MarginNode, obligations: readonly Obligation[]): MarginNode {
  const lines = obligations.map(({ symbol, rule, amount, basis }) => ({ label: `${symbol}: ${basis}`, amount, rule, children: [] }));
  return { ...root, amount: lines.reduce((sum, line) => sum + line.amount, root.amount), children: [...root.children, ...lines] };
}

/** The tree, one figure a line: amount, what it is, rule, and where it comes from; losses of the 16 scenarios below what has them. */
export function treeAsText(root: MarginNode): string {
  const lines: string[] = [];
  const walk = (node: MarginNode, depth: number): void => {
    const from = [node.row, node.file].filter((part) => part !== undefined && part !== '').join(' of ');
    const rule = [node.rule, from].filter((part) => part !== undefined && part !== '').join('; ');
    const indent = '  '.repeat(depth);
    lines.push(`${rupees.format(node.amount / 100).padStart(18)}  ${indent}${node.label}${rule === '' ? '' : `  [${rule}]`}`);
    if (node.losses !== undefined) lines.push(`${' '.repeat(20)}${indent}  losses ${node.losses.map((loss) => (loss / 100).toFixed(2)).join(' ')}`);
    for (const child of node.children) walk(child, depth + 1);
  };
  walk(root, 0);
  return `${lines.join('\n')}\n`;
}
