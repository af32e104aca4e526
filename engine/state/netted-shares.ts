// Shares that both exchanges list: what a client holds under the one may be delivered for a sale on the other, and their margin is asked as one position's. A
// share of one listing is found as it always was, with no look at another.
import { Product } from '../instrument.ts';
import { CONTRACT_STRIDE, Contract } from '../margin/contract-row.ts';
import { Client, ClientFlag } from './client-table.ts';
import { EarlyPayIn } from './early-pay-in-table.ts';
import { Holding } from './holding-table.ts';
import { Position } from './position-table.ts';
import type { SlotState } from './slot-state.ts';

/** Row of the same share's other listing in the table in force; -1 = none, or no table names the instrument. */
export const otherListing = (state: SlotState, instrument: number): number => tiedRow(state, instrument, Contract.twin);

/** Row of the listing an instrument is margined as: itself, but for the second listing of a share; -1 for none. */
export function leadOf(state: SlotState, instrument: number): number {
  const { rules } = state;
  if (rules === undefined || instrument < 0 || !rules.isShare(instrument)) return instrument;
  return rules.leadOf(instrument);
}

/** Row of the listing that units of a T+0 share are held under; -1 for what is none. */
export const homeOf = (state: SlotState, instrument: number): number => tiedRow(state, instrument, Contract.home);

/** Row of a share in the T+0 session; -1 for one it does not list. */
export const sessionOf = (state: SlotState, instrument: number): number => tiedRow(state, instrument, Contract.session);

/** Row that a share's cell names. */
function tiedRow({ rules }: SlotState, instrument: number, cell: number): number {
  if (rules === undefined || instrument < 0 || !rules.isShare(instrument)) return -1;
  return (rules.contracts[instrument * CONTRACT_STRIDE + cell] as number) - 1;
}

/** Row of a client's delivery position in a listing; 0 = none. */
export function deliveryRow({ positions, rules }: SlotState, client: number, instrument: number): number {
  if (rules === undefined) return 0;
  const { segment, token } = rules.table;
  return positions.find(client, segment[instrument] as number, token[instrument] as number, Product.CNC);
}

/** Bought less sold today and on sale for delivery in a listing, units. */
export function deliveringNet(state: SlotState, client: number, instrument: number): number {
  const row = deliveryRow(state, client, instrument);
  return row === 0 ? 0 : state.positions.f64(row, Position.net) - state.positions.f64(row, Position.sellLeaves);
}

/**
 * Units that can be sold in the T+0 session out of what is held under `home`: free this afternoon, less what T+1 has a claim on. What was bought at
 * T+1 comes too late for it, though it be paid for early.
 */
export function deliverableSameDay(state: SlotState, client: number, home: number): number {
  const other = otherListing(state, home);
  return unclaimedUnder(state, client, home) + (other < 0 ? 0 : unclaimedUnder(state, client, other));
}

/** Free under a listing, less what is sold or on sale there, or is with the clearing corporation already, at T+1; below 0 where more is on sale than free. */
function unclaimedUnder(state: SlotState, client: number, instrument: number): number {
  const { holdings, rules, clients, earlyPayIns } = state;
  if (rules === undefined) return 0;
  const segment = rules.table.segment[instrument] as number;
  const token = rules.table.token[instrument] as number;
  const row = holdings.find(client, segment, token);
  const free = row === 0 ? 0 : holdings.f64(row, Holding.free);
  const sold = -Math.min(0, deliveringNet(state, client, instrument));
  if ((clients.u32(client, Client.flags) & ClientFlag.EARLY_PAY_IN) === 0) return free - sold;
  const early = earlyPayIns.find(client, segment, token);
  return free - Math.max(sold, early === 0 ? 0 : Math.min(free, earlyPayIns.f64(early, EarlyPayIn.delivered)));
}

/**
 * Units of a share that are free to deliver, under whichever of its listings they are held: what the clearing corporation has already among them, and
 * what was bought and is paid for (early-pay-in.ts).
 */
export function freeUnits(state: SlotState, client: number, instrument: number): number {
  const other = otherListing(state, instrument);
  return freeUnder(state, client, instrument) + (other < 0 ? 0 : freeUnder(state, client, other));
}

function freeUnder(state: SlotState, client: number, instrument: number): number {
  const { holdings, rules, clients } = state;
  if (rules === undefined) return 0;
  const [segment, token] = [rules.table.segment[instrument] as number, rules.table.token[instrument] as number];
  const row = holdings.find(client, segment, token);
  const free = row === 0 ? 0 : holdings.f64(row, Holding.free);
  if ((clients.u32(client, Client.flags) & ClientFlag.EARLY_PAY_IN) === 0) return free;
  const early = state.earlyPayIns.find(client, segment, token);
  if (early === 0) return free;
  return Math.max(free, state.earlyPayIns.f64(early, EarlyPayIn.delivered)) + state.earlyPayIns.f64(early, EarlyPayIn.covered);
}

/** The same apart: what is known to be free, and what the clearing corporation has beyond that; without what was bought. For reports. */
export function heldUnits(state: SlotState, client: number, instrument: number): { readonly free: number; readonly earlyPaidIn: number } {
  const { holdings, rules, earlyPayIns } = state;
  const held = { free: 0, earlyPaidIn: 0 };
  for (const listing of [instrument, otherListing(state, instrument)]) {
    if (rules === undefined || listing < 0) continue;
    const [segment, token] = [rules.table.segment[listing] as number, rules.table.token[listing] as number];
    const [row, early] = [holdings.find(client, segment, token), earlyPayIns.find(client, segment, token)];
    const free = row === 0 ? 0 : holdings.f64(row, Holding.free);
    held.free += free;
    held.earlyPaidIn += early === 0 ? 0 : Math.max(0, earlyPayIns.f64(early, EarlyPayIn.delivered) - free);
  }
  return held;
}

/**
 * Units that the same share's other listing leaves to be delivered: held and on their way there, and bought less sold and on sale for delivery today; below 0
 * where more is on sale there than held. 0 without one.
 */
export function deliverableElsewhere(state: SlotState, client: number, instrument: number): number {
  const other = otherListing(state, instrument);
  const { holdings, positions, rules } = state;
  if (other < 0 || rules === undefined) return 0;
  const [segment, token] = [rules.table.segment[other] as number, rules.table.token[other] as number];
  const held = holdings.find(client, segment, token);
  const row = positions.find(client, segment, token, Product.CNC);
  const units = held === 0 ? 0 : holdings.f64(held, Holding.free) + holdings.f64(held, Holding.t1);
  return units + (row === 0 ? 0 : positions.f64(row, Position.net) - positions.f64(row, Position.sellLeaves));
}

/** Tells the margin book what of a share is free now, after a holding of one of its listings has changed. */
export function tellHolding(state: SlotState, client: number, segment: number, token: number): void {
  const instrument = state.rules?.find(segment, token) ?? -1;
  if (instrument >= 0) state.derived.book?.setHolding(client, instrument, freeUnits(state, client, instrument));
}
