// Credits between underlyings whose risks offset (span.md section 1.7): super spreads before the calendar charge, scanning spreads and then
// delta spreads after it, each kind in priority order, each consuming the free delta of its legs. Only within one clearing organisation. For
// reports of positions only: a credit may vanish with any fill, so the live book grants none where an order works.
import type { ClearingRules, ScanningSpread, Spread, SpreadLeg } from '../parameters/combined-commodity.ts';
import { SCENARIOS } from '../parameters/parameter-table.ts';
import { MICROS_PER_PAISA, roundMicrosToPaise } from '../units.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import type { UnderlyingCharges, UnderlyingScan } from './underlying-span.ts';

/** One leg's part of one spread. */
export interface SpreadCredit {
  readonly kind: 'super' | 'scanning' | 'delta' | 'flat';
  readonly priority: number;
  readonly underlying: number;
  /** How many spreads were formed and how much delta this leg gave, 1/10,000; 0 for scanning spreads. */
  readonly formed: number;
  readonly used: number;
  /** Fraction of the price risk, of the gains, or rupees per spread (flat). */
  readonly rate: number;
  /** Micros, to a hundredth (8 decimals of a rupee). */
  readonly amount: number;
}

/** Super spreads: run on the net delta before calendar charges. Delta they take is gone from `freeDelta`. */
export function superCredits(rules: CompiledRules, scans: readonly UnderlyingScan[]): SpreadCredit[] {
  return rules.table.details.clearing.flatMap((clearing) => {
    const legs = membersOf(rules, clearing, scans);
    return byPriority(clearing.superSpreads ?? []).flatMap((spread) => deltaCredit(rules, spread, legs, 'super'));
  });
}

/** Scanning and delta spreads: run on what calendar charges left. A commodity that was scanned together with others gives no delta after. */
export function interCommodityCredits(rules: CompiledRules, charged: readonly UnderlyingCharges[]): SpreadCredit[] {
  return rules.table.details.clearing.flatMap((clearing) => {
    const legs = membersOf(rules, clearing, charged);
    const scanned = byPriority(clearing.scanningSpreads).flatMap((spread) => scanningCredit(spread, legs));
    return [...scanned, ...byPriority(clearing.interSpreads).flatMap((spread) => deltaCredit(rules, spread, legs, 'delta'))];
  });
}

/** Credit of one underlying, micros: its legs' parts added and rounded to the currency's precision. */
export function creditOf(credits: readonly SpreadCredit[], underlying: number): number {
  const own = credits.filter((credit) => credit.underlying === underlying);
  return roundMicrosToPaise(own.reduce((sum, credit) => sum + credit.amount, 0)) * MICROS_PER_PAISA;
}

/** Commodities of the portfolio that a clearing organisation margins, by symbol. */
type Members = Map<string, UnderlyingScan>;

function membersOf(rules: CompiledRules, clearing: ClearingRules, scans: readonly UnderlyingScan[]): Members {
  const members: Members = new Map();
  for (const scan of scans) {
    const commodity = rules.table.details.commodities[scan.underlying];
    if (commodity === undefined || (commodity.clearingOrg ?? clearing.clearingOrg) !== clearing.clearingOrg) continue;
    members.set(commodity.symbol, scan);
  }
  return members;
}

function byPriority<T extends { readonly priority: number }>(spreads: readonly T[]): T[] {
  return [...spreads].sort((a, b) => a.priority - b.priority);
}

/** Every leg is required; legs of side A and of side B must stand on opposite sides of the market. */
function deltaCredit(rules: CompiledRules, spread: Spread, members: Members, kind: 'super' | 'delta'): SpreadCredit[] {
  const legs = spread.legs.flatMap((leg) => {
    const scan = members.get(leg.commodity);
    return scan === undefined ? [] : [{ leg, scan, ...expiryRange(rules, leg, scan) }];
  });
  if (legs.length === 0 || legs.length < spread.legs.length) return [];
  let orientation = 0;
  let formed = Number.POSITIVE_INFINITY;
  for (const { leg, scan, from, to } of legs) {
    const net = freeNet(scan, from, to);
    const side = Math.sign(net) * (leg.side === 'A' ? 1 : -1);
    if (side === 0 || (orientation !== 0 && side !== orientation)) return [];
    orientation = side;
    formed = Math.min(formed, Math.abs(net) / leg.ratio);
  }
  return legs.map(({ leg, scan, from, to }) => {
    const used = formed * leg.ratio;
    const rate = leg.rate ?? spread.rate;
    consume(scan, from, to, used);
    const { underlying } = scan;
    // A flat credit is rupees per spread of one delta; without own rates the legs share it.
    const share = leg.rate === undefined ? legs.length : 1;
    const flat = (formed * Math.round(rate * 1e6) * adjustmentOf(rules, underlying)) / 10_000 / share;
    const amount = spread.method === 'F' ? flat : scan.weightedPriceRisk * used * rate;
    return {
      kind: spread.method === 'F' ? 'flat' : kind,
      priority: spread.priority,
      underlying,
      formed,
      used,
      rate,
      amount: toEightDecimals(amount),
    };
  });
}

/** Adjustment rate of the commodity: its arrays, charges and price risk carry it already, a flat credit does not. */
function adjustmentOf(rules: CompiledRules, underlying: number): number {
  return (rules.arrayScale[underlying] as number) / MICROS_PER_PAISA;
}

/** Micros to 8 decimals of a rupee. */
function toEightDecimals(micros: number): number {
  return Math.round(micros * 100) / 100;
}

/** Expiry indices a leg draws on; tier 0 or a tier the commodity does not define is all of it. */
function expiryRange(rules: CompiledRules, leg: SpreadLeg, scan: UnderlyingScan): { from: number; to: number } {
  const { expiries } = rules.underlyings[scan.underlying] as UnderlyingRules;
  const tier = rules.table.details.commodities[scan.underlying]?.interTiers.find((candidate) => candidate.tier === leg.tier);
  if (leg.tier === 0 || tier === undefined) return { from: 0, to: expiries.length - 1 };
  const inside = (expiry: number): boolean => (tier.from === 0 || expiry >= tier.from) && (tier.to === 0 || expiry <= tier.to);
  const from = expiries.findIndex(inside);
  return from < 0 ? { from: 0, to: -1 } : { from, to: expiries.findLastIndex(inside) };
}

function freeNet(scan: UnderlyingScan, from: number, to: number): number {
  let net = 0;
  for (let e = from; e <= to; e++) net += scan.freeDelta[e] ?? 0;
  return net;
}

/** Takes `amount` of delta off the side the net stands on, nearest expiry first. */
function consume(scan: UnderlyingScan, from: number, to: number, amount: number): void {
  const sign = Math.sign(freeNet(scan, from, to));
  let left = amount;
  for (let e = from; e <= to && left > 0; e++) {
    const free = scan.freeDelta[e] ?? 0;
    const taken = Math.min(left, Math.max(0, sign * free));
    scan.freeDelta[e] = free - sign * taken;
    left -= taken;
  }
}

/**
 * The legs' scenario losses, gains cut to the credit rate, are scanned as one array: the target keeps the outcome, the other legs are
 * relieved of their scan. A leg that is absent, already merged, or has several scan tiers cannot take part; if it is required, nothing
 * happens. What took part leaves `members`.
 */
function scanningCredit(spread: ScanningSpread, members: Members): SpreadCredit[] {
  const combined = new Array<number>(SCENARIOS).fill(0);
  const legs: { scan: UnderlyingScan; symbol: string; rate: number; isTarget: boolean }[] = [];
  for (const leg of spread.legs) {
    const scan = members.get(leg.commodity);
    const [tier, another] = scan?.tiers ?? [];
    if (scan === undefined || tier === undefined || another !== undefined) {
      if (leg.required || leg.isTarget) return [];
      continue;
    }
    tier.losses.forEach((loss, s) => {
      combined[s] = (combined[s] ?? 0) + (loss < 0 ? loss * leg.rate : loss);
    });
    legs.push({ scan, symbol: leg.commodity, rate: leg.rate, isTarget: leg.isTarget });
  }
  if (legs.length < 2 || !legs.some((leg) => leg.isTarget)) return [];
  const together = Math.max(0, ...combined);
  return legs.map(({ scan, symbol, rate, isTarget }) => {
    members.delete(symbol);
    const amount = toEightDecimals(scan.scan - (isTarget ? together : 0));
    return { kind: 'scanning', priority: spread.priority, underlying: scan.underlying, formed: 0, used: 0, rate, amount };
  });
}
