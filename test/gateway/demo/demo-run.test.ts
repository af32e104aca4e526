// The demo as `npm start` runs it, twice on one folder: everything real, on loopback, then stopped and resumed. Afterwards the journal must
// be sound and fold to what the tables say.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const COMMAND_LINE = join(import.meta.dirname, '..', '..', '..', 'gateway', 'commands', 'index.ts');
const folder = mkdtempSync(join(tmpdir(), 'tarazu-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tarazu(...args: string[]): string {
  const run = spawnSync(process.execPath, [COMMAND_LINE, ...args], { encoding: 'utf8', timeout: 150_000 });
  expect(run.status, `${args.join(' ')}\n${run.stdout}\n${run.stderr}`).toBe(0);
  return run.stdout;
}

it('runs, stops, resumes, and leaves a journal that folds to its tables', { timeout: 600_000 }, () => {
  const data = join(folder, 'data');
  const first = tarazu('demo', '--data', folder, '--seconds', '4', '--clients', '60', '--rate', '80', '--fresh');
  expect(first).toContain('swapped in while trading');
  expect(first).toMatch(/accepted, \d+ rejected/);
  const second = tarazu('demo', '--data', folder, '--seconds', '2', '--clients', '60', '--rate', '80');
  expect(second).toContain('start 2 of this directory');
  const numbers = (text: string): number[] => [...text.matchAll(/FIX out (\d+) in (\d+)/g)].map((match) => Number(match[1]));
  expect(Math.min(...numbers(second)), 'sequence numbers go on').toBeGreaterThan(Math.max(...numbers(first)) - 1);
  expect(tarazu('journal', 'verify', '--data', data)).toContain('sound');
  expect(tarazu('replay', '--data', data)).toMatch(/commands folded/);
});
