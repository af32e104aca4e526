// Faults of an instruction, on the block-deal report of trading hours: what the other side has in its books, and where the node ends.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Status } from '../../../batch/runner/index.ts';
import { Morning, makeDay } from './practice.ts';

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

it.each<[fault: string, status: Status, error: RegExp, inBooks: number]>([
  ['', 'done', /^$/, 2],
  ['timeout-after-success-1', 'done', /^$/, 2],
  ['timeout-before-1', 'done', /^$/, 2],
  ['error-after-success-1', 'done', /^$/, 2],
  ['cut-answer-1', 'done', /^$/, 2],
  ['undecided-1', 'done', /^$/, 2],
  ['server-error-1', 'done', /^$/, 2],
  ['reject-1', 'failed', /refused on purpose/, 1],
  ['counterparty-down', 'inDoubt', /cannot be asked/, 0],
])('"%s" ends %s', async (fault, status, error, inBooks) => {
  morning = await Morning.begin(day, fault);
  const night = await morning.night((id) => id.startsWith('TH-BD-'));
  const run = await morning.run(night, 'th');
  const state = night.runner.states.state(run, 'TH-BD-REPORT');
  expect([state.status, state.error]).toEqual([status, expect.stringMatching(error)]);
  expect(morning.sandbox.books.of('exchange').length).toBe(inBooks);
});
