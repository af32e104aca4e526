// Money legs of settlement's nodes.
import type { DayParts } from '../end-of-day/day-parts.ts';
import { bankReconLeg } from './bank-recon.ts';
import { payInExecuteLeg, payInPrepLeg } from './funds-payin.ts';
import { payOutPrepLeg, payOutReceiveLeg } from './funds-payout.ts';
import { type FundsParts, portsOf } from './funds-ports.ts';
import type { SettlementLegs } from './settlement-leg.ts';
import { upstreamLeg } from './upstream.ts';

/** Legs by node id; `port`, for tests, stands in for ports.json. */
export function fundsLegs(day: DayParts, port: FundsParts['port'] = portsOf(day.dataDirectory)): SettlementLegs {
  const parts: FundsParts = { ...day, port };
  return {
    'SET-PAYIN-PREP': payInPrepLeg(parts),
    'SET-PAYIN-EXECUTE': payInExecuteLeg(parts),
    'SET-PAYOUT-PREP': payOutPrepLeg(parts),
    'SET-PAYOUT-RECV': payOutReceiveLeg(parts),
    'SET-UPSTREAM': upstreamLeg(parts),
    'BANK-RECON': bankReconLeg(parts),
  };
}
