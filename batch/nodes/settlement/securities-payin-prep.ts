// SET-PAYIN-PREP, securities: who has to deliver what, blocked in the clients' demat accounts the evening before and told to the clearing corporation as early
// pay-in. Blocking is a reservation and can be given back; what it could not reserve is the shortage that is coming, named tonight.
import type { Gate, NodeContext, Outcome, Outputs } from '../../runner/index.ts';
import { blockedAccount, freeAccount } from '../../securities/unit-accounts.ts';
import { UnitObligations } from '../../securities/unit-obligations.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { actionsOn } from './acting-units.ts';
import { bookEarly, type EarlyRow, earlyInDay, sumOfUnits, withEarly } from './early-in-plan.ts';
import { type FundedEvening, fundedEvening } from './funded-evening.ts';
import {
  type BlockedRow,
  blockPostings,
  coveredUnits,
  instructBlocks,
  obligationPostings,
  PLAN_COLUMNS,
  planRows,
  refusalNote,
  sumOf,
  turnsOf,
} from './pay-in-plan.ts';
import { prepareSameDay } from './same-day-units.ts';
import { type SettledAuctions, settleAuctions } from './securities-auction.ts';
import { differenceNote, type UnitDue, unitDues } from './securities-dues.ts';
import { type Demat, depositoryLists, type ListRow, listOnce } from './securities-files.ts';
import { type DecidedRow, instructRows } from './securities-instructions.ts';
import { bringToDate, unitsOf } from './securities-opening.ts';
import { isPoolInUse, moveSoldPool, passOnPool, poolNote } from './securities-pool.ts';
import { RELEASE_COLUMNS, releaseUnits, rowOf, stepUnpaid, unpaidOf } from './securities-unpaid-clock.ts';
import { saleOfUnpaid, type UnpaidSale } from './securities-unpaid-sale.ts';
import type { SettlementLeg } from './settlement-leg.ts';

/** The leg. Outputs: the plan's file, and units owed, blocked, booked as early pay-in, short, passed on from the pool. */
export function securitiesPayInPrep(parts: DayParts): SettlementLeg {
  return {
    name: 'securities',
    run: async (context) => {
      if (context.segment === 'T0') return prepareSameDay(parts, context);
      if (context.segment !== 'CM') return {};
      // Before anything is instructed: the depositories have the new units by now.
      if ((await actionsOn(parts.files, context.date)).length > 0) await bringToDate(context, await depositoryLists(parts, context));
      const auctions = await settleAuctions(parts, context);
      const unpaidReleased = await stepUnpaid(parts, context);
      const { dues: owedDues, gates: dueGates, differences } = await unitDues(context);
      const dues = withEarly(context, owedDues);
      const funded = await fundedEvening(parts, context, dues);
      const gates = [...dueGates, ...auctions.gates, ...funded.gates];
      if (dues.length === 0) return nothingDue(parts, context, { auctions, unpaidReleased, funded, gates });
      const lists = await depositoryLists(parts, context);
      const ledger = await bringToDate(context, lists);
      await blockSoldUnpaid(parts, context, dues, lists.demats);
      await moveSoldPool(parts, context, 'pool-sold', dues);
      const sale = saleOfUnpaid(parts, context);
      const plan = listOnce(parts, context, 'pay-in-plan', () => ({ columns: PLAN_COLUMNS, rows: planRows(dues, lists.demats, ledger) }));
      const blocks = await instructBlocks(parts, context, plan.rows);
      const early = await tellEarlyPayIn(parts, context, plan.rows, [...funded.released, ...blocks]);
      const pooled = await passOnPool(parts, context, { dues, demats: lists.demats, claims: funded.claims() });
      const owed = sumOf(plan.rows, 'deliver');
      const covered = coveredUnits(context, plan.rows, ledger, blocks);
      return {
        outputs: {
          file: plan.path,
          sha256: plan.sha256,
          owed,
          blocked: covered,
          earlyPayIn: sumOfUnits([...early.booked, ...earlyInDay(context, plan.rows)]),
          short: owed - covered,
          passedOn: pooled,
          ...countsOf(auctions, unpaidReleased, sale),
          ...funded.outputs,
        },
        gates,
        note: notesOf(
          funded.note,
          differenceNote(differences),
          refusalNote('not blocked', blocks),
          refusalNote('no early pay-in', early.refused),
          auctions.note,
          sale.note,
          poolNote(context),
        ),
        commit: () => {
          ledger.post([...obligationPostings(context, new UnitObligations(context.root), dues), ...blockPostings(context, blocks)]);
          bookEarly(context, plan.rows, early.booked);
        },
      };
    },
  };
}

interface StepsDone {
  readonly auctions: SettledAuctions;
  readonly unpaidReleased: number;
  readonly funded: FundedEvening;
  readonly gates: readonly Gate[];
}

/** An evening without dues: what lies in the pool is passed on all the same. */
async function nothingDue(parts: DayParts, context: NodeContext, { auctions, unpaidReleased, funded, gates }: StepsDone): Promise<Outcome> {
  let passedOn = 0;
  if (isPoolInUse(parts, context)) {
    const lists = await depositoryLists(parts, context);
    await bringToDate(context, lists);
    passedOn = await passOnPool(parts, context, { dues: [], demats: lists.demats, claims: funded.claims() });
  }
  const sale = saleOfUnpaid(parts, context);
  const nothing = { file: '', sha256: '', owed: 0, blocked: 0, earlyPayIn: 0, short: 0, passedOn };
  const note = notesOf(funded.note, auctions.note, sale.note, poolNote(context));
  return { outputs: { ...nothing, ...countsOf(auctions, unpaidReleased, sale), ...funded.outputs }, gates, note };
}

const countsOf = ({ shortages }: SettledAuctions, unpaidReleased: number, { file, sha256, orders }: UnpaidSale): Outputs => ({
  auctioned: shortages,
  unpaidReleased,
  unpaidToSell: orders,
  ...(file === '' ? {} : { unpaidSale: { file, sha256 } }),
});

const notesOf = (...notes: readonly string[]): string => notes.filter((text) => text !== '').join('; ');

/** Units that were sold before they were paid for: out of the pledge and into the block of the sale, as far as free units do not reach. */
async function blockSoldUnpaid(parts: DayParts, context: NodeContext, dues: readonly UnitDue[], demats: ReadonlyMap<string, Demat>): Promise<void> {
  const ledger = unitsOf(context);
  const make = (): ListRow[] =>
    dues.flatMap(({ settlement, client, isin, deliver }) => {
      let missing = deliver - ledger.units(blockedAccount(client, settlement), isin) - ledger.units(freeAccount(client), isin);
      return unpaidOf(context, client, isin).flatMap((one) => {
        const units = Math.min(missing, one.units);
        missing -= Math.max(0, units);
        return units <= 0 ? [] : [rowOf(one, units, settlement, demats)];
      });
    });
  const list = listOnce(parts, context, 'unpaid-sold', () => ({ columns: RELEASE_COLUMNS, rows: make() }));
  await releaseUnits(parts, context, 'sold', list.rows);
}

/** Tells the clearing corporation what is blocked, what was blocked anew apart from what was at once; only what it books counts. */
async function tellEarlyPayIn(
  parts: DayParts,
  context: NodeContext,
  plan: readonly ListRow[],
  blocks: readonly BlockedRow[],
): Promise<{ readonly booked: readonly EarlyRow[]; readonly refused: readonly DecidedRow[] }> {
  const [booked, refused]: [EarlyRow[], DecidedRow[]] = [[], []];
  for (const settlement of new Set(plan.map((row) => row['settlement'] ?? ''))) {
    const own = blocks.filter((row) => row.settlement === settlement && row.way === 'block' && row.refusal === '');
    for (const turn of turnsOf(own)) {
      const name = turn === 0 ? `early-pay-in ${settlement}` : `early-pay-in ${settlement} blocked anew ${turn}`;
      const instruction = { target: 'clearing', name, request: { kind: 'early-pay-in', settlement } } as const;
      for (const row of await instructRows(
        parts,
        context,
        instruction,
        own.filter((one) => one.turn === turn),
      )) {
        if (row.refusal === '') booked.push({ ...row, settlement });
        else refused.push(row);
      }
    }
  }
  return { booked, refused };
}
