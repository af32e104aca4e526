// The dated rules of the portfolio calculation against exact arithmetic: random portfolios, random files, days before and after each rule began.
import { describe, expect, it } from 'vitest';
import { buildParameterTable, type InstrumentRow, type ParameterTable, portfolioMargin } from '../../engine/index.ts';
import { exactAddOns } from './margin-add-ons-oracle.ts';
import type { Rational } from './margin-rational.ts';
import { Random } from './random.ts';

const { ORACLE_MARGINS } = process.env;
const CASES = Number(ORACLE_MARGINS ?? 400);
const DATES = [20_241_119, 20_241_120, 20_250_209, 20_250_210, 20_260_503, 20_260_504, 20_261_120];
const LATER = [20_270_128, 20_270_225];
const MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 2, -2];

/** An index and a stock with contracts that expire on the day and later. */
function randomTable(random: Random, date: number): ParameterTable {
  const rows: InstrumentRow[] = [];
  const commodities = ['NIFTY', 'INFY'].map((symbol, u) => {
    const spot = random.int(200, 900);
    const tiered = random.oneIn(3);
    [date, ...LATER].forEach((expiry, e) => {
      for (const kind of [1, 2, 3]) {
        const lean = kind === 1 ? 10 : (kind === 2 ? 1 : -1) * random.int(1, 9);
        const elm = random.int(100, 2_000) * 10_000;
        rows.push({
          segment: 2,
          token: 100 * u + 10 * e + kind + 1,
          kind,
          name: `${symbol}${e}${kind}`,
          underlying: symbol,
          expiry,
          strike: kind === 1 ? 0 : (spot + random.int(-40, 40)) * 10_000,
          lot: 1,
          tickSize: 5,
          freezeQuantity: 0,
          bandLow: 0,
          bandHigh: 0,
          previousClose: 0,
          price: random.int(100, 5_000),
          delta: lean * 1_000,
          elmLong: kind === 1 ? elm : 0,
          elmShort: elm,
          cashRate: 0,
          scanTier: tiered && e > 0 ? 1 : 0,
          flags: 0,
          riskArray: MOVES.map((move) => -move * lean * random.int(90, 110)),
        });
      }
    });
    const leg = (expiry: number, side: 'A' | 'B') => ({ commodity: symbol, expiry, tier: 0, side, ratio: 1, required: true });
    const pairs = [
      [date, LATER[0] ?? 0],
      [LATER[0] ?? 0, LATER[1] ?? 0],
    ] as const;
    return {
      symbol,
      currency: 'INR',
      scanTiers: [],
      intraTiers: [],
      interTiers: [],
      spreads: pairs.map(([a, b], at) => ({
        priority: at + 1,
        method: 'F' as const,
        rate: random.int(100, 900) / 100,
        legs: [leg(a, 'A'), leg(b, 'B')],
      })),
      spotCharges: [],
      shortOptionMinimum: [],
      somMethod: 'GROSS' as const,
      wfprMethod: 'NORMAL' as const,
      priceScan: 30,
      volScan: 0.04,
      spot,
      adjustment: 1,
      ...(random.oneIn(2) ? { deliveryRate: random.int(900, 4_000) } : {}),
    };
  });
  const tops = commodities.map(({ symbol, spot }) => ({ symbol, somRate: 0, calendarRateMax: 9e6, spot: spot * 10_000, tierCount: 2 }));
  return buildParameterTable(date, rows, tops, { sources: [], commodities, clearing: [] });
}

const RULES = { 'elm.expiryDay': 'expiryDay', 'elm.calendarThird': 'calendarThird', calendar: 'withdrawn', delivery: 'delivery' } as const;

describe('dated rules on random portfolios', () => {
  it('equal exact arithmetic to the paisa, on days before and after each began', () => {
    const random = new Random(77);
    const seen = new Map<string, number>();
    for (let i = 0; i < CASES; i++) {
      const table = randomTable(random, random.pick(DATES));
      const near = random.int(0, 6);
      const daysTo = (expiry: number): number => (expiry === table.businessDate ? 0 : expiry === LATER[0] ? near : 30);
      const underlying = random.int(0, 1);
      const first = table.firstInstrument[underlying] ?? 0;
      const units = new Map<number, number>();
      for (let k = random.int(1, 7); k > 0; k--) units.set(first + random.int(0, 8), random.int(-8, 8) * 5);
      const positions = [...units].map(([instrument, quantity]) => ({ instrument, quantity }));
      const [line] = portfolioMargin(table, positions, 2_000, daysTo).underlyings;
      const exact = exactAddOns(table, underlying, units, daysTo);
      for (const [prefix, field] of Object.entries(RULES)) {
        const own = (line?.addOns ?? []).filter(({ rule }) => rule === prefix || (!prefix.includes('.') && rule.startsWith(`${prefix}.`)));
        const paise = own.reduce((sum, { amount }) => sum + amount, 0) * (field === 'calendarThird' ? -1 : 1);
        // Each line of a rule is rounded by itself.
        const slack = 0.5 * Math.max(1, own.length) + 2e-4;
        const figure: Rational = exact[field as keyof typeof exact];
        expect(Math.abs(paise - figure.toNumber() * 100), `case ${i} ${field}: ${paise} for ${figure.toNumber()}`).toBeLessThanOrEqual(slack);
        if (figure.sign > 0) seen.set(field, (seen.get(field) ?? 0) + 1);
      }
    }
    for (const field of Object.values(RULES)) expect(seen.get(field) ?? 0, `${field} was exercised`).toBeGreaterThan(CASES / 40);
  });
});
