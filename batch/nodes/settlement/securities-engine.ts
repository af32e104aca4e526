// Paid-out shares in the engine: what a client bought is free, and no longer on its way, from the moment the depository has credited it. One keyed command per credit, so
// that a node that runs again sends nothing twice. Units pledged as unpaid stay on their way until they are released.
import { ExchangeSegment } from '../../../engine/index.ts';
import { appendAll, type PlannedCommand } from '../engine/engine-inbox.ts';
import { readEngine } from '../engine/engine-state.ts';
import type { ListRow } from './securities-files.ts';
import type { PaidUnits } from './securities-payout-files.ts';

/** Tells the engine. `plan` knows the token of each ISIN. Clients the engine does not know are left out. Returns the commands sent. */
export async function creditDeliveries(dataDirectory: string, plan: readonly ListRow[], credits: readonly PaidUnits[]): Promise<number> {
  const tokens = new Map(plan.map((row) => [row['isin'] ?? '', Number(row['token'])]));
  const { clients } = await readEngine(dataDirectory);
  const commands = credits.flatMap(({ settlement, client, isin, units, unpaid }): PlannedCommand[] => {
    const [slot, token, quantity] = [clients.get(client)?.slot, tokens.get(isin), units - unpaid];
    if (slot === undefined || token === undefined || quantity <= 0) return [];
    const body = { account: client, segment: ExchangeSegment.NSE, token, quantity, reference: settlement };
    return [{ key: `delivery/${settlement}/${client}/${isin}`, kind: 'CreditDelivery', slot, body }];
  });
  if (commands.length > 0) await appendAll(dataDirectory, commands);
  return commands.length;
}
