// The dated rules on one underlying's position from scratch, in exact fractions of a rupee, written from the rules' text (span.md section 5).
// Knows its own dates and rates; shares nothing with the engine but the table it reads.
import type { ParameterTable } from '../../engine/index.ts';
import { Rational, ZERO } from './margin-rational.ts';
import { exactSpan } from './margin-span-oracle.ts';

/** Rupees by rule. */
export interface ExactAddOns {
  readonly expiryDay: Rational;
  readonly calendarThird: Rational;
  readonly withdrawn: Rational;
  readonly delivery: Rational;
}

const INDEX = new Set(['NIFTY', 'BANKNIFTY', 'SENSEX']);
const LADDER = [10_000, 7_000, 4_500, 2_500, 1_000];
const int = (value: number): Rational => new Rational(BigInt(Math.round(value)));
const ticks = (value: number | undefined): Rational => Rational.of((value ?? 0) / 10_000);

/** `units` by row, all of `underlying`; trading days to an expiry as the test counts them. */
export function exactAddOns(
  table: ParameterTable,
  underlying: number,
  units: ReadonlyMap<number, number>,
  daysTo: (expiry: number) => number,
): ExactAddOns {
  const symbol = table.underlyingName(underlying);
  const isIndex = INDEX.has(symbol);
  const today = table.businessDate;
  const expired = (row: number): boolean => table.expiry[row] === today;
  const isGone = today >= (isIndex ? 20_250_210 : 20_260_504);
  let expiryDay = ZERO;
  let delivery = ZERO;
  for (const [row, quantity] of units) {
    const kind = table.kind[row] ?? 0;
    if (kind < 2) continue;
    if (isIndex && today >= 20_241_120 && quantity < 0 && expired(row)) {
      expiryDay = expiryDay.plus(ticks(table.spot[underlying]).times(int(-quantity)).times(new Rational(2n, 100n)));
    }
    const step = LADDER[daysTo(table.expiry[row] ?? 0)];
    const inMoney = kind === 2 ? (table.strike[row] ?? 0) < (table.spot[underlying] ?? 0) : (table.strike[row] ?? 0) > (table.spot[underlying] ?? 0);
    if (isIndex || step === undefined || quantity <= 0 || !inMoney) continue;
    const rate = int(table.details.commodities[underlying]?.deliveryRate ?? 2_000).over(int(10_000));
    delivery = delivery.plus(ticks(table.strike[row]).times(int(quantity)).times(rate).times(int(step)).over(int(10_000)));
  }
  const calendarThird = relief(table, units, (row) => !(isGone && expired(row)));
  return { expiryDay, delivery, calendarThird, withdrawn: isGone ? withdrawn(table, units, expired) : ZERO };
}

/** Pairs off futures unit by unit in thought: nearest long and short first; a pair pays a third of its far month. */
function relief(table: ParameterTable, units: ReadonlyMap<number, number>, counts: (row: number) => boolean): Rational {
  const futures = [...units]
    .filter(([row, quantity]) => table.kind[row] === 1 && quantity !== 0 && counts(row))
    .map(([row, quantity]) => ({ row, left: quantity, expiry: table.expiry[row] ?? 0 }))
    .sort((a, b) => a.expiry - b.expiry);
  const exposure = ({ row }: { row: number }, quantity: number): Rational =>
    int(Math.round((quantity > 0 ? table.elmLong[row] : table.elmShort[row]) ?? 0)).over(int(1_000_000));
  let total = ZERO;
  for (let near = 0; near < futures.length; near++) {
    for (let far = near + 1; far < futures.length; far++) {
      const [a, b] = [futures[near], futures[far]];
      if (a === undefined || b === undefined || Math.sign(a.left) * Math.sign(b.left) !== -1) continue;
      const pairs = Math.min(Math.abs(a.left), Math.abs(b.left));
      const saved = exposure(a, units.get(a.row) ?? 0).plus(exposure(b, units.get(b.row) ?? 0).times(new Rational(2n, 3n)));
      total = total.plus(saved.times(int(pairs)));
      a.left -= Math.sign(a.left) * pairs;
      b.left -= Math.sign(b.left) * pairs;
    }
  }
  return total;
}

/** SPAN with the expiring contracts scanned and spread alone, above SPAN as the file has it. */
function withdrawn(table: ParameterTable, units: ReadonlyMap<number, number>, expired: (row: number) => boolean): Rational {
  const expiring = new Map([...units].filter(([row]) => expired(row)));
  const others = new Map([...units].filter(([row]) => !expired(row)));
  const [whole] = exactSpan(table, units);
  const parts = [expiring, others].flatMap((each) => (each.size === 0 ? [] : exactSpan(table, each)));
  if (whole === undefined || parts.length < 2) return ZERO;
  const risk = parts.reduce((sum, part) => sum.plus(part.scan).plus(part.calendar).plus(part.spot), ZERO).atLeast(whole.som);
  return risk.minus(whole.nov).atLeast(ZERO).minus(whole.span).atLeast(ZERO);
}
