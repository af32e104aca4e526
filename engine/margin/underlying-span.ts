// SPAN of one underlying's position, taken apart: what a report and an explanation show, and what credits between underlyings start from.
// (span.md sections 1.3 to 1.8.) From scratch, O(positions x 16), in three steps, because credits come between them: scan, then charges on
// the delta that is left, then credit and minimum. Working orders are not decided here.
import { roundMicrosToPaise } from '../units.ts';
import { type FormedSpread, PositionCharge, spreadsFormed } from './calendar-charge.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import { deltaIndexOf } from './delta-expiry.ts';
import { scanTiers, type TierScan } from './scan-risk.ts';
import { shortOptionMinimum } from './short-option-minimum.ts';
import { optionValuePerUnit } from './working-parts.ts';

/** Signed units of one contract. */
export interface ContractPosition {
  readonly instrument: number;
  readonly quantity: number;
}

/** The first step, micros unless said otherwise. `delta` arrays are 1/10,000 by expiry index. */
export interface UnderlyingScan {
  readonly underlying: number;
  readonly positions: readonly ContractPosition[];
  readonly tiers: readonly TierScan[];
  readonly scan: number;
  readonly activeScenario: number;
  readonly time: number;
  readonly volatility: number;
  readonly price: number;
  /** Net composite delta, 1/10,000; by expiry as it stood, and what spreads have not consumed so far. */
  readonly delta: number;
  readonly netDelta: Float64Array;
  readonly freeDelta: Float64Array;
  /** Weighted futures price risk: price risk per 1/10,000 of delta. */
  readonly weightedPriceRisk: number;
  readonly shortOptionMinimum: number;
  readonly netOptionValue: number;
  readonly exposure: number;
  /** Value of bought options at the file price: already paid, so not part of total. */
  readonly premium: number;
}

/** The second step: calendar and spot charges, and the spreads they came from. */
export interface UnderlyingCharges extends UnderlyingScan {
  readonly calendar: number;
  readonly spot: number;
  readonly spreads: readonly FormedSpread[];
}

/** All of one underlying. */
export interface UnderlyingSpan extends UnderlyingCharges {
  readonly interCommodity: number;
  /** max(scan + calendar + spot - inter, SOM) - NOV, floored at 0. */
  readonly span: number;
  /** What is left of the option value after the risk: max(0, NOV - risk). */
  readonly excessOptionValue: number;
  /** span + exposure. */
  readonly total: number;
}

/** SPAN of `positions`, all of the same underlying (at most one entry per contract), without credit from other underlyings. */
export function underlyingSpan(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): UnderlyingSpan {
  return withCredit(withCharges(rules, scanUnderlying(rules, underlying, positions)), 0);
}

/** First step: everything that needs no spread. */
export function scanUnderlying(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): UnderlyingScan {
  const { table } = rules;
  const tiers = scanTiers(rules, underlying, positions);
  const netDelta = new Float64Array((rules.underlyings[underlying] as UnderlyingRules).expiries.length);
  let exposure = 0;
  let premium = 0;
  let value = 0;
  let delta = 0;
  for (const { instrument, quantity } of positions) {
    const e = deltaIndexOf(rules, underlying, instrument);
    const ownDelta = quantity * (table.delta[instrument] as number);
    netDelta[e] = (netDelta[e] as number) + ownDelta;
    delta += ownDelta;
    exposure +=
      quantity > 0 ? quantity * Math.round(table.elmLong[instrument] as number) : -quantity * Math.round(table.elmShort[instrument] as number);
    const worth = quantity * optionValuePerUnit(rules, instrument);
    value += worth;
    if (quantity > 0) premium += worth;
  }
  const scan = tiers.reduce((sum, tier) => sum + tier.scan, 0);
  const time = tiers.reduce((sum, tier) => sum + tier.time, 0);
  const volatility = tiers.reduce((sum, tier) => sum + tier.volatility, 0);
  const price = Math.max(0, scan - time - volatility);
  const largest = tiers.reduce<TierScan | undefined>((most, tier) => (most === undefined || tier.scan > most.scan ? tier : most), undefined);
  return {
    underlying,
    positions,
    tiers,
    scan,
    activeScenario: largest?.activeScenario ?? 0,
    time,
    volatility,
    price,
    delta,
    netDelta,
    freeDelta: netDelta.slice(),
    weightedPriceRisk: weightedPriceRisk(rules, underlying, price, delta),
    shortOptionMinimum: shortOptionMinimum(rules, underlying, positions),
    netOptionValue: value,
    exposure,
    premium,
  };
}

/** Second step: the charges on the delta that is still free, which they consume. */
export function withCharges(rules: CompiledRules, scanned: UnderlyingScan): UnderlyingCharges {
  const { underlying, freeDelta, netDelta } = scanned;
  const own = rules.underlyings[underlying] as UnderlyingRules;
  const charge = new PositionCharge(rules.expiriesMax);
  charge.nets.set(freeDelta);
  // Delta that a credit has taken before is delta in a spread, for the delivery month too.
  let spot = 0;
  freeDelta.forEach((free, e) => {
    spot += (Math.abs(netDelta[e] as number) - Math.abs(free)) * (rules.spotSpread[own.first + e] as number);
  });
  const spreads = spreadsFormed(rules, underlying, freeDelta.slice());
  charge.compute(rules, underlying);
  freeDelta.set(charge.nets.subarray(0, freeDelta.length));
  return { ...scanned, calendar: charge.calendar, spot: charge.spot + Math.round(spot), spreads };
}

/** Third step: inter-commodity credit (micros) off the risk, then the short option minimum and the option value. */
export function withCredit(parts: UnderlyingCharges, credit: number): UnderlyingSpan {
  const risk = Math.max(parts.scan + parts.calendar + parts.spot - credit, parts.shortOptionMinimum);
  const span = Math.max(0, risk - parts.netOptionValue);
  return { ...parts, interCommodity: credit, span, excessOptionValue: Math.max(0, parts.netOptionValue - risk), total: span + parts.exposure };
}

/** Names of the amounts of a report. */
const AMOUNTS = [
  'scan',
  'time',
  'volatility',
  'price',
  'calendar',
  'spot',
  'interCommodity',
  'shortOptionMinimum',
  'netOptionValue',
  'span',
  'excessOptionValue',
  'exposure',
  'premium',
  'total',
] as const;

/** The amounts of a report, paise. */
export type SpanAmounts = Readonly<Record<(typeof AMOUNTS)[number], number>>;

/** Each amount rounded to paise by itself; `total` is rounded from the exact sum, so the parts may miss it by a paisa. */
export function inPaise(span: UnderlyingSpan): SpanAmounts {
  return amounts((name) => roundMicrosToPaise(span[name]));
}

/** Sum of each amount over several reports. */
export function sumOfAmounts(reports: readonly SpanAmounts[]): SpanAmounts {
  return amounts((name) => reports.reduce((sum, each) => sum + each[name], 0));
}

function amounts(of: (name: keyof SpanAmounts) => number): SpanAmounts {
  return Object.fromEntries(AMOUNTS.map((name) => [name, of(name)])) as Record<keyof SpanAmounts, number>;
}

/** wfprMeth of the commodity: NORMAL, SCANRANGE (the scan range per delta), or the smaller of the two. Micros per 1/10,000 of delta. */
function weightedPriceRisk(rules: CompiledRules, underlying: number, price: number, delta: number): number {
  const normal = delta === 0 ? 0 : price / Math.abs(delta);
  const commodity = rules.table.details.commodities[underlying];
  if (commodity === undefined || commodity.wfprMethod === 'NORMAL') return normal;
  const adjustment = commodity.adjustment > 0 ? commodity.adjustment : 1;
  const range = (commodity.priceScan * adjustment * 1e6) / 10_000;
  return commodity.wfprMethod === 'SCANRANGE' ? range : Math.min(normal, range);
}
