// A process that runs a begin of day and dies by SIGKILL at the nth instant: at a record that is stored, or when a body has done its work and nothing
// says so yet. Arguments: data directory, n (0 = never). Last word: how many instants there were, what is not done, and what is done of BSE.
import { openNight } from '../../../batch/night/night.ts';
import { nightBodies } from '../../../batch/nodes/index.ts';
import { istMicros, type NodeBody } from '../../../batch/runner/index.ts';

const [dataDirectory = '', killAt = '0'] = process.argv.slice(2);
const DATE = '2026-11-20';
let instants = 0;
const instant = (): void => {
  instants += 1;
  if (instants === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};
const dying =
  (body: NodeBody): NodeBody =>
  async (context) => {
    const outcome = await body(context);
    instant();
    return outcome;
  };
let micros = istMicros(DATE, 6 * 60 + 1);
const night = await openNight({
  dataDirectory,
  bodies: new Map([...nightBodies({ dataDirectory })].map(([id, body]) => [id, dying(body)])),
  now: () => micros,
  parallel: 1,
  onRecord: instant,
});
const run = night.runner.open(DATE, 'bod', 'operations');
for (let wakeAt = await night.runner.advance(); wakeAt > 0; wakeAt = await night.runner.advance()) micros = Math.max(micros, wakeAt);
const unfinished = [...night.runner.states.of(run.id)].flatMap(([key, { status, error }]) =>
  status === 'done' ? [] : [`${key} ${status} ${error}`],
);
const ofBse = [...night.runner.states.of(run.id)].flatMap(([key, { status }]) => (/@(BSE|BFO)$/.test(key) && status === 'done' ? [key] : [])).sort();
process.send?.({ instants, unfinished, ofBse });
await night.close();
process.disconnect?.();
