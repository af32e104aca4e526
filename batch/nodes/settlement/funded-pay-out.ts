// A pay-out of shares bought with funding (MTF): what of it belongs to funded lots is no unpaid delivery and nothing that is free in the engine; it
// is pledged to the member's funding account as soon as it is credited.
import type { NodeContext, Outputs } from '../../runner/index.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { FundedClaims } from './funded-plan.ts';
import { type DecidedLot, instructPledges, PLEDGE_COLUMNS } from './funded-pledges.ts';
import { keptList, type ListRow, listOnce } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';
import type { PaidUnits } from './securities-payout-files.ts';

/** What is to come to funded lots, by the list the evening made; nothing where it made none. */
export function claimsOf(context: NodeContext, prepared: Outputs): FundedClaims {
  const { funded } = prepared;
  const isMade = typeof funded === 'object' && funded !== null && !Array.isArray(funded);
  return new FundedClaims(isMade ? keptList(context, 'funded-plan', funded as Outputs) : [], unitsOf(context));
}

/** A credit with what of it is for funded lots. */
export interface FundedCredit extends PaidUnits {
  readonly funded: readonly { readonly lot: string; readonly units: number }[];
}

/** Parts credits: what was named unpaid is nobody's lot; a lot of the settlement's own day comes first. */
export function partFunded({ date }: Pick<NodeContext, 'date'>, credits: readonly PaidUnits[], claims: FundedClaims): FundedCredit[] {
  return credits.map((one) => ({ ...one, funded: claims.take(one.client, one.isin, one.units - one.unpaid, `${dayNumber(date)}`) }));
}

/** Pledges what was credited to lots, by a list made once a run; the rows as the depository decided them. */
export async function pledgeCredited(parts: DayParts, context: NodeContext, credits: readonly FundedCredit[]): Promise<DecidedLot[]> {
  if (credits.every(({ funded }) => funded.length === 0)) return [];
  const make = (): ListRow[] =>
    credits.flatMap(({ client, bo, isin, funded }) => funded.map(({ lot, units }): ListRow => ({ lot, client, bo, isin, units: `${units}` })));
  const list = listOnce(parts, context, 'funded-pledged-pay-out', () => ({ columns: PLEDGE_COLUMNS, rows: make() }));
  return instructPledges(parts, context, 'funding pay-out', list.rows);
}
