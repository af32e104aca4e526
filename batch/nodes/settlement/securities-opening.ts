// The books of units brought to a date before anything settles from them: opened on the first night with what the depository listed in the morning (units on their
// way come in that afternoon), later nights changed by the corporate actions of the date. Each booking has a key, so a second try changes nothing.
import type { NodeContext } from '../../runner/index.ts';
import { freeAccount, OUTSIDE, pledgedAccount, unitPlace } from '../../securities/unit-accounts.ts';
import { type UnitMove, type UnitPosting, UnitsLedger } from '../../securities/units-ledger.ts';
import { type DepositoryUnits, readPledgeStatus } from '../begin-of-day/carried-checks.ts';
import { readCorporateActions, sharesOf, type UnitRatio } from '../begin-of-day/corporate-actions.ts';
import { refusing } from '../end-of-day/day-parts.ts';

const OPENING = 'OPENING';
/** Moves in one entry of the journal. */
const MOVES_MAX = 5_000;

/** Files the books are brought to date from, as taken in. */
export interface CarriedFiles {
  /** The depository's list of units. */
  readonly units: string;
  readonly corporateActions: string;
}

/** The books of units of a night's environment. */
export const unitsOf = (context: Pick<NodeContext, 'root'>): UnitsLedger => new UnitsLedger(context.root);

/** Opens the books or applies the date's corporate actions. Throws PermanentFault naming file and line. */
export async function bringToDate(context: Pick<NodeContext, 'root' | 'date'>, files: CarriedFiles): Promise<UnitsLedger> {
  const ledger = unitsOf(context);
  const opening = ledger.entryOf(`${OPENING} 1`);
  if (opening !== undefined && opening.date >= context.date) return ledger;
  const listed = await refusing(() => readPledgeStatus(files.units));
  if (opening === undefined) ledger.post(postings(OPENING, 'OPENING', context.date, openingMoves(listed)));
  else applyActions(ledger, context.date, listed, sharesOf(await refusing(() => readCorporateActions(files.corporateActions, context.date))));
  return ledger;
}

function openingMoves(listed: readonly DepositoryUnits[]): UnitMove[] {
  return listed.flatMap(({ account, isin, free, pledged, t1 }) => [
    ...(free + t1 > 0 ? [{ isin, from: OUTSIDE, to: freeAccount(account), units: free + t1 }] : []),
    ...(pledged > 0 ? [{ isin, from: OUTSIDE, to: pledgedAccount(account), units: pledged }] : []),
  ]);
}

/** Postings of many moves, none too long for an entry of the journal; keys are numbered from 1. None when there are no moves. */
export function postings(key: string, kind: UnitPosting['kind'], date: string, moves: readonly UnitMove[]): UnitPosting[] {
  const made: UnitPosting[] = [];
  for (let at = 0; at < moves.length; at += MOVES_MAX)
    made.push({ key: `${key} ${made.length + 1}`, kind, date, moves: moves.slice(at, at + MOVES_MAX) });
  return made;
}

/** Splits and bonuses: every place that holds units holds them by the new count; fractions are paid in money by the company. */
function applyActions(ledger: UnitsLedger, date: string, listed: readonly DepositoryUnits[], ratios: readonly UnitRatio[]): void {
  const key = `CORPORATE_ACTION ${date}`;
  // Once per date: a second try sees the new count and must not apply the ratio again.
  if (ratios.length === 0 || ledger.entryOf(`${key} 1`) !== undefined) return;
  const tokens = new Map(listed.map(({ isin, token }) => [isin, token]));
  const moves: UnitMove[] = [];
  for (const { account, isin, units } of ledger.balancesOf()) {
    const ratio = ratios.find(({ token }) => token === tokens.get(isin));
    if (ratio === undefined || unitPlace(account)?.signed === true) continue;
    const more = Math.floor((units * ratio.numerator) / ratio.denominator) - units;
    if (more !== 0) moves.push(more > 0 ? { isin, from: OUTSIDE, to: account, units: more } : { isin, from: account, to: OUTSIDE, units: -more });
  }
  ledger.post(postings(key, 'CORPORATE_ACTION', date, moves));
}
