// The funded book of a slot (MTF): lots by client, share and day of purchase. A close makes a lot of what was bought net of what was sold, or takes
// what was sold net out of the lots, what is not pledged before what is, first in first out; cost and loan leave a lot in proportion to its units,
// the last unit taking the rest. Invariants per client and share: units of the lots = net of its MTF position, cost of the lots = cost of it; per
// client: loan = sum over its lots.
import { Product } from '../instrument.ts';
import { shareOfCost } from '../state/average-cost.ts';
import { Client } from '../state/client-table.ts';
import { FundedLot } from '../state/funded-lot-table.ts';
import { boughtSince, type FundedShare, fundedRateOf, lentOn, noteFundedPurchase, ownInLots, shareRow } from '../state/funding.ts';
import { Funding } from '../state/funding-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { roundTickUnits } from '../units.ts';
import { carryCost, moveUnits, restatePosition } from './booking.ts';
import { openPosition } from './open-position.ts';

/** What funded shares came to at a close. */
export interface FundedCarry {
  /** Tick-units received for what was sold since the last close, less what was paid. */
  readonly received: number;
  /** Paise lent (above zero) or repaid (below). */
  readonly lent: number;
  /** Units that change hands with the depository. */
  readonly units: number;
}

/** Units sold beyond what was funded are owed as a delivery sale. */
export function oweOversold(state: SlotState, position: number): void {
  const { positions } = state;
  const [client, segment, token] = shareOf(state, position);
  const short = Math.min(0, positions.f64(position, Position.net));
  if (short < 0) moveUnits(state, position, openPosition(state, client, segment, token, Product.CNC), short, positions.f64(position, Position.cost));
}

/** Units bought since the last close, with the tick-units paid for them, become delivery's. */
export function deliverPurchase(state: SlotState, position: number, units: number, value: number): void {
  const share = shareOf(state, position);
  const [client, segment, token] = share;
  moveUnits(state, position, openPosition(state, client, segment, token, Product.CNC), units, value);
  noteFundedPurchase(state, share, -units, -value);
}

/** Closes the day of one MTF position, which is not short any more: lots follow its net. */
export function carryFunded(state: SlotState, position: number): FundedCarry {
  const { positions, fundings } = state;
  const share = shareOf(state, position);
  const [client, segment, token] = share;
  const row = shareRow(fundings, client, segment, token);
  const [lentBefore, costBefore] = [fundings.f64(row, Funding.funded), fundings.f64(row, Funding.cost)];
  const moved = positions.f64(position, Position.net) - fundings.f64(row, Funding.units);
  if (moved > 0) addLot(state, position, share);
  else takeParts(state, share, lotParts(state, share, -moved, 0));
  fundings.setF64(row, Funding.boughtUnits, 0);
  fundings.setF64(row, Funding.boughtValue, 0);
  const cost = fundings.f64(row, Funding.cost);
  const received = carryCost(state, position, cost) - (cost - costBefore);
  return { received, lent: fundings.f64(row, Funding.funded) - lentBefore, units: Math.abs(moved) };
}

const shareOf = ({ positions }: SlotState, position: number): FundedShare => [
  positions.u32(position, Position.client),
  positions.u8(position, Position.segment),
  positions.u32(position, Position.token),
];

/** What the day bought becomes a lot; the house lends what the margin of the day leaves of its price. */
function addLot(state: SlotState, position: number, share: FundedShare): void {
  const { units, value } = boughtSince(state, position);
  const rate = fundedRateOf(state, state.derived.instrumentOf(position));
  const boughtOn = state.meta.u32(META_ROW, Meta.businessDate);
  putLot(state, share, { boughtOn, units, pledged: 0, cost: value, funded: lentOn(roundTickUnits(value), rate) });
}

/** A lot as it is to be. */
export interface LotFigures {
  readonly boughtOn: number;
  readonly units: number;
  readonly pledged: number;
  readonly cost: number;
  readonly funded: number;
}

/** Adds a lot, or adds to the one of that day, and to the sums it is in. */
export function putLot(state: SlotState, share: FundedShare, figures: LotFigures): void {
  const { fundedLots } = state;
  const [client, segment, token] = share;
  let lot = findLot(state, share, figures.boughtOn);
  if (lot === 0) {
    lot = fundedLots.allocate();
    fundedLots.setU32(lot, FundedLot.client, client);
    fundedLots.setU32(lot, FundedLot.token, token);
    fundedLots.setU8(lot, FundedLot.segment, segment);
    fundedLots.setU32(lot, FundedLot.boughtOn, figures.boughtOn);
  }
  fundedLots.addF64(lot, FundedLot.units, figures.units);
  fundedLots.addF64(lot, FundedLot.pledged, figures.pledged);
  fundedLots.addF64(lot, FundedLot.cost, figures.cost);
  fundedLots.addF64(lot, FundedLot.funded, figures.funded);
  addSums(state, share, figures.units, figures.cost, figures.funded);
}

/** Row of a client's lot of a day; 0 = none. */
export function findLot({ fundedLots }: SlotState, [client, segment, token]: FundedShare, boughtOn: number): number {
  for (let lot = 1; lot < fundedLots.rows; lot++) {
    if (!fundedLots.isLive(lot) || fundedLots.u32(lot, FundedLot.client) !== client || fundedLots.u32(lot, FundedLot.token) !== token) continue;
    if (fundedLots.u8(lot, FundedLot.segment) === segment && fundedLots.u32(lot, FundedLot.boughtOn) === boughtOn) return lot;
  }
  return 0;
}

/** Rows of a client's lots of a share, the oldest first. */
export function lotsOf({ fundedLots }: SlotState, [client, segment, token]: FundedShare): number[] {
  const lots: number[] = [];
  for (let lot = 1; lot < fundedLots.rows; lot++) {
    if (!fundedLots.isLive(lot) || fundedLots.u32(lot, FundedLot.client) !== client) continue;
    if (fundedLots.u8(lot, FundedLot.segment) === segment && fundedLots.u32(lot, FundedLot.token) === token) lots.push(lot);
  }
  return lots.sort((a, b) => fundedLots.u32(a, FundedLot.boughtOn) - fundedLots.u32(b, FundedLot.boughtOn));
}

/** Units of one lot, tick-units they cost and paise lent on them. */
export interface LotPart {
  readonly lot: number;
  readonly units: number;
  readonly cost: number;
  readonly funded: number;
}

/**
 * What units of a share are made of, after the first `spared`, with their part of cost and loan: what is not pledged, first in first out, because
 * nothing has to be released for it; then what is.
 */
export function lotParts(state: SlotState, share: FundedShare, wanted: number, spared: number): LotPart[] {
  if (wanted === 0) return [];
  const { fundedLots } = state;
  const lots = lotsOf(state, share);
  const taken = new Map<number, number>();
  let [left, passed] = [wanted, spared];
  for (const isPledged of [false, true]) {
    for (const lot of lots) {
      const pledged = fundedLots.f64(lot, FundedLot.pledged);
      const there = isPledged ? pledged : fundedLots.f64(lot, FundedLot.units) - pledged;
      const units = Math.min(left, Math.max(0, there - passed));
      passed = Math.max(0, passed - there);
      left -= units;
      if (units > 0) taken.set(lot, (taken.get(lot) ?? 0) + units);
    }
  }
  return lots.flatMap((lot) => {
    const units = taken.get(lot) ?? 0;
    return units === 0 ? [] : [lotPart(state, lot, units)];
  });
}

/** Some units of one lot with their part of cost and loan. */
export function lotPart({ fundedLots }: SlotState, lot: number, units: number): LotPart {
  const whole = fundedLots.f64(lot, FundedLot.units);
  const part = (field: number): number => partOf(fundedLots.f64(lot, field), units, whole);
  return { lot, units, cost: part(FundedLot.cost), funded: part(FundedLot.funded) };
}

/** Takes parts out of lots and out of their position, at their cost; the loan is repaid out of the client's cash. What becomes of the units is the caller's. */
export function repayParts(state: SlotState, share: FundedShare, position: number, parts: readonly LotPart[]): void {
  const { positions, clients } = state;
  const sum = (of: (part: LotPart) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const [net, mark, paid] = [Position.net, Position.mark, Position.cost].map((field) => positions.f64(position, field)) as [number, number, number];
  restatePosition(state, position, net - sum(({ units }) => units), mark, paid - sum(({ cost }) => cost));
  takeParts(state, share, parts);
  clients.addF64(share[0], Client.cash, -sum(({ funded }) => funded));
}

/** Takes parts out of a share's lots, of each what is not pledged first. */
export function takeParts(state: SlotState, share: FundedShare, parts: readonly LotPart[]): void {
  const { fundedLots } = state;
  for (const { lot, units, cost, funded } of parts) {
    const left = fundedLots.f64(lot, FundedLot.units) - units;
    fundedLots.setF64(lot, FundedLot.units, left);
    fundedLots.addF64(lot, FundedLot.cost, -cost);
    fundedLots.addF64(lot, FundedLot.funded, -funded);
    fundedLots.setF64(lot, FundedLot.pledged, Math.min(fundedLots.f64(lot, FundedLot.pledged), left));
    addSums(state, share, -units, -cost, -funded);
    if (left === 0) fundedLots.free(lot);
  }
}

/** Part of an amount that some of its units carry, half away from zero. */
const partOf = (amount: number, part: number, whole: number): number => Math.sign(amount) * shareOfCost(Math.abs(amount), part, whole);

/** Adds to what a share's lots, and a client's, come to; what of it is the client's own money counts among its funds. */
export function addSums(state: SlotState, [client, segment, token]: FundedShare, units: number, cost: number, funded: number): void {
  const { fundings } = state;
  const row = shareRow(fundings, client, segment, token);
  fundings.addF64(row, Funding.units, units);
  fundings.addF64(row, Funding.cost, cost);
  fundings.addF64(row, Funding.funded, funded);
  const own = shareRow(fundings, client, 0, 0);
  const before = ownInLots(state, client);
  fundings.addF64(own, Funding.cost, cost);
  fundings.addF64(own, Funding.funded, funded);
  state.clients.addF64(client, Client.adhoc, ownInLots(state, client) - before);
}
