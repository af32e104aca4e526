// The intra-commodity (calendar) spreads of one commodity as typed arrays, in the order in which they are formed: series against series
// first, then those that name a tier, each by ascending priority. (SPAN: span.md section 1.5; the CME XML's dSpread.)
import type { CombinedCommodity, Spread, SpreadLeg, Tier } from '../parameters/combined-commodity.ts';

/** Spread k has legs legFirst[k] .. legFirst[k + 1] - 1. A leg may draw on the expiries legFrom..legTo (indices, both ends). */
export interface SpreadRules {
  readonly count: number;
  /** Place of spread k in the commodity's own list. */
  readonly source: readonly number[];
  /** Micros per spread of 1/10,000 delta. */
  readonly rate: Float64Array;
  readonly legFirst: Int32Array;
  readonly legFrom: Int32Array;
  readonly legTo: Int32Array;
  /** +1 for side A, -1 for side B. */
  readonly legSide: Int8Array;
  readonly legRatio: Float64Array;
  /** 1 = one series against another: it can form only where their deltas differ in sign, and then one way round only. */
  readonly isPair: Uint8Array;
  /** Largest rate per 1/10,000 of delta consumed on one side. */
  readonly rateMax: number;
  /** Same rate, ratio 1 and two legs throughout: then a unit of delta more can raise the charge by one rate at most. */
  readonly uniform: boolean;
  /** Every spread has legs on both sides: it consumes long and short delta alike. */
  readonly opposed: boolean;
}

/** No spread at all. */
export const emptySpreads: SpreadRules = {
  count: 0,
  source: [],
  rate: new Float64Array(0),
  legFirst: new Int32Array(1),
  legFrom: new Int32Array(0),
  legTo: new Int32Array(0),
  legSide: new Int8Array(0),
  legRatio: new Float64Array(0),
  isPair: new Uint8Array(0),
  rateMax: 0,
  uniform: true,
  opposed: true,
};

/**
 * Lays out a commodity's spreads. `expiries` is sorted; `priceOf` gives rupees per unit of an expiry and is asked by the methods P
 * (fraction of the farther leg's price) and W (fraction of the legs' ratio-weighted mean price). NSE files use F only; the reading of P
 * and W is ours, made once per table. A spread with a leg that no contract can fill is left out: it can never form.
 */
export function compileSpreads(commodity: CombinedCommodity, expiries: readonly number[], priceOf: (expiry: number) => number): SpreadRules {
  const spreads = commodity.spreads
    .map((spread, source) => ({ spread, source, legs: spread.legs.map((leg) => rangeOf(leg, commodity.intraTiers, expiries)) }))
    .filter(({ legs }) => legs.length > 0 && legs.every((range) => range.from <= range.to))
    .sort((a, b) => Number(namesTier(a.spread)) - Number(namesTier(b.spread)) || a.spread.priority - b.spread.priority);
  if (spreads.length === 0) return emptySpreads;
  const legs = spreads.flatMap(({ spread, legs: ranges }) => spread.legs.map((leg, at) => ({ leg, range: ranges[at] ?? NOWHERE })));
  const legFirst = new Int32Array(spreads.length + 1);
  spreads.forEach(({ spread }, at) => {
    legFirst[at + 1] = (legFirst[at] ?? 0) + spread.legs.length;
  });
  const rate = Float64Array.from(spreads, ({ spread, legs: ranges }) => ratePerSpread(spread, (at) => priceOf(expiries[ranges[at]?.to ?? 0] ?? 0)));
  const rateMax = spreads.reduce((most, { spread }, at) => Math.max(most, (rate[at] ?? 0) / Math.min(...spread.legs.map((leg) => leg.ratio))), 0);
  return {
    count: spreads.length,
    source: spreads.map(({ source }) => source),
    rate,
    legFirst,
    legFrom: Int32Array.from(legs, ({ range }) => range.from),
    legTo: Int32Array.from(legs, ({ range }) => range.to),
    legSide: Int8Array.from(legs, ({ leg }) => (leg.side === 'A' ? 1 : -1)),
    legRatio: Float64Array.from(legs, ({ leg }) => leg.ratio),
    isPair: Uint8Array.from(spreads, ({ spread }) => Number(isPair(spread))),
    rateMax,
    opposed: spreads.every(({ spread }) => new Set(spread.legs.map((leg) => leg.side)).size === 2),
    uniform: spreads.every(({ spread }, at) => rate[at] === rate[0] && spread.legs.length === 2 && spread.legs.every((leg) => leg.ratio === 1)),
  };
}

interface Range {
  readonly from: number;
  readonly to: number;
}
const NOWHERE: Range = { from: 0, to: -1 };

/** A leg of one series, by date or by its place among the expiries. */
const isSeries = (leg: SpreadLeg): boolean => leg.expiry !== 0 || leg.period !== undefined;

function isPair({ legs }: Spread): boolean {
  const [one, other, third] = legs;
  return one !== undefined && other !== undefined && third === undefined && isSeries(one) && isSeries(other) && one.side !== other.side;
}

const namesTier = (spread: Spread): boolean => !spread.legs.every(isSeries);

/** Expiry indices a leg may draw on; empty when the file's leg matches no contract. */
function rangeOf(leg: SpreadLeg, tiers: readonly Tier[], expiries: readonly number[]): Range {
  if (leg.ratio <= 0) return NOWHERE;
  if (leg.expiry !== 0) {
    const at = expiries.indexOf(leg.expiry);
    return at < 0 ? NOWHERE : { from: at, to: at };
  }
  if (leg.period !== undefined) return leg.period > expiries.length ? NOWHERE : { from: leg.period - 1, to: leg.period - 1 };
  if (leg.tier === 0) return { from: 0, to: expiries.length - 1 };
  const tier = tiers.find((candidate) => candidate.tier === leg.tier);
  if (tier === undefined) return NOWHERE;
  const inside = (expiry: number): boolean => (tier.from === 0 || expiry >= tier.from) && (tier.to === 0 || expiry <= tier.to);
  const from = expiries.findIndex(inside);
  return from < 0 ? NOWHERE : { from, to: expiries.findLastIndex(inside) };
}

/** Micros per spread of 1/10,000 delta. */
function ratePerSpread(spread: Spread, priceOfLeg: (leg: number) => number): number {
  if (spread.method === 'F') return Math.round(spread.rate * 1e6) / 10_000;
  if (spread.method === 'P') {
    const far = spread.legs.reduce((price, _, at) => Math.max(price, priceOfLeg(at)), 0);
    return Math.round(spread.rate * far * 1e6) / 10_000;
  }
  const weight = spread.legs.reduce((sum, leg) => sum + leg.ratio, 0);
  const mean = spread.legs.reduce((sum, leg, at) => sum + leg.ratio * priceOfLeg(at), 0) / weight;
  return Math.round(spread.rate * mean * 1e6) / 10_000;
}
