// The files operations import are about the gateway that runs: every query names metrics and labels of a live /metrics page, every rule a paragraph of
// the runbook. And the page itself: no client on it, and the figures that orders leave behind.
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALERT_KINDS } from '../../../gateway/alerts/alert.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { CheckpointAge } from '../../../gateway/operations/checkpoint-age.ts';
import { OmsClient } from '../oms-client.ts';
import { newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { metricsOf, usedIn } from './names.ts';

const file = (name: string): string => readFileSync(new URL(`../../../gateway/operations/${name}`, import.meta.url), 'utf8');
let house: SmallHouse;
let gateway: Gateway;
let page = '';
/** Samples that come a moment after what they are about: then the others are there. */
const WHOLE = [
  /^tarazu_verdict_latency_seconds_count 2$/m,
  /^tarazu_stage_duration_seconds_count\{stage="socket",shard="gateway"\} [1-9]/m,
  /^tarazu_stage_duration_seconds_count\{stage="journal",shard="0"\} [1-9]/m,
  /^tarazu_feed_ticks_total [1-9]/m,
  /^tarazu_feed_instruments\{exchange="NSE"\} 1$/m,
  /^tarazu_day_open 1$/m,
];
let metrics: ReturnType<typeof metricsOf>;

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house, 'data', { marketData: { source: 'generator', generator: { intervalMs: 50 } } });
  const oms = await OmsClient.logon(gateway.fixPort);
  oms.send('D', newOrder('good', house.share, { quantity: 1 }));
  oms.send('D', newOrder('bad', house.share, { account: 'NOBODY' }));
  await oms.report('bad');
  await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/clients/RICH/margin`);
  await fetch(`http://127.0.0.1:${gateway.httpPort}/healthz`);
  await fetch(`http://127.0.0.1:${gateway.httpPort}/no/such/path`);
  const seen = async (): Promise<RegExp[]> => {
    page = await (await fetch(`http://127.0.0.1:${gateway.httpPort}/metrics`)).text();
    return WHOLE.filter((sample) => !sample.test(page));
  };
  await vi.waitFor(async () => expect(await seen()).toEqual([]), { interval: 100, timeout: 60_000 });
  metrics = metricsOf(page);
  oms.drop();
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

/** What a list of queries names that the page does not have. */
function missing(queries: readonly string[]): string[] {
  return queries.flatMap((query) => {
    const { names, labels } = usedIn(query);
    const known = new Set(names.flatMap((name) => [...(metrics.get(name) ?? [])]));
    const hasSamples = known.size > 0;
    return [
      ...names.filter((name) => !metrics.has(name)).map((name) => `${name} in ${query}`),
      ...(hasSamples ? labels.filter((label) => !known.has(label)).map((label) => `label ${label} in ${query}`) : []),
    ];
  });
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

describe('the dashboard', () => {
  const panels = (JSON.parse(file('grafana-dashboard.json')) as { panels: Panel[] }).panels;
  const queries = panels.flatMap(({ targets }) => targets?.map(({ expr }) => expr) ?? []);

  it('asks for nothing that is not there', () => {
    expect(queries.length).toBeGreaterThan(40);
    expect(missing(queries)).toEqual([]);
  });

  it('shows every metric of this program', () => {
    const shown = new Set(queries.flatMap((query) => usedIn(query).names.map((name) => name.replace(/_(bucket|sum|count)$/, ''))));
    const ours = [...metrics.keys()]
      .filter((name) => !/^tarazu_(nodejs|process)_/.test(name))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect(ours.length).toBeGreaterThan(40);
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('would be found out', () => {
    expect(missing(['rate(tarazu_no_such_total[1m])', 'sum by (colour) (tarazu_alerts_active{severity="critical"})'])).toHaveLength(2);
  });
});

describe('the alert rules', () => {
  const text = file('prometheus-rules.yaml');
  const rules = text
    .split('- alert: ')
    .slice(1)
    .map((rule) => ({
      name: rule.split('\n')[0] ?? '',
      expr: /expr: '(.*)'/.exec(rule)?.[1] ?? '',
      severity: /severity: (\w+)/.exec(rule)?.[1],
      paragraph: /runbook: 'runbook\.md#([\w-]+)'/.exec(rule)?.[1],
    }));
  const paragraphs = [...file('runbook.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);

  it('ask for nothing that is not there', () => {
    expect(rules.length).toBeGreaterThan(15);
    expect(missing(rules.map(({ expr }) => expr))).toEqual([]);
    expect(rules.filter(({ expr, severity }) => expr === '' || !['warning', 'critical'].includes(severity ?? ''))).toEqual([]);
  });

  it('each name a paragraph of the runbook', () => {
    expect(rules.filter(({ paragraph }) => !paragraphs.includes(paragraph)).map(({ name }) => name)).toEqual([]);
  });

  it('and the runbook has a word on every kind the gateway raises itself', () => {
    const runbook = file('runbook.md');
    expect(Object.keys(ALERT_KINDS).filter((kind) => !runbook.includes(`\`${kind}\``))).toEqual([]);
  });
});

describe('the page', () => {
  const value = (sample: string): number =>
    Number(
      page
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')[1],
    );

  it('names no client', () => expect(page).not.toMatch(/RICH|NOBODY/));

  it('has a histogram for every stage an order goes through', () => {
    for (const stage of ['decode', 'log', 'socket'])
      expect([stage, value(`tarazu_stage_duration_seconds_count{stage="${stage}",shard="gateway"}`) > 0]).toEqual([stage, true]);
    for (const stage of ['ring_wait', 'fold', 'journal'])
      expect([stage, value(`tarazu_stage_duration_seconds_count{stage="${stage}",shard="0"}`) > 0]).toEqual([stage, true]);
    expect(value('tarazu_verdict_latency_seconds_count')).toBe(2);
    expect(value('tarazu_verdict_latency_seconds_bucket{le="+Inf"}')).toBe(2);
  });

  it('counts what happened', () => {
    expect(value('tarazu_commands_total{message="D"}')).toBe(2);
    expect(value('tarazu_rejects_total{code="unknownAccount"}')).toBe(1);
    expect(value('tarazu_journal_commands_total{shard="0"}')).toBeGreaterThan(2);
    expect(value('tarazu_feed_ticks_total')).toBeGreaterThan(0);
    expect(value('tarazu_feed_instruments{exchange="NSE"}')).toBe(1);
    expect(value('tarazu_day_open')).toBe(1);
    expect(value('tarazu_parameters_age_seconds')).toBeGreaterThan(0);
  });

  it('labels requests by route, never by path', () => {
    expect(page).toContain('tarazu_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"}');
    expect(page).toContain('route="/v1/clients/:account/margin"');
    expect(page).toContain('route="none",status="404"');
  });
});

it('the age of the tables is that of the first command they lack', () => {
  const age = new CheckpointAge();
  const seen: number[] = [];
  // folded, lag at each second: tables catch up at the fifth.
  for (const [second, [folded, lag]] of [
    [100, 0],
    [200, 100],
    [300, 200],
    [400, 300],
    [500, 0],
    [500, 0],
    [600, 100],
  ].entries()) {
    age.look(folded ?? 0, lag ?? 0, second * 1_000);
    seen.push(age.seconds);
  }
  expect(seen).toEqual([0, 0, 1, 2, 0, 0, 0]);
});
