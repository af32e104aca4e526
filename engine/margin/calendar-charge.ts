// Intra-commodity (calendar) and spot (delivery month) charges of a position, from its net delta per expiry; and the bounds on them that
// hold while working orders may still move the delta. Charges are micros, rounded once, to the nearest.
//
// A spread is formed on both sides: first with its A legs long and B legs short, then the other way. The number formed is the smallest of
// the legs' available delta over ratio, not rounded (NSE). A leg over several expiries takes from the nearest first. What is consumed is
// no longer free for later spreads, nor for inter-commodity credits.
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import type { SpreadRules } from './spread-rules.ts';

/** Forms the spreads, leaving in `nets` (1/10,000 delta by expiry index, signed) what stays free. Returns the charge, micros, not yet rounded. */
function consumeSpreads(spreads: SpreadRules, nets: Float64Array, expiries: number): number {
  let charge = 0;
  for (let k = 0; k < spreads.count; k++) {
    if (spreads.isPair[k] === 1 && !isOpposed(spreads, k, nets)) continue;
    const formed = formSpread(spreads, k, 1, nets) + formSpread(spreads, k, -1, nets);
    charge += formed * (spreads.rate[k] as number);
    // Most files list every pair of expiries, and a book is matched after a few.
    if (formed > 0 && !hasBothSides(nets, expiries)) break;
  }
  return charge;
}

function isOpposed(spreads: SpreadRules, k: number, nets: Float64Array): boolean {
  const first = spreads.legFirst[k] as number;
  return (nets[spreads.legFrom[first] as number] as number) * (nets[spreads.legFrom[first + 1] as number] as number) < 0;
}

function hasBothSides(nets: Float64Array, expiries: number): boolean {
  let long = false;
  let short = false;
  for (let e = 0; e < expiries; e++) {
    const net = nets[e] as number;
    if (net > 0) long = true;
    else if (net < 0) short = true;
  }
  return long && short;
}

/** Forms spread k with its A legs long (orientation 1) or short (-1); returns how many, in 1/10,000. */
function formSpread(spreads: SpreadRules, k: number, orientation: number, nets: Float64Array): number {
  const { legFirst, legFrom, legTo, legSide, legRatio } = spreads;
  const first = legFirst[k] as number;
  const end = legFirst[k + 1] as number;
  let formed = Number.POSITIVE_INFINITY;
  for (let leg = first; leg < end && formed > 0; leg++) {
    const sign = orientation * (legSide[leg] as number);
    let available = 0;
    for (let e = legFrom[leg] as number; e <= (legTo[leg] as number); e++) available += Math.max(0, sign * (nets[e] as number));
    formed = Math.min(formed, available / (legRatio[leg] as number));
  }
  if (formed <= 0) return 0;
  for (let leg = first; leg < end; leg++) {
    const sign = orientation * (legSide[leg] as number);
    let wanted = formed * (legRatio[leg] as number);
    for (let e = legFrom[leg] as number; e <= (legTo[leg] as number) && wanted > 0; e++) {
      const taken = Math.min(wanted, Math.max(0, sign * (nets[e] as number)));
      nets[e] = (nets[e] as number) - sign * taken;
      wanted -= taken;
    }
  }
  return formed;
}

/** One spread as it was formed: its place in the commodity's order, how many (1/10,000), which way round, and its charge in micros. */
export interface FormedSpread {
  readonly spread: number;
  readonly formed: number;
  /** 1: legs A long and B short; -1: the other way. */
  readonly orientation: 1 | -1;
  readonly charge: number;
}

/** The same matching as the charge's, written down: for explanations. Consumes `nets`. */
export function spreadsFormed(rules: CompiledRules, underlying: number, nets: Float64Array): FormedSpread[] {
  const { spreads } = rules.underlyings[underlying] as UnderlyingRules;
  const adjustment = (rules.arrayScale[underlying] as number) / 10_000;
  const found: FormedSpread[] = [];
  for (let spread = 0; spread < spreads.count; spread++) {
    for (const orientation of [1, -1] as const) {
      const formed = formSpread(spreads, spread, orientation, nets);
      if (formed > 0) found.push({ spread, formed, orientation, charge: formed * (spreads.rate[spread] as number) * adjustment });
    }
  }
  return found;
}

/** Charges of one underlying's position, micros. `bound` is what calendar + spot become as soon as a working order touches the underlying. */
export class PositionCharge {
  calendar = 0;
  spot = 0;
  bound = 0;
  /** Net delta (1/10,000) by expiry index: filled by the caller, left as what the spreads did not consume. */
  readonly nets: Float64Array;
  private readonly before: Float64Array;

  constructor(expiriesMax: number) {
    this.nets = new Float64Array(expiriesMax);
    this.before = new Float64Array(expiriesMax);
  }

  /** Computes the charges from `nets`. */
  compute(rules: CompiledRules, underlying: number): void {
    const { nets, before } = this;
    const own = rules.underlyings[underlying] as UnderlyingRules;
    const expiries = own.expiries.length;
    let long = 0;
    let short = 0;
    for (let e = 0; e < expiries; e++) {
      const net = nets[e] as number;
      before[e] = net;
      if (net > 0) long += net;
      else short -= net;
    }
    const adjustment = (rules.arrayScale[underlying] as number) / 10_000;
    const { spreads } = own;
    this.calendar = long > 0 && short > 0 && spreads.count > 0 ? Math.round(consumeSpreads(spreads, nets, expiries) * adjustment) : 0;
    // With unequal rates one unit of delta more can re-pair others at dearer rates, so the position's own charge is no base for a bound.
    const pool = Math.min(long, short) * (rules.calendarRateMax[underlying] as number);
    this.bound = spreads.uniform ? this.calendar : Math.ceil(pool);
    this.spot = 0;
    if (rules.hasSpot[underlying] === 1) this.computeSpot(rules, own);
  }

  private computeSpot(rules: CompiledRules, own: UnderlyingRules): void {
    let charge = 0;
    let most = 0;
    for (let e = 0; e < own.expiries.length; e++) {
      const spread = rules.spotSpread[own.first + e] as number;
      const outright = rules.spotOutright[own.first + e] as number;
      const all = Math.abs(this.before[e] as number);
      const left = Math.abs(this.nets[e] as number);
      charge += (all - left) * spread + left * outright;
      most += all * Math.max(spread, outright);
    }
    this.spot = Math.round(charge);
    this.bound += Math.ceil(most);
  }
}

/** What one unit of a contract can add to the calendar and spot charges when it fills, micros, never less than it adds. */
export function workingChargePerUnit(rules: CompiledRules, instrument: number): number {
  const underlying = rules.groupOf(instrument);
  let rate = rules.calendarRateMax[underlying] as number;
  if (rules.hasSpot[underlying] === 1) {
    const at = rules.expiryColumn(instrument);
    rate += Math.max(rules.spotSpread[at] as number, rules.spotOutright[at] as number);
  }
  return rate === 0 ? 0 : Math.ceil(rate * Math.abs(rules.table.delta[instrument] as number));
}
