// A process that runs a small end of day and dies of SIGKILL at the nth thing it makes durable: a record of the night (before or after its effect, as
// it falls), or a file it keeps. Arguments: data directory, n (0 = never).
import { writeSync } from 'node:fs';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { openNight } from '../../../batch/night/night.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { istMicros, type NodeBody } from '../../../batch/runner/index.ts';
import { DATE, evenings } from './trading-day.ts';

const [dataDirectory = '', killAt = '0'] = process.argv.slice(2);
let [left, instants] = [Number(killAt), 0];
const die = (): void => {
  instants += 1;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

const { keep } = NightFiles.prototype;
NightFiles.prototype.keep = function kept(role, date, file) {
  const made = keep.call(this, role, date, file);
  die();
  return made;
};
/** Dies inside the transaction that books, after the postings and before the commit. */
const dying =
  (body: NodeBody): NodeBody =>
  async (context) => {
    const outcome = await body(context);
    const { commit } = outcome;
    if (commit === undefined) return outcome;
    return {
      ...outcome,
      commit: () => {
        commit();
        die();
      },
    };
  };

let now = istMicros(DATE, 24 * 60 + 30);
const bodies = new Map([...evenings(dataDirectory)].map(([id, body]) => [id, dying(body)] as const));
const night = await openNight({ dataDirectory, bodies, now: () => now, onRecord: die, parallel: 1 });
const { runner, operator } = night;
const run = runner.open(DATE, 'eod', 'ops');
for (const [key, { status, proposal }] of runner.states.of(run.id)) {
  if (!key.startsWith('EOD-START@') || status !== 'waiting') continue;
  if (proposal === undefined) operator.propose(run.id, key, 'resolve', { by: 'asha', reason: 'trading hours ran elsewhere' });
  operator.approve(run.id, key, 'binod');
}
for (let wakeAt = await runner.advance(), i = 0; wakeAt > 0 && i < 50; wakeAt = await runner.advance(), i++) now = Math.max(now, wakeAt);
const ledger = new Ledger(night.store.root);
const states = [...runner.states.of(run.id)].map(([key, { status, outputs }]) => [key, status, outputs]);
const ending = { instants, states, entries: ledger.head.sequence, root: ledger.trialBalance().root, findings: ledger.verify().findings };
writeSync(1, JSON.stringify(ending));
await night.close();
