// A process that settles a small house's securities and dies of SIGKILL at the nth thing it makes durable: a record of the night, a call's intent or
// answer, a kept file, a booking before its commit. Arguments: data directory, n (0 = never). The other side lives in the process that started it.
import { writeSync } from 'node:fs';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { NightStore } from '../../../batch/runner/index.ts';
import { endingOf } from './units-ending.ts';
import { KILLED_HOUSE } from './units-script.ts';
import { UnitWorld } from './units-world.ts';

const [directory = '', killAt = '0'] = process.argv.slice(2);
let left = Number(killAt);
const die = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

const { keep } = NightFiles.prototype;
NightFiles.prototype.keep = function kept(role, date, file) {
  const made = keep.call(this, role, date, file);
  die();
  return made;
};
const { putCall } = NightStore.prototype;
NightStore.prototype.putCall = function stored(call) {
  putCall.call(this, call);
  die();
};

const world = await UnitWorld.begin(KILLED_HOUSE, {
  directory,
  only: 'night',
  synced: true,
  onRecord: die,
  wrap: (body) => async (context) => {
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
  },
});
await world.everything();
writeSync(1, JSON.stringify(endingOf(world)));
await world.close();
