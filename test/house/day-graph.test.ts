// The graph of the day beside the plan: every row of the plan's tables is there with its own words, and whatever is run otherwise says why.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BEGIN_OF_DAY } from '../../batch/graph/begin-of-day.ts';
import { parseServiceLevel } from '../../batch/graph/due-time.ts';
import { END_OF_DAY } from '../../batch/graph/end-of-day.ts';
import { Graph } from '../../batch/graph/graph.ts';
import { dayGraph } from '../../batch/graph/index.ts';
import type { NodeRow } from '../../batch/graph/node-row.ts';
import { parseRetryPolicy } from '../../batch/graph/retry-policy.ts';
import { SETTLEMENT } from '../../batch/graph/settlement.ts';
import { TRADING_HOURS } from '../../batch/graph/trading-hours.ts';

const ROWS = [...BEGIN_OF_DAY, ...TRADING_HOURS, ...END_OF_DAY, ...SETTLEMENT];
const PLAN = new URL('../../../shared/dag/', import.meta.url);
const TABLES = ['bod.tsv', 'trading-hours.tsv', 'eod-settlement.tsv'];
const COLUMNS = {
  operation: 'operation',
  dependsOn: 'depends_on',
  blocks: 'blocks',
  idempotent: 'idempotent',
  retry: 'retry_policy',
  rollback: 'rollback',
  sla: 'sla',
  surface: 'failure_surface',
  source: 'spec_source',
} as const;
const inCi = process.env['CI'] === 'true';

function planRows(): Map<string, Record<string, string>> {
  const rows = new Map<string, Record<string, string>>();
  for (const table of TABLES) {
    const [head = '', ...lines] = readFileSync(new URL(table, PLAN), 'utf8').trimEnd().split('\n');
    const names = head.split('\t');
    for (const line of lines) {
      const cells = line.split('\t');
      rows.set(cells[0] ?? '', Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])));
    }
  }
  return rows;
}

describe.skipIf(!existsSync(PLAN) && !inCi)('the plan in ../shared/dag (skipped where it is absent)', () => {
  it('has exactly the nodes of the graph', () => {
    const ids = [...planRows().keys()].sort();
    expect(ids.length).toBeGreaterThan(70);
    expect(ROWS.map(({ id }) => id).sort()).toEqual(ids);
  });

  it('has the same words, row by row', () => {
    const plan = planRows();
    const differences = ROWS.flatMap((row) =>
      Object.entries(COLUMNS)
        .filter(([field, column]) => row[field as keyof typeof COLUMNS] !== plan.get(row.id)?.[column])
        .map(([field]) => `${row.id}.${field}`),
    );
    expect(differences).toEqual([]);
  });

  it('blocks what waits for it, unless a reading says otherwise', () => {
    const { nodes } = dayGraph();
    const lost: string[] = [];
    for (const row of ROWS) {
      for (const blocked of row.blocks.split(', ').filter((id) => nodes.has(id))) {
        const node = nodes.get(blocked);
        const waits = node?.waitsFor.includes(row.id) || node?.waitsPast.some(({ id }) => id === row.id);
        if (!waits && node?.row.reading === undefined) lost.push(`${row.id} blocks ${blocked}`);
      }
    }
    expect(lost).toEqual([]);
  });
});

describe('the graph of a day', () => {
  it('runs: every edge leads to a node, nothing waits for itself', () => {
    const graph = dayGraph();
    expect(graph.nodes.size).toBe(ROWS.length);
    expect(graph.instances.size).toBeGreaterThan(graph.nodes.size);
  });

  it('names a compensation for whatever moves money', () => {
    const moving = ROWS.filter(({ idempotent, effect }) => idempotent.startsWith('no') && effect === 'external');
    expect(moving.map(({ id }) => id)).toEqual(['SET-PAYIN-EXECUTE', 'SET-PAYOUT-RECV', 'SET-UPSTREAM']);
    expect(moving.every(({ compensation }) => compensation !== undefined)).toBe(true);
  });

  it('lets pay-in wait for reconciled trades, marks and obligations only, per segment', () => {
    expect(dayGraph().instance('SET-PAYIN-PREP@FO').waitsFor).toEqual(['EOD-RECON@FO', 'EOD-MTM-EOD@FO', 'EOD-OBLIG-PROCESS@FO']);
    expect(dayGraph().instance('EOD-RECON@CM').waitsFor).toEqual(['EOD-TB-CM@CM']);
  });

  it('lets pay-out be prepared once pay-in was: an auction booked there may bring money', () => {
    expect(dayGraph().instance('SET-PAYOUT-PREP@CM').waitsFor).toContain('SET-PAYIN-PREP@CM');
  });

  it('lets the shares of the day wait for what derivatives deliver, and no other segment for another', () => {
    expect(dayGraph().instance('EOD-OBLIG-PROCESS@CM').waitsFor).toEqual(['EOD-OBLIG-FETCH@CM', 'EOD-MTM-EOD@FO']);
    expect(dayGraph().instance('EOD-OBLIG-PROCESS@COM').waitsFor).toEqual(['EOD-OBLIG-FETCH@COM']);
  });

  it('lets only commodities wait for the evening’s margin snapshots', () => {
    const waits = (segment: string): readonly string[] => dayGraph().instance(`TH-SNAP-DMF_ROW@${segment}`).waitsFor;
    const snapshots = [1, 2, 3, 4, 5, 6, 7].map((number) => `TH-SNAP-PEAK_MARGIN#${number}`);
    expect(waits('FO')).toEqual(snapshots.slice(0, 4));
    expect(waits('COM')).toEqual(snapshots);
    expect(dayGraph().instance('EOD-DMF-RECONCILE@FO').waitsFor).toContain('TH-SNAP-DMF_ROW@FO');
  });

  const row: NodeRow = {
    id: 'EOD-A',
    operation: 'a',
    dependsOn: '[entry]',
    blocks: '[exit]',
    idempotent: 'yes',
    retry: '3×',
    rollback: '[none]',
    sla: '< 5m',
    surface: 'ops queue',
    source: 'test',
    effect: 'pure',
    per: 'day',
  };
  it.each<[string, readonly NodeRow[], string]>([
    ['an unknown edge', [{ ...row, dependsOn: 'EOD-B' }], 'EOD-A: waits for EOD-B'],
    [
      'a cycle',
      [
        { ...row, dependsOn: 'EOD-B' },
        { ...row, id: 'EOD-B', dependsOn: 'EOD-A' },
      ],
      'a cycle',
    ],
    ['a retry nobody understands', [{ ...row, retry: 'now and then' }], 'retry policy "now and then"'],
    ['a service level nobody understands', [{ ...row, sla: 'soon' }], 'service level "soon"'],
    ['a surface nobody knows', [{ ...row, surface: 'the intern' }], 'failure surface "the intern"'],
    ['money without compensation', [{ ...row, effect: 'external', idempotent: 'no (money movement)' }], 'names no compensation'],
    ['an unknown instance across', [{ ...row, per: ['CM'], across: { CM: ['EOD-B@FO'] }, reading: 'x' }], 'EOD-A@CM: waits for EOD-B@FO'],
    ['a departure without a reading', [{ ...row, after: '' }], 'does not say why'],
    ['an id twice', [row, row], 'stands twice'],
  ])('refuses %s', (_what, rows, message) => {
    expect(() => new Graph(rows)).toThrow(message);
  });

  it('reads the phrases of the plan', () => {
    expect(parseRetryPolicy('3× then manual')).toMatchObject({ attempts: 3, exhausted: { kind: 'manual' } });
    expect(parseServiceLevel('by 05:30 next-day')).toEqual({ kind: 'by', minute: 330, days: 1 });
    expect(parseServiceLevel('< 30s after trigger')).toEqual({ kind: 'within', seconds: 30 });
  });
});
