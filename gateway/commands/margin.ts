// `tarazu margin --parameters FILE.spn [--elm FILE] [--var FILE] [--commodity-margins FILE] [--cross-margin FILE] --portfolio FILE.json [--date
// YYYY-MM-DD] [--explain] [--json]`: margin of a portfolio of positions, apart from any running gateway. With a date the dated rules of that day are
// applied as well.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { marginTree, portfolioMargin, type TradingDaysTo, workPortfolio } from '../../engine/index.ts';
import { loadRiskParameters, tradingDaysBetween } from '../../workers/reference/index.ts';
import { calendarDay } from './calendar-day.ts';
import { readJsonFile } from './json-file.ts';
import { marginAsJson, marginAsTable, treeAsText, withObligations } from './margin-print.ts';
import { readPortfolio } from './portfolio-file.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu margin --parameters FILE.spn [--elm FILE] [--var FILE] [--surveillance FILE] [--commodity-margins FILE] [--cross-margin FILE]
                     [--funded FILE.csv] --portfolio FILE.json [--date YYYY-MM-DD] [--explain] [--json]
       files may be given more than once; with --date the dated rules of that day are applied as well
       portfolio: [{"symbol", "type": FUT | CE | PE | EQ, "expiry": "YYYY-MM-DD", "strike", "quantity": signed units}]
`;

/** The 20 % a member may collect in place of VaR and ELM, 1/10,000. */
const CASH_RATE_FLOOR = 2_000;

/** Prints SPAN, exposure, add-ons and total per underlying and in sum: a table, with --explain a tree, with --json one object. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      parameters: { type: 'string', multiple: true },
      elm: { type: 'string', multiple: true, default: [] },
      var: { type: 'string', multiple: true, default: [] },
      surveillance: { type: 'string', multiple: true, default: [] },
      'commodity-margins': { type: 'string', multiple: true, default: [] },
      'cross-margin': { type: 'string', multiple: true, default: [] },
      funded: { type: 'string', multiple: true, default: [] },
      portfolio: { type: 'string' },
      date: { type: 'string' },
      explain: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.parameters === undefined || values.portfolio === undefined) {
    process.stderr.write('tarazu margin: --parameters FILE.spn and --portfolio FILE.json are needed\n');
    return 2;
  }
  const businessDate = values.date === undefined ? undefined : calendarDay(values.date);
  if (businessDate === 0) {
    process.stderr.write(`tarazu margin: --date ${values.date} is not a date YYYY-MM-DD\n`);
    return 2;
  }
  const content = await readJsonFile(values.portfolio);
  const perContract = (file: string): boolean => /contracts/i.test(basename(file));
  const table = await loadRiskParameters({
    span: values.parameters,
    elm: values.elm.filter((file) => !perContract(file)),
    elmContracts: values.elm.filter(perContract),
    var: values.var,
    surveillance: values.surveillance,
    commodityMargins: values['commodity-margins'],
    crossMargin: values['cross-margin'],
    funded: values.funded,
    ...(businessDate === undefined ? {} : { businessDate }),
  });
  const { positions, obligations } = readPortfolio(table, { file: values.portfolio, content, parameters: values.parameters.join(', ') });
  const daysTo: TradingDaysTo | undefined = businessDate === undefined ? undefined : (expiry) => tradingDaysBetween(businessDate, expiry);
  if (values.explain) {
    const tree = withObligations(marginTree(workPortfolio(table, positions, CASH_RATE_FLOOR, daysTo)), obligations);
    process.stdout.write(values.json ? `${JSON.stringify(tree)}\n` : treeAsText(tree));
    return 0;
  }
  const margin = portfolioMargin(table, positions, CASH_RATE_FLOOR, daysTo);
  process.stdout.write(values.json ? `${JSON.stringify(marginAsJson(table, margin, obligations))}\n` : marginAsTable(table, margin, obligations));
  return 0;
}
