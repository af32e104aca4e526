// SPAN of one underlying's position, taken apart: what a report and an explanation show, and what inter-commodity credits start from.
// (span.md sections 1.3 to 1.8.) From scratch, O(positions x 16); working orders and credits between underlyings are not decided here.
import { InstrumentKind } from '../instrument.ts';
import { SCENARIOS } from '../parameters/parameter-table.ts';
import { roundMicrosToPaise } from '../units.ts';
import { PositionCharge } from './calendar-charge.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import { optionValuePerUnit } from './working-parts.ts';

/** Signed units of one contract. */
export interface ContractPosition {
  readonly instrument: number;
  readonly quantity: number;
}

/** Scan risk of one tier, micros. */
interface TierScan {
  readonly tier: number;
  /** Losses in the 16 scenarios. */
  readonly losses: readonly number[];
  /** 1..16: the lowest scenario that attains the largest loss. */
  readonly activeScenario: number;
  readonly scan: number;
  readonly time: number;
  readonly volatility: number;
}

/** All of one underlying, micros unless said otherwise. */
export interface UnderlyingSpan {
  readonly underlying: number;
  readonly tiers: readonly TierScan[];
  readonly scan: number;
  readonly activeScenario: number;
  readonly time: number;
  readonly volatility: number;
  readonly price: number;
  /** Net composite delta, 1/10,000; and by expiry index what the calendar spreads left free. */
  readonly delta: number;
  readonly freeDelta: Float64Array;
  /** Weighted futures price risk: price risk per 1/10,000 of delta. */
  readonly weightedPriceRisk: number;
  readonly calendar: number;
  readonly spot: number;
  readonly interCommodity: number;
  readonly shortOptionMinimum: number;
  readonly netOptionValue: number;
  /** max(scan + calendar + spot - inter, SOM) - NOV, floored at 0. */
  readonly span: number;
  readonly exposure: number;
  /** Value of bought options at the file price: already paid, so not part of total. */
  readonly premium: number;
  /** span + exposure. */
  readonly total: number;
}

/** SPAN of `positions`, all of the same underlying (at most one entry per contract). */
export function underlyingSpan(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): UnderlyingSpan {
  const tiers = scanTiers(rules, underlying, positions);
  const charge = new PositionCharge(rules.expiriesMax);
  let exposure = 0;
  let premium = 0;
  let value = 0;
  let delta = 0;
  for (const { instrument, quantity } of positions) {
    const { table } = rules;
    const e = rules.expiryIndex[instrument] as number;
    const ownDelta = quantity * (table.delta[instrument] as number);
    charge.nets[e] = (charge.nets[e] as number) + ownDelta;
    delta += ownDelta;
    exposure +=
      quantity > 0 ? quantity * Math.round(table.elmLong[instrument] as number) : -quantity * Math.round(table.elmShort[instrument] as number);
    const worth = quantity * optionValuePerUnit(rules, instrument);
    value += worth;
    if (quantity > 0) premium += worth;
  }
  charge.compute(rules, underlying);
  const scan = tiers.reduce((sum, tier) => sum + tier.scan, 0);
  const time = tiers.reduce((sum, tier) => sum + tier.time, 0);
  const volatility = tiers.reduce((sum, tier) => sum + tier.volatility, 0);
  const price = Math.max(0, scan - time - volatility);
  const largest = tiers.reduce<TierScan | undefined>((most, tier) => (most === undefined || tier.scan > most.scan ? tier : most), undefined);
  const parts = {
    underlying,
    tiers,
    scan,
    activeScenario: largest?.activeScenario ?? 0,
    time,
    volatility,
    price,
    delta,
    freeDelta: charge.nets,
    weightedPriceRisk: weightedPriceRisk(rules, underlying, price, delta),
    calendar: charge.calendar,
    spot: charge.spot,
    shortOptionMinimum: shortOptionMinimum(rules, underlying, positions),
    netOptionValue: value,
    exposure,
    premium,
  };
  return withCredit(parts, 0);
}

/** The same underlying with inter-commodity credit (micros) taken off its risk. */
export function withCredit(parts: Omit<UnderlyingSpan, 'interCommodity' | 'span' | 'total'>, credit: number): UnderlyingSpan {
  const risk = Math.max(parts.scan + parts.calendar + parts.spot - credit, parts.shortOptionMinimum);
  const span = Math.max(0, risk - parts.netOptionValue);
  return { ...parts, interCommodity: credit, span, total: span + parts.exposure };
}

/** The amounts of a report, paise. */
export type SpanAmounts = Readonly<
  Record<
    | 'scan'
    | 'time'
    | 'volatility'
    | 'price'
    | 'calendar'
    | 'spot'
    | 'interCommodity'
    | 'shortOptionMinimum'
    | 'netOptionValue'
    | 'span'
    | 'exposure'
    | 'premium'
    | 'total',
    number
  >
>;

/** Each amount rounded to paise by itself; `total` is rounded from the exact sum, so the parts may miss it by a paisa. */
export function inPaise(span: UnderlyingSpan): SpanAmounts {
  return {
    scan: roundMicrosToPaise(span.scan),
    time: roundMicrosToPaise(span.time),
    volatility: roundMicrosToPaise(span.volatility),
    price: roundMicrosToPaise(span.price),
    calendar: roundMicrosToPaise(span.calendar),
    spot: roundMicrosToPaise(span.spot),
    interCommodity: roundMicrosToPaise(span.interCommodity),
    shortOptionMinimum: roundMicrosToPaise(span.shortOptionMinimum),
    netOptionValue: roundMicrosToPaise(span.netOptionValue),
    span: roundMicrosToPaise(span.span),
    exposure: roundMicrosToPaise(span.exposure),
    premium: roundMicrosToPaise(span.premium),
    total: roundMicrosToPaise(span.total),
  };
}

function scanTiers(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): TierScan[] {
  const { table } = rules;
  const scale = rules.arrayScale[underlying] as number;
  const byTier = new Map<number, number[]>();
  for (const { instrument, quantity } of positions) {
    const tier = table.scanTier[instrument] as number;
    const losses = byTier.get(tier) ?? new Array<number>(SCENARIOS).fill(0);
    byTier.set(tier, losses);
    const base = instrument * SCENARIOS;
    losses.forEach((loss, s) => {
      losses[s] = loss + quantity * Math.floor((table.riskArray[base + s] as number) * scale + 0.5);
    });
  }
  return [...byTier].sort(([a], [b]) => a - b).map(([tier, losses]) => tierScan(tier, losses));
}

/** Scan, time and volatility risk of one tier's 16 losses; the paired scenario of 1..14 is its volatility twin, 15 and 16 pair with themselves. */
function tierScan(tier: number, losses: readonly number[]): TierScan {
  const loss = (s: number): number => losses[s] ?? 0;
  let active = 0;
  for (let s = 1; s < SCENARIOS; s++) if (loss(s) > loss(active)) active = s;
  const most = loss(active);
  const paired = active >= 14 ? active : active ^ 1;
  const volatility = most < 0 ? (loss(0) - loss(1)) / 2 : (most - loss(paired)) / 2;
  return { tier, losses, activeScenario: active + 1, scan: Math.max(0, most), time: (loss(0) + loss(1)) / 2, volatility };
}

/** wfprMeth of the commodity: NORMAL, SCANRANGE (the scan range per delta), or the smaller of the two. */
function weightedPriceRisk(rules: CompiledRules, underlying: number, price: number, delta: number): number {
  const normal = delta === 0 ? 0 : price / Math.abs(delta);
  const commodity = rules.table.details.commodities[underlying];
  if (commodity === undefined || commodity.wfprMethod === 'NORMAL') return normal;
  const range = (commodity.priceScan * 1e6) / 10_000;
  return commodity.wfprMethod === 'SCANRANGE' ? range : Math.min(normal, range);
}

/** Rate x short option units; per SOM tier the sum of calls and puts (GROSS) or the larger (MAX). */
function shortOptionMinimum(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): number {
  const { table } = rules;
  const own = rules.underlyings[underlying] as UnderlyingRules;
  const commodity = table.details.commodities[underlying];
  const minima = commodity?.shortOptionMinimum ?? [];
  const byTier = new Map<number, { calls: number; puts: number }>();
  for (const { instrument, quantity } of positions) {
    const kind = table.kind[instrument];
    if (quantity >= 0 || (kind !== InstrumentKind.CE && kind !== InstrumentKind.PE)) continue;
    const expiry = table.expiry[instrument] as number;
    const tier = minima.findIndex((som) => (som.from === 0 || expiry >= som.from) && (som.to === 0 || expiry <= som.to));
    const sums = byTier.get(tier) ?? { calls: 0, puts: 0 };
    byTier.set(tier, sums);
    const minimum = -quantity * (rules.som[own.first + (rules.expiryIndex[instrument] as number)] as number);
    if (kind === InstrumentKind.CE) sums.calls += minimum;
    else sums.puts += minimum;
  }
  const larger = commodity?.somMethod === 'MAX';
  return [...byTier.values()].reduce((sum, { calls, puts }) => sum + (larger ? Math.max(calls, puts) : calls + puts), 0);
}
