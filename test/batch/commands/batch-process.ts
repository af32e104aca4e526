// Runs the command line of tarazu-batch as a process of its own, with scripted bodies, and ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../house/source-files.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One process, and what it has said so far. */
export class BatchProcess {
  out = '';
  err = '';
  readonly child: ChildProcess;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const hook = join(ROOT, 'test/batch/commands/scripted-batch.ts');
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', hook, join(ROOT, 'batch/main.ts'), ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (data) => {
      this.out += String(data);
    });
    this.child.stderr?.on('data', (data) => {
      this.err += String(data);
    });
  }

  /** Resolves once stdout matches; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.out);
        if (found === null) return;
        this.child.stdout?.off('data', look);
        resolve(found);
      };
      this.child.stdout?.on('data', look);
      this.child.once('close', (code) => reject(new Error(`ended with ${code} before it said ${pattern}: ${this.out}${this.err}`)));
      look();
    });
  }

  async end(signal?: NodeJS.Signals): Promise<Ended> {
    const closed = this.child.exitCode === null && this.child.signalCode === null ? once(this.child, 'close') : Promise.resolve();
    if (signal !== undefined) this.child.kill(signal);
    await closed;
    return { code: this.child.exitCode, out: this.out, err: this.err };
  }
}

/** Runs one command to its end. */
export function batch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new BatchProcess(args, env).end();
}
