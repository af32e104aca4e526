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

/** Amounts as the specification names them, in rupees. */
function amounts(line: SpanAmounts): Record<string, number> {
  const rupees = (paise: number): number => paise / 100;
  return {
    span: rupees(line.span),
    scanRisk: rupees(line.scan),
    calendar: rupees(line.calendar),
    interCommodity: rupees(line.interCommodity),
    spot: rupees(line.spot),
    som: rupees(line.shortOptionMinimum),
    nov: rupees(line.netOptionValue),
    exposure: rupees(line.exposure),
    premium: rupees(line.premium),
    total: rupees(line.total),
  };
}

function asJson(table: ParameterTable, margin: PortfolioMargin): object {
  return {
    businessDate: table.businessDate,
    underlyings: margin.underlyings.map((line) => ({
      symbol: line.symbol,
      ...amounts(line),
      activeScenario: line.activeScenario,
      timeRisk: line.time / 100,
      volatilityRisk: line.volatility / 100,
      priceRisk: line.price / 100,
      weightedPriceRisk: line.weightedPriceRisk,
      delta: line.delta,
      scanTiers: line.tiers.map((tier) => ({ scanRisk: tier.scan / 100, activeScenario: tier.activeScenario })),
    })),
    cash: margin.cash.map((line) => ({ symbol: line.symbol, quantity: line.quantity, margin: line.margin / 100 })),
    sum: { ...amounts(margin.sum), cash: margin.sum.cash / 100 },
  };
}

const COLUMNS = ['span', 'scanRisk', 'calendar', 'spot', 'interCommodity', 'som', 'nov', 'exposure', 'premium', 'total'] as const;
const HEADINGS = ['span', 'scan (sc)', 'calendar', 'spot', 'inter', 'som', 'nov', 'exposure', 'premium', 'total'] as const;

function asTable(table: ParameterTable, margin: PortfolioMargin): string {
  const format = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const row = (name: string, line: SpanAmounts, scenario: number): string[] => {
    const named = amounts(line);
    return [name, ...COLUMNS.map((key) => format.format(named[key] ?? 0) + (key === 'scanRisk' && scenario > 0 ? ` (${scenario})` : ''))];
  };
  const lines = [
    ['rupees', ...HEADINGS],
    ...margin.underlyings.map((line) => row(line.symbol, line, line.activeScenario)),
    ...margin.cash.map((line) => [`${line.symbol} cash`, ...COLUMNS.map((key) => (key === 'total' ? format.format(line.margin / 100) : ''))]),
    row('sum', margin.sum, 0),
  ];
  const widths = lines.reduce<number[]>((most, line) => line.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), []);
  const padded = lines.map((line) => line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '));
  return `parameters of ${table.businessDate}; premium of bought options is already paid and not part of total\n${padded.join('\n')}\n`;
}
