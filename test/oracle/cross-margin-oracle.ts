// Cross margin of a portfolio of positions from scratch, in exact fractions of a rupee, by exchange segment. Written from the rules' text: futures of
// an index against the futures, shares or fund that make it up, or against another index; matched units ask a part of what they ask by themselves,
// the cheapest part first; nothing is matched twice, and nothing is relieved of what it does not ask. For tables without calendar spreads.
import type { ParameterTable } from '../../engine/index.ts';
import { exactAddOns } from './margin-add-ons-oracle.ts';
import { Rational, ZERO } from './margin-rational.ts';
import { exactSpan } from './margin-span-oracle.ts';

/** Part that is no longer asked, per cent: [family, same expiry, per cent], in the order in which they are matched (NCL/CMPT/62978, since 2024-07-29). */
const ROUNDS = [
  ['constituents', true, 75],
  ['correlated', true, 70],
  ['constituents', false, 65],
  ['correlated', false, 60],
] as const;
const FUTURE = 1;

interface Lot {
  readonly expiry: number;
  units: Rational;
  readonly each: Rational;
}
interface Side {
  readonly sign: number;
  readonly lots: readonly Lot[];
  free: Rational;
  asks: Rational;
}

/** Rupees by exchange segment, and how many times something was matched. */
export interface ExactCrossMargin {
  readonly bySegment: ReadonlyMap<number, Rational>;
  readonly matches: number;
}

const int = (value: number): Rational => new Rational(BigInt(Math.round(value)));
const micros = (value: number | undefined): Rational => int(value ?? 0).over(int(1_000_000));

/** `units` and `free` (to deliver) by instrument row, one product; `rate` of a share 1/10,000 at least. */
export function exactCrossMargin(
  table: ParameterTable,
  units: ReadonlyMap<number, number>,
  free: ReadonlyMap<number, number>,
  rate: number,
): ExactCrossMargin {
  const sides = new Map<string, Side & { readonly segment: number }>();
  const derivatives = new Map([...units].filter(([row]) => table.kind[row] !== 0));
  const spans = new Map(exactSpan(table, derivatives).map((line) => [line.symbol, line.span]));
  for (const [underlying, own] of byUnderlying(table, derivatives)) {
    const symbol = table.underlyingName(underlying);
    const addOns = exactAddOns(table, underlying, own, (expiry) => table.details.tradingDays?.[expiry] ?? 99);
    const exposure = [...own].reduce(
      (sum, [row, n]) => sum.plus(micros(n > 0 ? table.elmLong[row] : table.elmShort[row]).times(int(Math.abs(n)))),
      ZERO,
    );
    const asks = (spans.get(symbol) ?? ZERO).plus(exposure).minus(addOns.calendarThird).plus(addOns.delivery).plus(addOns.withdrawn);
    sides.set(`FUT ${symbol}`, { ...futuresSide(table, own, asks), segment: 2 });
  }
  for (const [row, n] of units) {
    if (table.kind[row] !== 0 || n === 0) continue;
    const margined = n > 0 ? n : Math.max(0, -n - (free.get(row) ?? 0));
    const each = int(table.previousClose[row] ?? 0)
      .times(int(Math.max(rate, table.cashRate[row] ?? 0)))
      .over(int(100_000_000));
    const lots = [{ expiry: 0, units: int(margined), each }];
    sides.set(`EQ ${table.instrumentName(row)}`, { sign: Math.sign(n), lots, free: int(margined), asks: each.times(int(margined)), segment: 1 });
  }
  const asked = new Map([...sides].map(([name, { asks }]) => [name, asks]));
  const matches = matchAll(table, sides, asked);
  const bySegment = new Map<number, Rational>();
  for (const [name, { segment }] of sides) bySegment.set(segment, (bySegment.get(segment) ?? ZERO).plus(asked.get(name) ?? ZERO));
  return { bySegment, matches };
}

function byUnderlying(table: ParameterTable, units: ReadonlyMap<number, number>): Map<number, Map<number, number>> {
  const groups = new Map<number, Map<number, number>>();
  for (const [row, n] of units) {
    const underlying = table.underlying[row] ?? -1;
    groups.set(underlying, (groups.get(underlying) ?? new Map<number, number>()).set(row, n));
  }
  return groups;
}

/** Futures on the side of the underlying's net delta; of each month no more than that month's own net delta. */
function futuresSide(table: ParameterTable, own: ReadonlyMap<number, number>, asks: Rational): Side {
  const deltaOf = (row: number, n: number): Rational =>
    int(table.delta[row] ?? 0)
      .times(int(n))
      .over(int(10_000));
  const sum = (rows: readonly (readonly [number, number])[]): Rational => rows.reduce((total, [row, n]) => total.plus(deltaOf(row, n)), ZERO);
  const net = sum([...own]);
  const lots = [...own]
    .filter(([row, n]) => table.kind[row] === FUTURE && n * net.sign > 0)
    .map(([row, n]): Lot => {
      const expiry = table.expiry[row] ?? 0;
      const month = sum([...own].filter(([other]) => table.expiry[other] === expiry))
        .times(int(net.sign))
        .atLeast(ZERO);
      const losses = Array.from(table.riskArray.subarray(row * 16, row * 16 + 16), (loss) => net.sign * loss);
      const each = int(Math.max(0, ...losses))
        .over(int(100))
        .plus(micros(net.sign > 0 ? table.elmLong[row] : table.elmShort[row]));
      return { expiry, units: int(Math.abs(n)).atMost(month), each };
    })
    .sort((a, b) => a.expiry - b.expiry);
  return { sign: net.sign, lots, free: net.abs(), asks };
}

/** Takes every relief off `asked`; how many matches were made. */
function matchAll(table: ParameterTable, sides: ReadonlyMap<string, Side>, asked: Map<string, Rational>): number {
  let matches = 0;
  for (const [family, isSame, percent] of ROUNDS) {
    for (const set of (table.details.crossMargin ?? []).filter((each) => each.family === family)) {
      const head = sides.get(`FUT ${set.index}`);
      const legs = set.legs.map(({ kind, symbol, units }) => ({ name: `${kind} ${symbol}`, each: Rational.of(units) }));
      if (head === undefined || head.sign === 0 || legs.some(({ name }) => sides.get(name)?.sign !== -head.sign)) continue;
      // Every future of the index with every month of the legs, all legs of one month: the same one, or in the later rounds each other one.
      const months = [...new Set([...sides.values()].flatMap(({ lots }) => lots.map(({ expiry }) => expiry)))].filter((month) => month !== 0);
      const pairs = head.lots.flatMap((lot) => months.sort((a, b) => a - b).map((month) => ({ lot, month })));
      for (const { lot, month } of pairs) {
        if ((month === lot.expiry) !== isSame) continue;
        if (!isSame && [month, lot.expiry].includes(table.businessDate)) continue;
        const fits = ({ expiry }: Lot): boolean => expiry === month || (isSame && expiry === 0);
        let sets = lot.units.atMost(head.free);
        for (const { name, each } of legs) sets = sets.atMost(availableOf(sides.get(name), fits).over(each));
        if (sets.sign <= 0) continue;
        matches += 1;
        const own = { name: `FUT ${set.index}`, each: int(1), only: (one: Lot) => one === lot };
        for (const { name, each, only } of [own, ...legs.map((leg) => ({ ...leg, only: fits }))]) {
          const relief = useUp(sides.get(name), sets.times(each), only).times(int(percent)).over(int(100));
          asked.set(name, (asked.get(name) ?? ZERO).minus(relief));
        }
      }
    }
  }
  return matches;
}

const availableOf = (side: Side | undefined, fits: (lot: Lot) => boolean): Rational =>
  (side?.lots ?? [])
    .filter(fits)
    .reduce((sum, lot) => sum.plus(lot.units), ZERO)
    .atMost(side?.free ?? ZERO);

/** Units leave the side, nearest month first; what they asked, as far as the side still asks it. */
function useUp(side: Side | undefined, units: Rational, fits: (lot: Lot) => boolean): Rational {
  if (side === undefined) return ZERO;
  let left = units;
  let worth = ZERO;
  for (const lot of side.lots.filter(fits)) {
    const taken = lot.units.atMost(left);
    lot.units = lot.units.minus(taken);
    left = left.minus(taken);
    worth = worth.plus(taken.times(lot.each));
  }
  const given = worth.atMost(side.asks);
  side.free = side.free.minus(units).atLeast(ZERO);
  side.asks = side.asks.minus(given);
  return given;
}
