// Money legs of settlement's nodes.
import type { DayParts } from '../end-of-day/day-parts.ts';
import type { SettlementLegs } from './settlement-leg.ts';

/** Legs by node id, for one data directory. */
export function fundsLegs(_parts: DayParts): SettlementLegs {
  return {};
}
