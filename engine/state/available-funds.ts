// What a client has against the requirement.

import { Verdict } from '../verdict.ts';
import { Client } from './client-table.ts';
import type { SlotState } from './slot-state.ts';

/**
 * Sets `into.available`, paise: cash, adhoc and collateral (non-cash collateral counts up to the cash part: 50:50 rule, SEBI), less option premium paid
 * today, less the day's loss. A gain of the day counts only once it is settled. Every rounding is against the client.
 */
export function fillAvailable(into: Verdict, state: SlotState, client: number): void {
  const { clients } = state;
  const cashPart = clients.f64(client, Client.cash) + clients.f64(client, Client.cashEquivalent);
  const nonCash = Math.min(clients.f64(client, Client.nonCash), Math.max(0, cashPart));
  const premium = Math.ceil(clients.f64(client, Client.premium) / 100);
  const gain = Math.floor((clients.f64(client, Client.realised) + clients.f64(client, Client.unrealised)) / 100);
  into.available = cashPart + clients.f64(client, Client.adhoc) + nonCash - premium + Math.min(0, gain);
}

const scratch = new Verdict();

/** The same as a number. Not for the hot path: a double that is returned may be boxed. */
export function availableFunds(state: SlotState, client: number): number {
  fillAvailable(scratch, state, client);
  return scratch.available;
}
