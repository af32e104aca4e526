// SET-PAYIN-PREP, securities: who has to deliver what, blocked in the clients' demat accounts the evening before and told to the clearing corporation as early
// pay-in. Blocking is a reservation and can be given back; what it could not reserve is the shortage that is coming, named tonight.
import type { Gate, NodeContext, Outcome, Outputs } from '../../runner/index.ts';
import { blockedAccount, freeAccount, OUTSIDE, poolAccount, settlementAccount } from '../../securities/unit-accounts.ts';
import { UnitObligations } from '../../securities/unit-obligations.ts';
import type { UnitMove, UnitPosting, UnitsLedger } from '../../securities/units-ledger.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { actionsOn } from './acting-units.ts';
import { bookEarly, type EarlyRow, earlyInDay, sumOfUnits, withEarly } from './early-in-plan.ts';
import { type SettledAuctions, settleAuctions } from './securities-auction.ts';
import { differenceNote, type UnitDue, unitDues } from './securities-dues.ts';
import { type Demat, depositoryLists, type ListRow, listOnce } from './securities-files.ts';
import { type DecidedRow, instructRows, type UnitRow } from './securities-instructions.ts';
import { bringToDate, postings, unitsOf } from './securities-opening.ts';
import { isPoolInUse, moveSoldPool, passOnPool, poolNote } from './securities-pool.ts';
import { RELEASE_COLUMNS, releaseUnits, rowOf, stepUnpaid, unpaidOf } from './securities-unpaid-clock.ts';
import { saleOfUnpaid, type UnpaidSale } from './securities-unpaid-sale.ts';
import type { SettlementLeg } from './settlement-leg.ts';

/** Columns of the plan: what a client owes (deliver) or gets (receive) in a settlement, and how much of it is to be blocked now, or given back (below zero). */
const PLAN_COLUMNS = ['settlement', 'client', 'bo', 'depository', 'isin', 'token', 'deliver', 'receive', 'block'];
const SHOWN_MAX = 5;

/** The leg. Outputs: the plan's file, and units owed, blocked, booked as early pay-in, short, passed on from the pool. */
export function securitiesPayInPrep(parts: DayParts): SettlementLeg {
  return {
    name: 'securities',
    run: async (context) => {
      if (context.segment !== 'CM') return {};
      // Before anything is instructed: the depositories have the new units by now.
      if ((await actionsOn(parts.files, context.date)).length > 0) await bringToDate(context, await depositoryLists(parts, context));
      const auctions = await settleAuctions(parts, context);
      const unpaidReleased = await stepUnpaid(parts, context);
      const { dues: owedDues, gates: dueGates, differences } = await unitDues(context);
      const dues = withEarly(context, owedDues);
      const gates = [...dueGates, ...auctions.gates];
      if (dues.length === 0) return nothingDue(parts, context, { auctions, unpaidReleased, gates });
      const lists = await depositoryLists(parts, context);
      const ledger = await bringToDate(context, lists);
      await blockSoldUnpaid(parts, context, dues, lists.demats);
      await moveSoldPool(parts, context, 'pool-sold', dues);
      const sale = saleOfUnpaid(parts, context);
      const plan = listOnce(parts, context, 'pay-in-plan', () => ({ columns: PLAN_COLUMNS, rows: planRows(dues, lists.demats, ledger) }));
      const blocks = await instructBlocks(parts, context, plan.rows);
      const early = await tellEarlyPayIn(parts, context, plan.rows, blocks);
      const pooled = await passOnPool(parts, context, dues, lists.demats);
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
        },
        gates,
        note: notesOf(
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
  readonly gates: readonly Gate[];
}

/** An evening without dues: what lies in the pool is passed on all the same. */
async function nothingDue(parts: DayParts, context: NodeContext, { auctions, unpaidReleased, gates }: StepsDone): Promise<Outcome> {
  let passedOn = 0;
  if (isPoolInUse(parts, context)) {
    const lists = await depositoryLists(parts, context);
    await bringToDate(context, lists);
    passedOn = await passOnPool(parts, context, [], lists.demats);
  }
  const sale = saleOfUnpaid(parts, context);
  const nothing = { file: '', sha256: '', owed: 0, blocked: 0, earlyPayIn: 0, short: 0, passedOn };
  const note = notesOf(auctions.note, sale.note, poolNote(context));
  return { outputs: { ...nothing, ...countsOf(auctions, unpaidReleased, sale) }, gates, note };
}

const countsOf = ({ shortages }: SettledAuctions, unpaidReleased: number, { file, sha256, orders }: UnpaidSale): Outputs => ({
  auctioned: shortages,
  unpaidReleased,
  unpaidToSell: orders,
  ...(file === '' ? {} : { unpaidSale: { file, sha256 } }),
});

const notesOf = (...notes: readonly string[]): string => notes.filter((text) => text !== '').join('; ');
const sumOf = (rows: readonly ListRow[], column: string): number => rows.reduce((sum, row) => sum + Number(row[column]), 0);

/** A row that was instructed, with its settlement. */
export type BlockedRow = DecidedRow & { readonly settlement: string; readonly way: 'block' | 'unblock' };

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

function planRows(dues: readonly UnitDue[], demats: ReadonlyMap<string, Demat>, ledger: UnitsLedger): ListRow[] {
  // Free units of a client can be blocked once, whatever number of settlements wants them.
  const free = new Map<string, number>();
  return dues.map(({ settlement, client, isin, token, deliver, receive }) => {
    const demat = demats.get(client);
    const key = `${client} ${isin}`;
    const left = free.get(key) ?? ledger.units(freeAccount(client), isin);
    const wanted = deliver - readyUnits(ledger, settlement, client, isin);
    const block = demat === undefined ? 0 : Math.min(wanted, left);
    free.set(key, left - block);
    const cells = { settlement, client, isin, bo: demat?.bo ?? '', depository: demat?.depository ?? '' };
    return { ...cells, token: String(token), deliver: String(deliver), receive: String(receive), block: String(block) };
  });
}

/** Rows of a list to instruct, by settlement and depository in their order. */
export function groupsOf(
  rows: readonly ListRow[],
): { readonly settlement: string; readonly depository: string; readonly rows: readonly ListRow[] }[] {
  const groups = new Map<string, ListRow[]>();
  for (const row of rows) {
    const key = `${row['settlement']} ${row['depository']}`;
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) => {
    const [settlement = '', depository = ''] = key.split(' ');
    return { settlement, depository, rows: group };
  });
}

/** Blocks and unblocks what a list says. */
export async function instructBlocks(parts: DayParts, context: NodeContext, rows: readonly ListRow[]): Promise<BlockedRow[]> {
  const decided: BlockedRow[] = [];
  for (const way of ['unblock', 'block'] as const) {
    const wanted = rows.filter((row) => (way === 'block' ? Number(row['block']) > 0 : Number(row['block']) < 0));
    for (const { settlement, depository, rows: group } of groupsOf(wanted)) {
      const instruction = {
        target: 'depository',
        name: `${way} ${settlement} ${depository}`,
        request: { kind: way, depository, settlement },
      } as const;
      const answered = await instructRows(parts, context, instruction, group.map(unitRow));
      decided.push(...answered.map((row) => ({ ...row, settlement, way })));
    }
  }
  return decided;
}

const unitRow = (row: ListRow): UnitRow => ({
  client: row['client'] ?? '',
  bo: row['bo'] ?? '',
  isin: row['isin'] ?? '',
  units: Math.abs(Number(row['block'])),
});

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

/** Turns in which rows were done, in order. */
const turnsOf = (rows: readonly DecidedRow[]): number[] => [...new Set(rows.map(({ turn }) => turn))].sort((a, b) => a - b);

/** Units that will be delivered for a client in a settlement: blocked in the demat account, or in the pool for it. */
export const readyUnits = (ledger: UnitsLedger, settlement: string, client: string, isin: string): number =>
  ledger.units(blockedAccount(client, settlement), isin) + ledger.units(poolAccount(client, settlement), isin);

/** Units of the plan that will be delivered as things stand: ready before, and blocked now. */
function coveredUnits(context: NodeContext, plan: readonly ListRow[], ledger: UnitsLedger, blocks: readonly BlockedRow[]): number {
  const before = plan.reduce((sum, { settlement = '', client = '', isin = '' }) => sum + readyUnits(ledger, settlement, client, isin), 0);
  const moves = blockPostings(context, blocks).flatMap((posting) => (ledger.entryOf(posting.key) === undefined ? posting.moves : []));
  return moves.reduce((sum, { to, units }) => sum + (to.startsWith('BLOCKED/') ? units : -units), before);
}

function refusalNote(what: string, rows: readonly DecidedRow[]): string {
  const refused = rows.filter(({ refusal }) => refusal !== '');
  const shown = refused.slice(0, SHOWN_MAX).map(({ client, isin, units, refusal }) => `${client} ${isin} ${units} (${refusal})`);
  return refused.length === 0 ? '' : `${what}: ${refused.length} rows, first: ${shown.join('; ')}`;
}

/** What the depository did, as moves in the books; what it did anew under keys of its own, because the rest may be booked already. */
export function blockPostings(context: NodeContext, blocks: readonly BlockedRow[]): UnitPosting[] {
  const done = blocks.filter(({ refusal }) => refusal === '');
  const moves = (way: BlockedRow['way'], turn: number): UnitMove[] =>
    done
      .filter((row) => row.way === way && row.turn === turn)
      .map(({ settlement, client, isin, units }) => {
        const [free, blocked] = [freeAccount(client), blockedAccount(client, settlement)];
        return way === 'block' ? { isin, from: free, to: blocked, units } : { isin, from: blocked, to: free, units };
      });
  return turnsOf(done).flatMap((turn) => {
    const key = (kind: string): string => `${kind} ${context.runId} ${context.key}${turn === 0 ? '' : ` anew ${turn}`}`;
    return [
      ...postings(key('UNBLOCK'), 'UNBLOCK', context.date, moves('unblock', turn)),
      ...postings(key('BLOCK'), 'BLOCK', context.date, moves('block', turn)),
    ];
  });
}

/** The member's net of each settlement and ISIN: what the market is to bring, or to take. A later run books what changed. */
function obligationPostings(context: NodeContext, booked: UnitObligations, dues: readonly UnitDue[]): UnitPosting[] {
  const nets = new Map<string, number>();
  for (const { settlement, isin, deliver, receive } of dues) {
    const key = `${settlement} ${isin}`;
    nets.set(key, (nets.get(key) ?? 0) + receive - deliver);
  }
  const moves: UnitMove[] = [];
  for (const [key, net] of nets) {
    const [settlement = '', isin = ''] = key.split(' ');
    const account = settlementAccount(settlement);
    const more = booked.replace(settlement, isin, net);
    if (more !== 0) moves.push(more > 0 ? { isin, from: OUTSIDE, to: account, units: more } : { isin, from: account, to: OUTSIDE, units: -more });
  }
  return postings(`OBLIGATION ${context.runId}`, 'OBLIGATION', context.date, moves);
}
