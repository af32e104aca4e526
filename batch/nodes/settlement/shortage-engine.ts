// Shortages in the risk engine: from the pay-out on the auction settles them, in money for the client. What a client owed and did not have is a short
// position no more, what it had and did not give is free again; what a buyer is paid out for instead is no longer on its way. One keyed command each,
// so that a node that runs again sends nothing twice.
import { ExchangeSegment } from '../../../engine/index.ts';
import type { UnitShortage } from '../../securities/shortage-store.ts';
import { freeAccount } from '../../securities/unit-accounts.ts';
import type { UnitsLedger } from '../../securities/units-ledger.ts';
import { appendAll, appendTaken, type SlotCommand } from '../engine/engine-inbox.ts';
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
  /** What lapsed leaves this lot bought with funding; absent: it is no longer on its way. */
  readonly lot?: { readonly segment: number; readonly boughtOn: number };
}

/**
 * What sellers of a pay-out owe no more. Units that are still free in the account were there and were not given, and so were those that were sold out
 * of funded lots and whose pledge nobody released (`unreleased`).
 */
export function undeliveredClaims(
  shortages: readonly UnitShortage[],
  ledger: UnitsLedger,
  unreleased: (client: string, isin: string) => number = () => 0,
): EndedClaim[] {
  const found = new Map<string, { readonly one: UnitShortage; units: number }>();
  for (const one of shortages) {
    if (one.side === 'buyer') continue;
    const key = `${one.settlement} ${one.client} ${one.isin}`;
    const known = found.get(key) ?? { one, units: 0 };
    known.units += one.units;
    found.set(key, known);
  }
  return [...found.values()].map(({ one: { settlement, client, token, isin }, units }) => {
    const returned = Math.min(units, ledger.units(freeAccount(client), isin) + unreleased(client, isin));
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
  const commands = claims.flatMap(({ settlement, client, token, short, returned, lapsed, lot }): SlotCommand[] => {
    const slot = clients.get(client)?.slot;
    if (slot === undefined || short + returned + lapsed === 0) return [];
    const { segment, ...of } = lot ?? { segment: ExchangeSegment.NSE, ...(isSameDay(settlement) ? { sameDay: true } : {}) };
    const body = { account: client, segment, token, short, returned, lapsed, reference: settlement, ...of };
    const side = lot === undefined ? (lapsed > 0 ? 'buyer' : 'seller') : `lot-${lot.segment}-${lot.boughtOn}`;
    return [{ key: `shortage/${settlement}/${client}/${token}/${side}`, kind: 'SettleShortage', slot, body }];
  });
  // Lots are read again as soon as they are told.
  const isOfLots = claims.some(({ lot }) => lot !== undefined);
  if (commands.length > 0) await (isOfLots ? appendTaken(dataDirectory, commands) : appendAll(dataDirectory, commands));
}
