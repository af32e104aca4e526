// Instructions to the depositories about units bought with funding (MTF): pledge to the member's client securities margin funding account (CSMFA),
// what clients have accepted of it, and its release. Row by row by lists made once per run, booked as the depository did it; which units, and when,
// is said elsewhere (funded-evening.ts, funded-pay-out.ts). Source: funded shares are kept by pledge only, in an account of that name
// (SEBI/HO/MIRSD/DOP/CIR/P/2020/28; NCL/CMPT/63669 for pay-out straight to demat).
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Gate, type NodeContext, PermanentFault } from '../../runner/index.ts';
import { blockedAccount, csmfaAccount, freeAccount, fundedAccount, OUTSIDE } from '../../securities/unit-accounts.ts';
import type { UnitMove, UnitPosting } from '../../securities/units-ledger.ts';
import { readPledgeStatus } from '../begin-of-day/carried-checks.ts';
import { type DayParts, refusing } from '../end-of-day/day-parts.ts';
import { type LotInBooks, lotsInBooks } from './funded-plan.ts';
import type { ListRow } from './securities-files.ts';
import { type DecidedRow, instructRows, unitPort, unitRow } from './securities-instructions.ts';
import { type CarriedFiles, postings, unitsOf } from './securities-opening.ts';

/** A row that was decided, of a lot. */
export type DecidedLot = DecidedRow & { readonly lot: string };

const DIGEST_CHARACTERS = 16;

/** Columns of a list of units to be pledged, and of one of releases (`to`: settlement into whose pay-in the units go, '' = free). */
export const PLEDGE_COLUMNS: readonly string[] = ['lot', 'client', 'bo', 'isin', 'units'];
export const FREED_COLUMNS: readonly string[] = ['lot', 'to', 'client', 'bo', 'isin', 'units'];

/** Has the depositories set up pledges of free units; `name` tells two lists of a run apart. */
export async function instructPledges(parts: DayParts, context: NodeContext, name: string, rows: readonly ListRow[]): Promise<DecidedLot[]> {
  const decided: DecidedLot[] = [];
  for (const lot of new Set(rows.map((row) => row['lot'] ?? ''))) {
    const own = rows.filter((row) => row['lot'] === lot).map(unitRow);
    const answered = await instructRows(parts, context, { target: 'depository', name: `${name} ${lot}`, request: { kind: 'funding', lot } }, own);
    decided.push(...answered.map((row) => ({ ...row, lot })));
  }
  return decided;
}

/** Pledges that were set up, as moves in the books. */
export function pledgePostings(context: NodeContext, name: string, decided: readonly DecidedLot[]): UnitPosting[] {
  return decided
    .filter(({ refusal }) => refusal === '')
    .map(({ lot, client, isin, units }) => ({
      key: `FUNDING ${context.runId} ${name} ${lot} ${client} ${isin}`,
      kind: 'FUNDING',
      date: context.date,
      moves: [{ isin, from: freeAccount(client), to: fundedAccount(client, lot), units }],
    }));
}

/**
 * Releases what a list says, and books it at once: of a lot what waits for acceptance goes first, as in the engine. Returns the rows as they were
 * decided, with where they went.
 */
export async function releaseFunded(
  parts: DayParts,
  context: NodeContext,
  rows: readonly ListRow[],
): Promise<(DecidedLot & { readonly to: string })[]> {
  const decided: (DecidedLot & { readonly to: string })[] = [];
  for (const group of new Set(rows.map((row) => `${row['lot']} ${row['to']}`))) {
    const [lot = '', to = ''] = group.split(' ');
    const own = rows.filter((row) => row['lot'] === lot && row['to'] === to).map(unitRow);
    const instruction = { target: 'depository', name: `funding-release ${lot} ${to}`, request: { kind: 'funding-release', lot, to } } as const;
    const answered = (await instructRows(parts, context, instruction, own)).map((row) => ({ ...row, lot, to }));
    bookReleases(context, answered);
    decided.push(...answered);
  }
  return decided;
}

function bookReleases(context: NodeContext, decided: readonly (DecidedLot & { readonly to: string })[]): void {
  const ledger = unitsOf(context);
  context.root.transactionSync(() => {
    for (const { lot, to, client, isin, units, refusal } of decided) {
      const key = `FUNDING_RELEASE ${context.runId} ${lot} ${to} ${client} ${isin}`;
      // By what lay where then: a second try finds it booked and must not reckon anew.
      if (refusal !== '' || ledger.entryOf(key) !== undefined) continue;
      const waiting = Math.min(units, ledger.units(fundedAccount(client, lot), isin));
      const target = to === '' ? freeAccount(client) : blockedAccount(client, to);
      const moves = [
        { isin, from: fundedAccount(client, lot), to: target, units: waiting },
        { isin, from: csmfaAccount(client, lot), to: target, units: units - waiting },
      ].filter((move) => move.units > 0);
      ledger.post([{ key, kind: 'FUNDING_RELEASE', date: context.date, moves }]);
    }
  });
}

const answerSchema = z.object({
  rows: z.array(z.object({ client: z.string(), isin: z.string(), lot: z.string(), waiting: z.int().min(0), pledged: z.int().min(0) })),
});

/**
 * How pledges stand at the depositories, by `client ISIN lot`. A question asked again under the same name has its old answer. Throws PermanentFault
 * for one that is none.
 */
export async function pledgesAtDepository(
  parts: DayParts,
  context: NodeContext,
  about: string,
): Promise<Map<string, Pick<LotInBooks, 'waiting' | 'pledged'>>> {
  const name = `securities funding-pledges ${about}`;
  const parsed = answerSchema.safeParse(await context.instruct(unitPort(parts, 'depository'), name, { kind: 'funding-pledges' }));
  if (!parsed.success) throw new PermanentFault(`depository: ${name}: the answer is none: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  return new Map(parsed.data.rows.map((row) => [lotKey(row), row]));
}

/** Name of a lot. */
export const lotKey = ({ client, isin, lot }: Pick<LotInBooks, 'client' | 'isin' | 'lot'>): string => `${client} ${isin} ${lot}`;

/**
 * On the day the books of units are opened: funded lots that clients came with, as the depositories have them pledged, where their list of units has
 * any. Later there are only those that were pledged from here.
 */
export async function openFundedLots(parts: DayParts, context: NodeContext, { units }: Pick<CarriedFiles, 'units'>): Promise<void> {
  const ledger = unitsOf(context);
  if (ledger.entryOf('OPENING 1')?.date !== context.date || ledger.entryOf('OPENING funded 1') !== undefined) return;
  if ((await refusing(() => readPledgeStatus(units))).every(({ funded = 0 }) => funded === 0)) return;
  const moves = [...(await pledgesAtDepository(parts, context, 'opening'))].flatMap(([key, { waiting, pledged }]): UnitMove[] => {
    const [client = '', isin = '', lot = ''] = key.split(' ');
    return [
      { isin, from: OUTSIDE, to: fundedAccount(client, lot), units: waiting },
      { isin, from: OUTSIDE, to: csmfaAccount(client, lot), units: pledged },
    ].filter(({ units }) => units > 0);
  });
  ledger.post(postings('OPENING funded', 'OPENING', context.date, moves));
}

/** Every lot by our books and the depositories', accepted or not: clients may accept between two questions. */
export async function heldGate(parts: DayParts, context: NodeContext): Promise<Gate> {
  const lots = lotsInBooks(unitsOf(context));
  const sums = new Map(lots.map((lot) => [lotKey(lot), lot.waiting + lot.pledged]));
  // By what the books have, so that it is asked anew once they have changed.
  const asked = createHash('sha256')
    .update(JSON.stringify([...sums]))
    .digest('hex')
    .slice(0, DIGEST_CHARACTERS);
  const theirs = await pledgesAtDepository(parts, context, asked);
  const keys = new Set([...sums.keys(), ...theirs.keys()]);
  const differing = [...keys].filter((key) => (sums.get(key) ?? 0) !== (theirs.get(key)?.waiting ?? 0) + (theirs.get(key)?.pledged ?? 0));
  return { name: 'funded lots that differ from the depository', left: differing.length, right: 0 };
}
