// Random parameter tables with everything a SPAN file may say: tiers, spreads of every method and leg kind, delivery months, credits of every
// kind, two clearing organisations. Invented numbers; money in whole paise so that sums are exact in micros.
import {
  buildParameterTable,
  type ClearingRules,
  type CombinedCommodity,
  ExchangeSegment,
  type InstrumentRow,
  type ParameterTable,
  type ScanPoint,
  type Spread,
  type SpreadLeg,
  type Tier,
} from '../../engine/index.ts';
import type { Random } from './random.ts';

const EXPIRIES = [20_261_120, 20_261_224, 20_270_128, 20_270_225];
const SYMBOLS = ['WHEAT', 'MAIZE', 'RICE', 'GRAM', 'GOLD', 'SILVER'];
const HOMES = ['NSCCL', 'NSCCL', 'NSCCL', 'NSCCL', 'MCXCCL', 'MCXCCL'];
const MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 6, -6];

/** A table of six commodities; `live` as the margin book of a commodity exchange takes it, credits between commodities included. */
export function randomSpanTable(random: Random, live = false): ParameterTable {
  const rows: InstrumentRow[] = [];
  const commodities = SYMBOLS.map((symbol, at) => {
    const commodity = randomCommodity(random, symbol, HOMES[at] ?? '');
    rows.push(...contractsOf(random, commodity, 1_000 * (at + 1)));
    return commodity;
  });
  const tops = commodities.map(({ symbol, spot, spreads, shortOptionMinimum }) => ({
    symbol,
    somRate: Math.max(0, ...shortOptionMinimum.map((tier) => Math.round(tier.rate * 1e6))),
    calendarRateMax: Math.max(0, ...spreads.map((spread) => Math.ceil(spread.rate * (spread.method === 'F' ? 1 : 2 * spot) * 1e6))),
    spot: spot * 10_000,
    tierCount: 2,
  }));
  const clearing = ['NSCCL', 'MCXCCL'].map((org) => clearingRules(random, org));
  const listed = live ? rows.map((row) => ({ ...row, segment: ExchangeSegment.MCX })) : rows;
  return buildParameterTable(20_261_120, listed, tops, { sources: [], commodities, clearing, ...(live ? { tradingDays: {} } : {}) });
}

function randomCommodity(random: Random, symbol: string, clearingOrg: string): CombinedCommodity {
  const spot = random.int(100, 900);
  const tiers: Tier[] = [
    { tier: 1, from: 0, to: EXPIRIES[random.int(0, 1)] ?? 0 },
    { tier: 2, from: EXPIRIES[2] ?? 0, to: 0 },
  ];
  const paise = (low: number, high: number): number => random.int(low * 100, high * 100) / 100;
  return {
    symbol,
    clearingOrg,
    currency: 'INR',
    scanTiers: random.oneIn(3)
      ? [
          { tier: 1, from: 0, to: EXPIRIES[0] ?? 0 },
          { tier: 2, from: EXPIRIES[1] ?? 0, to: 0 },
        ]
      : [{ tier: 1, from: 0, to: 0 }],
    intraTiers: tiers,
    interTiers: random.oneIn(2) ? tiers : [],
    spreads: Array.from({ length: random.int(0, 6) }, (_, at) => intraSpread(random, symbol, at)),
    spotCharges: random.oneIn(2) ? [{ expiry: EXPIRIES[0] ?? 0, spreadRate: paise(0, 5), outrightRate: paise(0, 20) }] : [],
    shortOptionMinimum: somTiers(random, paise),
    somMethod: random.oneIn(2) ? 'MAX' : 'GROSS',
    wfprMethod: random.pick(['NORMAL', 'SCANRANGE', 'SCANRANGE_CAP'] as const),
    priceScan: paise(10, 60),
    volScan: 0.04,
    spot,
    adjustment: random.pick([1, 1, 1.25, 1.1]),
    // Options on the future of the month after.
    ...(random.oneIn(3) ? { deltaExpiry: { [EXPIRIES[0] ?? 0]: EXPIRIES[1] ?? 0, [EXPIRIES[2] ?? 0]: EXPIRIES[3] ?? 0 } } : {}),
  };
}

function somTiers(random: Random, paise: (low: number, high: number) => number): CombinedCommodity['shortOptionMinimum'] {
  if (random.oneIn(3)) return [];
  if (random.oneIn(2)) return [{ tier: 0, from: 0, to: 0, rate: paise(0, 40) }];
  return [
    { tier: 1, from: 0, to: EXPIRIES[1] ?? 0, rate: paise(0, 40) },
    { tier: 2, from: EXPIRIES[2] ?? 0, to: 0, rate: paise(0, 40) },
  ];
}

function intraSpread(random: Random, symbol: string, at: number): Spread {
  const method = random.pick(['F', 'F', 'F', 'P', 'W'] as const);
  const leg = (side: 'A' | 'B'): SpreadLeg => {
    const ratio = random.pick([1, 1, 1, 2]);
    const kind = random.int(0, 3);
    const expiry = kind < 2 ? random.pick(EXPIRIES) : 0;
    const period = kind === 3 ? { period: random.int(1, 4) } : {};
    return { commodity: symbol, expiry, tier: kind === 2 ? random.int(0, 2) : 0, side, ratio, required: true, ...period };
  };
  const rate = method === 'F' ? random.int(100, 2_000) / 100 : random.int(1, 4) / 100;
  const legs = random.oneIn(6) ? [leg('A'), leg('B'), leg('B')] : [leg('A'), leg('B')];
  return { priority: random.oneIn(4) ? 1 : at + 1, method, rate, legs };
}

function clearingRules(random: Random, clearingOrg: string): ClearingRules {
  const own = SYMBOLS.filter((_, at) => HOMES[at] === clearingOrg);
  // Now and then a leg names a commodity of the other organisation: such a spread never forms.
  const member = (): string => (random.oneIn(8) ? random.pick(SYMBOLS) : random.pick(own));
  const between = (at: number): Spread => {
    const [first, second] = distinct(member);
    const leg = (commodity: string, side: 'A' | 'B'): SpreadLeg => {
      const rate = random.oneIn(4) ? { rate: random.int(10, 90) / 100 } : {};
      return { commodity, expiry: 0, tier: random.pick([0, 0, 1, 2]), side, ratio: random.pick([1, 1, 2]), required: true, ...rate };
    };
    const method = random.oneIn(4) ? ('F' as const) : ('W' as const);
    return { priority: random.int(1, 3) + at, method, rate: random.int(10, 90) / 100, legs: [leg(first, 'A'), leg(second, 'B')] };
  };
  const scanning = random.oneIn(2) ? [] : [scanningSpread(random, member)];
  const points = random.oneIn(2) ? {} : { scanPoints: scanPoints(random) };
  const spreads = (most: number): Spread[] => Array.from({ length: random.int(0, most) }, (_, at) => between(at));
  return {
    clearingOrg,
    asOf: 20_261_120,
    created: '',
    isSettlement: false,
    interSpreads: spreads(5),
    superSpreads: spreads(1),
    scanningSpreads: scanning,
    ...points,
  };
}

function scanningSpread(random: Random, member: () => string): ClearingRules['scanningSpreads'][number] {
  const rate = random.int(30, 90) / 100;
  const legs = distinct(member).map((commodity, at) => ({ commodity, isTarget: at === 0, required: !random.oneIn(4), ratio: 1, rate }));
  return { priority: 1, legs };
}

function distinct(pick: () => string): [string, string] {
  const first = pick();
  for (;;) {
    const second = pick();
    if (second !== first) return [first, second];
  }
}

/** The standard scenarios with one pair taken apart: twins by definition, not by position. */
function scanPoints(random: Random): ScanPoint[] {
  const apart = random.int(0, 6) * 2;
  return MOVES.map((move, at) => {
    const twin = at < 14 ? (at ^ 1) + 1 : at + 1;
    const paired = at === apart || at === apart + 1 ? at + 1 : twin;
    return { point: at + 1, priceMove: move / 3, volMove: at < 14 ? 1 : 0, weight: at < 14 ? 1 : 0.35, paired };
  });
}

function contractsOf(random: Random, commodity: CombinedCommodity, token: number): InstrumentRow[] {
  const rows: InstrumentRow[] = [];
  EXPIRIES.forEach((expiry, e) => {
    const tier = commodity.scanTiers.length > 1 && e > 0 ? 1 : 0;
    for (const kind of [1, 2, 3]) {
      const price = kind === 1 ? commodity.spot + e : random.int(100, 4_000) / 100;
      const cap = kind === 1 ? Number.POSITIVE_INFINITY : Math.round(price * 100);
      const lean = kind === 1 ? 1 : (kind === 2 ? 1 : -1) * (random.int(10, 90) / 100);
      const tilt = random.int(-300, 300);
      const riskArray = MOVES.map((move, s) => {
        const weight = s < 14 ? 1 : 0.35;
        return Math.min(cap, Math.round(weight * (-lean * (move / 3) * commodity.spot * 10 + tilt + (kind === 1 ? 0 : random.int(-200, 200)))));
      });
      rows.push({
        ...PLAIN,
        token: token + e * 10 + kind,
        kind,
        name: `${commodity.symbol}${expiry}${kind}`,
        underlying: commodity.symbol,
        expiry,
        strike: kind === 1 ? 0 : commodity.spot * 10_000,
        price: Math.round(price * 100),
        delta: kind === 1 ? 10_000 : Math.round(lean * 10_000),
        elmLong: kind === 1 ? Math.round(price * 100) * 200 : 0,
        elmShort: Math.round(commodity.spot * 100) * 200,
        scanTier: tier,
        riskArray,
      });
    }
  });
  return rows;
}

const PLAIN = { segment: 2, lot: 1, tickSize: 5, freezeQuantity: 0, bandLow: 0, bandHigh: 0, previousClose: 0, cashRate: 0, flags: 0 } as const;
