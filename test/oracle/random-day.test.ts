// The engine against the oracle through random, hostile days: every event and the whole state after every command. A few days here; more with
// ORACLE_SEEDS=n (and ORACLE_STEPS).
import { describe, expect, it } from 'vitest';
import { runDay } from './random-day.ts';

const { ORACLE_SEEDS, ORACLE_STEPS, ORACLE_FIRST } = process.env;
const SEEDS = Number(ORACLE_SEEDS ?? 8);
const STEPS = Number(ORACLE_STEPS ?? 250);
const FIRST = Number(ORACLE_FIRST ?? 1);

describe('random days', () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    it(`engine and oracle agree on day ${seed}`, () => {
      expect(runDay(seed, STEPS)).toBeUndefined();
    });
  }
});
