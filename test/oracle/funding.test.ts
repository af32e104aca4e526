// Engine against oracle on days full of margin trading funding (MTF): purchases and sales, busts and corrections, closes, pledges, lots from
// elsewhere, bonus and split.
import { describe, expect, it } from 'vitest';
import { conversionOperation, fundingOperation } from './funding-script.ts';
import { ACCOUNTS, planDay, runDay } from './random-day.ts';

const { ORACLE_SEEDS, ORACLE_STEPS } = process.env;
const SEEDS = Number(ORACLE_SEEDS ?? 3);
const STEPS = Number(ORACLE_STEPS ?? 200);

describe('random days of funding', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`engine and oracle agree on day ${seed}`, () => {
      const table = planDay(seed).tables.get('table0');
      const rows = [4, 3, 2, 1].map((back) => (table?.instruments ?? 4) - back);
      const shares = rows.map((row) => ({ segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0 }));
      const about = (random: Parameters<typeof fundingOperation>[0]): ReturnType<typeof fundingOperation> | undefined =>
        random.oneIn(9) ? fundingOperation(random, random.pick([...ACCOUNTS]), shares) : undefined;
      expect(runDay(seed + 700, STEPS, about, undefined, 3)).toBeUndefined();
    });
  }

  it('agree on conversions between delivery and funding, back and forth', () => {
    const table = planDay(1).tables.get('table0');
    const row = (table?.instruments ?? 4) - 4;
    const share = { segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0 };
    const [account] = ACCOUNTS;
    for (let seed = 1; seed <= SEEDS; seed++)
      expect(
        runDay(seed + 800, STEPS, (random) => (random.oneIn(3) ? conversionOperation(random, account ?? '', share) : undefined), undefined, 3),
      ).toBe(undefined);
  });
});
