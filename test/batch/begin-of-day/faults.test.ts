// Fault by fault: what the sandbox does to the morning's files, and the state, queue and words it leads to.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dayGraph } from '../../../batch/graph/index.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { sha256Of } from '../../../batch/ports/fetched-file.ts';
import { type Status, workQueue } from '../../../batch/runner/index.ts';
import { DATE, Morning, makeDay } from './practice.ts';

let day = '';
let morning: Morning | undefined;
beforeAll(async () => {
  day = await makeDay();
});
afterEach(async () => {
  await morning?.end();
  morning = undefined;
});
afterAll(() => rmSync(day, { recursive: true, force: true }));

/** Only what fetches: these faults touch nothing behind it. */
const fetching = (id: string): boolean => id === 'BOD-START' || /^BOD-(EX|CC|DP)-|_LIST$/.test(id);

interface Expected {
  readonly status: Status;
  readonly way?: 'alternate' | 'stale';
  /** Words of the error, and who is told. */
  readonly error?: RegExp;
  readonly surface?: string;
}

function keepEarlierList({ directory }: Morning): void {
  const bytes = Buffer.from('Symbol,Series,ISIN,Stage\nABC,EQ,INE000000001,2\n');
  new NightFiles(directory).keep('gsm', '2026-11-19', { name: 'gsm_19112026.csv', bytes, sha256: sha256Of(bytes) });
}

describe('files', () => {
  it.each<[faults: string, node: string, expected: Expected]>([
    ['', 'BOD-EX-MEMBER_FILES', { status: 'done' }],
    ['half-file', 'BOD-EX-MEMBER_FILES', { status: 'failed', error: /members_20112026.csv: .*half a file/, surface: 'ops alert' }],
    ['wrong-checksum', 'BOD-CC-SPAN_SCANRANGE', { status: 'failed', error: /nsccl.*does not match its sidecar/, surface: 'critical' }],
    ['malformed-row', 'BOD-DP-PLEDGE_STATUS', { status: 'failed', error: /pledge_status_20112026.csv: line 2, .*\?/, surface: 'ops queue' }],
    ['malformed-row', 'BOD-CC-MTM_T1', { status: 'failed', way: 'alternate', error: /FOSett_prce_19112026.csv: line 2, DATE/, surface: 'ops alert' }],
    [
      'malformed-row',
      'BOD-EX-CONTRACT_FO@FO',
      { status: 'failed', way: 'alternate', error: /NSE_FO_contract_20112026.csv.gz.*2/, surface: 'ops alert' },
    ],
    ['missing-column', 'BOD-EX-MEMBER_FILES', { status: 'failed', error: /line 1: has no column MmbCd/, surface: 'ops alert' }],
    ['missing-column', 'BOD-DP-OBLIGATION_T1', { status: 'failed', error: /Obligation_NCL_CM_.*: line 1: has no column Sgmt/, surface: 'ops alert' }],
    ['duplicate-rows', 'BOD-DP-DDPI_STATUS', { status: 'failed', error: /line \d+: .*stands in line 2 already/, surface: 'ops queue' }],
    ['out-of-order', 'BOD-DP-PLEDGE_STATUS', { status: 'done' }],
    ['primary-down', 'BOD-EX-HOLIDAY_CAL', { status: 'done', way: 'alternate' }],
    ['primary-down', 'BOD-EX-CIRCUIT_FILTER', { status: 'failed', error: /127.0.0.1/, surface: 'ops alert' }],
    ['files-down', 'BOD-EX-HOLIDAY_CAL', { status: 'failed', way: 'alternate', error: /127.0.0.1/, surface: 'ops alert' }],
    ['files-down', 'BOD-SURV-GSM_LIST', { status: 'failed', way: 'stale', error: /no earlier list/, surface: 'ops alert' }],
    ['late-file', 'BOD-EX-HOLIDAY_CAL', { status: 'done', way: 'alternate' }],
    ['late-file', 'BOD-EX-MEMBER_FILES', { status: 'failed', error: /members_20112026.csv is not there/, surface: 'ops alert' }],
  ])('"%s": %s', async (faults, node, { status, way = 'usual', error, surface }) => {
    morning = await Morning.begin(day, faults);
    const night = await morning.night(fetching);
    const run = await morning.run(night);
    const state = night.runner.states.state(run, node);
    expect({ status: state.status, way: state.way, error: state.error }).toEqual({
      status,
      way,
      error: error === undefined ? '' : expect.stringMatching(error),
    });
    const queued = workQueue(night.runner.states, dayGraph(), night.store.runsFrom(DATE)).find(({ key }) => key === node);
    expect(queued?.surface).toBe(surface);
  });

  it('goes on with the last list where the plan allows it, and says so', async () => {
    morning = await Morning.begin(day, 'files-down');
    keepEarlierList(morning);
    const night = await morning.night(fetching);
    const run = await morning.run(night);
    expect(night.runner.states.state(run, 'BOD-SURV-GSM_LIST')).toMatchObject({ status: 'done', stale: true, note: 'stale: gsm of 2026-11-19' });
    expect(night.runner.states.state(run, 'BOD-SURV-ASM_LIST').status).toBe('failed');
  });

  it('refuses a re-issued file in the run that rests on the first, and names the way out', async () => {
    morning = await Morning.begin(day);
    keepEarlierList(morning);
    const night = await morning.night((id) => fetching(id) || id === 'BOD-SURV-ARM');
    const run = await morning.run(night);
    expect(night.runner.states.state(run, 'BOD-SURV-ARM').status).toBe('done');
    morning.sandbox.faults.switchOn('re-issue');
    night.operator.clear(run, 'BOD-SURV-GSM_LIST', 'one', { by: 'asha', reason: 'look again' });
    await morning.goOn(night);
    const state = night.runner.states.state(run, 'BOD-SURV-GSM_LIST');
    expect(state.error).toMatch(/another version of "gsm".*correction run/);
  });
});
