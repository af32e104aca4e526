// Kill -9 in the morning of a member of both exchanges: wherever the process dies, the next one ends with the same files, the same commands in the
// inbox and the same books in the engine. `npm test` takes one instant, amid the reload; BOD_KILLS=all takes every one (some minutes).
import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NIGHT_ORIGIN, readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { CommandView } from '../../../engine/index.ts';
import { decodeRareBody, InboxStore } from '../../../workers/index.ts';
import { Morning, makeDay } from './practice.ts';

interface Ending {
  readonly instants: number;
  readonly unfinished: readonly string[];
  /** What has an instance for BSE, and is done. */
  readonly ofBse: readonly string[];
}

let day = '';
let morning: Morning;
beforeAll(async () => {
  day = await makeDay({ bse: true });
  morning = await Morning.begin(day);
});
afterAll(async () => {
  await morning.end();
  rmSync(day, { recursive: true, force: true });
});

/** The process's last word, or undefined when it was killed. */
function begin(directory: string, killAt: number): Promise<Ending | undefined> {
  const child = fork(new URL('killed-morning.ts', import.meta.url), [directory, `${killAt}`], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    let ending: Ending | undefined;
    child.once('message', (message) => {
      ending = message as Ending;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      signal === 'SIGKILL' || code === 0 ? resolve(ending) : reject(new Error(`the morning ended with ${code}`)),
    );
  });
}

/** What must be the same: kept files by name, commands by content, the engine's clients. */
async function leftBy(directory: string): Promise<object> {
  const files = readdirSync(join(directory, 'night', 'files'), { recursive: true, encoding: 'utf8' }).filter((name) => name.split('/').length === 4);
  const inbox = new InboxStore(directory, NIGHT_ORIGIN, 'read');
  const commands: unknown[] = [];
  inbox.readFrom(1, (_number, bytes) => {
    const view = new CommandView().wrap(bytes, new DataView(bytes.buffer, bytes.byteOffset), 0);
    commands.push([view.kind, view.slot, decodeRareBody(view)]);
    return true;
  });
  await inbox.close();
  const { slots, clients } = await readEngine(directory);
  return { files: files.sort(), commands, slots, clients: [...clients.values()].sort((a, b) => (a.account < b.account ? -1 : 1)) };
}

/** A data directory that practises with the same sandbox. */
function fresh(): string {
  const directory = mkdtempSync(join(tmpdir(), 'killed-'));
  for (const name of ['ports.json', 'clients.jsonl', 'health.json', 'secrets'])
    cpSync(join(morning.directory, name), join(directory, name), { recursive: true });
  writeFileSync(join(directory, 'house.json'), JSON.stringify({ memberships: ['BSE', 'BFO'] }));
  return directory;
}

it('ends the same wherever it is killed', async () => {
  const whole = fresh();
  const ending = await begin(whole, 0);
  expect(ending?.unfinished).toEqual([]);
  expect(ending?.ofBse).toEqual([
    ...['BOD-EX-CONTRACT_CM@BSE', 'BOD-EX-CONTRACT_FO@BFO', 'BOD-MARKET_OPEN_GATE@BFO', 'BOD-MARKET_OPEN_GATE@BSE'],
    ...['BOD-READY-DATA@BFO', 'BOD-READY-DATA@BSE'],
  ]);
  const expected = await leftBy(whole);
  const all = Array.from({ length: ending?.instants ?? 0 }, (_, at) => at + 1);
  expect(all.length).toBeGreaterThan(80);
  const sample = [Math.floor(all.length * 0.78)];
  for (const instant of process.env['BOD_KILLS'] === 'all' ? all : sample) {
    const directory = fresh();
    expect(await begin(directory, instant), `killed at ${instant}`).toBeUndefined();
    expect(await begin(directory, 0), `killed at ${instant}`).toMatchObject({ unfinished: [] });
    expect(await leftBy(directory), `killed at ${instant}`).toEqual(expected);
    rmSync(directory, { recursive: true, force: true });
  }
  rmSync(whole, { recursive: true, force: true });
}, 7_200_000);
