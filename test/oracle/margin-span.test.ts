// The portfolio calculation against the exact one: random portfolios under random parameter files with every rule a SPAN file may carry.
import { describe, expect, it } from 'vitest';
import { portfolioMargin } from '../../engine/index.ts';
import { randomSpanTable } from './margin-random-span.ts';
import type { Rational } from './margin-rational.ts';
import { type ExactSpan, exactSpan } from './margin-span-oracle.ts';
import { Random } from './random.ts';

const { ORACLE_MARGINS } = process.env;
const CASES = Number(ORACLE_MARGINS ?? 400);

/** A figure in paise is the exact one, rounded: half a paisa, and the micro in which the calculation rounds a charge. */
function agrees(paise: number, exact: Rational): boolean {
  return Math.abs(paise - exact.toNumber() * 100) <= 0.5 + 2e-4;
}

describe('SPAN of random portfolios', () => {
  it('equals exact arithmetic to the paisa, part by part', () => {
    const random = new Random(20_261_121);
    const seen = { calendar: 0, spot: 0, credit: 0, excess: 0, minimum: 0, tiers: 0 };
    for (let i = 0; i < CASES; i++) {
      const table = randomSpanTable(random);
      const units = new Map<number, number>();
      for (let k = random.int(1, 14); k > 0; k--) units.set(random.int(0, table.instruments - 1), random.int(-8, 8) * 5);
      const margin = portfolioMargin(
        table,
        [...units].map(([instrument, quantity]) => ({ instrument, quantity })),
        2_000,
      );
      const exact = exactSpan(table, units);
      expect(margin.underlyings.map((line) => line.symbol)).toEqual(exact.map((line) => line.symbol));
      margin.underlyings.forEach((line, at) => {
        const own = exact[at] as ExactSpan;
        const compared = [
          [line.scan, own.scan],
          [line.calendar, own.calendar],
          [line.spot, own.spot],
          [line.interCommodity, own.credit],
          [line.shortOptionMinimum, own.som],
          [line.netOptionValue, own.nov],
          [line.span, own.span],
          [line.excessOptionValue, own.excess],
        ] as const;
        const wrong = compared.filter(([paise, rational]) => !agrees(paise, rational)).map(([paise, rational]) => [paise, rational.toNumber()]);
        expect(wrong, `case ${i} ${line.symbol}`).toEqual([]);
        if (own.calendar.sign > 0) seen.calendar++;
        if (own.spot.sign > 0) seen.spot++;
        if (own.credit.sign !== 0) seen.credit++;
        if (own.excess.sign > 0) seen.excess++;
        if (own.som.minus(own.scan).sign > 0) seen.minimum++;
        if (line.tiers.length > 1) seen.tiers++;
      });
    }
    for (const [what, count] of Object.entries(seen)) expect(count, `${what} was exercised`).toBeGreaterThan(CASES / 20);
  });
});
