// What is worked out for page and command line alike: places of the graph, days back, dates of a backfill, people's tokens.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayGraph } from '../../../batch/graph/index.ts';
import { backfillDates } from '../../../batch/night/backfill.ts';
import { graphPlaces } from '../../../batch/night/graph-places.ts';
import { graphSvg } from '../../../batch/night/graph-svg.ts';
import { nightView } from '../../../batch/night/night-view.ts';
import { pastDays } from '../../../batch/night/past-days.ts';
import { People } from '../../../batch/night/people.ts';
import { type ScriptedNight, TONIGHT, troubledNight } from './scripted-night.ts';

let scripted: ScriptedNight;
beforeAll(async () => {
  scripted = await troubledNight();
});
afterAll(() => scripted.close());

describe('places', () => {
  it.each(['bod', 'th', 'eod', 'set'] as const)('of %s: right of whatever it waits for, nobody on nobody', (phase) => {
    const instances = dayGraph().phase(phase);
    const places = graphPlaces(instances);
    expect(places.size).toBe(instances.length);
    expect(new Set([...places.values()].map(String)).size).toBe(instances.length);
    for (const { key, waitsFor } of instances)
      for (const other of waitsFor) if (places.has(other)) expect(places.get(other)?.[0]).toBeLessThan(places.get(key)?.[0] ?? -1);
    expect(graphPlaces(instances)).toEqual(places);
  });

  it('cross fewer edges than the order of the rows does', () => {
    const instances = dayGraph().phase('eod');
    const places = graphPlaces(instances);
    const asWritten = new Map<string, readonly [number, number]>();
    const rows = new Map<number, number>();
    for (const { key } of instances) {
      const column = places.get(key)?.[0] ?? 0;
      asWritten.set(key, [column, rows.get(column) ?? 0]);
      rows.set(column, (rows.get(column) ?? 0) + 1);
    }
    const edges = instances.flatMap(({ key, waitsFor }) => waitsFor.filter((other) => places.has(other)).map((other) => [other, key] as const));
    const crossings = (at: ReadonlyMap<string, readonly [number, number]>): number => {
      let count = 0;
      for (const [a, b] of edges)
        for (const [c, d] of edges) {
          const [pa, pb, pc, pd] = [a, b, c, d].map((key) => at.get(key) ?? [0, 0]);
          if (pa?.[0] === pc?.[0] && pb?.[0] === pd?.[0] && ((pa?.[1] ?? 0) - (pc?.[1] ?? 0)) * ((pb?.[1] ?? 0) - (pd?.[1] ?? 0)) < 0) count += 1;
        }
      return count;
    };
    expect(crossings(places)).toBeLessThanOrEqual(crossings(asWritten));
  });
});

it('draws a phase as SVG that reads without colour: marks, the deciding path thick, what is late', () => {
  const run = nightView(scripted.night, TONIGHT).runs.find(({ run: { phase } }) => phase === 'eod');
  const svg = graphSvg(run?.instances ?? [], 'a <title> & "more"');
  expect(svg).toContain('<title>a &lt;title&gt; &amp; &quot;more&quot;</title>');
  expect(svg.match(/<g>/g)?.length).toBe(48);
  expect(svg).toMatch(/✗ EOD-PMR-FETCH@CM/);
  expect(svg).toMatch(/≠ EOD-POS-FILE@CM/);
  expect(svg.match(/stroke-width="2"\/>/g)?.length).toBeGreaterThan(6);
  // What is too long for its box says so, and leaves room for the word that it is late.
  const second = [...svg.matchAll(/fill="#444">([^<]*)</g)].map(([, text = '']) => text.replace(/&\w+;/g, '&'));
  expect(Math.max(...second.map((text) => text.length))).toBeLessThanOrEqual(33);
  expect(second).toEqual(
    expect.arrayContaining(['Position file generation per seg…', 'Position file generation pe… LATE', 'CAR / DPC / member compl… at risk']),
  );
});

describe('days back', () => {
  it('tell how each phase stood, with the state of each node where asked', () => {
    const days = pastDays(scripted.night, TONIGHT, 10, 2);
    const health = (date: string): Record<string, string> =>
      Object.fromEntries(days.find((day) => day.date === date)?.runs.map(({ phase, health }) => [phase, health]) ?? []);
    expect(days.map(({ date }) => date).slice(0, 3)).toEqual(['2026-11-20', '2026-11-19', '2026-11-18']);
    // Commodities have margin snapshots still to come.
    expect(health('2026-11-20')).toEqual({ bod: 'green', th: 'open', eod: 'attention', set: 'attention' });
    expect(health('2026-11-17')).toEqual({ bod: 'green', th: 'green', eod: 'attention', set: 'open' });
    expect(health('2026-11-13')).toEqual({ bod: 'green', th: 'green', eod: 'green', set: 'green' });
    expect(days.find(({ date }) => date === '2026-11-15')).toEqual({ date: '2026-11-15', isTraded: false, isSettled: false, runs: [] });
    expect(days[1]?.runs.find(({ phase }) => phase === 'eod')?.states['EOD-CN-DISPATCH']).toBe('done');
    expect(days[3]?.runs[0]?.states).toEqual({});
  });

  it('end where the calendar does', () => {
    expect(pastDays(scripted.night, '2026-01-02', 30, 0).map(({ date }) => date)).toEqual(['2026-01-02', '2026-01-01']);
  });
});

it('lists the traded dates of a backfill and no others', () => {
  expect(backfillDates(scripted.night, 'eod', '2026-11-07', '2026-11-17')).toEqual(
    [
      ['2026-11-08', 'not run'],
      ['2026-11-09', 'not run'],
      ['2026-11-11', 'not run'],
      ['2026-11-12', 'not run'],
      ['2026-11-13', 'green'],
      ['2026-11-16', 'green'],
      ['2026-11-17', 'not green'],
    ].map(([date, state]) => ({ date, phase: 'eod', state })),
  );
});

describe('people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-people-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are known by tokens that are kept nowhere, in a file of the owner alone', () => {
    const [one, other] = [new People(folder), new People(folder)];
    const token = one.add('asha');
    expect(other.personOf(token)).toEqual({ name: 'asha', may: 'act' });
    expect(readFileSync(join(folder, 'people.json'), 'utf8')).not.toContain(token);
    expect(statSync(join(folder, 'people.json')).mode & 0o777).toBe(0o600);
    const next = other.add('asha', 'read');
    expect([one.personOf(token), one.personOf(next), one.personOf('')]).toEqual([undefined, { name: 'asha', may: 'read' }, undefined]);
    for (const name of ['Asha', 'a', 'asha ', 'as\u0000ha', '__proto__', 'x'.repeat(33)]) expect(() => one.add(name), name).toThrow('small letters');
  });

  it('are nobody when the file is damaged, which is said', () => {
    writeFileSync(join(folder, 'people.json'), '{"asha":{"sha256":"12"}}');
    expect(() => new People(folder)).toThrow(/people\.json is damaged/);
  });
});
