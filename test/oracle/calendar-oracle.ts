// Intra-commodity (calendar) charge of a netted set of contracts, exactly as the risk parameter file lists its spreads: priority
// order, series spreads before tier spreads, each tried with leg A long and then with leg B long, nearest expiry consumed first.
// Only method F (flat rupees per spread) and whole ratios are covered, which is what exchange equity files use.
import type { CombinedCommodity, ParameterTable, Spread, SpreadLeg, Tier } from '../../engine/index.ts';
import { abs, larger, smaller, whole } from './exact.ts';

/** Delta per expiry (yyyymmdd), in 1/10,000 unit of the underlying, signed. */
export type DeltaByExpiry = Map<number, bigint>;

/** Composite delta of the contracts of one underlying, netted per expiry. */
export function deltaByExpiry(table: ParameterTable, net: ReadonlyMap<number, bigint>): DeltaByExpiry {
  const deltas: DeltaByExpiry = new Map();
  for (const [row, units] of net) {
    const expiry = table.expiry[row] ?? 0;
    deltas.set(expiry, (deltas.get(expiry) ?? 0n) + units * whole(table.delta[row]));
  }
  return deltas;
}

/** Sum of the long and of the short expiry nets, both positive. */
export function deltaPools(deltas: DeltaByExpiry): { long: bigint; short: bigint } {
  let long = 0n;
  let short = 0n;
  for (const delta of deltas.values()) {
    long += larger(delta, 0n);
    short += larger(-delta, 0n);
  }
  return { long, short };
}

/** Rupees per spread as micros. */
export function rateMicros(spread: Spread): bigint {
  return whole(Math.round(spread.rate * 1e6));
}

/** Charge in micros (exact when rates are whole paise, because deltas have four decimals). */
export function calendarCharge(commodity: CombinedCommodity, deltas: DeltaByExpiry): bigint {
  const free: DeltaByExpiry = new Map(deltas);
  const isSeries = (spread: Spread): boolean => spread.legs.every((leg) => leg.expiry !== 0);
  const ordered = [...commodity.spreads].sort((a, b) => Number(isSeries(b)) - Number(isSeries(a)) || a.priority - b.priority);
  let charge = 0n;
  for (const spread of ordered) {
    for (const longSide of ['A', 'B'] as const) {
      const matched = matchSpread(commodity.intraTiers, spread, longSide, free);
      charge += (matched * rateMicros(spread)) / 10_000n;
    }
  }
  return charge;
}

function matchSpread(tiers: readonly Tier[], spread: Spread, longSide: 'A' | 'B', free: DeltaByExpiry): bigint {
  let matched: bigint | undefined;
  for (const leg of spread.legs) {
    const available = availableDelta(tiers, leg, leg.side === longSide, free) / whole(leg.ratio);
    matched = matched === undefined ? available : smaller(matched, available);
  }
  if (matched === undefined || matched <= 0n) return 0n;
  for (const leg of spread.legs) consume(tiers, leg, leg.side === longSide, { free, amount: matched * whole(leg.ratio) });
  return matched;
}

function expiriesOf(tiers: readonly Tier[], leg: SpreadLeg, free: DeltaByExpiry): number[] {
  const expiries = [...free.keys()].sort((a, b) => a - b);
  if (leg.expiry !== 0) return expiries.filter((expiry) => expiry === leg.expiry);
  if (leg.tier === 0) return expiries;
  const tier = tiers.find((candidate) => candidate.tier === leg.tier);
  if (tier === undefined) return [];
  return expiries.filter((expiry) => (tier.from === 0 || expiry >= tier.from) && (tier.to === 0 || expiry <= tier.to));
}

function availableDelta(tiers: readonly Tier[], leg: SpreadLeg, long: boolean, free: DeltaByExpiry): bigint {
  let available = 0n;
  for (const expiry of expiriesOf(tiers, leg, free)) {
    const delta = free.get(expiry) ?? 0n;
    available += larger(long ? delta : -delta, 0n);
  }
  return available;
}

function consume(tiers: readonly Tier[], leg: SpreadLeg, long: boolean, what: { free: DeltaByExpiry; amount: bigint }): void {
  let left = what.amount;
  for (const expiry of expiriesOf(tiers, leg, what.free)) {
    const delta = what.free.get(expiry) ?? 0n;
    if (long ? delta <= 0n : delta >= 0n) continue;
    const taken = smaller(left, abs(delta));
    what.free.set(expiry, long ? delta - taken : delta + taken);
    left -= taken;
  }
}
