// Calendar spreads beyond the SPAN file: the exposure relief of a futures spread, and the days on which a spread with an expiring contract is
// no spread. Pure arithmetic on positions; which contracts exist and what they cost the caller knows. Amounts in micros.
import type { CombinedCommodity } from '../parameters/combined-commodity.ts';
import { ruleOn, ruleValue } from './margin-rules.ts';
import type { UnderlyingKind } from './underlying-kind.ts';

/** Whether spreads that contain a contract expiring on `date` have lost their benefit. */
export function isExpiryBenefitWithdrawn(kind: UnderlyingKind, date: number): boolean {
  return ruleOn(`calendar.${kind}.expiryDay`, date) !== undefined;
}

/**
 * A commodity's rules for a day on which contracts expiring that day have lost their calendar benefit, as the clearing corporation's own file
 * puts it: a scan tier of that day alone, and no spread that names the expiring series. Unchanged where the file did so already.
 */
export function withoutExpiringBenefit(commodity: CombinedCommodity, kind: UnderlyingKind, date: number): CombinedCommodity {
  const [tier, another] = commodity.scanTiers;
  if (!isExpiryBenefitWithdrawn(kind, date) || another !== undefined) return commodity;
  const number = tier?.tier ?? 1;
  return {
    ...commodity,
    scanTiers: [
      { tier: number, from: date, to: date },
      { tier: number + 1, from: date + 1, to: 0 },
    ],
    spreads: commodity.spreads.filter((spread) => spread.legs.every((leg) => leg.expiry !== date)),
  };
}

/** A net futures position of one expiry; exposure in micros per unit, as a long or as a short whichever it is. */
export interface FuturesLeg {
  readonly expiry: number;
  readonly units: number;
  readonly exposure: number;
}

/**
 * What the exposure of futures on one underlying falls by because near and far months offset: a matched pair pays a third of the far month's
 * exposure instead of both. Nearest expiries are matched first. A leg that expires on `date` is left out once its benefit is withdrawn, not before
 * (why: beside the rule's source in margin-rules.ts).
 */
export function calendarExposureRelief(legs: readonly FuturesLeg[], kind: UnderlyingKind, date: number): number {
  const share = ruleValue('elm.calendarThird', date);
  if (share === 0 || (kind !== 'index' && kind !== 'stock')) return 0;
  const withdrawn = isExpiryBenefitWithdrawn(kind, date);
  const open = legs
    .filter((leg) => leg.units !== 0 && !(withdrawn && leg.expiry === date))
    .map((leg) => ({ ...leg }))
    // Several futures of one expiry are no spread of each other; the order among them must not be the caller's.
    .sort((a, b) => a.expiry - b.expiry || a.exposure - b.exposure || a.units - b.units);
  let relief = 0;
  for (const [at, near] of open.entries()) {
    for (const far of open.slice(at + 1)) {
      if (near.units * far.units >= 0 || near.expiry === far.expiry) continue;
      const matched = Math.min(Math.abs(near.units), Math.abs(far.units));
      // A third is exact; the table's 3,333 names it.
      relief += matched * near.exposure + (matched * far.exposure * 2) / 3;
      near.units -= Math.sign(near.units) * matched;
      far.units -= Math.sign(far.units) * matched;
    }
  }
  return Math.floor(relief);
}
