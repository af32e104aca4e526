// Engine and oracle through days of cover orders: entries that fill, stops placed for them, changed, filled, cancelled, and all that is wrong with either.
import { describe, expect, it } from 'vitest';
import { runDay } from './random-day.ts';

const { ORACLE_SEEDS, ORACLE_STEPS } = process.env;
const SEEDS = Number(ORACLE_SEEDS ?? 2);
const STEPS = Number(ORACLE_STEPS ?? 160);

describe('days of cover orders', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`engine and oracle agree on day ${seed}`, () => {
      expect(runDay(seed, STEPS, undefined, 3)).toBeUndefined();
    });
  }
});
