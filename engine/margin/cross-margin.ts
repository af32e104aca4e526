// Cross margin of a portfolio of positions: futures of an index against its constituents' futures or shares, a fund that holds them, or another index. What is
// matched is asked a part of its own margin (engine/rules/cross-margin-rules.ts); what is not, all of it. Only delta that no calendar spread, credit or
// option has used can be matched, and no underlying is relieved of more than a part of what it asks. Working orders are not known here: the book grants
// nothing while one works on a member of the circle. Each side's relief is taken off its own line, so that a snapshot can state it by exchange segment.
import { InstrumentKind } from '../instrument.ts';
import { SCENARIOS } from '../parameters/parameter-table.ts';
import { CROSS_MARGIN_ROUNDS, type CrossMarginRound, crossMarginRelief } from '../rules/cross-margin-rules.ts';
import { MICROS_PER_PAISA } from '../units.ts';
import type { CompiledRules } from './compiled-rules.ts';
import type { CrossLeg, CrossSet } from './cross-margin-sets.ts';
import type { UnderlyingSpan } from './underlying-span.ts';

/** What one matched side is relieved of. One of `underlying` and `instrument` (cash) is a row, the other -1. */
export interface CrossRelief {
  readonly underlying: number;
  readonly instrument: number;
  readonly rule: string;
  readonly units: number;
  /** Micros, positive. */
  readonly amount: number;
}

/** A cash position as it was margined. */
export interface CrossCash {
  readonly instrument: number;
  readonly quantity: number;
  readonly margined: number;
  /** Paise. */
  readonly margin: number;
}

const WHOLE = 10_000;

/** A position that can be matched; units are positive, `side` says which way it stands. */
interface Free {
  /** 0 = none: cash. */
  readonly expiry: number;
  units: number;
  /** Micros. */
  readonly perUnit: number;
}

/** One member's positions. */
interface Pool {
  readonly side: number;
  /** Units that may be matched in all. */
  left: number;
  readonly positions: readonly Free[];
  /** Micros it asks and no match has relieved in part yet. */
  margin: number;
}

/** Every relief, in the order of matching. `added`: micros the dated rules add to an underlying beside SPAN and exposure. */
export function crossMarginReliefs(
  rules: CompiledRules,
  spans: readonly UnderlyingSpan[],
  added: (underlying: number) => number,
  cash: readonly CrossCash[],
  date: number,
): CrossRelief[] {
  const { cross } = rules.credits;
  if (cross.length === 0) return [];
  const pools = new Map<string, Pool>();
  for (const span of spans) pools.set(`u${span.underlying}`, futuresPool(rules, span, added(span.underlying)));
  for (const line of cash) addCash(pools, line);
  const found: CrossRelief[] = [];
  for (const round of CROSS_MARGIN_ROUNDS) {
    const relief = crossMarginRelief(round, date);
    if (relief > 0) for (const set of cross) if (set.family === round.family) match(pools, set, { round, relief, date, found });
  }
  return found;
}

/** Futures on the side on which free delta stands, nearest expiry first. */
function futuresPool(rules: CompiledRules, span: UnderlyingSpan, added: number): Pool {
  const { table } = rules;
  const net = span.freeDelta.reduce((sum, delta) => sum + delta, 0);
  const side = Math.sign(net);
  const positions = span.positions
    .filter(({ instrument, quantity }) => table.kind[instrument] === InstrumentKind.FUT && quantity * side > 0)
    .map(({ instrument, quantity }): Free => {
      const delta = Math.max(1, Math.abs(table.delta[instrument] as number));
      const free = Math.max(0, (side * (span.freeDelta[rules.deltaIndex[instrument] as number] as number)) / delta);
      return { expiry: table.expiry[instrument] as number, units: Math.min(Math.abs(quantity), free), perUnit: outright(rules, instrument, side) };
    })
    .sort((a, b) => a.expiry - b.expiry || a.perUnit - b.perUnit);
  return { side, left: Math.abs(net) / WHOLE, positions, margin: Math.max(0, span.total + added) };
}

/** Scan risk and exposure of one unit by itself, micros. */
function outright(rules: CompiledRules, instrument: number, side: number): number {
  const { table } = rules;
  let worst = 0;
  for (let s = 0; s < SCENARIOS; s++) worst = Math.max(worst, side * (table.riskArray[instrument * SCENARIOS + s] as number));
  const exposure = (side > 0 ? table.elmLong[instrument] : table.elmShort[instrument]) as number;
  return worst * (rules.arrayScale[rules.groupOf(instrument)] as number) + exposure;
}

/** Products of one share that stand on the same side are one pool; a second side is left out. */
function addCash(pools: Map<string, Pool>, { instrument, quantity, margined, margin }: CrossCash): void {
  if (margined <= 0 || margin <= 0) return;
  const name = `c${instrument}`;
  const side = Math.sign(quantity);
  const known = pools.get(name);
  if (known !== undefined && known.side !== side) return;
  const free: Free = { expiry: 0, units: margined, perUnit: (margin * MICROS_PER_PAISA) / margined };
  pools.set(name, {
    side,
    left: (known?.left ?? 0) + margined,
    positions: [...(known?.positions ?? []), free],
    margin: (known?.margin ?? 0) + margin * MICROS_PER_PAISA,
  });
}

interface Matching {
  readonly round: CrossMarginRound;
  /** 1/10,000 */
  readonly relief: number;
  readonly date: number;
  readonly found: CrossRelief[];
}

const nameOf = ({ underlying, instrument }: Pick<CrossLeg, 'underlying' | 'instrument'>): string =>
  underlying < 0 ? `c${instrument}` : `u${underlying}`;

/** As many units of the index's futures as every leg has the other side of. */
function match(pools: ReadonlyMap<string, Pool>, set: CrossSet, by: Matching): void {
  const index = pools.get(`u${set.underlying}`);
  const legs = set.legs.map((leg) => ({ leg, pool: pools.get(nameOf(leg)) }));
  const isFormed = index !== undefined && index.side !== 0 && legs.every(({ pool }) => pool !== undefined && pool.side === -index.side);
  if (!isFormed) return;
  for (const near of index.positions) for (const expiry of expiriesBeside(near, legs, by)) form(index, near, { set, legs, expiry }, by);
}

/** A leg with the positions that may stand for it. */
interface LegPool {
  readonly leg: CrossLeg;
  readonly pool: Pool | undefined;
}

/**
 * Expiries the legs' futures may have beside a future of the index, nearest first: its own, or in the round of others each that is not. All legs of
 * one set have the same one. What expires on the day offsets no other expiry any more.
 */
function expiriesBeside(near: Free, legs: readonly LegPool[], by: Matching): readonly number[] {
  if (by.round.sameExpiry) return [near.expiry];
  if (near.expiry === by.date) return [];
  const held = new Set(legs.flatMap(({ pool }) => pool?.positions.map(({ expiry }) => expiry) ?? []));
  return [...held].filter((expiry) => expiry !== 0 && expiry !== by.date && expiry !== near.expiry).sort((a, b) => a - b);
}

/** Forms as many sets of one expiry of the index and one of the legs as there are. Shares and funds have none: they count beside futures of the index's own. */
function form(index: Pool, near: Free, what: { set: CrossSet; legs: readonly LegPool[]; expiry: number }, by: Matching): void {
  const { set, legs, expiry } = what;
  const fits = (free: Free): boolean => free.expiry === expiry || (by.round.sameExpiry && free.expiry === 0);
  const formed = legs.reduce((most, { leg, pool }) => Math.min(most, available(pool, fits) / leg.units), Math.min(near.units, index.left));
  if (!(formed > 0)) return;
  take(index, (free) => free === near, formed, { underlying: set.underlying, instrument: -1 }, by);
  for (const { leg, pool } of legs) if (pool !== undefined) take(pool, fits, formed * leg.units, leg, by);
}

function available(pool: Pool | undefined, fits: (free: Free) => boolean): number {
  if (pool === undefined) return 0;
  return Math.min(
    pool.left,
    pool.positions.reduce((sum, free) => sum + (fits(free) ? free.units : 0), 0),
  );
}

/** Takes matched units, nearest expiry first, and notes what they are relieved of. */
function take(pool: Pool, fits: (free: Free) => boolean, units: number, whose: Pick<CrossLeg, 'underlying' | 'instrument'>, by: Matching): void {
  let left = units;
  let micros = 0;
  for (const free of pool.positions) {
    if (!fits(free)) continue;
    const taken = Math.min(left, free.units);
    free.units -= taken;
    left -= taken;
    micros += taken * free.perUnit;
  }
  pool.left = Math.max(0, pool.left - units);
  // Where options hedge the futures the underlying asks less than they do by themselves.
  const asked = Math.min(micros, pool.margin);
  pool.margin -= asked;
  const amount = Math.floor((asked * by.relief) / WHOLE);
  if (amount === 0) return;
  const { underlying, instrument } = whose;
  by.found.push({ underlying, instrument, rule: by.round.rule, units, amount });
}
