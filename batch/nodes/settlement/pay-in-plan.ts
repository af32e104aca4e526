// The plan of a pay-in of securities: who owes and gets what in which settlement, what of it the depository blocks, and how both are booked. Who
// tells whom, and when, is the nodes' (securities-payin-prep.ts, same-day-units.ts).
import type { NodeContext } from '../../runner/index.ts';
import { blockedAccount, freeAccount, OUTSIDE, poolAccount, settlementAccount } from '../../securities/unit-accounts.ts';
import type { UnitObligations } from '../../securities/unit-obligations.ts';
import type { UnitMove, UnitPosting, UnitsLedger } from '../../securities/units-ledger.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import type { UnitDue } from './securities-dues.ts';
import type { Demat, ListRow } from './securities-files.ts';
import { type DecidedRow, instructRows, type UnitRow } from './securities-instructions.ts';
import { postings } from './securities-opening.ts';
import { runKey } from './session-names.ts';

/** Columns of the plan: what a client owes (deliver) or gets (receive) in a settlement, and how much of it is to be blocked now, or given back (below zero). */
export const PLAN_COLUMNS: readonly string[] = ['settlement', 'client', 'bo', 'depository', 'isin', 'token', 'deliver', 'receive', 'block'];
const SHOWN_MAX = 5;

/** Sum of a column of whole numbers. */
export const sumOf = (rows: readonly ListRow[], column: string): number => rows.reduce((sum, row) => sum + Number(row[column]), 0);

/** A row that was instructed, with its settlement. */
export type BlockedRow = DecidedRow & { readonly settlement: string; readonly way: 'block' | 'unblock' };

/** Rows of the plan: what is owed and got, and what can be blocked for it now. */
export function planRows(dues: readonly UnitDue[], demats: ReadonlyMap<string, Demat>, ledger: UnitsLedger): ListRow[] {
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
function groupsOf(rows: readonly ListRow[]): { readonly settlement: string; readonly depository: string; readonly rows: readonly ListRow[] }[] {
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

/** Turns in which rows were done, in order. */
export const turnsOf = (rows: readonly DecidedRow[]): number[] => [...new Set(rows.map(({ turn }) => turn))].sort((a, b) => a - b);

/** Units that will be delivered for a client in a settlement: blocked in the demat account, or in the pool for it. */
export const readyUnits = (ledger: UnitsLedger, settlement: string, client: string, isin: string): number =>
  ledger.units(blockedAccount(client, settlement), isin) + ledger.units(poolAccount(client, settlement), isin);

/** Units of the plan that will be delivered as things stand: ready before, and blocked now. */
export function coveredUnits(context: NodeContext, plan: readonly ListRow[], ledger: UnitsLedger, blocks: readonly BlockedRow[]): number {
  const before = plan.reduce((sum, { settlement = '', client = '', isin = '' }) => sum + readyUnits(ledger, settlement, client, isin), 0);
  const moves = blockPostings(context, blocks).flatMap((posting) => (ledger.entryOf(posting.key) === undefined ? posting.moves : []));
  return moves.reduce((sum, { to, units }) => sum + (to.startsWith('BLOCKED/') ? units : -units), before);
}

/** First rows that were refused, for a note; '' without any. */
export function refusalNote(what: string, rows: readonly DecidedRow[]): string {
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
export function obligationPostings(context: NodeContext, booked: UnitObligations, dues: readonly UnitDue[]): UnitPosting[] {
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
  return postings(runKey(context, 'OBLIGATION'), 'OBLIGATION', context.date, moves);
}
