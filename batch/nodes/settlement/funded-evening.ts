// The evening of units bought with funding (MTF), before the pay-in is planned: what clients have accepted of their pledges is booked and told to the
// risk engine; what they sold leaves the pledge, into the pay-in of its sale as far as it is owed there; and what a lot lacks and lies free is
// pledged. The day's last word is funded-last-call.ts.
import type { Gate, NodeContext, Outputs } from '../../runner/index.ts';
import { freeAccount } from '../../securities/unit-accounts.ts';
import type { UnitsLedger } from '../../securities/units-ledger.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { readEngine } from '../engine/engine-state.ts';
import { takeAcceptances, tellPledged } from './funded-acceptance.ts';
import { FundedClaims, fundedIsins, fundedPlan, isFundingInUse, lotsInBooks } from './funded-plan.ts';
import { FREED_COLUMNS, heldGate, instructPledges, openFundedLots, PLEDGE_COLUMNS, pledgePostings, releaseFunded } from './funded-pledges.ts';
import { type BlockedRow, readyUnits, refusalNote } from './pay-in-plan.ts';
import type { UnitDue } from './securities-dues.ts';
import { type Demat, depositoryLists, type ListRow, listOnce } from './securities-files.ts';
import { bringToDate, unitsOf } from './securities-opening.ts';
import { unitsToCome } from './units-to-come.ts';

/** What the evening did. */
export interface FundedEvening {
  /** Units that went out of a pledge into a pay-in: told as early pay-in with what is blocked. */
  readonly released: readonly BlockedRow[];
  /** What is to come to lots; nothing is claimed where nobody has bought with funding. */
  readonly claims: () => FundedClaims;
  readonly outputs: Outputs;
  readonly gates: readonly Gate[];
  readonly note: string;
}

/** See the file's head. */
export async function fundedEvening(parts: DayParts, context: NodeContext, dues: readonly UnitDue[]): Promise<FundedEvening> {
  const engine = await readEngine(parts.dataDirectory);
  if (!isFundingInUse(parts, context, engine))
    return { released: [], claims: () => new FundedClaims([], unitsOf(context)), outputs: {}, gates: [], note: '' };
  const isins = await fundedIsins(parts, context);
  const lists = await depositoryLists(parts, context);
  await bringToDate(context, lists);
  await openFundedLots(parts, context, lists);
  await takeAcceptances(parts, context);
  await tellPledged(parts, context, engine, isins);
  const list = fundedPlan(parts, context, engine, isins);
  const freed = listOnce(parts, context, 'funded-released', () => ({
    columns: FREED_COLUMNS,
    rows: freedRows(context, list.rows, dues, lists.demats),
  }));
  const released = await releaseFunded(parts, context, freed.rows);
  const wanted = (): ListRow[] => pledgeRows(parts, context, { plan: list.rows, dues, demats: lists.demats });
  const pledges = listOnce(parts, context, 'funded-pledged', () => ({ columns: PLEDGE_COLUMNS, rows: wanted() }));
  const pledged = await instructPledges(parts, context, 'funding', pledges.rows);
  unitsOf(context).post(pledgePostings(context, 'evening', pledged));
  const lots = lotsInBooks(unitsOf(context));
  return {
    released: released.flatMap(({ to, ...row }): BlockedRow[] => (to === '' ? [] : [{ ...row, settlement: to, way: 'block' }])),
    claims: () => new FundedClaims(list.rows, unitsOf(context)),
    outputs: {
      funded: { file: list.path, sha256: list.sha256 },
      fundedPledged: lots.reduce((sum, lot) => sum + lot.pledged, 0),
      fundedWaiting: lots.reduce((sum, lot) => sum + lot.waiting, 0),
      fundedReleased: released.reduce((sum, { units, refusal }) => (refusal === '' ? sum + units : sum), 0),
    },
    gates: [await heldGate(parts, context)],
    note: [refusalNote('pledge not released', released), refusalNote('pledge not set up', pledged)].filter((text) => text !== '').join('; '),
  };
}

/** What lots have beyond what they are to have: into the pay-ins that want it, the rest free. */
function freedRows(context: NodeContext, plan: readonly ListRow[], dues: readonly UnitDue[], demats: ReadonlyMap<string, Demat>): ListRow[] {
  const ledger = unitsOf(context);
  const targets = new Map(plan.map(({ client, isin, lot, units }) => [`${client} ${isin} ${lot}`, Number(units)]));
  const owed = dues.map((due) => ({ due, missing: due.deliver - readyUnits(ledger, due.settlement, due.client, due.isin) }));
  return lotsInBooks(ledger).flatMap(({ client, isin, lot, waiting, pledged }) => {
    let left = waiting + pledged - (targets.get(`${client} ${isin} ${lot}`) ?? 0);
    const row = (to: string, units: number): ListRow => ({ lot, to, client, bo: demats.get(client)?.bo ?? '', isin, units: `${units}` });
    const rows: ListRow[] = [];
    for (const one of owed) {
      const units = one.due.client === client && one.due.isin === isin ? Math.min(left, one.missing) : 0;
      if (units <= 0) continue;
      one.missing -= units;
      left -= units;
      rows.push(row(one.due.settlement, units));
    }
    return left <= 0 ? rows : [...rows, row('', left)];
  });
}

interface PledgeParts {
  readonly plan: readonly ListRow[];
  readonly dues: readonly UnitDue[];
  readonly demats: ReadonlyMap<string, Demat>;
}

/** What lots lack, is not to come, and lies free beyond what the evening's pay-ins want: bought and sold on one day in two products, or refused before. */
function pledgeRows(parts: DayParts, context: NodeContext, { plan, dues, demats }: PledgeParts): ListRow[] {
  const ledger = unitsOf(context);
  const [claims, coming] = [new FundedClaims(plan, ledger), unitsToCome(parts, context, dues)];
  return claims.all.flatMap(({ client, isin, units }) => {
    const bo = demats.get(client)?.bo;
    const free = ledger.units(freeAccount(client), isin) - owedBy(ledger, dues, client, isin);
    const now = Math.min(units - (coming.get(`${client} ${isin}`) ?? 0), free);
    if (bo === undefined || now <= 0) return [];
    return claims.take(client, isin, now).map((taken): ListRow => ({ lot: taken.lot, client, bo, isin, units: `${taken.units}` }));
  });
}

function owedBy(ledger: UnitsLedger, dues: readonly UnitDue[], client: string, isin: string): number {
  const own = dues.filter((due) => due.client === client && due.isin === isin);
  return own.reduce((sum, { settlement, deliver }) => sum + Math.max(0, deliver - readyUnits(ledger, settlement, client, isin)), 0);
}
