// Requirement of the futures and options on one underlying, from scratch, in micros. Two forms that must agree: the plain definition
// maximised over every subset of fills, and the sum of positive parts of the design page done naively. Written from the
// specification; shares nothing with the engine but the parameter table it reads.
//
// Why subsets are enough (partial fills never cost more): in the signed fills the requirement is a sum of
//   maximum over scenarios of linear functions (scan, floored or not), maximum over the two signs of a contract's net (exposure
//   margin, short option minimum), and linear terms (net option value, premium, the calendar bound),
// and then a maximum of such sums (covered by scan, by the short option minimum, floored at 0). Each is convex, so the whole is
// convex on the box 0 <= fill <= quantity, and a convex function on a box has its maximum at a corner.
import { InstrumentKind, type ParameterTable } from '../../engine/index.ts';
import { calendarCharge, deltaByExpiry, deltaPools } from './calendar-oracle.ts';
import { abs, larger, MICROS_IN_PAISA, MICROS_IN_TICK, smaller, whole } from './exact.ts';
import { type Fill, fillSubsets, signedUnits, type WorkingOrder } from './portfolio.ts';

const SCENARIOS = 16;

/** Net units per contract row. */
export type NetByRow = ReadonlyMap<number, bigint>;

/** What one underlying asks, micros, with its parts. */
export interface PlainMargin {
  readonly scan: bigint;
  readonly som: bigint;
  readonly nov: bigint;
  readonly exposure: bigint;
  readonly requirement: bigint;
}

const isOption = (table: ParameterTable, row: number): boolean => table.kind[row] === InstrumentKind.CE || table.kind[row] === InstrumentKind.PE;

/** Loss of one long unit in scenario s (0..15), micros. */
function loss(table: ParameterTable, row: number, s: number): bigint {
  return whole(table.riskArray[row * SCENARIOS + s]) * MICROS_IN_PAISA;
}

/** Net option value of one long unit, micros; nothing for a future. */
function optionValue(table: ParameterTable, row: number): bigint {
  return isOption(table, row) ? whole(table.price[row]) * MICROS_IN_PAISA : 0n;
}

/** Scan risk per tier, each floored at 0, added. */
function scanRisk(table: ParameterTable, net: NetByRow): bigint {
  const tiers = new Set([...net.keys()].map((row) => table.scanTier[row] ?? 0));
  let sum = 0n;
  for (const tier of tiers) {
    let worst = 0n;
    for (let s = 0; s < SCENARIOS; s++) {
      let scenario = 0n;
      for (const [row, units] of net) if (table.scanTier[row] === tier) scenario += units * loss(table, row, s);
      worst = larger(worst, scenario);
    }
    sum += worst;
  }
  return sum;
}

/** Short option minimum of the short calls, or of the short puts. */
function shortMinimum(table: ParameterTable, net: NetByRow, kind: number): bigint {
  let sum = 0n;
  for (const [row, units] of net) if (table.kind[row] === kind) sum += larger(-units, 0n) * whole(table.somRate[table.underlying[row] ?? 0]);
  return sum;
}

/** Does the commodity of these rows take the larger of calls and puts, instead of their sum? */
function usesLargerMinimum(table: ParameterTable, rows: readonly number[]): boolean {
  return table.details.commodities[table.underlying[rows[0] ?? -1] ?? -1]?.somMethod === 'MAX';
}

/** The definition: scan and calendar or the short option minimum, less option value, floored; plus exposure margin and premium. */
export function plainMargin(table: ParameterTable, net: NetByRow, calendar: bigint, premium: bigint): PlainMargin {
  let nov = 0n;
  let exposure = 0n;
  for (const [row, units] of net) {
    nov += units * optionValue(table, row);
    exposure += units > 0n ? units * whole(table.elmLong[row]) : -units * whole(table.elmShort[row]);
  }
  const scan = scanRisk(table, net);
  const [calls, puts] = [InstrumentKind.CE, InstrumentKind.PE].map((kind) => shortMinimum(table, net, kind)) as [bigint, bigint];
  const som = usesLargerMinimum(table, [...net.keys()]) ? larger(calls, puts) : calls + puts;
  const span = larger(larger(scan + calendar, som) - nov, 0n);
  return { scan, som, nov, exposure, requirement: span + exposure + premium };
}

/** The position after some fills. */
export function afterFills(position: NetByRow, fills: readonly Fill[]): Map<number, bigint> {
  const net = new Map(position);
  for (const fill of fills) net.set(fill.order.row, (net.get(fill.order.row) ?? 0n) + signedUnits(fill));
  return net;
}

/** Premium of the filled option buys, micros; a sell's premium comes only when it is traded. */
export function premiumOf(table: ParameterTable, fills: readonly Fill[]): bigint {
  let premium = 0n;
  for (const fill of fills) if (fill.order.side === 1 && isOption(table, fill.order.row)) premium += fill.quantity * fill.price * MICROS_IN_TICK;
  return premium;
}

/** Exact calendar charge of a netted set. */
export function exactCalendar(table: ParameterTable, underlying: number, net: NetByRow): bigint {
  const commodity = table.details.commodities[underlying];
  return commodity === undefined ? 0n : calendarCharge(commodity, deltaByExpiry(table, net));
}

/** Calendar part of the position while orders work: exact, unless the rates differ; then the pools at the largest rate. */
export function calendarOfPosition(table: ParameterTable, underlying: number, net: NetByRow): bigint {
  const rates = new Set((table.details.commodities[underlying]?.spreads ?? []).map((spread) => spread.rate));
  if (rates.size <= 1) return exactCalendar(table, underlying, net);
  const pools = deltaPools(deltaByExpiry(table, net));
  return (smaller(pools.long, pools.short) * whole(table.calendarRateMax[underlying])) / 10_000n;
}

/** The bound on what fills can add to the calendar charge: largest rate x |delta| filled. */
function calendarBound(table: ParameterTable, underlying: number, fills: readonly Fill[]): bigint {
  let bound = 0n;
  for (const fill of fills) bound += fill.quantity * abs(whole(table.delta[fill.order.row]));
  return (bound * whole(table.calendarRateMax[underlying])) / 10_000n;
}

/** Requirement if exactly these fills happened, with the calendar bound in place of the exact charge. */
export function marginWithFills(table: ParameterTable, underlying: number, position: NetByRow, fills: readonly Fill[]): bigint {
  const base = fills.length === 0 ? exactCalendar(table, underlying, position) : calendarOfPosition(table, underlying, position);
  const calendar = base + calendarBound(table, underlying, fills);
  return plainMargin(table, afterFills(position, fills), calendar, premiumOf(table, fills)).requirement;
}

/** First form: the definition, maximised over every subset of fills. */
export function marginBySubsets(table: ParameterTable, underlying: number, position: NetByRow, orders: readonly WorkingOrder[]): bigint {
  let worst = 0n;
  let pooled = 0n;
  const pool = reachBound(table, underlying, position, orders);
  for (const fills of fillSubsets(orders)) {
    worst = larger(worst, marginWithFills(table, underlying, position, fills));
    if (pool !== undefined) pooled = larger(pooled, plainMargin(table, afterFills(position, fills), pool, premiumOf(table, fills)).requirement);
  }
  return pool === undefined ? worst : smaller(worst, pooled);
}

/**
 * The other bound on calendar charges, where the table goes by the rules of the day and orders work. Every month can end anywhere between all its
 * sells filled and all its buys filled. Look at one month: it ends long, and no short delta of its is spread, or the other way round; the month that
 * leaves least counts. Micros.
 */
function reachBound(table: ParameterTable, underlying: number, position: NetByRow, orders: readonly WorkingOrder[]): bigint | undefined {
  const rate = whole(table.calendarRateMax[underlying]);
  if (table.details.tradingDays === undefined || orders.length === 0 || rate === 0n) return undefined;
  const ends = new Map<number, { long: bigint; short: bigint }>();
  const reach = (row: number, delta: bigint, sides: readonly ('long' | 'short')[]): void => {
    const month = ends.get(table.expiry[row] ?? 0) ?? { long: 0n, short: 0n };
    ends.set(table.expiry[row] ?? 0, month);
    for (const side of sides) month[side] += side === 'long' ? delta : -delta;
  };
  for (const [row, units] of position) reach(row, units * whole(table.delta[row]), ['long', 'short']);
  for (const order of orders) {
    const delta = larger(order.quantity, order.altQuantity) * whole(table.delta[order.row]) * (order.side === 1 ? 1n : -1n);
    reach(order.row, delta, [delta > 0n ? 'long' : 'short']);
  }
  const months = [...ends.values()].map(({ long, short }) => ({ long: larger(long, 0n), short: larger(short, 0n) }));
  const sum = (side: 'long' | 'short', but?: { long: bigint; short: bigint }): bigint =>
    months.reduce((total, month) => (month === but ? total : total + month[side]), 0n);
  const spread = months
    .map((month) => larger(smaller(sum('long'), sum('short', month)), smaller(sum('long', month), sum('short'))))
    .reduce(smaller, smaller(sum('long'), sum('short')));
  return (spread * rate) / 10_000n;
}

/** What a whole branch counts: scan and calendar, the short option minimum (of all, of calls, of puts), or neither (floored at 0). */
type Branch = 'scan' | 'minimum' | 'calls' | 'puts' | 'floor';

/** One long unit of a contract under a branch, a scenario (-1 = scan floored at 0) and a sign of the contract's net. */
function unitCost(table: ParameterTable, row: number, choice: { branch: Branch; scenario: number; long: boolean }): bigint {
  const exposure = choice.long ? whole(table.elmLong[row]) : -whole(table.elmShort[row]);
  if (choice.branch === 'floor') return exposure;
  if (choice.branch !== 'scan') {
    const minimum = countsForMinimum(table, row, choice.branch) && !choice.long ? -whole(table.somRate[table.underlying[row] ?? 0]) : 0n;
    return exposure + minimum - optionValue(table, row);
  }
  const scan = choice.scenario < 0 ? 0n : loss(table, row, choice.scenario);
  return exposure + scan - optionValue(table, row);
}

function countsForMinimum(table: ParameterTable, row: number, branch: Branch): boolean {
  if (branch === 'calls') return table.kind[row] === InstrumentKind.CE;
  return branch === 'puts' ? table.kind[row] === InstrumentKind.PE : isOption(table, row);
}

/** Second form: per branch, tier, scenario and contract sign each order gives the positive part of what it could add. */
export function marginByParts(table: ParameterTable, underlying: number, position: NetByRow, orders: readonly WorkingOrder[]): bigint {
  const charged = marginByBranches(table, underlying, position, orders);
  const pool = reachBound(table, underlying, position, orders);
  return pool === undefined ? charged : smaller(charged, marginByBranches(table, underlying, position, orders, pool));
}

/** With `pool` in place of the position's charge and of every order's own. */
function marginByBranches(table: ParameterTable, underlying: number, position: NetByRow, orders: readonly WorkingOrder[], pool?: bigint): bigint {
  const rows = new Set([...position.keys(), ...orders.map((order) => order.row)]);
  const own = orders.length === 0 ? exactCalendar(table, underlying, position) : calendarOfPosition(table, underlying, position);
  const calendar = pool ?? own;
  const cost = (rowSet: readonly number[], branch: Branch, scenario: number): bigint => {
    let sum = 0n;
    for (const row of rowSet) {
      const branches = [true, false].map((long) => {
        const unit = unitCost(table, row, { branch, scenario, long });
        return orders
          .filter((order) => order.row === row)
          .reduce((total, order) => total + orderPart(table, order, unit, branch === 'scan' && pool === undefined), (position.get(row) ?? 0n) * unit);
      });
      sum += branches.reduce(larger);
    }
    return sum;
  };
  const all = [...rows];
  let scanBranch = calendar;
  for (const tier of new Set(all.map((row) => table.scanTier[row] ?? 0))) {
    const inTier = all.filter((row) => table.scanTier[row] === tier);
    let worst = cost(inTier, 'scan', -1);
    for (let s = 0; s < SCENARIOS; s++) worst = larger(worst, cost(inTier, 'scan', s));
    scanBranch += worst;
  }
  const minima: Branch[] = usesLargerMinimum(table, all) ? ['calls', 'puts'] : ['minimum'];
  return [...minima, 'floor' as const].map((branch) => cost(all, branch, 0)).reduce(larger, scanBranch);
}

function orderPart(table: ParameterTable, order: WorkingOrder, unit: bigint, isCharged: boolean): bigint {
  const perUnit = (price: bigint): bigint => {
    const signed = order.side === 1 ? unit : -unit;
    const premium = order.side === 1 && isOption(table, order.row) ? price * MICROS_IN_TICK : 0n;
    const rate = whole(table.calendarRateMax[table.underlying[order.row] ?? 0]);
    const calendar = isCharged ? (abs(whole(table.delta[order.row])) * rate) / 10_000n : 0n;
    return signed + premium + calendar;
  };
  return [order.quantity * perUnit(order.price), order.altQuantity * perUnit(order.altPrice)].reduce(larger, 0n);
}
