// Kill -9 at every durable write and every effect of a small night: the next process finishes it, each payment is made once, each entry is booked once.
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Ending {
  readonly isGreen: boolean;
  readonly brokerage: number;
  readonly outputs: object;
}

/** The process's last word, or undefined when it was killed. */
function night(directory: string, killAt: number): Promise<Ending | undefined> {
  const files = ['night', 'bank.txt'].map((name) => join(directory, name));
  const child = fork(new URL('killed-night.ts', import.meta.url), [...files, `${killAt}`], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    let ending: Ending | undefined;
    child.once('message', (message) => {
      ending = message as Ending;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => (signal === 'SIGKILL' || code === 0 ? resolve(ending) : reject(new Error(`the night ended with ${code}`))));
  });
}

const payments = (directory: string): string[] => readFileSync(join(directory, 'bank.txt'), 'utf8').trimEnd().split('\n').sort();

// Starts, dones, calls: 15 instants at which this night can die. `npm test` takes every third, NIGHT_KILLS=all takes all.
const INSTANTS = Array.from({ length: 15 }, (_, i) => i + 1).filter((n) => process.env['NIGHT_KILLS'] === 'all' || n % 3 === 1);

it('ends the same wherever it is killed', async () => {
  const whole = mkdtempSync(join(tmpdir(), 'night-kill-'));
  const expected = await night(whole, 0);
  expect(expected).toMatchObject({ isGreen: true, brokerage: 300 });
  let killed = 0;
  for (const instant of INSTANTS) {
    const directory = mkdtempSync(join(tmpdir(), 'night-kill-'));
    if ((await night(directory, instant)) === undefined) killed += 1;
    expect(await night(directory, 0), `killed at ${instant}`).toEqual(expected);
    expect(payments(directory), `killed at ${instant}`).toEqual(payments(whole));
    rmSync(directory, { recursive: true, force: true });
  }
  expect(killed).toBe(INSTANTS.length);
  rmSync(whole, { recursive: true, force: true });
});
