// Which underlyings can credit each other: those that a clearing organisation's spreads tie together, however indirectly. A working order on one
// of them may change every credit of its circle, so the live book grants a circle's credits only while no order works anywhere in it.
// Underlyings of different clearing organisations are never in one circle. Which credits there are: inter-commodity.ts; cross margin, which ties
// shares and funds of the cash segment to them as well: cross-margin.ts.
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { type CrossSet, crossMarginSets } from './cross-margin-sets.ts';

/** Read-only, made once per table and thread. */
export class CreditGroups {
  /** Whether any credit can form under this table. */
  readonly isOn: boolean;
  /** Per underlying row (one more for derivatives without): number of its circle, -1 = none. */
  readonly circle: Int32Array;
  /** Circle of the cash instruments that cross margin names, by instrument row. */
  readonly cashCircle: ReadonlyMap<number, number>;
  /** What qualifies for cross margin. */
  readonly cross: readonly CrossSet[];
  /** Whether positions of one exchange segment can lower what those of another ask. */
  readonly spansSegments: boolean;

  constructor(table: ParameterTable) {
    const { commodities, clearing, tradingDays } = table.details;
    const circle = new Int32Array(table.underlyings + 1).fill(-1);
    const merge = (rows: readonly number[]): void => {
      const known = new Set(rows.map((row) => circle[row] as number));
      const name = Math.min(...rows);
      for (const row of rows) circle[row] = name;
      known.delete(-1);
      for (let u = 0; u < circle.length; u++) if (known.has(circle[u] as number)) circle[u] = name;
    };
    for (const organisation of tradingDays === undefined ? [] : clearing) {
      const rowOf = new Map<string, number>();
      commodities.forEach((commodity, u) => {
        if ((commodity.clearingOrg ?? organisation.clearingOrg) === organisation.clearingOrg) rowOf.set(commodity.symbol, u);
      });
      for (const { legs } of [...(organisation.superSpreads ?? []), ...organisation.interSpreads, ...organisation.scanningSpreads]) {
        const rows = [...new Set(legs.flatMap((leg) => rowOf.get(leg.commodity) ?? []))];
        if (rows.length > 0) merge(rows);
      }
    }
    this.cross = crossMarginSets(table);
    for (const { underlying, legs } of this.cross) merge([underlying, ...legs.flatMap((leg) => (leg.underlying < 0 ? [] : [leg.underlying]))]);
    const shares = this.tieShares(merge);
    this.circle = circle;
    this.cashCircle = new Map([...shares].map(([instrument, [underlying]]) => [instrument, circle[underlying as number] as number]));
    this.isOn = circle.some((name) => name >= 0);
    this.spansSegments = this.isOn && spansSegments(table, circle, this.cashCircle);
  }

  /** Underlyings that each share of a set offsets: one share ties all of them together. */
  private tieShares(merge: (rows: readonly number[]) => void): Map<number, number[]> {
    const shares = new Map<number, number[]>();
    for (const { underlying, legs } of this.cross)
      for (const { instrument } of legs) if (instrument >= 0) shares.set(instrument, [...(shares.get(instrument) ?? []), underlying]);
    for (const underlyings of shares.values()) merge(underlyings);
    return shares;
  }
}

/** Does some circle have members in two exchange segments? */
function spansSegments(
  { segment, firstInstrument, instrumentCount }: ParameterTable,
  circle: Int32Array,
  shares: ReadonlyMap<number, number>,
): boolean {
  const segmentOf = new Map<number, number>();
  const isSecond = (name: number, instrument: number): boolean => {
    const own = segment[instrument] as number;
    const known = segmentOf.get(name) ?? own;
    segmentOf.set(name, known);
    return known !== own;
  };
  const tied = [...circle].some((name, u) => name >= 0 && (instrumentCount[u] ?? 0) > 0 && isSecond(name, firstInstrument[u] as number));
  return tied || [...shares].some(([instrument, name]) => isSecond(name, instrument));
}
