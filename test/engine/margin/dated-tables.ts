// Parameter tables under the dated rules: four underlyings at two clearing organisations, contracts that expire on the day and later, with or without tiers,
// calendar spreads, credits and short option minima. Invented numbers; money in whole paise so that sums are exact.
import fc from 'fast-check';
import {
  buildParameterTable,
  type ClearingRules,
  type CombinedCommodity,
  type InstrumentRow,
  type ParameterTable,
  type Spread,
} from '../../../engine/index.ts';

const DATES = [20_241_119, 20_241_120, 20_250_209, 20_250_210, 20_260_503, 20_260_504, 20_261_120];
/** Expiries after the business date. */
export const LATER: readonly number[] = [20_270_128, 20_270_225];
const MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 2, -2];
/** Underlyings of every table. */
export const COMMODITIES: readonly { readonly symbol: string; readonly segment: number; readonly clearingOrg: string }[] = [
  { symbol: 'NIFTY', segment: 2, clearingOrg: 'NCL' },
  { symbol: 'INFY', segment: 2, clearingOrg: 'NCL' },
  { symbol: 'SENSEX', segment: 5, clearingOrg: 'ICCL' },
  { symbol: 'TCS', segment: 2, clearingOrg: 'NCL' },
];
/** Contracts of each underlying. */
export const CONTRACTS = 9;

/** What a table has; `noise` moves its figures, never its contracts. */
export interface TableChoice {
  readonly date: number;
  readonly near: number;
  readonly tiered: boolean;
  readonly calendar: boolean;
  readonly credits: 'none' | 'delta' | 'all';
  readonly minimum: 'none' | 'gross' | 'larger' | 'larger by tier';
  readonly futures: boolean;
  readonly noise: readonly number[];
}

/** Any table, but for what is fixed. */
export const choice = (fixed: Partial<Record<keyof TableChoice, fc.Arbitrary<unknown>>>): fc.Arbitrary<TableChoice> =>
  fc.record({
    date: fc.constantFrom(...DATES),
    near: fc.integer({ min: 0, max: 6 }),
    tiered: fc.boolean(),
    calendar: fc.boolean(),
    credits: fc.constantFrom('none', 'delta', 'all'),
    minimum: fc.constantFrom('none', 'gross', 'larger', 'larger by tier'),
    futures: fc.constant(true),
    noise: fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 40, maxLength: 40 }),
    ...fixed,
  }) as fc.Arbitrary<TableChoice>;

/** Four underlyings at two clearing organisations, contracts that expire on the day and later, strikes with quarter-paisa rungs. */
export function tableOf(how: TableChoice): ParameterTable {
  let at = 0;
  const pick = (from: number, to: number): number => from + (((how.noise[at++ % how.noise.length] ?? 1) * 31 + at * 7) % (to - from + 1));
  const rows: InstrumentRow[] = [];
  const commodities = COMMODITIES.map(({ symbol, segment, clearingOrg }, u): CombinedCommodity => {
    const spot = pick(200, 900);
    [how.date, ...LATER].forEach((expiry, e) => {
      for (const kind of how.futures ? [1, 2, 3] : [2, 3, 3]) {
        const lean = kind === 1 ? 10 : (kind === 2 ? 1 : -1) * pick(1, 9);
        const elm = pick(100, 2_000) * 10_000 + pick(0, 99);
        rows.push({
          segment,
          token: 1_000 * u + 100 * e + rows.length,
          kind,
          name: `${symbol}${e}${rows.length}`,
          underlying: symbol,
          expiry,
          strike: kind === 1 ? 0 : (spot * 20 + pick(-600, 600)) * 500,
          lot: 1,
          tickSize: 5,
          freezeQuantity: 0,
          bandLow: 0,
          bandHigh: 0,
          previousClose: 0,
          price: pick(100, 5_000),
          delta: lean * 1_000,
          elmLong: kind === 1 ? elm : 0,
          elmShort: elm,
          cashRate: 0,
          scanTier: how.tiered && e > 0 ? 1 : 0,
          flags: 0,
          riskArray: MOVES.map((move) => -move * lean * pick(60, 120)),
        });
      }
    });
    return commodityOf(how, symbol, clearingOrg, spot, pick(900, 4_000), [pick(100, 900) / 100, pick(100, 900) / 100]);
  });
  const tops = commodities.map(({ symbol, spot }) => ({
    symbol,
    somRate: 0,
    calendarRateMax: how.calendar ? 9e6 : 0,
    spot: spot * 10_000,
    tierCount: 2,
  }));
  return buildParameterTable(how.date, rows, tops, {
    sources: [],
    commodities,
    clearing: ['NCL', 'ICCL'].map((clearingOrg) => clearingOf(clearingOrg, how)),
    tradingDays: { [how.date]: 0, [LATER[0] ?? 0]: how.near },
  });
}

function commodityOf(
  how: TableChoice,
  symbol: string,
  clearingOrg: string,
  spot: number,
  deliveryRate: number,
  rates: readonly number[],
): CombinedCommodity {
  const leg = (expiry: number, side: 'A' | 'B') => ({ commodity: symbol, expiry, tier: 0, side, ratio: 1, required: true });
  const pairs = [
    [how.date, LATER[0] ?? 0],
    [LATER[0] ?? 0, LATER[1] ?? 0],
  ] as const;
  return {
    symbol,
    currency: 'INR',
    scanTiers: [],
    intraTiers: [],
    interTiers: [],
    spreads: how.calendar
      ? pairs.map(([a, b], n): Spread => ({ priority: n + 1, method: 'F', rate: rates[n] ?? 1, legs: [leg(a, 'A'), leg(b, 'B')] }))
      : [],
    spotCharges: [],
    shortOptionMinimum: minimaOf(how, spot),
    somMethod: how.minimum.startsWith('larger') ? 'MAX' : 'GROSS',
    wfprMethod: 'NORMAL',
    priceScan: 30,
    volScan: 0.04,
    spot,
    adjustment: 1,
    clearingOrg,
    deliveryRate,
  };
}

/** By tier: the expiring month at one rate, the middle one at another, the last at none. */
function minimaOf({ minimum, date }: TableChoice, spot: number): CombinedCommodity['shortOptionMinimum'] {
  if (minimum === 'none') return [];
  if (minimum !== 'larger by tier') return [{ tier: 0, from: 0, to: 0, rate: spot / 2 }];
  return [
    { tier: 1, from: 0, to: date, rate: spot / 2 },
    { tier: 2, from: LATER[0] ?? 0, to: LATER[0] ?? 0, rate: spot / 4 },
  ];
}

function clearingOf(clearingOrg: string, how: TableChoice): ClearingRules {
  const leg = (commodity: string, side: 'A' | 'B', ratio: number) => ({ commodity, expiry: 0, tier: 0, side, ratio, required: true });
  const credit = (priority: number, rate: number, legs: Spread['legs']): Spread => ({ priority, method: 'P', rate, legs });
  const inter = [
    credit(1, 0.3, [leg('NIFTY', 'A', 1), leg('INFY', 'B', 2)]),
    credit(2, 0.75, [leg('INFY', 'A', 1), leg('TCS', 'B', 1)]),
    // Named at both organisations: forms at neither, because the legs are not margined by one.
    credit(3, 0.8, [leg('NIFTY', 'A', 1), leg('SENSEX', 'B', 1)]),
  ];
  return {
    clearingOrg,
    asOf: how.date,
    created: '',
    isSettlement: false,
    interSpreads: how.credits === 'none' ? [] : inter,
    scanningSpreads:
      how.credits === 'all'
        ? [{ priority: 1, legs: ['TCS', 'NIFTY'].map((commodity, n) => ({ commodity, isTarget: n === 0, required: true, ratio: 1, rate: 0.7 })) }]
        : [],
    superSpreads: how.credits === 'all' ? [credit(1, 0.2, [leg('NIFTY', 'A', 1), leg('INFY', 'B', 1)])] : [],
  };
}
