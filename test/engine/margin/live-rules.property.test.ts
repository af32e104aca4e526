// The live book under the dated rules: without working orders it is the report's figure to the paisa; with them it is never below the worst over
// every subset of fills of that figure, and equal to it where no calendar, no relief and no credit is in play.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildParameterTable,
  type ClearingRules,
  type CombinedCommodity,
  type InstrumentRow,
  MarginBook,
  OrderTerms,
  type ParameterTable,
  Product,
  portfolioMargin,
  Side,
  type Spread,
} from '../../../engine/index.ts';

const CLIENT = 3;
const DATES = [20_241_119, 20_241_120, 20_250_209, 20_250_210, 20_260_503, 20_260_504, 20_261_120];
const LATER = [20_270_128, 20_270_225];
const MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 2, -2];
const COMMODITIES = [
  { symbol: 'NIFTY', segment: 2, clearingOrg: 'NCL' },
  { symbol: 'INFY', segment: 2, clearingOrg: 'NCL' },
  { symbol: 'SENSEX', segment: 12, clearingOrg: 'ICCL' },
  { symbol: 'TCS', segment: 2, clearingOrg: 'NCL' },
];
const CONTRACTS = 9;

interface TableChoice {
  readonly date: number;
  readonly near: number;
  readonly tiered: boolean;
  readonly calendar: boolean;
  readonly credits: 'none' | 'delta' | 'all';
  readonly minimum: 'none' | 'gross' | 'larger' | 'larger by tier';
  readonly futures: boolean;
  readonly noise: readonly number[];
}

const choice = (fixed: Partial<Record<keyof TableChoice, fc.Arbitrary<unknown>>>): fc.Arbitrary<TableChoice> =>
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
function tableOf(how: TableChoice): ParameterTable {
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

interface Step {
  readonly instrument: number;
  readonly units: number;
}
interface Working extends Step {
  readonly price: number;
}
const units = fc.integer({ min: -9, max: 9 }).map((n) => n * 375);
const steps = fc.array(fc.record({ instrument: fc.nat(COMMODITIES.length * CONTRACTS - 1), units }), { maxLength: 12 });
const workingOn = (last: number): fc.Arbitrary<Working[]> =>
  fc.array(
    fc.record({
      instrument: fc.nat(last),
      units: units.map((n) => (n === 0 ? 375 : n)),
      price: fc.integer({ min: 1, max: 4_000 }).map((n) => n * 500),
    }),
    { maxLength: 4 },
  );

function bookOf(table: ParameterTable, held: readonly Step[], orders: readonly Working[]): MarginBook {
  const book = new MarginBook(table, 2_000);
  for (const step of held) book.addPosition(CLIENT, step.instrument, Product.NRML, step.units);
  for (const order of orders) book.addOrder(CLIENT, termsOf(order));
  return book;
}
const termsOf = (order: Working): OrderTerms =>
  new OrderTerms().set(order.instrument, Product.NRML, order.units > 0 ? Side.BUY : Side.SELL, Math.abs(order.units), order.price);

/** Paise from scratch: positions, and the premium of what was bought. */
function fromScratch(table: ParameterTable, held: readonly Step[], filled: readonly Working[] = []): number {
  const net = new Map<number, number>();
  for (const step of [...held, ...filled]) net.set(step.instrument, (net.get(step.instrument) ?? 0) + step.units);
  // Closed out contracts among them: the report knows that they are no member of any spread.
  const all = [...net].map(([instrument, quantity]) => ({ instrument, quantity }));
  const days = (expiry: number): number => table.details.tradingDays?.[expiry] ?? 30;
  const premium = filled.reduce(
    (sum, { instrument, units: n, price }) => sum + (table.kind[instrument] === 1 ? 0 : (Math.max(0, n) * price) / 100),
    0,
  );
  return portfolioMargin(table, all, 2_000, days).sum.total + premium;
}

function worstFill(table: ParameterTable, held: readonly Step[], orders: readonly Working[]): number {
  let worst = 0;
  for (let subset = 0; subset < 1 << orders.length; subset++) {
    const filled = orders.filter((_, at) => (subset >> at) & 1);
    worst = Math.max(worst, fromScratch(table, held, filled));
  }
  return worst;
}

describe('the live book under dated rules', () => {
  it('is the report to the paisa where no order works: any date, file, credits and clearing organisations', () => {
    fc.assert(
      fc.property(choice({}), steps, (how, held) => {
        const table = tableOf(how);
        const book = bookOf(table, held, []);
        expect(book.requirement(CLIENT)).toBe(fromScratch(table, held));
        expect(book.underlyingMargins(CLIENT).reduce((sum, line) => sum + line.requirement, 0)).toBe(book.requirement(CLIENT));
      }),
      { numRuns: 400 },
    );
  });

  it('is again the report after orders have come and gone', () => {
    fc.assert(
      fc.property(choice({}), steps, workingOn(35), steps, (how, held, orders, later) => {
        const table = tableOf(how);
        const book = bookOf(table, held, orders);
        for (const step of later) book.addPosition(CLIENT, step.instrument, Product.NRML, step.units);
        for (const order of orders) {
          const answer = book.requirementIf(CLIENT, null, termsOf(order));
          book.removeOrder(CLIENT, termsOf(order));
          expect(book.requirement(CLIENT)).toBe(answer);
        }
        expect(book.requirement(CLIENT)).toBe(fromScratch(table, [...held, ...later]));
      }),
      { numRuns: 200 },
    );
  });

  it('is never below the worst over every subset of fills', () => {
    fc.assert(
      fc.property(choice({ credits: fc.constantFrom('none', 'delta') }), steps, workingOn(35), (how, held, orders) => {
        const table = tableOf(how);
        const book = bookOf(table, held, orders);
        // Each underlying is rounded by itself.
        expect(book.requirement(CLIENT)).toBeGreaterThanOrEqual(worstFill(table, held, orders) - COMMODITIES.length);
      }),
      { numRuns: 250 },
    );
  });

  it('is exactly that worst, expiry day and delivery included, where no spread is in play', () => {
    const plain = choice({ calendar: fc.constant(false), credits: fc.constant('none'), futures: fc.constant(false) });
    const one = fc.array(fc.record({ instrument: fc.nat(CONTRACTS - 1), units }), { maxLength: 6 });
    fc.assert(
      fc.property(plain, fc.nat(3), one, workingOn(CONTRACTS - 1), (how, underlying, held, orders) => {
        const table = tableOf(how);
        const move = <T extends Step>(step: T): T => ({ ...step, instrument: step.instrument + underlying * CONTRACTS });
        const [positions, working] = [held.map(move), orders.map(move)];
        const book = bookOf(table, positions, working);
        expect(book.requirement(CLIENT)).toBe(Math.round(worstFill(table, positions, working)));
      }),
      { numRuns: 250 },
    );
  });

  it('answers a what-if with what it then becomes', () => {
    fc.assert(
      fc.property(choice({}), steps, workingOn(35), workingOn(35), (how, held, orders, asked) => {
        const book = bookOf(tableOf(how), held, orders);
        for (const order of asked) {
          const before = book.requirement(CLIENT);
          const answer = book.requirementIf(CLIENT, termsOf(order), null);
          expect(book.requirement(CLIENT)).toBe(before);
          book.addOrder(CLIENT, termsOf(order));
          expect(book.requirement(CLIENT)).toBe(answer);
          expect(book.requirementIf(CLIENT, null, termsOf(order))).toBe(before);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a working order', () => {
  const how: TableChoice = {
    date: 20_261_120,
    near: 30,
    tiered: false,
    calendar: true,
    credits: 'none',
    minimum: 'none',
    futures: true,
    noise: Array.from({ length: 40 }, (_, n) => (n * 13) % 89),
  };

  it('alone asks no calendar charge: nothing stands on the other side', () => {
    const table = tableOf(how);
    const row = table.firstInstrument[1] ?? 0;
    const future = [...Array(CONTRACTS).keys()].map((n) => row + n).find((n) => table.kind[n] === 1 && table.expiry[n] === LATER[0]) ?? row;
    const order = { instrument: future, units: 50, price: 500 };
    expect(bookOf(table, [], [order]).requirement(CLIENT)).toBe(fromScratch(table, [{ instrument: future, units: 50 }]));
  });

  it('against a month that is held is charged at most for the smaller pool', () => {
    const table = tableOf(how);
    const row = table.firstInstrument[1] ?? 0;
    const futures = [...Array(CONTRACTS).keys()].map((n) => row + n).filter((n) => table.kind[n] === 1 && table.expiry[n] !== how.date);
    const [near = 0, far = 0] = futures;
    const held = [{ instrument: near, units: 5 }];
    const many = bookOf(table, held, [{ instrument: far, units: -500, price: 500 }]).requirement(CLIENT);
    const filled = portfolioMargin(table, [{ instrument: far, quantity: -500 }], 2_000).sum.total;
    const held5 = portfolioMargin(table, [{ instrument: near, quantity: 5 }], 2_000).sum.total;
    expect(many).toBeLessThanOrEqual(filled + held5 + 5 * 900);
  });
});
