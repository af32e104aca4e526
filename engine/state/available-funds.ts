// What a client has against the requirement.

import { Verdict } from '../verdict.ts';
import { Client, ClientSide } from './client-table.ts';
import type { SlotState } from './slot-state.ts';

/**
 * Sets `into.available`, paise: cash, adhoc and collateral (non-cash collateral counts up to the cash part: 50:50 rule, SEBI), less option premium paid
 * today, less the day's loss. A gain of the day counts only once it is settled, and neither what is open nor shares pay for derivatives closed at a loss: with
 * the premium that is the crystallised obligation (rules/order-rules.ts), which so is always covered. Every rounding is against the client.
 */
export function fillAvailable(into: Verdict, state: SlotState, client: number): void {
  const { clients } = state;
  const { f64s } = clients.arena;
  const at = clients.word(client);
  const cashPart = (f64s[at + (Client.cash >> 3)] as number) + (f64s[at + (Client.cashEquivalent >> 3)] as number);
  const nonCash = Math.min(f64s[at + (Client.nonCash >> 3)] as number, Math.max(0, cashPart));
  const premium = Math.ceil((f64s[at + (Client.premium >> 3)] as number) / 100);
  const gain = (f64s[at + (Client.realised >> 3)] as number) + (f64s[at + (Client.unrealised >> 3)] as number);
  const loss = Math.floor(Math.min(0, gain, f64s[at + (ClientSide.closedGain >> 3)] as number) / 100);
  into.available = cashPart + (f64s[at + (Client.adhoc >> 3)] as number) + nonCash - premium + loss;
}

const scratch = new Verdict();

/** The same as a number. Not for the hot path: a double that is returned may be boxed. */
export function availableFunds(state: SlotState, client: number): number {
  fillAvailable(scratch, state, client);
  return scratch.available;
}
