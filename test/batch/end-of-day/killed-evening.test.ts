// Kill -9 at everything a small end of day at two exchanges makes durable: the next process ends it with the same files, the same books and the same
// uploads, whoever died where. `npm test` takes three instants; EVENING_KILLS=all takes every one (`npm run test:kills`).
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { POSITION_COLUMNS } from '../../../batch/nodes/end-of-day/position-file.ts';
import { DATE, obligationFile, priceFile, TradingDay, taxFile } from './trading-day.ts';

interface Ending {
  readonly instants: number;
  readonly states: readonly (readonly [string, string, object])[];
  readonly entries: number;
  readonly root: string;
  readonly findings: readonly string[];
}

/** The process's last word, or undefined when it was killed. */
function evening(data: string, killAt: number): Promise<Ending | undefined> {
  const program = new URL('killed-evening.ts', import.meta.url).pathname;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, data, `${killAt}`], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Ending);
      else if (error.signal === 'SIGKILL') resolve(undefined);
      else reject(new Error(stderr));
    });
  });
}

/** Hash of every file the night kept, and of everything that lies at the other side. */
function files(data: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const folder of [join(data, 'night', 'files'), join(data, 'outside')]) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      if (statSync(path).isFile()) found[relative(data, path)] = createHash('sha256').update(readFileSync(path)).digest('hex');
    }
  }
  return found;
}

/** Shares and derivatives at both exchanges, netted into one settlement each, rupees: 40 × 1,361 of BSE beside NSE's shares; 80 × 65 and 2 × 1,500 of marks. */
function smallEvening(): TradingDay {
  const of = { FO: ['D1 B C0001 NIFTYFUT 65 24000', 'D2 S C0002 NIFTYCE 65 55.50'] };
  const atBse = { BSE: ['T1 S C0001 RELIANCE@BSE 40 1361.00', 'T2 B C0002 RELIANCE@BSE 40 1361.00'], BFO: ['D1 B C0001 SBINFUT 1500 800.00'] };
  const day = new TradingDay(of, { memberships: ['BSE', 'BFO'] });
  for (const chain of ['BSE', 'BFO'] as const) {
    day.trades(chain, atBse[chain]);
    day.own(chain, atBse[chain]);
  }
  for (const role of ['stt-bse', 'stt-bfo'] as const) day.put(role, taxFile('stt', ['C0001 0.00']));
  for (const role of ['stamp-bse', 'stamp-bfo'] as const) day.put(role, taxFile('stamp', ['C0001 0.00']));
  day.put('positions-bfo-before', `${POSITION_COLUMNS.join(',')}\n`);
  day.put('bhavcopy-fo', priceFile('FO', ['NIFTYFUT IDF 2026-11-24 - 23900 24050 24080', 'NIFTYCE IDO 2026-11-24 24100 40 24050 60']));
  day.put('bhavcopy-bfo', priceFile('BFO', ['SBINFUT SF 2026-11-26 - 796 801 802']));
  day.put('obligation-fo', obligationFile('FO', ['C0001 - - 0.00 8200.00', 'C0002 - - 0.00 3607.50']));
  day.put(
    'obligation-cm',
    obligationFile('CM', ['C0001 M 2026224 176627.50 54440.00', 'C0002 M 2026224 54440.00 136010.00', 'C0003 M 2026224 0.00 16248.00']),
  );
  return day;
}

it('ends the same wherever it is killed', async () => {
  const day = smallEvening();
  const whole = mkdtempSync(join(tmpdir(), 'evening-whole-'));
  cpSync(day.data, whole, { recursive: true });
  const portsOf = (data: string): string =>
    day.write(join(data, 'ports.json'), readFileSync(join(day.data, 'ports.json'), 'utf8').replaceAll(day.data, data));
  portsOf(whole);
  const expected = await evening(whole, 0);
  const [asText, kept] = [JSON.stringify(expected?.states).replaceAll(whole, 'DATA'), files(whole)];
  expect(expected?.findings).toEqual([]);
  const done = expected?.states.filter(([, status]) => status === 'done').map(([key]) => key) ?? [];
  expect(done.length).toBeGreaterThan(40);
  expect(done.filter((key) => /@B(SE|FO)$/.test(key)).length).toBeGreaterThan(10);
  const instants = expected?.instants ?? 0;
  expect(instants).toBeGreaterThan(100);
  expect(Object.keys(kept).some((name) => name.includes(`upload/${DATE}/Position`))).toBe(true);
  const every = process.env['EVENING_KILLS'] === 'all' ? 1 : Math.ceil(instants / 3);
  for (let instant = 1; instant <= instants; instant += every) {
    const data = mkdtempSync(join(tmpdir(), 'evening-kill-'));
    cpSync(day.data, data, { recursive: true });
    portsOf(data);
    expect(await evening(data, instant), `killed at ${instant}`).toBeUndefined();
    const ending = await evening(data, 0);
    expect(JSON.stringify(ending?.states).replaceAll(data, 'DATA'), `killed at ${instant}`).toBe(asText);
    expect([ending?.entries, ending?.root, ending?.findings], `killed at ${instant}`).toEqual([expected?.entries, expected?.root, []]);
    expect(files(data), `killed at ${instant}`).toEqual(kept);
    rmSync(data, { recursive: true, force: true });
  }
  rmSync(whole, { recursive: true, force: true });
  await day.end();
}, 7_200_000);
