// A pay-out that came into the broker's pool account, because a client's own account took no credit: the clearing corporation says whose it is, the
// depository only which settlement and share. Both are laid together here, and the pool's statement beside our books.
import { settlementDateOf } from '../../calendar/settlement-windows.ts';
import type { NodeContext } from '../../runner/index.ts';
import { PoolStore } from '../../securities/pool-units.ts';
import { UNIT_BREAKS, type UnitBreak } from '../../securities/three-way.ts';
import { poolAccount, settlementAccount } from '../../securities/unit-accounts.ts';
import type { UnitMove, UnitsLedger } from '../../securities/units-ledger.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import type { ListRow } from './securities-files.ts';
import type { PaidUnits } from './securities-payout-files.ts';

/** Units of a client that came into a pool. */
export interface PooledUnits extends PaidUnits {
  readonly depository: string;
}

/** Credits parted: those to clients' own accounts, those in a pool with whose they are, and those in a pool that nobody was paid. */
export interface PartedCredits {
  readonly direct: readonly PaidUnits[];
  readonly pooled: readonly PooledUnits[];
  readonly nobodys: readonly PaidUnits[];
}

const POOL = 'POOL/';

/** Parts credits by the clearing corporation's word for each client of a pool account; `pools` are the member's pool accounts by depository. */
export function partCredits(paid: readonly PaidUnits[], credits: readonly PaidUnits[], pools: Readonly<Record<string, string>>): PartedCredits {
  const depositories = new Map(Object.entries(pools).map(([depository, account]) => [account, depository]));
  const keyOf = ({ settlement, isin, bo }: PaidUnits): string => `${settlement} ${isin} ${bo}`;
  const left = new Map<string, number>();
  for (const one of credits) if (depositories.has(one.bo)) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + one.units);
  const pooled = paid.flatMap((one): PooledUnits[] => {
    const depository = depositories.get(one.bo);
    const units = Math.min(one.units, left.get(keyOf(one)) ?? 0);
    if (depository === undefined || units === 0) return [];
    left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) - units);
    return [{ ...one, units, unpaid: 0, depository }];
  });
  const nobodys = credits.flatMap((one) => {
    const units = left.get(keyOf(one)) ?? 0;
    left.delete(keyOf(one));
    return units === 0 ? [] : [{ ...one, units }];
  });
  return { direct: credits.filter(({ bo }) => !depositories.has(bo)), pooled, nobodys };
}

/** What came into the pools, as moves. */
export const pooledMoves = (pooled: readonly PooledUnits[]): UnitMove[] =>
  pooled.map(({ settlement, client, isin, units }) => ({ isin, from: settlementAccount(settlement), to: poolAccount(client, settlement), units }));

/** Notes why they are there, since when. To be called in the commit that moves them. */
export function openPooled({ calendar }: DayParts, context: NodeContext, plan: readonly ListRow[], pooled: readonly PooledUnits[]): void {
  const store = new PoolStore(context.root);
  const since = settlementDateOf(context.segment, context.date, calendar);
  const tokens = new Map(plan.map((row) => [row['isin'] ?? '', Number(row['token'])]));
  for (const { settlement, client, isin, units, depository } of pooled)
    store.put({ settlement, client, isin, token: tokens.get(isin) ?? 0, units, depository, since, reason: 'account', detail: '' });
}

/** The pools by our books, once `moves` are in them, against the depository's statement (units by `settlement ISIN`): differences by settlement. */
export function poolBreaks(ledger: UnitsLedger, moves: readonly UnitMove[], statement: ReadonlyMap<string, number>): Map<string, UnitBreak[]> {
  const ours = new Map<string, number>();
  const add = (account: string, isin: string, units: number): void => {
    const key = `${account.slice(account.indexOf('@') + 1)} ${isin}`;
    if (account.startsWith(POOL)) ours.set(key, (ours.get(key) ?? 0) + units);
  };
  for (const { account, isin, units } of ledger.balancesOf(POOL)) add(account, isin, units);
  for (const { to, isin, units } of moves) add(to, isin, units);
  const found = new Map<string, UnitBreak[]>();
  for (const key of [...new Set([...ours.keys(), ...statement.keys()])].sort()) {
    const [settlement = '', isin = ''] = key.split(' ');
    const [expected, credited] = [ours.get(key) ?? 0, statement.get(key) ?? 0];
    const list = found.get(settlement) ?? [];
    found.set(settlement, list);
    if (expected !== credited) list.push({ class: 'pool', owner: UNIT_BREAKS.pool.owner, client: '', isin, expected, allocated: 0, credited });
  }
  return found;
}
