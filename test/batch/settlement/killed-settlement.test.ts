// Kill -9 at every durable write of a settlement, alone and with each fault of bank and clearing corporation: the next process ends it, and the bank's books, the clearing
// corporation's and ours are those of the run that nobody interrupted. `npm test` takes one; SETTLEMENT_KILLS=all takes every write with every fault, a number every so manieth.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FaultName } from '../../../batch/sandbox/faults.ts';
import { Outside, SMALL } from './funds-world.ts';

interface Ending {
  readonly instants: number;
  readonly notDone: object;
  readonly reconciled: string;
  /** Our accounts that lie at bank or clearing corporation, and the others. */
  readonly places: object;
  readonly others: object;
  readonly pending: number;
  readonly findings: readonly string[];
  readonly open: readonly string[];
}

const FAULTS: readonly (FaultName | '')[] = [
  '',
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
/** all: every write; a number: every so manieth; unset: one. */
const KILLS = process.env['SETTLEMENT_KILLS'];
const STEP = KILLS === 'all' ? 1 : Number(KILLS);

/** The process's last word, or undefined when it was killed. */
function settlement(data: string, killAt: number): Promise<Ending | undefined> {
  const program = new URL('killed-settlement.ts', import.meta.url).pathname;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, data, `${killAt}`], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Ending);
      else if (error.signal === 'SIGKILL') resolve(undefined);
      else reject(new Error(stderr));
    });
  });
}

/** How a settlement stands that has ended: nothing left to do, nothing reserved, nothing open. */
const WHOLE = { notDone: {}, reconciled: 'done', pending: 0, findings: [], open: [] };
function standing(ending: Ending | undefined): object {
  const { notDone, reconciled, pending, findings, open } = ending ?? {};
  return { notDone, reconciled, pending, findings, open };
}

/** A settlement killed once and ended by a second process; undefined when it ended before it could be killed. */
async function killed(killAt: number, fault: FaultName | ''): Promise<{ ending: Ending | undefined; outcome: object; places: object } | undefined> {
  const data = mkdtempSync(join(tmpdir(), 'funds-kill-'));
  const outside = new Outside(SMALL);
  await outside.serve(data);
  try {
    if (fault !== '') outside.faults.switchOn(fault === 'bank-down' ? fault : `${fault}-2`);
    if ((await settlement(data, killAt)) !== undefined) return undefined;
    outside.faults.switchOff('bank-down');
    const ending = await settlement(data, 0);
    return { ending, outcome: outside.outcome, places: outside.places };
  } finally {
    await outside.close();
    rmSync(data, { recursive: true, force: true });
  }
}

it('ends the same wherever it is killed, whatever failed besides', async () => {
  const data = mkdtempSync(join(tmpdir(), 'funds-whole-'));
  const outside = new Outside(SMALL);
  await outside.serve(data);
  const whole = await settlement(data, 0);
  const { outcome } = outside;
  await outside.close();
  rmSync(data, { recursive: true, force: true });
  expect(standing(whole)).toEqual(WHOLE);
  const instants = whole?.instants ?? 0;
  expect(instants).toBeGreaterThan(200);
  const cases =
    KILLS === undefined
      ? ([[Math.floor(instants / 2), 'timeout-after-success']] as const)
      : FAULTS.flatMap((fault, at) => Array.from({ length: Math.floor(instants / STEP) }, (_, n) => [1 + n * STEP + (at % STEP), fault] as const));
  let deaths = 0;
  for (const [killAt, fault] of cases) {
    const found = await killed(killAt, fault);
    if (found === undefined) continue;
    deaths += 1;
    const said = `killed at ${killAt} of ${instants}, ${fault}`;
    expect(standing(found.ending), said).toEqual(WHOLE);
    expect(found.ending?.others, said).toEqual(whole?.others);
    expect(found.ending?.places, said).toEqual(found.places);
    expect(found.outcome, said).toEqual(outcome);
  }
  expect(deaths).toBeGreaterThan(cases.length / 2);
}, 36_000_000);
