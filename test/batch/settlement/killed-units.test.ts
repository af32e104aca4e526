// Kill -9 at every durable write of the securities side: the next process ends it with the same units, shortages and money, and the depository's
// books are those of the run that nobody interrupted. `npm test` takes two writes; SETTLEMENT_KILLS=all takes every one, a number every so manieth.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endingOf } from './units-ending.ts';
import { KILLED_HOUSE } from './units-script.ts';
import { UnitWorld } from './units-world.ts';

const KILLS = process.env['SETTLEMENT_KILLS'];
/** The first settlement's pay-out is answered; T+0's pay-in on the next day is about to be sent. */
const SAMPLES = [182, 324] as const;

/** True when the process was killed at the nth write; false when it ended before. */
function dies(data: string, killAt: number): Promise<boolean> {
  const program = new URL('killed-units.ts', import.meta.url).pathname;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, data, `${killAt}`], (error, _stdout, stderr) => {
      if (error === null) resolve(false);
      else if (error.signal === 'SIGKILL') resolve(true);
      else reject(new Error(stderr));
    });
  });
}

interface Lived {
  readonly wasKilled: boolean;
  readonly ending: Record<string, unknown>;
  readonly depository: object;
}

/** A house killed once (0 = never) and ended by this process; with what the depository has then. */
async function lived(killAt: number): Promise<Lived> {
  const directory = mkdtempSync(join(tmpdir(), 'units-kill-'));
  const { outside, close } = await outsideIn(directory);
  try {
    const wasKilled = killAt > 0 && (await dies(directory, killAt));
    const world = await UnitWorld.begin(KILLED_HOUSE, { directory, only: 'night' });
    await world.everything();
    const ending = endingOf(world);
    await world.close();
    return {
      wasKilled,
      ending,
      depository: Object.fromEntries([...outside.depository.holdings()].map(([client, held]) => [client, Object.fromEntries(held)])),
    };
  } finally {
    await close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function outsideIn(directory: string): Promise<{ outside: UnitWorld['outside']; close: () => Promise<void> }> {
  const world = await UnitWorld.begin(KILLED_HOUSE, { directory, only: 'outside' });
  return { outside: world.outside, close: () => world.close() };
}

it('ends the same wherever it is killed', async () => {
  const whole = await lived(0);
  expect(whole.ending['notDone']).toEqual([{}, {}, {}]);
  const isKilled = async (at: number): Promise<boolean> => {
    const { wasKilled, ending, depository } = await lived(at);
    expect(ending, `killed at ${at}`).toEqual(whole.ending);
    expect(depository, `killed at ${at}`).toEqual(whole.depository);
    return wasKilled;
  };
  if (KILLS === undefined) for (const at of SAMPLES) expect(await isKilled(at)).toBe(true);
  const step = KILLS === 'all' ? 1 : Number(KILLS);
  for (let at = step; KILLS !== undefined && (await isKilled(at)); ) at += step;
}, 10_800_000);
