// SPAN of a whole portfolio from scratch, in exact fractions of a rupee: scan tiers, price risk, calendar and spot charges, credits between
// commodities, short option minimum, option value. Written from the specification; shares nothing with the engine but the table it reads.
import type { CombinedCommodity, ParameterTable, ScanningSpread, Spread, SpreadLeg } from '../../engine/index.ts';
import { Rational, ZERO } from './margin-rational.ts';

/** One underlying, rupees. */
export interface ExactSpan {
  readonly symbol: string;
  readonly scan: Rational;
  readonly calendar: Rational;
  readonly spot: Rational;
  readonly credit: Rational;
  readonly som: Rational;
  readonly nov: Rational;
  readonly span: Rational;
  readonly excess: Rational;
}

interface Line {
  readonly row: number;
  readonly units: Rational;
}

interface Group {
  readonly commodity: CombinedCommodity;
  readonly lines: readonly Line[];
  readonly factor: Rational;
  /** Scenario losses by tier. */
  readonly tiers: readonly (readonly Rational[])[];
  readonly scan: Rational;
  /** Delta by expiry, as it stood and what is free. */
  readonly held: ReadonlyMap<number, Rational>;
  readonly free: Map<number, Rational>;
  readonly priceRisk: Rational;
}

const int = (value: number): Rational => new Rational(BigInt(value));
const PAIR = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 14, 15];

/** Units by instrument row. */
export function exactSpan(table: ParameterTable, units: ReadonlyMap<number, number>): ExactSpan[] {
  const byUnderlying = new Map<number, Line[]>();
  for (const [row, quantity] of units) {
    const underlying = table.underlying[row] ?? -1;
    const others = byUnderlying.get(underlying) ?? [];
    // A contract closed out is listed, but stands in no tier.
    byUnderlying.set(underlying, quantity === 0 ? others : [...others, { row, units: int(quantity) }]);
  }
  const groups = [...byUnderlying].sort(([a], [b]) => a - b).map(([underlying, lines]) => groupOf(table, underlying, lines));
  const credits = new Map<Group, Rational>();
  const give = (group: Group, amount: Rational): void => {
    credits.set(group, (credits.get(group) ?? ZERO).plus(amount.rounded(8)));
  };
  for (const clearing of table.details.clearing) {
    for (const spread of inOrder(clearing.superSpreads ?? [])) delta(spread, membersOf(groups, clearing.clearingOrg), give);
  }
  const charges = groups.map((group) => calendarAndSpot(table, group));
  for (const clearing of table.details.clearing) {
    let members = membersOf(groups, clearing.clearingOrg);
    for (const spread of inOrder(clearing.scanningSpreads)) members = scanning(spread, members, give);
    for (const spread of inOrder(clearing.interSpreads)) delta(spread, members, give);
  }
  return groups.map((group, at) => total(table, group, charges[at] ?? { calendar: ZERO, spot: ZERO }, (credits.get(group) ?? ZERO).rounded(2)));
}

function total(table: ParameterTable, group: Group, charge: { calendar: Rational; spot: Rational }, credit: Rational): ExactSpan {
  const som = minimum(table, group);
  const nov = group.lines.reduce((sum, { row, units }) => sum.plus((table.kind[row] ?? 0) >= 2 ? units.times(paise(table.price[row])) : ZERO), ZERO);
  const risk = group.scan.plus(charge.calendar).plus(charge.spot).minus(credit).atLeast(som);
  return {
    symbol: group.commodity.symbol,
    scan: group.scan,
    ...charge,
    credit,
    som,
    nov,
    span: risk.minus(nov).atLeast(ZERO),
    excess: nov.minus(risk).atLeast(ZERO),
  };
}

const paise = (value: number | undefined): Rational => Rational.of(value ?? 0).over(int(100));
const inOrder = <T extends { readonly priority: number }>(spreads: readonly T[]): T[] => [...spreads].sort((a, b) => a.priority - b.priority);

function groupOf(table: ParameterTable, underlying: number, lines: readonly Line[]): Group {
  const commodity = table.details.commodities[underlying];
  if (commodity === undefined) throw new RangeError('oracle: underlying without commodity');
  const factor = Rational.of(commodity.adjustment > 0 ? commodity.adjustment : 1);
  const numbers = [...new Set(lines.map(({ row }) => table.scanTier[row] ?? 0))].sort((a, b) => a - b);
  const tiers = numbers.map((tier) =>
    Array.from({ length: 16 }, (_, s) =>
      lines
        .filter(({ row }) => table.scanTier[row] === tier)
        .reduce((sum, { row, units }) => sum.plus(units.times(paise(table.riskArray[row * 16 + s])).times(factor)), ZERO),
    ),
  );
  const held = new Map<number, Rational>();
  for (const { row, units } of lines) {
    const expiry = seenAs(table, commodity, row);
    held.set(expiry, (held.get(expiry) ?? ZERO).plus(units.times(int(table.delta[row] ?? 0)).over(int(10_000))));
  }
  // Every expiry of the underlying counts as one that a spread may name, held or not.
  for (let row = 0; row < table.instruments; row++) {
    if (table.underlying[row] === underlying && !held.has(table.expiry[row] ?? 0)) held.set(table.expiry[row] ?? 0, ZERO);
  }
  const risks = tiers.map((losses) => tierRisks(losses, table, commodity));
  const scan = risks.reduce((sum, risk) => sum.plus(risk.scan), ZERO);
  const net = [...held.values()].reduce((sum, each) => sum.plus(each), ZERO).abs();
  const price = risks.reduce((sum, risk) => sum.minus(risk.time).minus(risk.volatility), scan).atLeast(ZERO);
  const normal = net.sign === 0 ? ZERO : price.over(net);
  const range = Rational.of(commodity.priceScan).times(factor);
  const priceRisk = commodity.wfprMethod === 'NORMAL' ? normal : commodity.wfprMethod === 'SCANRANGE' ? range : normal.atMost(range);
  return { commodity, lines, factor, tiers, scan, held, free: new Map(held), priceRisk };
}

/** The expiry spreads and tiers see: of an option on a future, the future's. */
function seenAs(table: ParameterTable, commodity: CombinedCommodity, row: number): number {
  const expiry = table.expiry[row] ?? 0;
  return (table.kind[row] ?? 0) >= 2 ? (commodity.deltaExpiry?.[expiry] ?? expiry) : expiry;
}

function tierRisks(
  losses: readonly Rational[],
  table: ParameterTable,
  commodity: CombinedCommodity,
): Record<'scan' | 'time' | 'volatility', Rational> {
  const at = (s: number): Rational => losses[s] ?? ZERO;
  let active = 0;
  for (let s = 1; s < 16; s++) if (at(s).minus(at(active)).sign > 0) active = s;
  const points = commodity.scanPoints ?? table.details.clearing.find((each) => each.clearingOrg === commodity.clearingOrg)?.scanPoints;
  const pair = points === undefined ? (PAIR[active] ?? 0) : (points.find((point) => point.point === active + 1)?.paired ?? 0) - 1;
  const half = new Rational(1n, 2n);
  const volatility = at(active).sign < 0 ? at(0).minus(at(1)) : at(active).minus(at(pair));
  return { scan: at(active).atLeast(ZERO), time: at(0).plus(at(1)).times(half).rounded(2), volatility: volatility.times(half).rounded(2) };
}

function calendarAndSpot(table: ParameterTable, group: Group): { calendar: Rational; spot: Rational } {
  const { commodity, free, held, factor } = group;
  const expiries = [...held.keys()].sort((a, b) => a - b);
  const bySeries = (spread: Spread): boolean => spread.legs.every((leg) => leg.expiry !== 0 || leg.period !== undefined);
  const ordered = [...inOrder(commodity.spreads.filter(bySeries)), ...inOrder(commodity.spreads.filter((spread) => !bySeries(spread)))];
  let calendar = ZERO;
  for (const spread of ordered) {
    const rate = rupeesPerSpread(table, group, spread);
    for (const longSide of ['A', 'B'] as const) {
      const formed = spread.legs.map((leg) => available(leg, leg.side === longSide, expiries, group).over(Rational.of(leg.ratio)));
      const count = formed.reduce((least, each) => least.atMost(each));
      if (count.sign <= 0) continue;
      for (const leg of spread.legs) {
        let left = count.times(Rational.of(leg.ratio));
        for (const expiry of drawnOn(leg, expiries, commodity.intraTiers)) {
          const own = free.get(expiry) ?? ZERO;
          const wanted = leg.side === longSide ? own.atLeast(ZERO) : own.atMost(ZERO).abs();
          const taken = wanted.atMost(left);
          free.set(expiry, leg.side === longSide ? own.minus(taken) : own.plus(taken));
          left = left.minus(taken);
        }
      }
      calendar = calendar.plus(count.times(rate).times(factor));
    }
  }
  let spot = ZERO;
  for (const { expiry, spreadRate, outrightRate } of commodity.spotCharges) {
    const left = (free.get(expiry) ?? ZERO).abs();
    const consumed = (held.get(expiry) ?? ZERO).abs().minus(left);
    spot = spot.plus(
      consumed
        .times(Rational.of(spreadRate))
        .plus(left.times(Rational.of(outrightRate)))
        .times(factor),
    );
  }
  return { calendar, spot };
}

/** F as printed; P of the farther leg's price; W of the legs' mean price, weighted by ratio. A leg over a tier stands at its last expiry. */
function rupeesPerSpread(table: ParameterTable, group: Group, spread: Spread): Rational {
  if (spread.method === 'F') return Rational.of(spread.rate);
  const expiries = [...group.held.keys()].sort((a, b) => a - b);
  const prices = spread.legs.map((leg) => priceOf(table, group, drawnOn(leg, expiries, group.commodity.intraTiers).at(-1) ?? 0));
  if (spread.method === 'P')
    return prices
      .reduce((most, each) => most.atLeast(each))
      .times(Rational.of(spread.rate))
      .rounded(6);
  const weights = spread.legs.map((leg) => Rational.of(leg.ratio));
  const sum = prices.reduce((all, price, at) => all.plus(price.times(weights[at] ?? ZERO)), ZERO);
  return sum
    .over(weights.reduce((all, weight) => all.plus(weight)))
    .times(Rational.of(spread.rate))
    .rounded(6);
}

function priceOf(table: ParameterTable, group: Group, expiry: number): Rational {
  const underlying = table.underlying[group.lines[0]?.row ?? 0];
  for (let row = 0; row < table.instruments; row++) {
    if (table.underlying[row] === underlying && table.kind[row] === 1 && table.expiry[row] === expiry) return paise(table.price[row]);
  }
  return Rational.of((table.spot[underlying ?? 0] ?? 0) / 10_000);
}

function drawnOn(leg: SpreadLeg, expiries: readonly number[], tiers: CombinedCommodity['intraTiers']): number[] {
  if (leg.expiry !== 0) return expiries.filter((expiry) => expiry === leg.expiry);
  if (leg.period !== undefined) return expiries.slice(leg.period - 1, leg.period);
  if (leg.tier === 0) return [...expiries];
  const tier = tiers.find((each) => each.tier === leg.tier);
  return tier === undefined ? [] : expiries.filter((expiry) => (tier.from === 0 || expiry >= tier.from) && (tier.to === 0 || expiry <= tier.to));
}

function available(leg: SpreadLeg, long: boolean, expiries: readonly number[], group: Group): Rational {
  const drawn = drawnOn(leg, expiries, group.commodity.intraTiers).map((expiry) => group.free.get(expiry) ?? ZERO);
  return drawn.reduce((sum, own) => sum.plus(long ? own.atLeast(ZERO) : own.atMost(ZERO).abs()), ZERO);
}

function membersOf(groups: readonly Group[], clearingOrg: string): Group[] {
  return groups.filter((group) => (group.commodity.clearingOrg ?? clearingOrg) === clearingOrg);
}

type Give = (group: Group, amount: Rational) => void;

function delta(spread: Spread, members: readonly Group[], give: Give): void {
  const legs = spread.legs.flatMap((leg) => {
    const group = members.find((each) => each.commodity.symbol === leg.commodity);
    if (group === undefined) return [];
    const known = leg.tier !== 0 && group.commodity.interTiers.some((tier) => tier.tier === leg.tier);
    const expiries = drawnOn(
      known ? leg : { ...leg, tier: 0 },
      [...group.held.keys()].sort((a, b) => a - b),
      group.commodity.interTiers,
    );
    return [{ leg, group, expiries, net: expiries.reduce((sum, expiry) => sum.plus(group.free.get(expiry) ?? ZERO), ZERO) }];
  });
  const sides = new Set(legs.map(({ leg, net }) => net.sign * (leg.side === 'A' ? 1 : -1)));
  if (legs.length < spread.legs.length || sides.size !== 1 || sides.has(0)) return;
  const count = legs.map(({ leg, net }) => net.abs().over(Rational.of(leg.ratio))).reduce((least, each) => least.atMost(each));
  for (const { leg, group, expiries, net } of legs) {
    const used = count.times(Rational.of(leg.ratio));
    const rate = Rational.of(leg.rate ?? spread.rate);
    const flat = count
      .times(rate)
      .times(group.factor)
      .over(int(leg.rate === undefined ? legs.length : 1));
    give(group, spread.method === 'F' ? flat : group.priceRisk.times(used).times(rate));
    let left = used;
    for (const expiry of expiries) {
      const own = group.free.get(expiry) ?? ZERO;
      if (own.sign !== net.sign) continue;
      const taken = own.abs().atMost(left);
      group.free.set(expiry, net.sign > 0 ? own.minus(taken) : own.plus(taken));
      left = left.minus(taken);
    }
  }
}

/** Returns who may still take part in later spreads. */
function scanning(spread: ScanningSpread, members: readonly Group[], give: Give): Group[] {
  const found = spread.legs.map((leg) => ({
    leg,
    group: members.find((each) => each.commodity.symbol === leg.commodity && each.tiers.length === 1),
  }));
  const legs = found.flatMap(({ leg, group }) => (group === undefined ? [] : [{ leg, group }]));
  const lacking = found.some(({ leg, group }) => group === undefined && (leg.required || leg.isTarget));
  if (lacking || legs.length < 2 || !legs.some(({ leg }) => leg.isTarget)) return [...members];
  const together = Array.from({ length: 16 }, (_, s) =>
    legs.reduce((sum, { leg, group }) => {
      const loss = group.tiers[0]?.[s] ?? ZERO;
      return sum.plus(loss.sign < 0 ? loss.times(Rational.of(leg.rate)) : loss);
    }, ZERO),
  ).reduce((most, each) => most.atLeast(each), ZERO);
  for (const { leg, group } of legs) give(group, leg.isTarget ? group.scan.minus(together) : group.scan);
  return members.filter((group) => !legs.some((leg) => leg.group === group));
}

function minimum(table: ParameterTable, group: Group): Rational {
  const { shortOptionMinimum: minima, somMethod } = group.commodity;
  const pools = new Map<number, [Rational, Rational]>();
  for (const { row, units } of group.lines) {
    const kind = table.kind[row] ?? 0;
    if (kind < 2 || units.sign >= 0) continue;
    const expiry = seenAs(table, group.commodity, row);
    const at = minima.findIndex((som) => (som.from === 0 || expiry >= som.from) && (som.to === 0 || expiry <= som.to));
    const amount = units
      .abs()
      .times(Rational.of(minima[at]?.rate ?? 0))
      .times(group.factor);
    const [calls, puts] = pools.get(at) ?? [ZERO, ZERO];
    pools.set(at, kind === 2 ? [calls.plus(amount), puts] : [calls, puts.plus(amount)]);
  }
  return [...pools.values()].reduce((sum, [calls, puts]) => sum.plus(somMethod === 'MAX' ? calls.atLeast(puts) : calls.plus(puts)), ZERO);
}
