// `tarazu margin --parameters FILE.spn [--elm FILE] [--var FILE] --portfolio FILE.json [--json]`: margin of a portfolio of positions, apart
// from any running gateway. Amounts are printed in rupees.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type ParameterTable, type PortfolioMargin, portfolioMargin, type SpanAmounts } from '../../engine/index.ts';
import { loadRiskParameters } from '../../workers/reference/index.ts';
import { readJsonFile } from './json-file.ts';
import { portfolioPositions } from './portfolio-file.ts';

/** The 20 % a member may collect in place of VaR and ELM, 1/10,000. */
const CASH_RATE_FLOOR = 2_000;

/** Prints SPAN, exposure and total per underlying and in sum: a table, or with --json one object. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      parameters: { type: 'string' },
      elm: { type: 'string', multiple: true, default: [] },
      var: { type: 'string', multiple: true, default: [] },
      portfolio: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.parameters === undefined || values.portfolio === undefined) {
    process.stderr.write('tarazu margin: --parameters FILE.spn and --portfolio FILE.json are needed\n');
    return 2;
  }
  const content = await readJsonFile(values.portfolio);
  const perContract = (file: string): boolean => /contracts/i.test(basename(file));
  const table = await loadRiskParameters({
    span: values.parameters,
    elm: values.elm.filter((file) => !perContract(file)),
    elmContracts: values.elm.filter(perContract),
    var: values.var,
  });
  const positions = portfolioPositions(table, { file: values.portfolio, content, parameters: values.parameters });
  const margin = portfolioMargin(table, positions, CASH_RATE_FLOOR);
  process.stdout.write(values.json ? `${JSON.stringify(asJson(table, margin))}\n` : asTable(table, margin));
  return 0;
}

/** One line of the answer: an underlying, or the sum. Amounts in rupees, named as the specification names them. */
interface Line {
  readonly span: number;
  readonly scanRisk: number;
  readonly activeScenario?: number;
  readonly calendar: number;
  readonly interCommodity: number;
  readonly spot: number;
  readonly som: number;
  readonly nov: number;
  readonly exposure: number;
  readonly premium: number;
  readonly cash: number;
  readonly total: number;
}

/** `cash` paise of cash-segment margin join the total of the underlying. */
function lineOf(amounts: SpanAmounts, cash: number, activeScenario?: number): Line {
  return {
    span: amounts.span / 100,
    scanRisk: amounts.scan / 100,
    ...(activeScenario === undefined ? {} : { activeScenario }),
    calendar: amounts.calendar / 100,
    interCommodity: amounts.interCommodity / 100,
    spot: amounts.spot / 100,
    som: amounts.shortOptionMinimum / 100,
    nov: amounts.netOptionValue / 100,
    exposure: amounts.exposure / 100,
    premium: amounts.premium / 100,
    cash: cash / 100,
    total: (amounts.total + cash) / 100,
  };
}

const NO_CONTRACTS: Line = lineOf(
  {
    scan: 0,
    time: 0,
    volatility: 0,
    price: 0,
    calendar: 0,
    spot: 0,
    interCommodity: 0,
    shortOptionMinimum: 0,
    netOptionValue: 0,
    span: 0,
    excessOptionValue: 0,
    exposure: 0,
    premium: 0,
    total: 0,
  },
  0,
);

function asJson(table: ParameterTable, margin: PortfolioMargin): object {
  const cash = new Map(margin.cash.map((line) => [line.symbol, line.margin]));
  const derivatives = margin.underlyings.map((line) => ({
    symbol: line.symbol,
    ...lineOf(line, cash.get(line.symbol) ?? 0, line.activeScenario),
    timeRisk: line.time / 100,
    volatilityRisk: line.volatility / 100,
    priceRisk: line.price / 100,
    weightedPriceRisk: line.weightedPriceRisk,
    delta: line.delta,
    scanTiers: line.tiers.map((tier) => ({ scanRisk: tier.scan / 100, activeScenario: tier.activeScenario })),
  }));
  const shares = cashOnly(margin).map((line) => ({ symbol: line.symbol, ...NO_CONTRACTS, cash: line.margin / 100, total: line.margin / 100 }));
  return {
    businessDate: table.businessDate,
    underlyings: [...derivatives, ...shares],
    sum: { ...lineOf(margin.sum, 0), cash: margin.sum.cash / 100 },
  };
}

/** Shares without a contract of the same underlying in the portfolio. */
function cashOnly(margin: PortfolioMargin): PortfolioMargin['cash'] {
  const known = new Set(margin.underlyings.map((line) => line.symbol));
  return margin.cash.filter((line) => !known.has(line.symbol));
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
  premium: 'premium',
  cash: 'cash',
  total: 'total',
} as const;

function asTable(table: ParameterTable, margin: PortfolioMargin): string {
  const format = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const columns = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const row = (name: string, line: Line): string[] => {
    const scenario = line.activeScenario === undefined ? '' : ` (${line.activeScenario})`;
    return [name, ...columns.map((key) => format.format(line[key]) + (key === 'scanRisk' ? scenario : ''))];
  };
  const cash = new Map(margin.cash.map((line) => [line.symbol, line.margin]));
  const rows = [
    ['rupees', ...Object.values(COLUMNS)],
    ...margin.underlyings.map((line) => row(line.symbol, lineOf(line, cash.get(line.symbol) ?? 0, line.activeScenario))),
    ...cashOnly(margin).map((line) => row(line.symbol, { ...NO_CONTRACTS, cash: line.margin / 100, total: line.margin / 100 })),
    row('sum', { ...lineOf(margin.sum, 0), cash: margin.sum.cash / 100 }),
  ];
  const widths = rows.reduce<number[]>((most, cells) => cells.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), []);
  const padded = rows.map((cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '));
  return `parameters of ${table.businessDate}; premium of bought options is already paid and not part of total\n${padded.join('\n')}\n`;
}
