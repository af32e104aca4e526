// Figures of margin trading funding: what a share's purchase draws on the house, and what a client draws in all. Bought is funded value x (1 - rate),
// rate being what the margin book asks of the share under MTF, so that margin and loan together are the price. Nothing here is asked for an order of
// another product.
import { Product, Side } from '../instrument.ts';
import { CONTRACT_STRIDE, Contract } from '../margin/contract-row.ts';
import { TICK_UNITS_PER_PAISA } from '../units.ts';
import { shareOfCost } from './average-cost.ts';
import { Funding } from './funding-table.ts';
import { META_ROW, Meta } from './meta-table.ts';
import { Order } from './order-table.ts';
import { Position } from './position-table.ts';
import type { SlotState } from './slot-state.ts';
import { heldValue } from './working-terms.ts';

const WHOLE = 10_000;
const PAISE_PER_RUPEE = 100;

/** Does the house offer funding at all? */
export const isFundingOffered = ({ meta }: SlotState): boolean => meta.u32(META_ROW, Meta.fundingLimit) > 0;

/** Paise one client may have funded at most by the house's policy. */
export const houseFundingLimit = ({ meta }: SlotState): number => meta.u32(META_ROW, Meta.fundingLimit) * PAISE_PER_RUPEE;

/** Paise the client is sanctioned; 0 = it is not enabled for funding. */
export function sanctionOf({ fundings }: SlotState, client: number): number {
  const row = fundings.find(client, 0, 0);
  return row === 0 ? 0 : fundings.f64(row, Funding.limit);
}

/** Row of the slot's own figures, those of no client: see slices.ts; 0 = none yet. */
export const houseRow = ({ fundings }: SlotState): number => fundings.find(0, 0, 0);

/** Paise lent to the client on the lots it had at the last close. */
export function lentTo({ fundings }: SlotState, client: number): number {
  const row = fundings.find(client, 0, 0);
  return row === 0 ? 0 : fundings.f64(row, Funding.funded);
}

/**
 * Paise of its own that the client has in funded lots: what they cost less what is lent on them. Part of the cell `adhoc`, as early pay-in is: it
 * left the cash when the lots were paid, and counts until they are sold.
 */
export const ownInLots = (state: SlotState, client: number): number => ownInLotsLess(state, client, 0, 0);

/** The same with lots gone that cost so many tick-units and had so many paise lent on them. */
export function ownInLotsLess({ fundings }: SlotState, client: number, cost: number, funded: number): number {
  const row = fundings.find(client, 0, 0);
  return row === 0 ? 0 : Math.floor((fundings.f64(row, Funding.cost) - cost) / TICK_UNITS_PER_PAISA) - (fundings.f64(row, Funding.funded) - funded);
}

/** May the share be bought with funding? The table in force lists those that may. */
export function isFundable({ rules }: SlotState, instrument: number): boolean {
  return rules !== undefined && instrument >= 0 && rules.isShare(instrument) && fundedCell(rules.contracts, instrument) > 0;
}

/** Rate in 1/10,000 at which the margin book asks for the share under MTF; the whole of what no table names, so that nothing is lent on it. */
export function fundedRateOf({ rules, cashRateFloor }: SlotState, instrument: number): number {
  if (rules === undefined || instrument < 0 || !rules.isShare(instrument)) return WHOLE;
  const lead = rules.leadOf(instrument);
  const own = rules.contracts[lead * CONTRACT_STRIDE + Contract.cashRate] as number;
  return Math.min(WHOLE, Math.max(own, cashRateFloor, rules.dated.fundedRate, fundedCell(rules.contracts, lead)));
}

const fundedCell = (contracts: Float64Array, instrument: number): number => contracts[instrument * CONTRACT_STRIDE + Contract.fundedRate] as number;

/** Paise the house lends on a purchase of `value` paise at a rate in 1/10,000: floor(value x (1 - rate)), exact at any size. */
export function lentOn(value: number, rate: number): number {
  const rest = value % WHOLE;
  return ((value - rest) / WHOLE) * (WHOLE - rate) + Math.floor((rest * (WHOLE - rate)) / WHOLE);
}

/** Row of a position's share; 0 = none yet. */
const rowOfPosition = ({ positions, fundings }: SlotState, position: number): number =>
  fundings.find(positions.u32(position, Position.client), positions.u8(position, Position.segment), positions.u32(position, Position.token));

/** Units of a position that are funded lots from before today; 0 of every other product. They are paid for: the clearing corporation asks nothing for them. */
export function fundedUnits(state: SlotState, position: number): number {
  if (state.positions.u8(position, Position.product) !== Product.MTF) return 0;
  const row = rowOfPosition(state, position);
  return row === 0 ? 0 : state.fundings.f64(row, Funding.units);
}

/** Of a funded position, units and tick-units it has bought since the last close and not sold again, at the average price of what was bought. */
export function boughtSince(state: SlotState, position: number): { readonly units: number; readonly value: number } {
  const { positions, fundings } = state;
  const row = rowOfPosition(state, position);
  const units = Math.max(0, positions.f64(position, Position.net) - (row === 0 ? 0 : fundings.f64(row, Funding.units)));
  const bought = row === 0 ? 0 : fundings.f64(row, Funding.boughtUnits);
  if (units === 0) return { units, value: 0 };
  const value = units > bought ? -1 : fundings.f64(row, Funding.boughtValue);
  // What a bust of an earlier day's purchase leaves, or a position that no trade made, is taken at its mark.
  if (value < 0) return { units, value: units * positions.f64(position, Position.mark) };
  return { units, value: shareOfCost(value, units, bought) };
}

/** Paise a client draws on the house: lent, to be lent on what it bought since the last close, and on its working purchases but for the order `except`. */
export function drawnBy(state: SlotState, client: number, except = 0): number {
  const { positions, orders, derived } = state;
  let drawn = lentTo(state, client);
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row)) {
    if (positions.u8(row, Position.product) !== Product.MTF) continue;
    drawn += lentOn(Math.ceil(boughtSince(state, row).value / TICK_UNITS_PER_PAISA), fundedRateOf(state, derived.instrumentOf(row)));
  }
  for (let order = derived.openOrders.head(client); order !== 0; order = derived.openOrders.next(order)) {
    if (order === except || orders.u8(order, Order.product) !== Product.MTF || orders.u8(order, Order.side) !== Side.BUY) continue;
    drawn += lentOn(heldValue(state, order), fundedRateOf(state, derived.instrumentOf(orders.u32(order, Order.position))));
  }
  return drawn;
}

/** Notes a trade in a funded position: purchases since the last close are what the day's lot is made of. `sign` is -1 when a trade is taken back. */
export function noteFundedTrade(state: SlotState, position: number, signedUnits: number, price: number, sign: number): void {
  if (signedUnits * sign <= 0) return;
  const { positions } = state;
  const share: FundedShare = [
    positions.u32(position, Position.client),
    positions.u8(position, Position.segment),
    positions.u32(position, Position.token),
  ];
  noteFundedPurchase(state, share, signedUnits, signedUnits * price);
}

/** Client, exchange segment and token of a funded share. */
export type FundedShare = readonly [client: number, segment: number, token: number];

/** Notes units and tick-units that a share's purchases since the last close grow by; below zero: fall. */
export function noteFundedPurchase({ fundings }: SlotState, [client, segment, token]: FundedShare, units: number, value: number): void {
  const row = shareRow(fundings, client, segment, token);
  fundings.addF64(row, Funding.boughtUnits, units);
  fundings.addF64(row, Funding.boughtValue, value);
}

/** Row of a client's share, made when it is not there; segment and token 0: the client's own. */
export function shareRow(fundings: SlotState['fundings'], client: number, segment: number, token: number): number {
  return fundings.find(client, segment, token) || fundings.add(client, segment, token);
}
