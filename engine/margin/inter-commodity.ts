// Credits between underlyings whose risks offset: scanning-based spreads first, then delta spreads in priority order, each consuming the
// free delta of its legs (span.md section 1.7). For reports of positions only: a credit may vanish with any fill, so the live book grants
// none. Amounts are micros; rounding is the reader's.
import type { ScanningSpread, Spread, SpreadLeg } from '../parameters/combined-commodity.ts';
import { SCENARIOS } from '../parameters/parameter-table.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import { type UnderlyingSpan, withCredit } from './underlying-span.ts';

/** The same underlyings with their credits. Delta that a spread consumes is taken off the given freeDelta arrays. */
export function withInterCommodityCredits(rules: CompiledRules, spans: readonly UnderlyingSpan[]): UnderlyingSpan[] {
  const { details } = rules.table;
  const bySymbol = new Map(spans.map((span) => [details.commodities[span.underlying]?.symbol ?? '', span]));
  const credits = new Map<number, number>();
  const grant = (underlying: number, credit: number): void => {
    credits.set(underlying, (credits.get(underlying) ?? 0) + credit);
  };
  const byPriority = (a: { readonly priority: number }, b: { readonly priority: number }): number => a.priority - b.priority;
  for (const clearing of details.clearing) {
    const merged = new Set<UnderlyingSpan>();
    for (const spread of [...clearing.scanningSpreads].sort(byPriority)) creditScanning(spread, bySymbol, merged, grant);
    for (const spread of [...clearing.interSpreads].sort(byPriority)) creditDelta(rules, spread, bySymbol, grant);
  }
  return spans.map((span) => {
    const credit = credits.get(span.underlying) ?? 0;
    return credit === 0 ? span : withCredit(span, Math.round(credit));
  });
}

type Grant = (underlying: number, credit: number) => void;

/** Every leg is required; legs of side A and of side B must stand on opposite sides of the market. */
function creditDelta(rules: CompiledRules, spread: Spread, bySymbol: ReadonlyMap<string, UnderlyingSpan>, grant: Grant): void {
  const legs = spread.legs.flatMap((leg) => {
    const span = bySymbol.get(leg.commodity);
    return span === undefined ? [] : [{ leg, span, ...expiryRange(rules, leg, span) }];
  });
  if (legs.length === 0 || legs.length < spread.legs.length) return;
  let orientation = 0;
  let formed = Number.POSITIVE_INFINITY;
  for (const { leg, span, from, to } of legs) {
    const net = freeNet(span, from, to);
    const side = Math.sign(net) * (leg.side === 'A' ? 1 : -1);
    if (side === 0 || (orientation !== 0 && side !== orientation)) return;
    orientation = side;
    formed = Math.min(formed, Math.abs(net) / leg.ratio);
  }
  for (const { leg, span, from, to } of legs) {
    const used = formed * leg.ratio;
    const rate = leg.rate ?? spread.rate;
    // A flat credit is rupees per spread of one delta; without own rates the legs share it.
    const flat = (formed * Math.round(rate * 1e6)) / 10_000 / (leg.rate === undefined ? legs.length : 1);
    grant(span.underlying, spread.method === 'F' ? flat : span.weightedPriceRisk * used * rate);
    consume(span, from, to, used);
  }
}

/** Expiry indices a leg draws on; tier 0 or a tier the commodity does not define is all of it. */
function expiryRange(rules: CompiledRules, leg: SpreadLeg, span: UnderlyingSpan): { from: number; to: number } {
  const { expiries } = rules.underlyings[span.underlying] as UnderlyingRules;
  const tier = rules.table.details.commodities[span.underlying]?.interTiers.find((candidate) => candidate.tier === leg.tier);
  if (leg.tier === 0 || tier === undefined) return { from: 0, to: expiries.length - 1 };
  const inside = (expiry: number): boolean => (tier.from === 0 || expiry >= tier.from) && (tier.to === 0 || expiry <= tier.to);
  const from = expiries.findIndex(inside);
  return from < 0 ? { from: 0, to: -1 } : { from, to: expiries.findLastIndex(inside) };
}

function freeNet(span: UnderlyingSpan, from: number, to: number): number {
  let net = 0;
  for (let e = from; e <= to; e++) net += span.freeDelta[e] ?? 0;
  return net;
}

/** Takes `amount` of delta off the side the net stands on, nearest expiry first. */
function consume(span: UnderlyingSpan, from: number, to: number, amount: number): void {
  const sign = Math.sign(freeNet(span, from, to));
  let left = amount;
  for (let e = from; e <= to && left > 0; e++) {
    const free = span.freeDelta[e] ?? 0;
    const taken = Math.min(left, Math.max(0, sign * free));
    span.freeDelta[e] = free - sign * taken;
    left -= taken;
  }
}

/**
 * The legs' scenario losses, gains cut to the credit rate, are scanned as one array: the target keeps the outcome, the other legs are
 * relieved of their scan. A leg that is absent, already merged, or has several scan tiers cannot take part; if it is required, nothing happens.
 */
function creditScanning(spread: ScanningSpread, bySymbol: ReadonlyMap<string, UnderlyingSpan>, merged: Set<UnderlyingSpan>, grant: Grant): void {
  const combined = new Array<number>(SCENARIOS).fill(0);
  const legs: UnderlyingSpan[] = [];
  let target: UnderlyingSpan | undefined;
  for (const leg of spread.legs) {
    const span = bySymbol.get(leg.commodity);
    const [tier, another] = span?.tiers ?? [];
    if (span === undefined || merged.has(span) || tier === undefined || another !== undefined) {
      if (leg.required || leg.isTarget) return;
      continue;
    }
    tier.losses.forEach((loss, s) => {
      combined[s] = (combined[s] ?? 0) + (loss < 0 ? loss * leg.rate : loss);
    });
    legs.push(span);
    if (leg.isTarget) target = span;
  }
  if (target === undefined || legs.length < 2) return;
  for (const span of legs) {
    merged.add(span);
    grant(span.underlying, span.scan);
  }
  grant(target.underlying, -Math.max(0, ...combined));
}
