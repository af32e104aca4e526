// The price model against a published risk parameter file: each BANKNIFTY option of one snapshot, its short scan risk and its delta.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { riskArray } from '../../workers/reference/index.ts';

const FILE = new URL('../../../shared/data/exchange/banknifty-span-20250808-1.csv', import.meta.url);
const inCi = process.env['CI'] === 'true';
const AS_OF = Date.UTC(2025, 7, 7);

describe.skipIf(!existsSync(FILE) && !inCi)('published BANKNIFTY arrays (skipped where ../shared is absent)', () => {
  it('agree to a paisa in the short scan risk and to the last digit in delta', () => {
    const [header, ...lines] = readFileSync(FILE, 'utf8').trim().split(/\r?\n/);
    expect(header).toBe('expiry_raw,expiry,strike,type,premium_in_rpf,delta_in_rpf,worst_RA_per_unit,spot_from_rpf');
    const misses: string[] = [];
    for (const line of lines) {
      const [expiry = '', , strike, type, premium, delta, worst, spot] = line.split(',');
      const days = (Date.UTC(Number(expiry.slice(0, 4)), Number(expiry.slice(4, 6)) - 1, Number(expiry.slice(6))) - AS_OF) / 86_400_000;
      const made = riskArray({
        spot: Number(spot),
        strike: Number(strike),
        type: type === 'C' ? 'CE' : 'PE',
        days,
        premium: Number(premium),
        r: 0.0609,
        sigma: 0.184284,
        // The wider range is the one for index options beyond nine months.
        psr: (days > 275 ? 0.177 : 0.113) * Number(spot),
        vsr: 0.05,
        lookaheadDays: 2,
        extremeMultiplier: 2,
        cover: 0.35,
      });
      const scanMiss = Math.abs(-Math.min(...made.array) - Number(worst));
      const deltaMiss = Math.abs(made.delta - Number(delta));
      if (scanMiss > 0.011 || deltaMiss > 1.001e-4) misses.push(`${line}: ${scanMiss} ${deltaMiss}`);
    }
    expect(lines.length).toBeGreaterThan(2_000);
    expect(misses).toEqual([]);
  });
});

describe('the price model', () => {
  const call = { spot: 100, type: 'CE' as const, r: 0.06, sigma: 0.3, psr: 15, vsr: 0.05, lookaheadDays: 2, extremeMultiplier: 2, cover: 0.35 };

  it('gives a future the carry over the look-ahead: a long loses a little when nothing moves', () => {
    const { array, delta } = riskArray({ ...call, type: 'FUT', spot: 24_050.35, strike: 0, days: 6, r: 0.0662, psr: 2234.01 });
    expect(delta).toBe(1);
    expect(array[0]).toBeCloseTo(8.73, 1);
    expect([array[10], array[12]].map((loss) => Math.round(loss ?? 0))).toEqual([-2227, 2244]);
  });

  it('never lets a bought option lose more than its price in the file', () => {
    const { array } = riskArray({ ...call, strike: 100, days: 30, premium: 3.1 });
    expect(Math.max(...array)).toBe(3.1);
    expect(Math.min(...array)).toBeLessThan(-10);
  });

  it('values what is at or past expiry by exercise', () => {
    expect(riskArray({ ...call, strike: 120, days: 1 }).array[10]).toBe(0);
    expect(riskArray({ ...call, strike: 110, days: 1 }).array[10]).toBeCloseTo(-5, 2);
    expect(riskArray({ ...call, strike: 90, days: 0 }).delta).toBe(1);
  });

  it('keeps put-call parity between the two deltas and the two arrays', () => {
    const put = riskArray({ ...call, type: 'PE', strike: 105, days: 40 });
    const same = riskArray({ ...call, strike: 105, days: 40 });
    expect(same.delta - put.delta).toBeCloseTo(1, 9);
    expect((same.array[10] ?? 0) - (put.array[10] ?? 0)).toBeCloseTo(-15 + 105 * (Math.exp((-0.06 * 38) / 365) - Math.exp((-0.06 * 40) / 365)), 1);
  });
});
