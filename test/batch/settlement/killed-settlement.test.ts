// Kill -9 at every durable write of a settlement, alone and with each fault of bank and clearing corporation: the next process ends it, and the
// bank's books, the clearing corporation's and ours are those of the run that nobody interrupted. `npm test` kills two. SETTLEMENT_KILLS=all takes
// every write with every fault: a process stands still at each, what a kill would leave there is copied (its files, and the other side as it stands),
// and every copy is ended; and it kills at every 23rd, so that nothing hangs on the copies alone. A number kills at every so manieth. `-t NAME` takes
// one fault.
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { FaultName } from '../../../batch/sandbox/faults.ts';
import { type FundsEnding, settleAll } from './funds-ending.ts';
import { FundsWorld, Outside, WITH_SAME_DAY } from './funds-world.ts';

const FAULTS: readonly (FaultName | 'no fault')[] = [
  'no fault',
  'timeout-after-success',
  'timeout-before',
  'server-error',
  'error-after-success',
  'cut-answer',
  'duplicate-answer',
  'undecided',
  'wrong-amount',
  'short-movement',
  'reject',
  'bank-down',
];
const PROGRAM = new URL('killed-settlement.ts', import.meta.url).pathname;
const KILLS = process.env['SETTLEMENT_KILLS'];
/** A kill at every so manieth write. */
const STEP = KILLS === 'all' ? 23 : Number(KILLS);
const LIMIT = 3_600_000;

const folder = (): string => mkdtempSync(join(tmpdir(), 'funds-kill-'));

/** Bank and clearing corporation with a fault that is yet to come. */
function outsideWith(fault: FaultName | 'no fault'): Outside {
  const outside = new Outside(WITH_SAME_DAY);
  if (fault !== 'no fault') outside.faults.switchOn(fault === 'bank-down' ? fault : `${fault}-2`);
  return outside;
}

/** True when the process was killed at the nth write; false when it ended before. */
function dies(data: string, killAt: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, data, `${killAt}`], (error, _stdout, stderr) => {
      if (error === null) resolve(false);
      else if (error.signal === 'SIGKILL') resolve(true);
      else reject(new Error(stderr));
    });
  });
}

/** A settlement as it stood at a durable write: the house's directory and the other side. */
interface Instant {
  readonly data: string;
  readonly outside: Outside;
}

/** A process settles with `outside`; every instant it stood still at, and as last the one it ended at. */
function instantsOf(data: string, outside: Outside, into: string): Promise<Instant[]> {
  const instants: Instant[] = [];
  const taken = (): void => {
    const copy = join(into, `${instants.length + 1}`);
    cpSync(data, copy, { recursive: true });
    instants.push({ data: copy, outside: outside.copied() });
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, data, 'pause'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.once('error', reject);
    child.stdout.on('data', () => {
      taken();
      child.stdin.write('.');
    });
    child.once('exit', (code) => {
      if (code !== 0) return reject(new Error(`ended with ${code}`));
      taken();
      resolve(instants);
    });
  });
}

/** What a settlement comes to that this process ends: the house's books, and the other side's. */
interface Ended {
  readonly ending: FundsEnding;
  readonly outcome: object;
  readonly places: object;
}

async function ended({ data, outside }: Instant): Promise<Ended> {
  outside.faults.switchOff('bank-down');
  const world = new FundsWorld(WITH_SAME_DAY, { directory: data });
  try {
    return { ending: await settleAll(world), outcome: outside.outcome, places: outside.places };
  } finally {
    await world.close();
  }
}

/** Ends a settlement from where it stands; the other side is reached anew. */
async function endedAnew(instant: Instant): Promise<Ended> {
  await instant.outside.serve(instant.data);
  try {
    return await ended(instant);
  } finally {
    await instant.outside.close();
    rmSync(instant.data, { recursive: true });
  }
}

let whole: Ended;
beforeAll(async () => {
  whole = await endedAnew({ data: folder(), outside: new Outside(WITH_SAME_DAY) });
});

/** Everything that must hold of a settlement that was interrupted and ended. */
function expectWhole({ ending, outcome, places }: Ended, where: string): void {
  const { others } = whole.ending;
  expect({ ...ending, places: {} }, where).toEqual({ notDone: {}, reconciled: 'done', places: {}, others, pending: 0, findings: [], open: [] });
  expect(ending.places, `${where}: what lies at bank and clearing corporation, as they have it`).toEqual(places);
  expect(outcome, `${where}: what they did`).toEqual(whole.outcome);
}

/** A settlement killed at its nth durable write and ended; false when it ended before. */
async function survives(killAt: number, fault: FaultName | 'no fault'): Promise<boolean> {
  const data = folder();
  const outside = outsideWith(fault);
  await outside.serve(data);
  try {
    const wasKilled = await dies(data, killAt);
    if (wasKilled) expectWhole(await ended({ data, outside }), `killed at ${killAt}, ${fault}`);
    return wasKilled;
  } finally {
    await outside.close();
    rmSync(data, { recursive: true, force: true });
  }
}

it.each([
  ["before T+0's pay-in is sent", 142],
  ['before the pay-in of its settlement day is sent', 266],
])('ends the same when it is killed %s', async (_when, killAt) => {
  expectWhole(whole, 'never killed');
  expect(await survives(killAt, 'timeout-after-success')).toBe(true);
});

it.each((KILLS === undefined ? [] : FAULTS).map((fault, at) => [fault, at] as const))(
  'ends the same wherever it is killed: %s',
  async (fault, at) => {
    let kills = 0;
    for (let killAt = 1 + (at % STEP); await survives(killAt, fault); killAt += STEP) kills += 1;
    expect(kills * STEP).toBeGreaterThan(150);
  },
  LIMIT,
);

it.each(KILLS === 'all' ? FAULTS : [])(
  'ends the same from every durable write: %s',
  async (fault) => {
    const [data, into] = [folder(), folder()];
    const outside = outsideWith(fault);
    await outside.serve(data);
    const instants = await instantsOf(data, outside, into);
    await outside.close();
    expect(instants.length).toBeGreaterThan(150);
    for (const [at, instant] of instants.entries()) expectWhole(await endedAnew(instant), `durable write ${at + 1} of ${instants.length}, ${fault}`);
    for (const one of [data, into]) rmSync(one, { recursive: true, force: true });
  },
  LIMIT,
);
