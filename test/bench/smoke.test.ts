// Every bench runs at its smallest size and reports figures: a bench that cannot run is found here, not on the day it is needed. No figure is judged.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
const NAMES = [
  'api',
  'basket',
  'books-beside',
  'charges',
  'decide',
  'fan-out',
  'fix-codec',
  'fold',
  'journal',
  'ledger',
  'night',
  'notes',
  'recovery',
  'regeneration',
  'revaluation',
  'ring',
  'steps',
  'wire-to-verdict',
];

interface Report {
  readonly machine: { readonly cpu: string; readonly node: string; readonly commit: string };
  readonly results: Record<
    string,
    { configuration: string; measures: { value: number }[]; series: { latency: { count: number; p50: number } }[]; excluded: string[] }
  >;
}

it('runs every bench at smoke size', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-bench-'));
  try {
    const file = join(folder, 'smoke.json');
    const run = spawnSync(process.execPath, [MAIN, '--smoke', '--json', file], { encoding: 'utf8' });
    expect(run.stdout + run.stderr).not.toContain('FAILED');
    expect(run.status).toBe(0);
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    expect(report.machine.node).toBe(process.version);
    expect(Object.keys(report.results).sort()).toEqual(NAMES);
    for (const [name, result] of Object.entries(report.results)) {
      expect(result.measures.length + result.series.length, `${name} measured nothing`).toBeGreaterThan(0);
      expect(result.configuration).toMatch(/^[0-9a-f]{12}$/);
      expect(result.excluded.length, `${name} does not say what it leaves out`).toBeGreaterThan(0);
      for (const { value } of result.measures) expect(Number.isFinite(value)).toBe(true);
      for (const { latency } of result.series) expect(latency.count).toBeGreaterThan(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
