// The books of units brought to a date before anything settles from them: opened on the first night with what the depository listed in the morning
// (units on their way come in that afternoon), later nights changed by the corporate actions of the date (acting-units.ts). Each booking has a key,
// so a second try changes nothing.
import type { NodeContext } from '../../runner/index.ts';
import { PoolStore } from '../../securities/pool-units.ts';
import { freeAccount, OUTSIDE, pledgedAccount, unitPlace } from '../../securities/unit-accounts.ts';
import { type UnitMove, type UnitPosting, UnitsLedger } from '../../securities/units-ledger.ts';
import { UnpaidStore } from '../../securities/unpaid-units.ts';
import { type DepositoryUnits, readPledgeStatus } from '../begin-of-day/carried-checks.ts';
import { become, readCorporateActions, sharesOf, type UnitRatio } from '../begin-of-day/corporate-actions.ts';
import { refusing } from '../end-of-day/day-parts.ts';

const OPENING = 'OPENING';
/** Prefix of the place of funded units whose pledge waits for the client. */
const WAITING = 'FUNDED/';
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

/** Opens the books, or applies the date's corporate actions: in the evening, for whoever holds by then. Throws PermanentFault naming file and line. */
export async function bringToDate(context: Pick<NodeContext, 'root' | 'date'>, files: CarriedFiles): Promise<UnitsLedger> {
  const ledger = unitsOf(context);
  const opening = ledger.entryOf(`${OPENING} 1`);
  if (opening === undefined) return openUnits(context, files);
  if (opening.date >= context.date) return ledger;
  const listed = await refusing(() => readPledgeStatus(files.units));
  const actions = sharesOf(await refusing(() => readCorporateActions(files.corporateActions, context.date)));
  // What rests with a reason of its own changes with the books, or not at all.
  context.root.transactionSync(() => {
    if (applyActions(ledger, context.date, listed, actions)) applyToResting(context.root, actions);
  });
  return ledger;
}

/** The books, opened with what the depository lists when they were not: for what is done in the day. Throws PermanentFault naming file and line. */
export async function openUnits(context: Pick<NodeContext, 'root' | 'date'>, { units }: Pick<CarriedFiles, 'units'>): Promise<UnitsLedger> {
  const ledger = unitsOf(context);
  if (ledger.entryOf(`${OPENING} 1`) !== undefined) return ledger;
  const listed = await refusing(() => readPledgeStatus(units));
  ledger.post(postings(OPENING, 'OPENING', context.date, openingMoves(listed)));
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

/** Units that are unpaid or in the pool are kept with their reasons too: they become what the books make of them. */
function applyToResting(root: NodeContext['root'], ratios: readonly UnitRatio[]): void {
  const [unpaid, pool] = [new UnpaidStore(root), new PoolStore(root)];
  for (const ratio of ratios) {
    for (const one of unpaid.open()) if (one.token === ratio.token) unpaid.put({ ...one, units: become(one.units, ratio) });
    for (const one of pool.open()) if (one.token === ratio.token) pool.put({ ...one, units: become(one.units, ratio) });
  }
}

/** A place's units after an action. A lot bought with funding is cut as a whole, accepted or not, as the engine cuts it. */
function unitsAfter(
  ledger: UnitsLedger,
  { account, isin, units }: { readonly account: string; readonly isin: string; readonly units: number },
  ratio: UnitRatio,
): number {
  if (!account.startsWith(WAITING)) return become(units, ratio);
  const pledged = ledger.units(account.replace(WAITING, 'CSMFA/'), isin);
  return become(units + pledged, ratio) - become(pledged, ratio);
}

/**
 * Splits and bonuses: every place that holds units holds them by the new count; fractions are paid in money by the company. False when there is
 * nothing to do, or it is done.
 */
function applyActions(ledger: UnitsLedger, date: string, listed: readonly DepositoryUnits[], ratios: readonly UnitRatio[]): boolean {
  const key = `CORPORATE_ACTION ${date}`;
  // Once per date: a second try sees the new count and must not apply the ratio again.
  if (ratios.length === 0 || ledger.entryOf(`${key} 1`) !== undefined) return false;
  const tokens = new Map(listed.map(({ isin, token }) => [isin, token]));
  const moves: UnitMove[] = [];
  for (const { account, isin, units } of ledger.balancesOf()) {
    const ratio = ratios.find(({ token }) => token === tokens.get(isin));
    if (ratio === undefined || unitPlace(account)?.signed === true) continue;
    const more = unitsAfter(ledger, { account, isin, units }, ratio) - units;
    if (more !== 0) moves.push(more > 0 ? { isin, from: OUTSIDE, to: account, units: more } : { isin, from: account, to: OUTSIDE, units: -more });
  }
  ledger.post(postings(key, 'CORPORATE_ACTION', date, moves));
  return moves.length > 0;
}
