// Makes of a pa2 file's records the same picture an XML file gives: dates for months, rupees for integers, tiers and spreads by expiry. A
// contract whose price or charge cannot be worked out keeps its place but loses its array, so that it fails closed.
import type { Spread, Tier } from '../../../engine/index.ts';
import type { MonthTier, Pa2Commodity, Pa2Complex, Pa2Contract, Pa2Price } from './pa2-parts.ts';
import { seriesKey } from './pa2-records.ts';
import type { SpanClearing, SpanCommodity, SpanContract, SpanProduct } from './span-file.ts';

const TYPES: Readonly<Record<string, SpanProduct['type']>> = { PHY: 'PHY', FUT: 'FUT', OOP: 'OOP', OOF: 'OOF' };
/** Ticks of a point by alignment code: Treasury futures and options. */
const TICKS: Readonly<Record<string, number>> = { C: 32, K: 64 };
/** The last digit of such prices is the first decimal of an eighth. */
const EIGHTHS = [0, 1, 2, 3, undefined, 4, 5, 6, 7, undefined];

/** A whole complex. */
export function assembleComplex(complex: Pa2Complex): SpanClearing {
  const products: SpanProduct[] = [];
  const commodities: SpanCommodity[] = [];
  for (const draft of complex.commodities.values()) {
    const own = draft.families.flatMap(({ key, arrayScale }) => productOf(complex, draft, { key, arrayScale }));
    products.push(...own.map(({ product }) => product));
    commodities.push(commodityOf(draft, own));
  }
  const { clearingOrg, interSpreads, scanningSpreads, superSpreads } = complex;
  return { clearingOrg, products, commodities, interSpreads, scanningSpreads, superSpreads };
}

/** A product with the contract month of each expiry that spreads and tiers may name. */
interface Family {
  readonly product: SpanProduct;
  readonly months: ReadonlyMap<number, number>;
}

function productOf(complex: Pa2Complex, commodity: Pa2Commodity, { key, arrayScale }: { key: string; arrayScale: number }): Family[] {
  const [exchange = '', id = '', typeCode = ''] = key.split('|');
  const type = TYPES[typeCode];
  if (type === undefined) return [];
  const price = complex.prices.get(key);
  const drafts = complex.contracts.get(key) ?? [];
  const scale = arrayScale * 10 ** commodity.exponent;
  const contracts: SpanContract[] = [];
  const months = new Map<number, number>();
  const delivers = new Map<number, { product: string; contract: string; expiry: number }>();
  let physicalPrice: number | undefined;
  for (const draft of drafts) {
    const value = price === undefined || draft.price === undefined ? undefined : aligned(draft.price, price.priceDecimals, price.priceAlignment);
    if (type === 'PHY') {
      physicalPrice ??= value;
      continue;
    }
    const series = complex.series.get(seriesKey(key, draft.future, draft.option));
    const expiry = series?.expiry || dateOfCode(draft.option === '' ? draft.future : draft.option);
    const month = Number((type === 'OOP' ? draft.option || draft.future : draft.future).slice(0, 6));
    if (type === 'OOF') {
      const future = complex.series.get(seriesKey(`${exchange}|${draft.underlying}|FUT`, draft.future, ''))?.expiry;
      if (future !== undefined) delivers.set(expiry, { product: draft.underlying, contract: '', expiry: future });
    } else months.set(expiry, month);
    const usable = value !== undefined && !commodity.unknownCharge;
    contracts.push({
      kind: type === 'FUT' ? 'FUT' : draft.right === 'C' ? 'CE' : 'PE',
      expiry,
      strike: type === 'FUT' || price === undefined ? 0 : strikeOf(draft, price),
      price: value ?? 0,
      delta: draft.delta,
      scaling: series?.deltaScaling ?? 1,
      valueFactor: series?.valueFactor || price?.valueFactor || 1,
      riskArray: usable ? inPaise(draft.array, scale) : [],
    });
  }
  const first = drafts[0] === undefined ? undefined : complex.series.get(seriesKey(key, drafts[0].future, drafts[0].option));
  const product: SpanProduct = {
    type,
    exchange,
    id,
    code: id,
    currency: price?.currency || commodity.currency,
    valuation: commodity.futuresStyle ? 'FUT' : (price?.valuation ?? ''),
    contracts,
    ...(physicalPrice === undefined ? {} : { physicalPrice }),
    ...(first === undefined ? {} : { priceScan: first.priceScan * 10 ** commodity.exponent, volScan: first.volScan }),
    ...(type === 'OOF' ? { delivers } : {}),
    ...(type !== 'FUT' && price?.exercise === 'AMER' ? { exercise: 'AMERICAN' as const } : {}),
  };
  return [{ product, months }];
}

/** Array values in paise; done in place, because a file has millions. */
function inPaise(array: number[], scale: number): number[] {
  for (let s = 0; s < array.length; s++) array[s] = Math.round((array[s] ?? 0) * scale * 1e6) / 1e4 + 0;
  return array;
}

/** A month with a day code of two digits is a date; a month alone is day 00. */
function dateOfCode(code: string): number {
  return Number(code.slice(0, 6)) * 100 + (/^\d{8}$/.test(code) ? Number(code.slice(6)) : 0);
}

function strikeOf(draft: Pa2Contract, price: Pa2Price): number {
  // Strikes of Treasury options end in an eighth too where they have decimals.
  const code = price.strikeAlignment || (TICKS[price.priceAlignment] !== undefined && price.strikeDecimals > 0 ? '0' : '');
  return Math.round((aligned(Math.abs(draft.strike), price.strikeDecimals, code) ?? 0) * 10_000) * Math.sign(draft.strike);
}

/** A printed integer as a price: decimal, with a last eighth (code 0), or in points and ticks (C, K). Undefined for a form not known. */
function aligned(printed: number, decimals: number, code: string): number | undefined {
  const raw = Math.abs(printed);
  const sign = printed < 0 ? -1 : 1;
  if (code === '' || raw === 0) return printed / 10 ** decimals;
  const eighth = EIGHTHS[raw % 10];
  if (eighth === undefined) return undefined;
  if (code === '0') return decimals < 1 ? undefined : (sign * (Math.floor(raw / 10) + eighth / 8)) / 10 ** (decimals - 1);
  const ticks = TICKS[code];
  if (ticks === undefined || decimals !== 3) return undefined;
  return sign * (Math.floor(raw / 1000) + (Math.floor((raw % 1000) / 10) + eighth / 8) / ticks);
}

function commodityOf(draft: Pa2Commodity, families: readonly Family[]): SpanCommodity {
  const months = new Map(families.flatMap((family) => [...family.months]));
  const scale = 10 ** draft.exponent;
  const inDates = (tiers: readonly MonthTier[]): Tier[] => tiers.map(({ tier, from, to }) => ({ tier, ...datesOf(months, from, to) }));
  const perMonth = [...new Set(months.values())].sort((a, b) => a - b).map((month, at) => ({ tier: at + 1, from: month, to: month, rate: 0 }));
  const minimum = draft.somRate === 0 ? [] : [{ tier: 0, from: 0, to: 0, rate: draft.somRate * scale }];
  return {
    symbol: draft.symbol,
    currency: draft.currency,
    scanTiers: inDates(draft.tierPerMonth ? perMonth : draft.scanTiers),
    interTiers: inDates(draft.tierPerMonth ? perMonth : draft.interTiers),
    intraTiers: inDates(draft.intraTiers),
    spreads: draft.spreads.map((spread) => spreadOf(draft.symbol, months, scale, spread)).sort((a, b) => a.priority - b.priority),
    spotCharges: draft.delivery.map(({ month, spreadRate, outrightRate }) => ({
      expiry: lastOf(months, month),
      spreadRate: spreadRate * scale,
      outrightRate: outrightRate * scale,
    })),
    shortOptionMinimum:
      draft.somTiers.length === 0
        ? minimum
        : draft.somTiers.map((tier) => ({ tier: tier.tier, ...datesOf(months, tier.from, tier.to), rate: tier.rate * scale })),
    somMethod: draft.somMethod,
    wfprMethod: draft.wfprMethod,
    adjustment: draft.adjustment,
    links: families.map(({ product }) => ({ exchange: product.exchange, id: product.id, type: product.type, scaling: 1 })),
  };
}

function spreadOf(symbol: string, months: ReadonlyMap<number, number>, scale: number, spread: Pa2Commodity['spreads'][number]): Spread {
  const legs = spread.legs.map(({ tier, month, side, ratio }) => {
    return { commodity: symbol, expiry: month === 0 ? 0 : lastOf(months, month), tier, side, ratio, required: true };
  });
  return { priority: spread.priority, method: 'F', rate: spread.rate * scale, legs };
}

/** Last expiry of a contract month; day 00 of a month that no contract has, which matches none. */
function lastOf(months: ReadonlyMap<number, number>, month: number): number {
  const own = [...months].filter(([, each]) => each === month).map(([expiry]) => expiry);
  return own.length === 0 ? month * 100 : Math.max(...own);
}

/** Expiries from the first contract of month `from` to the last of month `to`: a contract may expire in another month than it is named for. */
function datesOf(months: ReadonlyMap<number, number>, from: number, to: number): { from: number; to: number } {
  const inside = [...months].filter(([, month]) => month >= from && (to === 0 || month <= to)).map(([expiry]) => expiry);
  if (inside.length === 0) return { from: from * 100, to: to === 0 ? 0 : to * 100 + 99 };
  return { from: from === 0 ? 0 : Math.min(...inside), to: to === 0 ? 0 : Math.max(...inside) };
}
