// Engine and oracle through days of cover and bracket orders: entries that fill, exits placed for them, changed, filled, cancelled, and all that is wrong with
// either. From day 6 on: the two after it have both exits of an entry working side by side.
import { describe, expect, it } from 'vitest';
import { runDay } from './random-day.ts';

const { ORACLE_SEEDS, ORACLE_STEPS } = process.env;
const SEEDS = Number(ORACLE_SEEDS ?? 2);
const STEPS = Number(ORACLE_STEPS ?? 160);
const FIRST = 6;

describe('days of cover and bracket orders', () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    it(`engine and oracle agree on day ${seed}`, () => {
      expect(runDay(seed, STEPS, undefined, 3)).toBeUndefined();
    });
  }
});
