// Random parameter tables that keep the shape of real ones (futures and options over a few expiries, long losses capped at the
// premium, tiers on some underlyings, calendar rates, a short option minimum on some) without claiming to be a market. Rates are whole
// paise, so that every sum is exact in micros.
import {
  buildParameterTable,
  type CombinedCommodity,
  ExchangeSegment,
  InstrumentFlag,
  type InstrumentRow,
  type ParameterTable,
  type Spread,
  type TableDetails,
  type UnderlyingRow,
} from '../../engine/index.ts';
import type { Random } from './random.ts';

/** Business date of every generated day. */
export const BUSINESS_DATE = 20_261_120;
/** Tokens the third file no longer has: one contract in this many. */
const VANISHING = 11;
/** Token of a contract without risk array. */
const UNPUBLISHED = 10_471;
const EXPIRIES = [20_261_120, 20_261_224, 20_270_128];

const INTRA_TIERS = [
  { tier: 1, from: 0, to: EXPIRIES[0] ?? 0 },
  { tier: 2, from: EXPIRIES[1] ?? 0, to: 0 },
];

/**
 * A table with `underlyings` combined commodities and a few cash instruments. A later `variant` moves prices and lacks some contracts. A `dated` one
 * asks for the rules of the day, on currencies: of those only the bound on calendar charges concerns them.
 */
export function randomTable(random: Random, underlyings: number, variant = 0, dated = false): ParameterTable {
  const rows: InstrumentRow[] = [];
  const tops: UnderlyingRow[] = [];
  const commodities: CombinedCommodity[] = [];
  for (let u = 0; u < underlyings; u++) {
    const shape = randomUnderlying(random, u, variant);
    rows.push(...shape.rows);
    tops.push(shape.top);
    commodities.push(shape.commodity);
  }
  for (let c = 0; c < 4; c++) rows.push(cashInstrument(random, c));
  const listed = rows.filter((row) => variant < 2 || row.token % VANISHING !== 0);
  const moved = dated ? listed.map((row) => (row.underlying === '' ? row : { ...row, segment: ExchangeSegment.CDS })) : listed;
  const details = { sources: [], commodities, clearing: [], ...sameShare(moved), ...funded(moved), ...(dated ? { tradingDays: {} } : {}) };
  return buildParameterTable(BUSINESS_DATE, moved, tops, details);
}

/** All shares but the last may be bought with funding: the first two, one share of two listings, at their own rates; the third settles trade for trade. */
function funded(rows: readonly InstrumentRow[]): Pick<TableDetails, 'funded'> {
  const rates = new Map([
    [500, 2_500],
    [501, 3_300],
    [502, 2_500],
  ]);
  const listed = rows.filter(({ underlying, token }) => underlying === '' && rates.has(token));
  return { funded: listed.map(({ segment, token }) => [segment, token, rates.get(token) ?? 0] as const) };
}

/** The first two shares are one, listed at NSE and at BSE, where the table has both. */
function sameShare(rows: readonly InstrumentRow[]): Pick<TableDetails, 'sameShare'> {
  const [nse, bse] = [500, 501].map((token) => rows.find((row) => row.underlying === '' && row.token === token));
  return nse === undefined || bse === undefined ? {} : { sameShare: [[nse.segment, nse.token, bse.segment, bse.token]] };
}

function randomUnderlying(random: Random, u: number, variant: number): { rows: InstrumentRow[]; top: UnderlyingRow; commodity: CombinedCommodity } {
  const symbol = `UND${u}`;
  // Rupees. Variants move the price by up to a few per cent.
  const spot = 500 * (u + 1) + variant * 7 + random.int(0, 20);
  const lot = [25, 50, 75][u % 3] ?? 25;
  const tiered = u % 3 === 2;
  const calendarRate = u % 2 === 0 ? random.int(200, 900) / 100 : 0;
  const somRate = u % 4 === 1 ? random.int(500, 9000) / 100 : 0;
  const rows: InstrumentRow[] = [];
  EXPIRIES.forEach((expiry, e) => {
    const tier = tiered && e > 0 ? 1 : 0;
    const contract = { symbol, spot, lot, expiry, tier };
    rows.push(future(random, contract, 10_000 + u * 100 + e));
    for (let k = 0; k < 2; k++) {
      const strike = spot + (k - 1) * 20 + 10;
      rows.push(option(random, { ...contract, strike, call: true }, 10_000 + u * 100 + 10 + e * 10 + k));
      rows.push(option(random, { ...contract, strike, call: false }, 10_000 + u * 100 + 50 + e * 10 + k));
    }
  });
  const spreads =
    u === 0 && random.oneIn(2)
      ? tierSpreads(symbol, calendarRate)
      : calendarSpreads(random, symbol, calendarRate, { tiered, differing: u % 5 === 4 });
  const rateMax = Math.max(0, ...spreads.map((spread) => spread.rate));
  const top = {
    symbol,
    somRate: Math.round(somRate * 1e6),
    calendarRateMax: Math.round(rateMax * 1e6),
    spot: spot * 10_000,
    tierCount: tiered ? 2 : 1,
  };
  const commodity: CombinedCommodity = {
    symbol,
    currency: 'INR',
    scanTiers: tiered
      ? [
          { tier: 1, from: 0, to: EXPIRIES[0] ?? 0 },
          { tier: 2, from: EXPIRIES[1] ?? 0, to: 0 },
        ]
      : [{ tier: 1, from: 0, to: 0 }],
    intraTiers: INTRA_TIERS,
    interTiers: [],
    spreads,
    spotCharges: [],
    shortOptionMinimum: somRate > 0 ? [{ tier: 0, from: 0, to: 0, rate: somRate }] : [],
    somMethod: random.oneIn(2) ? 'MAX' : 'GROSS',
    wfprMethod: 'NORMAL',
    priceScan: spot / 10,
    volScan: 0.04,
    spot,
    adjustment: 1,
  };
  return { rows, top, commodity };
}

/** Near against far, then far against far: spreads of whole tiers, which draw on the nearest expiry first. */
function tierSpreads(symbol: string, rate: number): Spread[] {
  const leg = (tier: number, side: 'A' | 'B'): Spread['legs'][number] => ({ commodity: symbol, expiry: 0, tier, side, ratio: 1, required: true });
  const pairs = [
    [1, 2],
    [2, 2],
  ] as const;
  return pairs.map(([a, b], index) => ({ priority: index + 1, method: 'F', rate, legs: [leg(a, 'A'), leg(b, 'B')] }));
}

function calendarSpreads(random: Random, symbol: string, rate: number, how: { tiered: boolean; differing: boolean }): Spread[] {
  if (rate === 0) return [];
  const spreads: Spread[] = [];
  for (let a = 0; a < EXPIRIES.length; a++) {
    for (let b = a + 1; b < EXPIRIES.length; b++) {
      // On the expiry day the expiring series loses its calendar benefit: it has no spread at all.
      if (how.tiered && a === 0) continue;
      const leg = (index: number, side: 'A' | 'B'): Spread['legs'][number] => {
        return { commodity: symbol, expiry: EXPIRIES[index] ?? 0, tier: 0, side, ratio: 1, required: true };
      };
      const own = how.differing ? rate + random.int(0, 300) / 100 : rate;
      spreads.push({ priority: spreads.length + 1, method: 'F', rate: Math.round(own * 100) / 100, legs: [leg(a, 'A'), leg(b, 'B')] });
    }
  }
  return spreads;
}

interface Contract {
  readonly symbol: string;
  readonly spot: number;
  readonly lot: number;
  readonly expiry: number;
  readonly tier: number;
}

/** Price moves of the 16 scenarios in thirds of the price scan, and their weights in percent. */
const MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 6, -6];
const weightOf = (s: number): number => (s < 14 ? 1 : 0.35);
const scanOf = (spot: number): number => spot / 10;
/** Rupees to whole paise. */
const toPaise = (rupees: number): number => Math.round(rupees * 100);

function future(random: Random, contract: Contract, token: number): InstrumentRow {
  const skew = random.int(-200, 200) / 100;
  const riskArray = MOVES.map((move, s) => toPaise(-weightOf(s) * ((move / 3) * scanOf(contract.spot)) + skew * weightOf(s)));
  const elm = toPaise(contract.spot * 0.02) * 10_000;
  return {
    ...common(contract, token, contract.spot + random.int(1, 5)),
    name: `${contract.symbol}F${contract.expiry}`,
    kind: 1,
    strike: 0,
    delta: 10_000,
    elmLong: elm,
    elmShort: elm,
    riskArray,
  };
}

function option(random: Random, contract: Contract & { strike: number; call: boolean }, token: number): InstrumentRow {
  const sign = contract.call ? 1 : -1;
  const price = Math.max(0.5, sign * (contract.spot - contract.strike)) + random.int(100, 2500) / 100;
  const riskArray = MOVES.map((move, s) => {
    const moved = contract.spot + (move / 3) * scanOf(contract.spot);
    const volatility = (s < 14 ? (s % 2 === 0 ? 3 : -3) : 0) + random.int(-100, 100) / 100;
    const after = Math.max(0, sign * (moved - contract.strike)) + price / 3 + volatility;
    return Math.min(toPaise(weightOf(s) * (price - after)), toPaise(price));
  });
  return {
    ...common(contract, token, price),
    name: `${contract.symbol}${contract.strike}${contract.call ? 'C' : 'P'}${contract.expiry}`,
    kind: contract.call ? 2 : 3,
    strike: contract.strike * 10_000,
    delta: sign * random.int(500, 9500),
    elmLong: 0,
    elmShort: toPaise(contract.spot * (contract.expiry === BUSINESS_DATE ? 0.04 : 0.02)) * 10_000,
    // The last strike of the last underlying was never published: no array.
    riskArray: token === UNPUBLISHED ? [] : riskArray,
  };
}

function common(
  contract: Contract,
  token: number,
  price: number,
): Omit<InstrumentRow, 'name' | 'kind' | 'strike' | 'delta' | 'elmLong' | 'elmShort' | 'riskArray'> {
  const close = Math.round(price * 20) * 500;
  return {
    segment: ExchangeSegment.NFO,
    token,
    underlying: contract.symbol,
    expiry: contract.expiry,
    lot: contract.lot,
    tickSize: 500,
    freezeQuantity: contract.lot * 40,
    bandLow: 500,
    bandHigh: Math.round(close / 500) * 500 * 3,
    previousClose: close,
    price: toPaise(price),
    cashRate: 0,
    scanTier: contract.tier,
    // One contract in nineteen is in its ban period.
    flags: token % 19 === 0 ? InstrumentFlag.BANNED : 0,
  };
}

function cashInstrument(random: Random, c: number): InstrumentRow {
  const close = random.int(1000, 9000) * 500;
  return {
    segment: c % 2 === 0 ? ExchangeSegment.NSE : ExchangeSegment.BSE,
    token: 500 + c,
    kind: 0,
    name: `EQ${c}`,
    underlying: '',
    expiry: 0,
    strike: 0,
    lot: 1,
    tickSize: 500,
    freezeQuantity: 0,
    bandLow: Math.round((close * 0.8) / 500) * 500,
    bandHigh: Math.round((close * 1.2) / 500) * 500,
    previousClose: close,
    price: close / 100,
    delta: 0,
    elmLong: 0,
    elmShort: 0,
    cashRate: [1500, 2000, 3250, 10_000][c] ?? 2000,
    scanTier: 0,
    flags: c === 2 ? InstrumentFlag.TRADE_TO_TRADE : 0,
    riskArray: [],
  };
}
