// A pay-out of shares bought with funding (MTF): what of it belongs to funded lots is no unpaid delivery and nothing that is free in the engine; it
// is pledged to the member's funding account as soon as it is credited.
import type { NodeContext, Outputs } from '../../runner/index.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { FUNDED_PLAN, FundedClaims, unitsOfLots } from './funded-plan.ts';
import { type DecidedLot, instructPledges, PLEDGE_COLUMNS } from './funded-pledges.ts';
import { keptList, type ListRow, listOnce, newestList } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';
import type { PaidUnits } from './securities-payout-files.ts';

/**
 * What is to come to funded lots, by the list the evening made; nothing where it made none. Where a later day was traded before this settlement, by that
 * evening's: what was sold out of a lot meanwhile is not its any more, and free for the pay-in of its sale.
 */
export function claimsOf(parts: Pick<DayParts, 'files' | 'calendar'>, context: NodeContext, prepared: Outputs): FundedClaims {
  const { funded } = prepared;
  const isMade = typeof funded === 'object' && funded !== null && !Array.isArray(funded);
  const own = isMade ? keptList(context, FUNDED_PLAN, funded as Outputs) : [];
  const later = laterPlan(parts, context.date);
  if (later === undefined) return new FundedClaims(own, unitsOf(context));
  const day = `${dayNumber(context.date)}`;
  const left = new Map(later.map(({ client, isin, lot, units }) => [`${client} ${isin} ${lot}`, Number(units)]));
  const bought = own.filter(({ lot }) => lot === day);
  const sold = bought.map(({ client, isin, units }): [string, number] => [
    `${client} ${isin}`,
    Math.max(0, Number(units) - (left.get(`${client} ${isin} ${day}`) ?? 0)),
  ]);
  return new FundedClaims(later, unitsOf(context), new Map(sold));
}

/** Lots up to a date by the newest list of a later trade date that settles on the same day; undefined where there is none. */
function laterPlan({ files, calendar }: Pick<DayParts, 'files' | 'calendar'>, date: string): readonly ListRow[] | undefined {
  const settled = calendar.settlementDay(date, 1);
  let found: readonly ListRow[] | undefined;
  for (let traded = calendar.tradedAfter(date); calendar.settlementDay(traded, 1) === settled; traded = calendar.tradedAfter(traded))
    found = newestList(files, FUNDED_PLAN, traded)?.rows ?? found;
  return found?.filter(({ lot }) => Number(lot) <= dayNumber(date));
}

/** A credit with what of it is for funded lots. */
export interface FundedCredit extends PaidUnits {
  readonly funded: readonly { readonly lot: string; readonly units: number }[];
  /** Units that were sold out of a lot before they came: the engine has them no more. */
  readonly sold: number;
}

/** Parts credits: what was named unpaid is nobody's lot; a lot of the settlement's own day comes first. */
export function partFunded({ date }: Pick<NodeContext, 'date'>, credits: readonly PaidUnits[], claims: FundedClaims): FundedCredit[] {
  return credits.map((one) => {
    const units = one.units - one.unpaid;
    const funded = claims.take(one.client, one.isin, units, `${dayNumber(date)}`);
    return { ...one, funded, sold: claims.takeSold(one.client, one.isin, units - unitsOfLots(funded)) };
  });
}

/** Pledges what was credited to lots, by a list made once a run; the rows as the depository decided them. */
export async function pledgeCredited(parts: DayParts, context: NodeContext, credits: readonly FundedCredit[]): Promise<DecidedLot[]> {
  if (credits.every(({ funded }) => funded.length === 0)) return [];
  const make = (): ListRow[] =>
    credits.flatMap(({ client, bo, isin, funded }) => funded.map(({ lot, units }): ListRow => ({ lot, client, bo, isin, units: `${units}` })));
  const list = listOnce(parts, context, 'funded-pledged-pay-out', () => ({ columns: PLEDGE_COLUMNS, rows: make() }));
  return instructPledges(parts, context, 'funding pay-out', list.rows);
}
