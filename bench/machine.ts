// What a figure is worth nothing without: the machine, the runtime, the commit, the day. Reads only what the system tells for free.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** Facts printed above every result. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly v8: string;
  readonly date: string;
  /** Short commit id, with "+" when the tree differs from it; "unknown" outside a repository. */
  readonly commit: string;
}

/** Looks at the machine now. */
export function describeMachine(): Machine {
  return {
    cpu: (cpus()[0]?.model ?? 'unknown').replace(/\s+/g, ' ').trim(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.version,
    v8: process.versions.v8,
    date: new Date().toISOString(),
    commit: commitOfTree(),
  };
}

/** First 12 hex digits of the SHA-256 over the parameters in key order. */
export function configurationHash(parameters: Readonly<Record<string, string | number>>): string {
  const canonical = Object.keys(parameters)
    .sort()
    .map((key) => `${key}=${parameters[key]}`)
    .join('\n');
  return createHash('sha256').update(canonical).digest('hex').slice(0, 12);
}

function commitOfTree(): string {
  const git = (...args: string[]): string => {
    const answer = spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' });
    return answer.status === 0 ? answer.stdout.trim() : '';
  };
  const head = git('rev-parse', '--short', 'HEAD');
  if (head === '') return 'unknown';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? head : `${head}+`;
}
