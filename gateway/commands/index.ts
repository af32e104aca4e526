// The `tarazu` command line: a table of commands, each a module loaded only when asked for. Exit codes: 0 done, 1 failed, 2 wrong usage;
// 3 done, and the answer is what was asked about (replay --with: somebody breaks).
import { pathToFileURL } from 'node:url';
import { useLargePages } from './large-pages.ts';

interface Command {
  readonly summary: string;
  readonly load: () => Promise<{ readonly USAGE: string; run(args: readonly string[]): Promise<number> }>;
}

/** Every command, in the order the usage lists them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  run: { summary: 'start the gateway: tarazu run --config tarazu.json', load: () => import('./run.ts') },
  demo: { summary: 'a generated market day on loopback, with a simulated OMS', load: () => import('./demo.ts') },
  oms: { summary: 'the simulated OMS of the demo, alone', load: () => import('./oms.ts') },
  feed: { summary: "a market-data server in the Kite ticker's form: feed --generate --day DIR --port P", load: () => import('./feed.ts') },
  'load-day': {
    summary: 'load a market day while the gateway is stopped: --dir DIR; the next SPAN file while it runs: --span FILE',
    load: () => import('./load-day.ts'),
  },
  generate: { summary: 'write a faithful market day: generate day --seed 7 --date 2026-11-20', load: () => import('./generate.ts') },
  margin: {
    summary: 'margin of a portfolio: --parameters FILE --portfolio FILE.json [--date YYYY-MM-DD] [--explain]',
    load: () => import('./margin.ts'),
  },
  'risk-array': { summary: 'risk arrays from a model: --model FILE.json', load: () => import('./risk-array.ts') },
  status: { summary: 'what a running gateway says of itself', load: () => import('./status.ts') },
  'close-day': { summary: 'expire open orders and close the business day of a running gateway', load: () => import('./close-day.ts') },
  kill: { summary: 'engage a kill switch, or release one by two persons: kill --firm | --account ID --reason TEXT', load: () => import('./kill.ts') },
  segment: { summary: 'exchange segments: segment [--close | --reduce-only | --open NFO --reason TEXT]', load: () => import('./segment.ts') },
  snapshot: {
    summary: 'margin snapshots: snapshot [--number N] [--segments NFO,MCX] | --windows [--drawn] | --list',
    load: () => import('./snapshot.ts'),
  },
  'square-off': {
    summary: 'who is due to be squared off; square-off --plan --reason TEXT',
    load: () => import('./square-off.ts'),
  },
  convert: {
    summary: 'a cash position from intraday to delivery or back: convert --account ID --symbol S --from MIS --to CNC --quantity N',
    load: () => import('./convert.ts'),
  },
  'early-pay-in': {
    summary: 'what the clearing corporation booked early: early-pay-in --account ID --symbol S --quantity N | --funds RUPEES --reference TEXT',
    load: () => import('./early-pay-in.ts'),
  },
  haircuts: { summary: "bring a day's list of approved securities into force: haircuts --file CSV [--check]", load: () => import('./haircuts.ts') },
  token: { summary: 'a bearer token for the API and the console: token --role trader --accounts C1,C2', load: () => import('./token.ts') },
  explain: { summary: 'every check behind a verdict: explain --order SLOT-SEQUENCE', load: () => import('./explain.ts') },
  replay: { summary: 'fold the journal from OpenDay and print slot hashes: replay --data DIR', load: () => import('./replay.ts') },
  journal: { summary: 'journal verify | journal list', load: () => import('./journal.ts') },
  echo: { summary: 'FIX acceptor that echoes, for conformance suites: echo --port P', load: () => import('./echo.ts') },
  version: { summary: 'version of tarazu and of Node', load: () => import('./version.ts') },
};

/** The text that lists the commands. */
export function usage(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(width)}  ${command.summary}`);
  return ['usage: tarazu COMMAND [options]   (tarazu COMMAND --help: its options)', '', ...lines, ''].join('\n');
}

/** Runs one command line and resolves to its exit code. Errors become one line on stderr. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const name = args[0] === '--version' || args[0] === '-v' ? 'version' : args[0];
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`tarazu: unknown command "${name}"\n\n${usage()}`);
    return 2;
  }
  try {
    const module = await command.load();
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(`tarazu ${name}: ${command.summary}\n${module.USAGE}`);
      return 0;
    }
    return await module.run(args.slice(1));
  } catch (error) {
    process.stderr.write(`tarazu ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return isUsageError(error) ? 2 : 1;
  }
}

/** parseArgs of node:util refuses an option by a code of this family. */
function isUsageError(error: unknown): boolean {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv[2] === 'run') useLargePages();
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
