// `tarazu risk-array --model FILE.json [--json]`: the 16 losses and the delta of contracts from a price model (workers/reference).
import { parseArgs } from 'node:util';
import { type RiskArray, type RiskArrayModel, riskArray } from '../../workers/reference/index.ts';
import { JsonRecord, readJsonFile } from './json-file.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu risk-array --model FILE.json [--json]
       model, or a list of them: {"spot", "strike", "type": CE | PE | FUT, "days", "premium", "r", "sigma", "psr", "vsr", "lookaheadDays", "extremeMultiplier", "cover"}
       and, where an option is not a European one on the spot: "on": SPOT | FUTURE, "exercise": EUROPEAN | AMERICAN, "valueFactor"
`;

/** Prints the arrays of the model file's object, or of each object of its list; with --json in the same shape. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { model: { type: 'string' }, json: { type: 'boolean', default: false } } });
  if (values.model === undefined) {
    process.stderr.write('tarazu risk-array: --model FILE.json is needed\n');
    return 2;
  }
  const file = values.model;
  const content = await readJsonFile(file);
  const models = Array.isArray(content)
    ? content.map((each, at) => modelOf(new JsonRecord(file, `[${at}]`, each)))
    : [modelOf(new JsonRecord(file, '', content))];
  const arrays = models.map(riskArray);
  if (values.json) process.stdout.write(`${JSON.stringify(Array.isArray(content) ? arrays : arrays[0])}\n`);
  else process.stdout.write(models.map((model, at) => tableOf(model, arrays[at] ?? { array: [], delta: 0 })).join('\n'));
  return 0;
}

const FIELDS = [
  'spot',
  'strike',
  'type',
  'days',
  'premium',
  'r',
  'sigma',
  'psr',
  'vsr',
  'lookaheadDays',
  'extremeMultiplier',
  'cover',
  'on',
  'exercise',
  'valueFactor',
] as const;

function modelOf(record: JsonRecord): RiskArrayModel {
  record.only(FIELDS);
  const type = record.word('type', ['CE', 'PE', 'FUT']);
  const days = record.number('days');
  if (days < 0) record.fail('days', `${days} is negative`);
  const sigma = type === 'FUT' ? (record.optionalNumber('sigma') ?? 0) : record.positive('sigma');
  return {
    spot: record.positive('spot'),
    strike: type === 'FUT' ? 0 : record.positive('strike'),
    type,
    days,
    premium: record.optionalNumber('premium'),
    r: record.number('r'),
    sigma,
    psr: record.positive('psr'),
    vsr: type === 'FUT' ? (record.optionalNumber('vsr') ?? 0) : record.number('vsr'),
    lookaheadDays: record.number('lookaheadDays'),
    extremeMultiplier: record.number('extremeMultiplier'),
    cover: record.number('cover'),
    on: record.optionalWord('on', ['SPOT', 'FUTURE']),
    exercise: record.optionalWord('exercise', ['EUROPEAN', 'AMERICAN']),
    valueFactor: record.optionalNumber('valueFactor') === undefined ? undefined : record.positive('valueFactor'),
  };
}

function tableOf(model: RiskArrayModel, { array, delta }: RiskArray): string {
  const cells = array.map((loss, s) => `${String(s + 1).padStart(2)} ${loss.toFixed(2).padStart(12)}`);
  const rows = [0, 1, 2, 3].map((row) => cells.slice(row * 4, row * 4 + 4).join('   '));
  const name = model.type === 'FUT' ? 'future' : `${model.strike} ${model.type}`;
  return `${name}, ${model.on === 'FUTURE' ? 'future at' : 'spot'} ${model.spot}, ${model.days} days: rupees lost by one long unit, delta ${delta}\n${rows.join('\n')}\n`;
}
