// Durable steps a second: nodes of a night one after the other and side by side, beside DBOS Transact doing the same number of steps on the
// PostgreSQL of the night bench. A node of ours is two flushed records (begun, done), so that a step that may have had an effect is known after a
// crash; a step of DBOS is one, at its end.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchResult, Measure, Size, Target } from './bench.ts';
import { configurationHash } from './machine.ts';
import { PostgresPeer, postgresPrograms } from './night/postgres-peer.ts';
import { loadPeer } from './peers.ts';
import { type DbosSteps, withDbos } from './steps/dbos-peer.ts';
import { ownSteps, STEPS_A_NIGHT } from './steps/own-steps.ts';

const PEER = ['@dbos-inc/dbos-sdk', '5.3.0'] as const;
/** Bodies and workflows at once where steps do not wait for each other. */
const PARALLEL = 20;

interface Rates {
  readonly chain: number;
  readonly wide: number;
}

/** The peer's rates, or why there are none. */
async function peerRates(folder: string, nights: number, size: Size): Promise<Rates | string> {
  if (size === 'smoke') return 'absent: a run of real size brings it';
  const bin = postgresPrograms();
  if (bin === undefined) return 'absent: the programs of PostgreSQL are not installed';
  const peer = loadPeer(...PEER, false);
  if ('absent' in peer) return `absent: ${peer.absent}`;
  const directory = join(folder, 'postgres');
  mkdirSync(directory);
  const postgres = new PostgresPeer(bin, directory);
  try {
    const measure = async (steps: DbosSteps): Promise<Rates> => {
      await steps(1, STEPS_A_NIGHT / 10);
      return { chain: await steps(1, nights * STEPS_A_NIGHT), wide: await steps(PARALLEL, (nights * STEPS_A_NIGHT) / PARALLEL) };
    };
    return await withDbos(peer, directory, measure);
  } finally {
    postgres.stop();
  }
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const nights = size === 'smoke' ? 1 : 20;
  const folder = mkdtempSync(join(tmpdir(), 'steps-'));
  chmodSync(folder, 0o755);
  const measures: Measure[] = [];
  const targets: Target[] = [];
  try {
    await ownSteps(join(folder, 'warm'), 'chain', 1, 1);
    const own: Rates = {
      chain: await ownSteps(join(folder, 'own'), 'chain', nights, 1),
      wide: await ownSteps(join(folder, 'own'), 'wide', nights, PARALLEL),
    };
    say('ours');
    measures.push({ label: 'steps in a row', value: own.chain, unit: 'steps/s' }, { label: 'steps side by side', value: own.wide, unit: 'steps/s' });
    const peer = await peerRates(folder, nights, size);
    if (typeof peer === 'string') measures.push({ label: 'DBOS Transact', value: 0, unit: 'steps/s', note: peer });
    else {
      const note = `${PEER[0]} ${PEER[1]}, PostgreSQL on a socket`;
      measures.push(
        { label: 'DBOS Transact in a row', value: peer.chain, unit: 'steps/s', note },
        { label: 'DBOS Transact side by side', value: peer.wide, unit: 'steps/s', note: `${PARALLEL} workflows at once` },
      );
      targets.push(
        { claim: 'in a row, ours over DBOS', value: own.chain / peer.chain, bound: 1, sense: 'at least' },
        { claim: 'side by side, ours over DBOS', value: own.wide / peer.wide, bound: 1, sense: 'at least' },
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const parameters = { steps: nights * STEPS_A_NIGHT, parallel: PARALLEL, synced: 'every record' };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series: [],
    targets,
    excluded: ['what a step does', 'start of the database'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'steps', title: 'Durable steps beside DBOS Transact', run };
