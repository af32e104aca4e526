// Books units at a price into a position and the client's running sums. Facts always book: no limit is looked at here.
// Invariant per client: realised + unrealised of futures and cash = sum over positions of (net x mark - all that was paid for them).
import { isOption, Product } from '../instrument.ts';
import { shareOfCost } from '../state/average-cost.ts';
import { Client } from '../state/client-table.ts';
import { countClosedGain } from '../state/closed-gain.ts';
import { hasEarlyPayIn, restateEarlyPayIn } from '../state/early-pay-in.ts';
import { noteFundedTrade } from '../state/funding.ts';
import { KIND_CARRIED, KIND_UNKNOWN, Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { valueOfUp } from '../units.ts';

/** A trade: signed units at a price in ticks. `turnoverSign` is -1 when a trade is taken back. */
export function bookTrade(state: SlotState, position: number, signedUnits: number, price: number, turnoverSign: number): void {
  const { positions, clients } = state;
  const client = positions.u32(position, Position.client);
  const before = positions.f64(position, Position.net);
  takeSums(state, position, client, -1);
  if (positions.f64(position, Position.mark) === 0) positions.setF64(position, Position.mark, price);
  moveCost(state, position, signedUnits, price);
  takeSums(state, position, client, 1);
  if (isOption(positions.u8(position, Position.kind))) clients.addF64(client, Client.premium, signedUnits * price);
  if (positions.u8(position, Position.product) === Product.MTF) noteFundedTrade(state, position, signedUnits, price, turnoverSign);
  clients.addF64(client, Client.turnover, turnoverSign * valueOfUp(price, Math.abs(signedUnits)));
  tellMargin(state, position, client, before);
}

/** Sets a position outright, as imported: cost at the price, nothing realised. */
export function setPosition(state: SlotState, position: number, signedUnits: number, price: number): void {
  const { positions } = state;
  const client = positions.u32(position, Position.client);
  takeSums(state, position, client, -1);
  const before = positions.f64(position, Position.net);
  positions.setF64(position, Position.cost, signedUnits * price);
  positions.setF64(position, Position.realised, 0);
  positions.setF64(position, Position.mark, price);
  positions.setF64(position, Position.net, signedUnits);
  if (isUnnamed(state, position)) positions.setU8(position, Position.kind, signedUnits === 0 ? KIND_UNKNOWN : KIND_CARRIED);
  takeSums(state, position, client, 1);
  tellMargin(state, position, client, before);
}

/** Has no table named the position's instrument yet? */
export function isUnnamed({ positions }: SlotState, position: number): boolean {
  return positions.u8(position, Position.kind) >= KIND_CARRIED;
}

/** Restates an open position: other units at another mark and cost, as a corporate action makes of it. What was realised stays. */
export function restatePosition(state: SlotState, position: number, signedUnits: number, mark: number, cost: number): void {
  const { positions } = state;
  const client = positions.u32(position, Position.client);
  const before = positions.f64(position, Position.net);
  takeSums(state, position, client, -1);
  positions.setF64(position, Position.net, signedUnits);
  positions.setF64(position, Position.mark, mark);
  positions.setF64(position, Position.cost, cost);
  takeSums(state, position, client, 1);
  tellMargin(state, position, client, before);
}

/** Moves units and their cost from one row to another of the same client and instrument, which stands on no other side. */
export function moveUnits(state: SlotState, from: number, to: number, signedUnits: number, cost: number): void {
  const { positions } = state;
  const client = positions.u32(from, Position.client);
  const [fromBefore, toBefore] = [positions.f64(from, Position.net), positions.f64(to, Position.net)];
  takeSums(state, from, client, -1);
  takeSums(state, to, client, -1);
  if (positions.f64(to, Position.mark) === 0) positions.setF64(to, Position.mark, positions.f64(from, Position.mark));
  positions.addF64(from, Position.net, -signedUnits);
  positions.addF64(from, Position.cost, -cost);
  positions.addF64(to, Position.net, signedUnits);
  positions.addF64(to, Position.cost, cost);
  takeSums(state, from, client, 1);
  takeSums(state, to, client, 1);
  tellMargin(state, from, client, fromBefore);
  tellMargin(state, to, client, toBefore);
}

/** Does another product of the position's share stand at a mark of its own? */
export function standsAtOtherMark({ positions }: SlotState, position: number, product: number): boolean {
  const [client, segment, token] = [
    positions.u32(position, Position.client),
    positions.u8(position, Position.segment),
    positions.u32(position, Position.token),
  ];
  const other = positions.find(client, segment, token, product);
  const mark = other === 0 ? 0 : positions.f64(other, Position.mark);
  return mark !== 0 && mark !== positions.f64(position, Position.mark);
}

/** A new mark in ticks. True when the client's unrealised sum changed. */
export function bookMark(state: SlotState, position: number, price: number): boolean {
  const { positions, clients } = state;
  const client = positions.u32(position, Position.client);
  const move = price - positions.f64(position, Position.mark);
  const net = positions.f64(position, Position.net);
  if (move === 0) return false;
  positions.setF64(position, Position.mark, price);
  if (net === 0) return false;
  clients.addF64(client, Client.grossValue, Math.abs(net) * move);
  if (isOption(positions.u8(position, Position.kind))) return false;
  clients.addF64(client, Client.unrealised, net * move);
  return true;
}

/** Takes what a position gained since it was last carried out of it: its cost becomes net × mark. Returns tick-units; options carry none. */
export function rollPosition(state: SlotState, position: number): number {
  const { positions } = state;
  if (isOption(positions.u8(position, Position.kind))) return 0;
  const client = positions.u32(position, Position.client);
  const value = positions.f64(position, Position.net) * positions.f64(position, Position.mark);
  const gain = positions.f64(position, Position.realised) + value - positions.f64(position, Position.cost);
  takeSums(state, position, client, -1);
  positions.setF64(position, Position.cost, value);
  positions.setF64(position, Position.realised, 0);
  takeSums(state, position, client, 1);
  return gain;
}

/** Leaves a share position with `left` units that cost nothing any more; returns what its trades came to, tick-units (above zero: received). */
export function settleShares(state: SlotState, position: number, left: number): number {
  const { positions } = state;
  const client = positions.u32(position, Position.client);
  const before = positions.f64(position, Position.net);
  const received = positions.f64(position, Position.realised) - positions.f64(position, Position.cost);
  takeSums(state, position, client, -1);
  positions.setF64(position, Position.net, left);
  positions.setF64(position, Position.cost, 0);
  positions.setF64(position, Position.realised, 0);
  takeSums(state, position, client, 1);
  tellMargin(state, position, client, before);
  return received;
}

/** Carries funded shares: what they cost becomes the cost of their lots. Returns what the trades since the last close realised, tick-units. */
export function carryCost(state: SlotState, position: number, cost: number): number {
  const { positions } = state;
  const client = positions.u32(position, Position.client);
  const realised = positions.f64(position, Position.realised) - positions.f64(position, Position.cost) + cost;
  takeSums(state, position, client, -1);
  positions.setF64(position, Position.cost, cost);
  positions.setF64(position, Position.realised, 0);
  takeSums(state, position, client, 1);
  return realised;
}

/** Units of a position that came or went before the day's close: its net changes by `units`, what was paid or received for them stays to be settled. */
export function settleUnits(state: SlotState, position: number, units: number): void {
  const { positions } = state;
  const client = positions.u32(position, Position.client);
  const before = positions.f64(position, Position.net);
  takeSums(state, position, client, -1);
  positions.setF64(position, Position.net, before + units);
  takeSums(state, position, client, 1);
  tellMargin(state, position, client, before);
}

/** Takes the position's part out of (-1) or puts it into (+1) the client's sums. */
function takeSums(state: SlotState, position: number, client: number, sign: number): void {
  const { positions, clients } = state;
  const net = positions.f64(position, Position.net);
  const value = net * positions.f64(position, Position.mark);
  clients.addF64(client, Client.grossValue, sign * Math.abs(value));
  if (isOption(positions.u8(position, Position.kind))) return;
  clients.addF64(client, Client.unrealised, sign * (value - positions.f64(position, Position.cost)));
  clients.addF64(client, Client.realised, sign * positions.f64(position, Position.realised));
  countClosedGain(state, position, sign);
}

/** Moves net and cost of the row: closes at average cost first, opens with the rest. */
function moveCost(state: SlotState, position: number, signedUnits: number, price: number): void {
  const { positions } = state;
  const net = positions.f64(position, Position.net);
  const opposite = net !== 0 && net > 0 !== signedUnits > 0;
  const closed = opposite ? Math.min(Math.abs(signedUnits), Math.abs(net)) : 0;
  if (closed > 0) {
    const sign = net > 0 ? 1 : -1;
    const cost = positions.f64(position, Position.cost);
    const share = Math.sign(cost) * shareOfCost(Math.abs(cost), closed, Math.abs(net));
    positions.addF64(position, Position.realised, sign * closed * price - share);
    positions.addF64(position, Position.cost, -share);
  }
  const opened = Math.abs(signedUnits) - closed;
  positions.addF64(position, Position.cost, Math.sign(signedUnits) * opened * price);
  positions.setF64(position, Position.net, net + signedUnits);
}

/** Tells margin what moved, and counts open positions that no table names. */
function tellMargin(state: SlotState, position: number, client: number, before: number): void {
  const { positions, derived } = state;
  const net = positions.f64(position, Position.net);
  const instrument = derived.instrumentOf(position);
  const product = positions.u8(position, Position.product);
  if (net !== before) {
    if (instrument >= 0) derived.book?.addPosition(client, instrument, product, net - before);
    else derived.addOrphan(client, (net === 0 ? 0 : 1) - (before === 0 ? 0 : 1));
  }
  if (product === Product.CNC && hasEarlyPayIn(state, client)) restateEarlyPayIn(state, client);
}

/**
 * Gives a position the kind a new table names; what was traded becomes premium when it turns out to be an option, but not what was imported, and
 * trades on top of it.
 */
export function classify(state: SlotState, position: number, kind: number): void {
  const { positions, clients } = state;
  const client = positions.u32(position, Position.client);
  const isCarried = positions.u8(position, Position.kind) === KIND_CARRIED;
  takeSums(state, position, client, -1);
  positions.setU8(position, Position.kind, kind);
  takeSums(state, position, client, 1);
  if (isOption(kind) && !isCarried)
    clients.addF64(client, Client.premium, positions.f64(position, Position.cost) - positions.f64(position, Position.realised));
}
