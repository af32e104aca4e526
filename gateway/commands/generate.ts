// `tarazu generate day`: writes a made-up but faithful market day, so that nothing needs a download.
import { parseArgs } from 'node:util';
import { type DayOptions, generateDay } from '../../workers/reference/index.ts';
import { calendarDay } from './calendar-day.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu generate day [--out day] [--seed 7] [--date YYYY-MM-DD] [--first YYYY-MM-DD] [--clients 2000]
                           [--underlyings 24] [--strikes 21] [--versions 6] [--bans 0] [--size real] [--bse] [--same-day]
                           [--funded] [--equity-only] [--json]
`;

/** Runs the command; exit code 0 done, 1 failed, 2 wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'day' },
      seed: { type: 'string', default: '7' },
      date: { type: 'string', default: '2026-11-20' },
      first: { type: 'string' },
      clients: { type: 'string', default: '2000' },
      underlyings: { type: 'string' },
      strikes: { type: 'string' },
      versions: { type: 'string' },
      bans: { type: 'string' },
      size: { type: 'string' },
      'equity-only': { type: 'boolean', default: false },
      bse: { type: 'boolean', default: false },
      'same-day': { type: 'boolean', default: false },
      funded: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const problem = problemOf(values, positionals);
  if (problem !== undefined) {
    process.stderr.write(`tarazu generate: ${problem}\n${USAGE}`);
    return 2;
  }
  const options: DayOptions = {
    seed: Number(values.seed),
    date: Number(values.date.replaceAll('-', '')),
    clients: Number(values.clients),
    beside: !values['equity-only'],
    ...(values.first === undefined ? {} : { first: Number(values.first.replaceAll('-', '')) }),
    ...(values.underlyings === undefined ? {} : { underlyings: Number(values.underlyings) }),
    ...(values.strikes === undefined ? {} : { strikes: Number(values.strikes) }),
    ...(values.versions === undefined ? {} : { versions: Number(values.versions) }),
    ...(values.bans === undefined ? {} : { bans: Number(values.bans) }),
    ...(values.size === 'real' ? { size: 'real' } : {}),
    ...(values.bse ? { bse: true } : {}),
    ...(values['same-day'] ? { sameDay: true } : {}),
    ...(values.funded ? { funded: true } : {}),
  };
  try {
    const day = await generateDay(options, values.out);
    process.stdout.write(values.json ? `${JSON.stringify(day)}\n` : summary(day));
    return 0;
  } catch (error) {
    process.stderr.write(`tarazu generate: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** Smallest and largest value of each number. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  seed: [0, 0xffff_ffff],
  clients: [0, 1_000_000],
  underlyings: [1, 300],
  strikes: [1, 400],
  versions: [1, 6],
  bans: [0, 10],
};

function problemOf(values: Readonly<Record<string, string | boolean | undefined>>, positionals: readonly string[]): string | undefined {
  if (positionals.length !== 1 || positionals[0] !== 'day')
    return `say what to generate: day${positionals.length > 0 ? ` (not "${positionals.join(' ')}")` : ''}`;
  for (const [name, [low, high]] of Object.entries(RANGES)) {
    const text = values[name];
    if (text === undefined) continue;
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high) return `--${name} ${text}: expected a whole number from ${low} to ${high}`;
  }
  for (const name of ['date', 'first'])
    if (values[name] !== undefined && calendarDay(String(values[name])) === 0) return `--${name} ${values[name]}: expected a day, YYYY-MM-DD`;
  if (values['size'] !== undefined && values['size'] !== 'real') return `--size ${values['size']}: the only size is "real"`;
  return undefined;
}

function summary(day: Awaited<ReturnType<typeof generateDay>>): string {
  const { directory: _directory, date: _date, instruments: _instruments, span, ...others } = day;
  const files = [...span, ...Object.values(others).flat()].filter((file) => file !== undefined);
  return [`market day ${day.date}: ${day.instruments} instruments in ${day.directory}`, ...files.map((file) => `  ${file}`), ''].join('\n');
}
