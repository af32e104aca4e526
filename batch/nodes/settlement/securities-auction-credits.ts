// Units bought in an auction for clients who did not get theirs: paid out by the clearing corporation straight to demat, or into the pool
// account where a client's own takes nothing, row by row.
import type { Gate, NodeContext } from '../../runner/index.ts';
import { ShortageStore } from '../../securities/shortage-store.ts';
import { freeAccount, settlementAccount } from '../../securities/unit-accounts.ts';
import type { UnitMove } from '../../securities/units-ledger.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { unitsInEngine } from './acting-units.ts';
import { type FundedClaims, unitsOfLots } from './funded-plan.ts';
import { type Arrival, tellArrivals } from './securities-engine.ts';
import { depositoryLists } from './securities-files.ts';
import { type DecidedRow, instructRows } from './securities-instructions.ts';
import { postings, unitsOf } from './securities-opening.ts';
import { openPooled, type PooledUnits, pooledMoves } from './securities-pool-credits.ts';

/** Auctions of a run, paid out. */
export interface AuctionCredits {
  readonly units: number;
  readonly moves: readonly UnitMove[];
  readonly gates: readonly Gate[];
  readonly commit: () => void;
}

/** Asks for the pay-out of auctions the run has booked; nothing without units bought in. What fills funded lots is pledged in the evening. */
export async function auctionCredits(parts: DayParts, context: NodeContext, claims: FundedClaims): Promise<AuctionCredits> {
  const bought = new ShortageStore(context.root)
    .bookedBy(context.runId)
    .flatMap(({ client, isin, token, side, outcome }) =>
      side === 'buyer' && outcome !== undefined && outcome.filled > 0 ? [{ client, isin, token, outcome }] : [],
    );
  if (bought.length === 0) return { units: 0, moves: [], gates: [], commit: () => undefined };
  const { demats, pools } = await depositoryLists(parts, context);
  const decided: (DecidedRow & { readonly settlement: string })[] = [];
  for (const settlement of new Set(bought.map(({ outcome }) => outcome.settlement))) {
    const rows = bought
      .filter(({ outcome }) => outcome.settlement === settlement)
      .map(({ client, isin, outcome }) => ({ client, isin, bo: demats.get(client)?.bo ?? '', units: outcome.filled }));
    const instruction = { target: 'clearing', name: `pay-out ${settlement}`, request: { kind: 'pay-out', settlement } } as const;
    decided.push(...(await instructRows(parts, context, instruction, rows)).map((row) => ({ ...row, settlement })));
  }
  const credited = decided.filter(({ refusal }) => refusal === '');
  const units = credited.reduce((sum, row) => sum + row.units, 0);
  const depositories = new Map(Object.entries(pools).map(([depository, account]) => [account, depository]));
  const pooled = credited.flatMap(({ settlement, client, isin, units: some, credited: bo }): PooledUnits[] => {
    const depository = depositories.get(bo);
    return depository === undefined ? [] : [{ settlement, client, isin, units: some, unpaid: 0, bo, depository }];
  });
  const direct = credited.filter(({ credited: bo }) => !depositories.has(bo));
  const toClients = direct.map(({ settlement, client, isin, units: some }): UnitMove => {
    return { isin, from: settlementAccount(settlement), to: freeAccount(client), units: some };
  });
  const moves = [...toClients, ...pooledMoves(pooled)];
  const inEngine = await unitsInEngine(parts, context.date);
  const arrivals = direct.flatMap(({ settlement, client, isin, units: all }): Arrival[] => {
    const token = bought.find((one) => one.client === client && one.isin === isin)?.token ?? 0;
    const some = all - unitsOfLots(claims.take(client, isin, all));
    return some === 0 ? [] : [{ key: `auction/${settlement}/${client}/${isin}`, client, token, units: inEngine(token, some), settlement }];
  });
  await tellArrivals(parts.dataDirectory, arrivals);
  return {
    units,
    moves,
    gates: [{ name: 'units bought in auctions, ours = clearing', left: bought.reduce((sum, { outcome }) => sum + outcome.filled, 0), right: units }],
    commit: () => {
      unitsOf(context).post(postings(`PAY_OUT auctions ${context.runId}`, 'PAY_OUT', context.date, moves));
      openPooled(
        parts,
        context,
        bought.map(({ isin, token }) => ({ isin, token: String(token) })),
        pooled,
      );
    },
  };
}
