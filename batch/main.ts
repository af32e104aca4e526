// The `tarazu-batch` command line: a table of commands, each a module loaded only when asked for. Exit codes: 0 done, 1 failed, 2 wrong usage.
import { pathToFileURL } from 'node:url';
import { commandHelp, tell } from './commands/command-help.ts';
import { NIGHT_COMMANDS } from './commands/night-commands.ts';

interface Command {
  readonly summary: string;
  readonly load: () => Promise<{ run(args: readonly string[]): Promise<number> }>;
}

/** Every command, in the order the usage lists them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  charges: {
    summary: 'charges of a note: charges --trades FILE.json --date D [--plan FILE.json] [--json]',
    load: () => import('./commands/charges.ts'),
  },
  'tax-reconcile': {
    summary: 'our STT and stamp duty against the clearing corporation: --trades FILE --date D --stt FILE',
    load: () => import('./commands/tax-reconcile.ts'),
  },
  ...NIGHT_COMMANDS,
  notes: {
    summary: 'contract notes of a date: notes list|progress|bounces|paper|resend --date D [--client C]',
    load: () => import('./commands/notes.ts'),
  },
  statement: {
    summary: 'PDF and CSV for a client: statement ledger|holdings|margin|obligation|tax|delivery --client C --from D --to D',
    load: () => import('./commands/statement.ts'),
  },
  money: {
    summary: 'client money: money bank|receipts|withdraw|withdrawals|early-pay-in|send-back|identify|opening|state|breaks|assign|close|approve',
    load: () => import('./commands/money.ts'),
  },
  ledger: {
    summary: 'the books: ledger post|statement|trial-balance|settle|void|reverse|close|verify --data DIR',
    load: () => import('./commands/ledger.ts'),
  },
};

/** The text that lists the commands. */
export function usage(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(width)}  ${command.summary}`);
  return ['usage: tarazu-batch COMMAND [options]   (tarazu-batch COMMAND --help: its options)', '', ...lines, ''].join('\n');
}

/** Runs one command line and resolves to its exit code. Errors become one line on stderr. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const name = args[0];
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === undefined) process.stderr.write(usage());
    else tell(usage());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`tarazu-batch: unknown command "${name}"\n\n${usage()}`);
    return 2;
  }
  try {
    if (args.includes('--help') || args.includes('-h')) {
      tell(commandHelp(name, command.summary));
      return 0;
    }
    const module = await command.load();
    return await module.run(args.slice(1));
  } catch (error) {
    process.stderr.write(`tarazu-batch ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return isUsageError(error) ? 2 : 1;
  }
}

/** parseArgs of node:util refuses an option by a code of this family. */
function isUsageError(error: unknown): boolean {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}

/** Whoever read the output is gone (`| head`): nobody is left to tell, and what was done is stored. */
function endUnheard(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.on('error', endUnheard);
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
