// Runs a command line of tarazu-batch in this process and catches what it says.
import { runCommandLine } from '../../batch/main.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Resolves to exit code, stdout and stderr. */
export async function runCommand(...args: string[]): Promise<Said> {
  const said = { out: '', err: '' };
  const [out, err] = [process.stdout.write, process.stderr.write];
  const into = (stream: 'out' | 'err') =>
    ((text: string) => {
      said[stream] += text;
      return true;
    }) as typeof process.stdout.write;
  [process.stdout.write, process.stderr.write] = [into('out'), into('err')];
  try {
    const code = await runCommandLine(args);
    return { code, ...said };
  } finally {
    [process.stdout.write, process.stderr.write] = [out, err];
  }
}
