// Engine and oracle through days that go in and out of the pre-open session of derivatives, with orders working, replaced and filled in it.
import { describe, expect, it } from 'vitest';
import type { DeskCommand } from './desk-script.ts';
import type { Random } from './random.ts';
import { runDay } from './random-day.ts';

const { ORACLE_SEEDS, ORACLE_STEPS } = process.env;
const SEEDS = Number(ORACLE_SEEDS ?? 2);
const STEPS = Number(ORACLE_STEPS ?? 160);

/** One command in eight changes the session of segment 2; more often into the pre-open session than out of it. */
function session(random: Random): DeskCommand | undefined {
  if (!random.oneIn(8)) return undefined;
  return ['SetSegmentState', { segment: 2, state: random.pick(['PRE_OPEN', 'PRE_OPEN', 'OPEN']), reason: 'session', by: ['clock'] }];
}

describe('days with pre-open sessions', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`engine and oracle agree on day ${seed}`, () => {
      expect(runDay(seed, STEPS, session)).toBeUndefined();
    });
  }
});
