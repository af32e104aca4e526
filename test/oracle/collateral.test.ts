// Engine against oracle on days full of collateral: pledges, moves, lists of haircuts, days that begin and end between them.
import { describe, expect, it } from 'vitest';
import { collateralOperation } from './collateral-script.ts';
import { ACCOUNTS, runDay } from './random-day.ts';
import { BUSINESS_DATE } from './random-table.ts';

const { ORACLE_SEEDS, ORACLE_STEPS } = process.env;
const SEEDS = Number(ORACLE_SEEDS ?? 3);
const STEPS = Number(ORACLE_STEPS ?? 150);

describe('random days of collateral', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`engine and oracle agree on day ${seed}`, () => {
      const day = { open: true, businessDate: BUSINESS_DATE };
      const mostly = runDay(seed, STEPS, (random) => (random.oneIn(4) ? undefined : collateralOperation(random, random.pick([...ACCOUNTS]), day)));
      expect(mostly).toBeUndefined();
    });
  }
});
