// What a person who watches a run sees: lines that stay, running nodes against what they have, redrawn on a terminal and said again elsewhere.
import { expect, it } from 'vitest';
import { Progress, runningLine } from '../../../batch/commands/progress.ts';
import { type InstanceView, nightView } from '../../../batch/night/night-view.ts';
import { istMicros } from '../../../batch/runner/index.ts';
import { ScriptedNight, TONIGHT } from './scripted-night.ts';

const minute = (past: number): number => istMicros(TONIGHT, 18 * 60 + past);

async function runningView(changes: Partial<InstanceView>): Promise<InstanceView> {
  const scripted = await ScriptedNight.open();
  await scripted.run('bod', 6 * 60);
  const [run] = nightView(scripted.night, TONIGHT).runs;
  const [view] = run?.instances ?? [];
  await scripted.close();
  if (view === undefined) throw new Error('no instance');
  return {
    ...view,
    key: 'EOD-RECON@CM',
    status: 'running',
    startedAt: minute(0),
    dueAt: minute(30),
    predictedAt: minute(12),
    risk: 'none',
    ...changes,
  };
}

it.each<[string, Partial<InstanceView>, number, string]>([
  ['in time', {}, 10, '▶ EOD-RECON@CM                 10m00s ████░░░░░░░░ of 30m00s, due 18:30, lands 18:12'],
  [
    'at risk',
    { risk: 'atRisk', predictedAt: minute(33) },
    28,
    '▶ EOD-RECON@CM                 28m00s ███████████░ of 30m00s, due 18:30, AT RISK, lands 18:33',
  ],
  ['late', { risk: 'breached' }, 34, '▶ EOD-RECON@CM                 34m00s ████████████ LATE by 4m00s, due 18:30'],
  ['without a deadline', { dueAt: 0 }, 2, '▶ EOD-RECON@CM                  2m00s  no deadline'],
])('says a node is %s', async (_name, changes, now, line) => {
  expect(runningLine(await runningView(changes), minute(now))).toBe(line);
});

it('redraws what runs below the lines that stay, on a terminal', async () => {
  const view = await runningView({});
  let text = '';
  const progress = new Progress({ isTerminal: true, columns: 60, write: (more) => (text += more) });
  progress.running([view, { ...view, key: 'EOD-RECON@FO' }, { ...view, status: 'done' }], minute(1));
  expect(text.split('\n').length).toBe(3);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(59);
  text = '';
  progress.line('something happened');
  expect(text).toBe('\x1b[2A\x1b[Jsomething happened\n');
  text = '';
  progress.running([], minute(2));
  progress.end();
  expect(text).toBe('');
});

it('says again now and then what still runs, elsewhere', async () => {
  const view = await runningView({});
  const lines: string[] = [];
  const progress = new Progress({ isTerminal: false, columns: 80, write: (line) => lines.push(line) });
  for (let second = 0; second < 100; second++) progress.running([view], minute(0) + second * 1e6);
  expect(lines.map((line) => line.slice(0, 8))).toEqual(['18:00:30', '18:01:00', '18:01:30']);
  expect(lines.join('')).not.toContain('\x1b');
});
