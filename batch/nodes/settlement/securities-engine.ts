// Shares that have come, in the engine: what a client bought is free, and no longer on its way, once it lies free in the demat account: credited by
// the pay-out, bought in by an auction, paid for after it was pledged as unpaid, or moved out of that pledge into the block of its sale. One keyed
// command each, so that a node that runs again sends nothing twice.
import { ExchangeSegment } from '../../../engine/index.ts';
import { SAME_DAY_TYPE } from '../../calendar/settlement-windows.ts';
import { appendAll, appendTaken, type SlotCommand } from '../engine/engine-inbox.ts';
import { readEngine } from '../engine/engine-state.ts';
import type { FundedCredit } from './funded-pay-out.ts';
import { unitsOfLots } from './funded-plan.ts';
import type { ListRow } from './securities-files.ts';

/** Units of one share that have come for a client. */
export interface Arrival {
  /** Names it for ever. */
  readonly key: string;
  readonly client: string;
  readonly token: number;
  readonly units: number;
  /** Settlement they belong to. */
  readonly settlement: string;
}

/**
 * Arrivals of a pay-out: what was credited, is not pledged as unpaid and not in a funded lot, which the engine has as a position. `plan` knows the
 * token of each ISIN.
 */
export function arrivalsOf(plan: readonly ListRow[], credits: readonly FundedCredit[]): Arrival[] {
  const tokens = new Map(plan.map((row) => [row['isin'] ?? '', Number(row['token'])]));
  return credits.flatMap(({ settlement, client, isin, units: all, unpaid, funded, sold }) => {
    const token = tokens.get(isin);
    const units = all - unpaid - unitsOfLots(funded) - sold;
    return token === undefined || units <= 0 ? [] : [{ key: `delivery/${settlement}/${client}/${isin}`, client, token, units, settlement }];
  });
}

/** Tells the engine. Clients it does not know are left out. Returns the commands sent. */
export async function tellArrivals(dataDirectory: string, arrivals: readonly Arrival[]): Promise<number> {
  if (arrivals.length === 0) return 0;
  const commands = await deliveryCommands(dataDirectory, arrivals, 'IN');
  // Of T+0 they are held only now; what T+1 brings was on its way, and is only free now.
  const isHeldAnew = arrivals.some(({ settlement }) => isSameDay(settlement));
  if (commands.length > 0) await (isHeldAnew ? appendTaken(dataDirectory, commands) : appendAll(dataDirectory, commands));
  return commands.length;
}

/** CreditDelivery for each client the engine knows; `way`: which way T+0's units went. */
async function deliveryCommands(dataDirectory: string, moved: readonly Arrival[], way: 'IN' | 'OUT'): Promise<SlotCommand[]> {
  const { clients } = await readEngine(dataDirectory);
  return moved.flatMap(({ key, client, token, units, settlement }): SlotCommand[] => {
    const slot = clients.get(client)?.slot;
    if (slot === undefined) return [];
    const sameDay = isSameDay(settlement) ? { sameDay: way } : {};
    const body = { account: client, segment: ExchangeSegment.NSE, token, quantity: units, reference: settlement, ...sameDay };
    return [{ key, kind: 'CreditDelivery', slot, body }];
  });
}

/** Is a settlement ("52026224") one of T+0? */
export const isSameDay = (settlement: string): boolean => settlement.startsWith(SAME_DAY_TYPE);

/** Units sold at T+0 that have left their clients' demat accounts. */
export type Departure = Omit<Arrival, 'key'> & { readonly isin: string };

/** Tells the engine of what T+0 took, which it would else hold until its day is closed. Returns the commands sent. */
export async function tellDepartures(dataDirectory: string, departures: readonly Departure[]): Promise<number> {
  if (departures.length === 0) return 0;
  const keyed = departures.map((one) => ({ ...one, key: `departure/${one.settlement}/${one.client}/${one.isin}` }));
  const commands = await deliveryCommands(dataDirectory, keyed, 'OUT');
  if (commands.length > 0) await appendTaken(dataDirectory, commands);
  return commands.length;
}
