// Securities legs of settlement's nodes.
import type { DayParts } from '../end-of-day/day-parts.ts';
import { securitiesPayInExecute } from './securities-payin-execute.ts';
import { securitiesPayInPrep } from './securities-payin-prep.ts';
import { securitiesPayOutPrep } from './securities-payout-prep.ts';
import { securitiesPayOutReceive } from './securities-payout-recv.ts';
import type { SettlementLegs } from './settlement-leg.ts';

/** Legs by node id, for one data directory. */
export function securitiesLegs(parts: DayParts): SettlementLegs {
  return {
    'SET-PAYIN-PREP': securitiesPayInPrep(parts),
    'SET-PAYIN-EXECUTE': securitiesPayInExecute(parts),
    'SET-PAYOUT-PREP': securitiesPayOutPrep(parts),
    'SET-PAYOUT-RECV': securitiesPayOutReceive(parts),
  };
}
