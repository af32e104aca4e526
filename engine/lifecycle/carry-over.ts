// What a day leaves to the next, booked once at its close: futures are settled at their mark and carried at it, option premium and share trades
// become cash, shares bought are on their way, shares sold leave the holding. Nothing is made and nothing is lost: per client, cash + gains − premium
// − what is owed for shares is the same before and after, but for one rounding to the paisa per future and one for a client's shares, as the night's
// ledger rounds. Funded shares (MTF) are carried as positions at the cost of their lots: paid like others, but for the part the house lends; the
// client's own part leaves its cash and counts among its funds until they are sold. What the day bought of a share that the client has to deliver,
// and does not have, is no lot: the clearing corporation nets both, nothing is paid out that could be pledged, and the purchase is delivery's. A sale
// that free units do not cover stays a short position that has been paid for (cost 0) and stays margined, until the units come or are bought in.
import { BreakKind } from '../break-kind.ts';
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { Product, Side } from '../instrument.ts';
import { shareOfCost } from '../state/average-cost.ts';
import { Client } from '../state/client-table.ts';
import { deliveredEarly, lapseEarlyPayIns } from '../state/early-pay-in.ts';
import { boughtSince } from '../state/funding.ts';
import { Holding } from '../state/holding-table.ts';
import { homeOf, leadOf, otherListing, tellHolding } from '../state/netted-shares.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { roundTickUnits } from '../units.ts';
import { rollPosition, settleShares } from './booking.ts';
import { type Emission, requirementOf } from './emission.ts';
import { carryFunded, deliverPurchase, oweOversold } from './funded-lots.ts';
import { BreakSubject, openBreak } from './open-break.ts';

/** What the close came to, by client row. */
interface Carried {
  /** Paise of futures, each rounded by itself, and what was lent on funded shares less what was repaid. */
  readonly gains: Float64Array;
  /** Tick-units of shares, rounded once. */
  readonly shares: Float64Array;
  /** Units that changed hands with the depository: bought or delivered. */
  readonly units: Float64Array;
}

/** Closes the books of the day; one DayCarried per client whose cash or units moved: paise to cash (value), units of shares (count). */
export function carryOver(out: Emission): void {
  const { state } = out;
  const { clients, positions } = state;
  const carried = { gains: new Float64Array(clients.rows), shares: new Float64Array(clients.rows), units: new Float64Array(clients.rows) };
  const before = new Float64Array(clients.rows);
  for (let client = 1; client < clients.rows; client++) before[client] = requirementOf(state, client);
  const funded = Array.from({ length: positions.rows }, (_, row) => row).filter((row) => row > 0 && isFunded(state, row));
  for (const row of funded) oweOversold(state, row);
  for (const row of funded) netWithSale(state, row);
  for (const row of funded) carryLots(state, row, carried);
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row)) continue;
    const client = positions.u32(row, Position.client);
    if (!isCashSegment(positions.u8(row, Position.segment))) add(carried.gains, client, roundTickUnits(rollPosition(state, row)));
    else if (isLeader(state, row)) deliver(out, row, carried);
  }
  lapseEarlyPayIns(state);
  for (let client = 1; client < clients.rows; client++) tell(out, client, carried, before[client] ?? 0);
}

/** Is it a position in funded shares? It is carried as it is, and is no part of what settles as one net. */
const isFunded = ({ positions }: SlotState, row: number): boolean => positions.isLive(row) && positions.u8(row, Position.product) === Product.MTF;

/**
 * Funded shares stay a position at the cost of their lots: they are paid for out of the client's cash and the house's loan, and what was sold of them
 * repays it.
 */
function carryLots(state: SlotState, row: number, { gains, shares, units }: Carried): void {
  const client = state.positions.u32(row, Position.client);
  const { received, lent, units: moved } = carryFunded(state, row);
  add(shares, client, received);
  add(gains, client, lent);
  add(units, client, moved);
}

/**
 * Moves what the day bought with funding to delivery, as far as the client has to deliver the share and has no units for it; of two listings out of
 * the leading one first.
 */
function netWithSale(state: SlotState, row: number): void {
  const { positions } = state;
  const [client, listings] = [positions.u32(row, Position.client), listingsOf(state, row)];
  for (const [segment, token] of listings) {
    const funded = positions.find(client, segment, token, Product.MTF);
    const { units, value } = funded === 0 ? NOTHING_BOUGHT : boughtSince(state, funded);
    const netted = units === 0 ? 0 : Math.min(units, uncoveredSale(state, client, listings));
    if (netted > 0) deliverPurchase(state, funded, netted, shareOfCost(value, netted, units));
  }
}

const NOTHING_BOUGHT = { units: 0, value: 0 } as const;

/** Units sold for delivery beyond what was bought for it, is free, or is with the clearing corporation already. */
function uncoveredSale(state: SlotState, client: number, listings: readonly Listing[]): number {
  const { positions, holdings } = state;
  let left = 0;
  for (const [segment, token] of listings) {
    for (const product of DELIVERED) left -= netOf(positions, positions.find(client, segment, token, product));
    const held = holdings.find(client, segment, token);
    left -= Math.max(held === 0 ? 0 : holdings.f64(held, Holding.free), deliveredEarly(state, client, segment, token));
  }
  return Math.max(0, left);
}

const netOf = (positions: SlotState['positions'], row: number): number => (row === 0 ? 0 : positions.f64(row, Position.net));

/** What fills after the close, or before any day, realised or paid becomes cash before a new day's sums begin. */
export function carryLate(state: SlotState): void {
  const { clients } = state;
  for (let client = 1; client < clients.rows; client++) {
    clients.addF64(client, Client.cash, roundTickUnits(clients.f64(client, Client.realised)) - roundTickUnits(clients.f64(client, Client.premium)));
  }
}

function tell(out: Emission, client: number, { gains, shares, units }: Carried, before: number): void {
  const { clients } = out.state;
  const premium = roundTickUnits(clients.f64(client, Client.premium));
  const paise = (gains[client] ?? 0) + roundTickUnits(shares[client] ?? 0) - premium;
  clients.addF64(client, Client.cash, paise);
  clients.setF64(client, Client.premium, 0);
  if (paise === 0 && units[client] === 0) return;
  const event = out.margin(out.account(out.begin(EventKind.DayCarried), client), client);
  event
    .f64(EventField.requirementBefore, before)
    .f64(EventField.value, paise)
    .f64(EventField.count, units[client] ?? 0);
}

function add(sums: Float64Array, client: number, amount: number): void {
  sums[client] = (sums[client] ?? 0) + amount;
}

/** Products whose shares settle as one net, the one that leads first. */
const DELIVERED: readonly number[] = [Product.CNC, Product.MIS, Product.CO, Product.BO];

/** A listing of a share: exchange segment and token. */
type Listing = readonly [segment: number, token: number];

/** The listings a position's share settles under: its own, or both of one that nets across the exchanges, the one it is margined as first. */
function listingsOf(state: SlotState, row: number): Listing[] {
  const { positions, derived, rules } = state;
  const instrument = derived.instrumentOf(row);
  const other = otherListing(state, instrument);
  if (rules === undefined || other < 0) return [[positions.u8(row, Position.segment), positions.u32(row, Position.token)]];
  const lead = leadOf(state, instrument);
  const { segment, token } = rules.table;
  return [lead, lead === instrument ? other : instrument].map((each) => [segment[each] as number, token[each] as number]);
}

/** Listings the units of a position lie under: those it settles under, but for T+0, which delivers and credits what is held under the share's own. */
function heldUnder(state: SlotState, row: number, listings: Listing[]): Listing[] {
  const { rules } = state;
  const home = homeOf(state, state.derived.instrumentOf(row));
  if (rules === undefined || home < 0) return listings;
  const other = otherListing(state, home);
  const { segment, token } = rules.table;
  return (other < 0 ? [home] : [home, other]).map((each) => [segment[each] as number, token[each] as number]);
}

/** Rows of the same shares under every listing and product, the leading one first. */
function rowsOf(state: SlotState, row: number): number[] {
  const { positions } = state;
  const client = positions.u32(row, Position.client);
  return listingsOf(state, row)
    .flatMap(([segment, token]) => DELIVERED.map((product) => positions.find(client, segment, token, product)))
    .filter((found) => found !== 0);
}

/** Delivery and intraday rows of one share settle as one net: the row that leads is the delivery one, else the intraday one, else the only one. */
function isLeader(state: SlotState, row: number): boolean {
  return rowsOf(state, row)[0] === row;
}

/** Settles a client's shares, all listings together: bought units are on their way, sold ones leave the free holdings as far as they go. */
function deliver(out: Emission, row: number, { shares, units }: Carried): void {
  const { state } = out;
  const { positions } = state;
  const client = positions.u32(row, Position.client);
  const listings = listingsOf(state, row);
  const others = rowsOf(state, row).slice(1);
  const net = others.reduce((sum, each) => sum + positions.f64(each, Position.net), positions.f64(row, Position.net));
  const held = heldUnder(state, row, listings);
  const early = net < 0 ? earlyBeyond(state, client, listings) : 0;
  const delivered = net < 0 ? Math.min(-net, takeFree(state, client, held, -net) + early) : 0;
  const left = net < 0 ? net + delivered : 0;
  for (const each of others) add(shares, client, settleShares(state, each, 0));
  add(shares, client, settleShares(state, row, left));
  add(units, client, Math.max(net, delivered));
  if (left < 0) openShort(out, row, held);
  const isSameDay = held !== listings;
  const segment = positions.u8(row, Position.segment);
  const token = isSameDay ? (held[0]?.[1] ?? 0) : positions.u32(row, Position.token);
  if (net > 0) state.holdings.addF64(heldAt(state, client, segment, token), Holding.t1, net);
  if (net > 0 || delivered > 0) tellHolding(state, client, segment, token);
}

/** Takes up to `wanted` units out of what is free, listing by listing; how many. */
function takeFree({ holdings }: SlotState, client: number, listings: readonly Listing[], wanted: number): number {
  let taken = 0;
  for (const [segment, token] of listings) {
    const held = holdings.find(client, segment, token);
    const from = held === 0 ? 0 : Math.min(wanted - taken, holdings.f64(held, Holding.free));
    if (from > 0) holdings.addF64(held, Holding.free, -from);
    taken += from;
  }
  return taken;
}

/** Units the clearing corporation has already, beyond those that are known to be free. */
function earlyBeyond(state: SlotState, client: number, listings: readonly Listing[]): number {
  const { holdings } = state;
  return listings.reduce((sum, [segment, token]) => {
    const held = holdings.find(client, segment, token);
    return sum + Math.max(0, deliveredEarly(state, client, segment, token) - (held === 0 ? 0 : holdings.f64(held, Holding.free)));
  }, 0);
}

const heldAt = ({ holdings }: SlotState, client: number, segment: number, token: number): number =>
  holdings.find(client, segment, token) || holdings.add(client, segment, token);

/** Units short beyond what is on its way are for the auction: a break says so at each close. */
function openShort(out: Emission, row: number, listings: readonly Listing[]): void {
  const { positions, holdings } = out.state;
  const client = positions.u32(row, Position.client);
  const coming = listings.reduce((sum, [segment, token]) => {
    const held = holdings.find(client, segment, token);
    return sum + (held === 0 ? 0 : holdings.f64(held, Holding.t1));
  }, 0);
  const missing = -positions.f64(row, Position.net) - coming;
  if (missing <= 0) return;
  const subject = new BreakSubject();
  subject.client = client;
  subject.segment = positions.u8(row, Position.segment);
  subject.token = positions.u32(row, Position.token);
  subject.side = Side.SELL;
  subject.quantity = missing;
  subject.price = positions.f64(row, Position.mark);
  openBreak(out, BreakKind.shortDelivery, subject);
}
