// T+0 in the securities legs: the same steps under the same rules, on the day itself, in lists, files and bookings of their own, because CM and T0
// are two instances of one run. What is the cash segment's own (auctions, unpaid units, the pool, early pay-in) is not done twice: T+0's shortages go
// straight to close-out, with the cash segment's auctions of the day.
import type { NodeContext, Outcome } from '../../runner/index.ts';
import { UnitObligations } from '../../securities/unit-obligations.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { openFundedLots } from './funded-pledges.ts';
import { blockPostings, coveredUnits, instructBlocks, obligationPostings, PLAN_COLUMNS, planRows, refusalNote, sumOf } from './pay-in-plan.ts';
import { differenceNote, unitDues } from './securities-dues.ts';
import { depositoryLists, listOnce } from './securities-files.ts';
import { bringToDate } from './securities-opening.ts';
import { ofSession } from './session-names.ts';

/** SET-PAYIN-PREP of T+0: who owes what, blocked in the clients' demat accounts; early pay-in (until 13:45) is over by the time obligations are there. */
export async function prepareSameDay(parts: DayParts, context: NodeContext): Promise<Outcome> {
  const { dues, gates, differences } = await unitDues(context);
  if (dues.length === 0) return { outputs: { file: '', sha256: '', owed: 0, blocked: 0, short: 0 }, gates };
  const lists = await depositoryLists(parts, context);
  const ledger = await bringToDate(context, lists);
  await openFundedLots(parts, context, lists);
  const make = (): { columns: readonly string[]; rows: ReturnType<typeof planRows> } => ({
    columns: PLAN_COLUMNS,
    rows: planRows(dues, lists.demats, ledger),
  });
  const plan = listOnce(parts, context, ofSession(context, 'pay-in-plan'), make);
  const blocks = await instructBlocks(parts, context, plan.rows);
  const owed = sumOf(plan.rows, 'deliver');
  const covered = coveredUnits(context, plan.rows, ledger, blocks);
  return {
    outputs: { file: plan.path, sha256: plan.sha256, owed, blocked: covered, short: owed - covered },
    gates,
    note: [differenceNote(differences), refusalNote('not blocked', blocks)].filter((text) => text !== '').join('; '),
    commit: () => void ledger.post([...obligationPostings(context, new UnitObligations(context.root), dues), ...blockPostings(context, blocks)]),
  };
}
