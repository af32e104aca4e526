// Shortages in the risk engine: from the pay-out on the auction settles them, in money for the client. What a client owed and did not have is a short position no more, what
// it had and did not give is free again; what a buyer is paid out for instead is no longer on its way. One keyed command each, so that a node that runs again sends
// nothing twice.
import { ExchangeSegment } from '../../../engine/index.ts';
import type { UnitShortage } from '../../securities/shortage-store.ts';
import { freeAccount } from '../../securities/unit-accounts.ts';
import type { UnitsLedger } from '../../securities/units-ledger.ts';
import { appendAll, type PlannedCommand } from '../engine/engine-inbox.ts';
import { readEngine } from '../engine/engine-state.ts';
import { isSameDay } from './securities-engine.ts';

/** What ends for one client and share of a settlement, units; see SettleShortage. */
export interface EndedClaim {
  readonly settlement: string;
  readonly client: string;
  readonly token: number;
  readonly short: number;
  readonly returned: number;
  readonly lapsed: number;
}

/** What sellers of a pay-out owe no more. Units that are still free in the account were there and were not given. */
export function undeliveredClaims(shortages: readonly UnitShortage[], ledger: UnitsLedger): EndedClaim[] {
  const found = new Map<string, { readonly one: UnitShortage; units: number }>();
  for (const one of shortages) {
    if (one.side === 'buyer') continue;
    const key = `${one.settlement} ${one.client} ${one.isin}`;
    const known = found.get(key) ?? { one, units: 0 };
    known.units += one.units;
    found.set(key, known);
  }
  return [...found.values()].map(({ one: { settlement, client, token, isin }, units }) => {
    const returned = Math.min(units, ledger.units(freeAccount(client), isin));
    return { settlement, client, token, short: units - returned, returned, lapsed: 0 };
  });
}

/** What will not come to a buyer, of `units` closed out. */
export const lapsedClaim = ({ settlement, client, token }: UnitShortage, units: number): EndedClaim => ({
  ...{ settlement, client, token },
  ...{ short: 0, returned: 0, lapsed: units },
});

/** Tells the engine. Clients it does not know are left out. */
export async function tellEndedClaims(dataDirectory: string, claims: readonly EndedClaim[]): Promise<void> {
  if (claims.length === 0) return;
  const { clients } = await readEngine(dataDirectory);
  const commands = claims.flatMap(({ settlement, client, token, short, returned, lapsed }): PlannedCommand[] => {
    const slot = clients.get(client)?.slot;
    if (slot === undefined || short + returned + lapsed === 0) return [];
    const body = {
      account: client,
      segment: ExchangeSegment.NSE,
      token,
      short,
      returned,
      lapsed,
      reference: settlement,
      ...(isSameDay(settlement) ? { sameDay: true } : {}),
    };
    return [{ key: `shortage/${settlement}/${client}/${token}/${lapsed > 0 ? 'buyer' : 'seller'}`, kind: 'SettleShortage', slot, body }];
  });
  if (commands.length > 0) await appendAll(dataDirectory, commands);
}
