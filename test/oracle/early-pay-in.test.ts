// Engine against oracle on days full of early pay-in, between orders, fills, busts, conversions, other tables, settlements and closes of the day.
import { describe, expect, it } from 'vitest';
import { earlyOperation } from './early-script.ts';
import { ACCOUNTS, planDay, runDay } from './random-day.ts';

const { ORACLE_SEEDS, ORACLE_STEPS } = process.env;
const SEEDS = Number(ORACLE_SEEDS ?? 3);
const STEPS = Number(ORACLE_STEPS ?? 120);

describe('random days of early pay-in', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`engine and oracle agree on day ${seed}`, () => {
      const table = planDay(seed).tables.get('table0');
      const rows = [4, 3, 2, 1].map((back) => (table?.instruments ?? 4) - back);
      const shares = rows.map((row) => ({ segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0 }));
      const some = runDay(seed + 400, STEPS, (random) => (random.oneIn(6) ? earlyOperation(random, random.pick([...ACCOUNTS]), shares) : undefined));
      expect(some).toBeUndefined();
    });
  }
});
