// `tarazu explain`: every check behind one verdict, from the journal; works beside a running gateway and without one.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { NightPool } from '../../workers/index.ts';
import { readConfig } from '../config.ts';
import { type ExplainedOrder, explainOrder } from '../risk/explain-order.ts';
import { parseOrderId } from '../risk/id-text.ts';
import { checkFigures, rupees } from './check-figures.ts';
import { marginTable } from './margin-table.ts';

/** What --help prints. */
export const USAGE = 'usage: tarazu explain --order SLOT-SEQUENCE [--data DIR | --config tarazu.json] [--json]\n';

/** Exit code 1 when the journal holds no such order, or its verdict differs from the one derived again. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { order: { type: 'string' }, data: { type: 'string' }, config: { type: 'string', default: 'tarazu.json' }, json: { type: 'boolean' } },
  });
  const order = parseOrderId(values.order ?? '');
  if (order === undefined) {
    process.stderr.write(`${USAGE}the order is the OrderID(37) of a report, for example 17-204\n`);
    return 2;
  }
  const directory = values.data ?? readConfig(values.config).dataDirectory;
  if (!existsSync(directory)) throw new Error(`there is no data directory ${directory}`);
  const pool = new NightPool();
  try {
    const explained = await explainOrder(pool, directory, order.slot, order.sequence);
    if (explained === undefined) throw new Error(`the journal in ${directory} holds no command ${values.order}`);
    process.stdout.write(values.json === true ? `${JSON.stringify(explained)}\n` : explanationText(explained));
    return explained.agrees ? 0 : 1;
  } finally {
    await pool.close();
  }
}

/** The explanation as a person reads it. */
export function explanationText(order: ExplainedOrder): string {
  const width = Math.max(...order.checks.map(({ check }) => check.length), 5);
  const rows = order.checks.map(({ check, passed, decided, value, limit, level }) => {
    const mark = passed ? 'pass' : 'FAIL';
    const figures = checkFigures(check, value, limit, level);
    return `  ${mark}  ${check.padEnd(width)}  ${figures}${decided ? '' : '  (after the decision)'}`.trimEnd();
  });
  const lines = [
    `${order.command} ${order.orderId}: ${order.verdict}${order.code === 0 ? '' : ` (${order.code}): ${order.message}`}`,
    `  time         ${new Date(order.timeMicros / 1000).toISOString()}, business day ${order.businessDate}, rule set ${order.ruleSet}`,
    ...order.parameterFiles.map(({ role, file, sha256 }) => `  ${role.padEnd(13)}${file} ${sha256.slice(0, 12)}`),
    `  margin       ${marginText(order)}`,
    ...earlyLine(order),
    ...(order.marginBasis === 'gross' ? ['               pre-open session: the order asks by itself, netting with nothing'] : []),
    ...(order.fix === null ? [] : [`  to pass      ${order.fix}`]),
    '',
    ...rows,
    '',
    ...(order.margin === null ? [] : [...marginTable(order.margin), '']),
    order.agrees ? '  the journal says the same' : '  THE JOURNAL SAYS OTHERWISE: this verdict cannot be derived again',
  ];
  return `${lines.join('\n')}\n`;
}

/** What early pay-in made of the funds, where there was any. */
function earlyLine({ earlySales, earlyPaid }: ExplainedOrder): string[] {
  const parts = [
    ...(earlySales === 0 ? [] : [`${rupees(earlySales)} of sales delivered early count as funds`]),
    ...(earlyPaid === 0 ? [] : [`${rupees(earlyPaid)} paid in early for what is bought`]),
  ];
  return parts.length === 0 ? [] : [`  early pay-in ${parts.join(', ')}`];
}

/** The three amounts, or that the decision did not come so far. */
function marginText({ code, checks, requirementBefore, requirementAfter, available }: ExplainedOrder): string {
  if (code !== 0 && !checks.some(({ check }) => check === 'insufficientMargin')) return 'not computed: the order was refused before';
  const shortfall = requirementAfter - available;
  const needs = shortfall > 0 ? `: needs ${rupees(shortfall)} more` : '';
  return `${rupees(requirementBefore)} before, ${rupees(requirementAfter)} after, ${rupees(available)} available${needs}`;
}
