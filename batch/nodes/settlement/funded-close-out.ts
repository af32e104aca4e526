// Shares bought with funding (MTF) that another member failed to deliver and nobody offered in the auction: closed out in money, they leave the lot
// of their trade date in the risk engine. By a list made once per run, because the engine's lots are less by them as soon as it was told.
import type { NodeContext } from '../../runner/index.ts';
import type { UnitShortage } from '../../securities/shortage-store.ts';
import { csmfaAccount, fundedAccount } from '../../securities/unit-accounts.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { type EngineLot, readEngine } from '../engine/engine-state.ts';
import { fundedIsins } from './funded-plan.ts';
import { type ListRow, listOnce } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';
import { type EndedClaim, lapsedClaim } from './shortage-engine.ts';

/** A buyer's units that were closed out, as the engine counts them. */
export interface ClosedOut {
  readonly shortage: UnitShortage;
  readonly units: number;
}

const ROLE = 'funded-closed-out';
const COLUMNS = ['settlement', 'client', 'isin', 'segment', 'token', 'lot', 'units'];

/** What of closed-out units ends where: in the lots that lack them, the rest on its way. */
export async function lapsedClaims(parts: DayParts, context: NodeContext, closedOut: readonly ClosedOut[]): Promise<EndedClaim[]> {
  const rows = await lotRows(parts, context, closedOut);
  return closedOut.flatMap(({ shortage, units }) => {
    const own = rows.filter((row) => row['settlement'] === shortage.settlement && row['client'] === shortage.client && row['isin'] === shortage.isin);
    const inLots = own.map((row): EndedClaim => {
      const lot = { segment: Number(row['segment']), boughtOn: Number(row['lot']) };
      return { ...lapsedClaim(shortage, Number(row['units'])), token: Number(row['token']), lot };
    });
    const rest = units - inLots.reduce((sum, { lapsed }) => sum + lapsed, 0);
    return rest === 0 ? inLots : [...inLots, lapsedClaim(shortage, rest)];
  });
}

async function lotRows(parts: DayParts, context: NodeContext, closedOut: readonly ClosedOut[]): Promise<readonly ListRow[]> {
  if (closedOut.length === 0) return [];
  const { clients } = await readEngine(parts.dataDirectory);
  const lotsOf = ({ client, tradeDate }: UnitShortage): EngineLot[] =>
    (clients.get(client)?.lots ?? []).filter(({ boughtOn }) => boughtOn === dayNumber(tradeDate));
  const isOfLots = closedOut.some(({ shortage }) => lotsOf(shortage).length > 0);
  if (!isOfLots && parts.files.of(ROLE, context.date) === undefined) return [];
  const [isins, ledger] = [await fundedIsins(parts, context), unitsOf(context)];
  const rowsOf = ({ shortage, units }: ClosedOut): ListRow[] => {
    const { settlement, client, isin } = shortage;
    const lots = lotsOf(shortage).filter((lot) => isins(lot) === isin);
    const lot = `${dayNumber(shortage.tradeDate)}`;
    const came = ledger.units(fundedAccount(client, lot), isin) + ledger.units(csmfaAccount(client, lot), isin);
    let left = Math.min(units, lots.reduce((sum, each) => sum + each.units, 0) - came);
    return lots.flatMap(({ segment, token, units: whole }) => {
      const some = Math.max(0, Math.min(left, whole));
      left -= some;
      return some === 0 ? [] : [{ settlement, client, isin, segment: `${segment}`, token: `${token}`, lot, units: `${some}` }];
    });
  };
  return listOnce(parts, context, ROLE, () => ({ columns: COLUMNS, rows: closedOut.flatMap(rowsOf) })).rows;
}
