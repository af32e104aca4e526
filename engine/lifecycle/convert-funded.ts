// Conversion of shares bought with funding (MTF) to delivery: the client's money takes the place of the house's. As of a sale, what was bought today
// goes first and only changes its product; then lots, in their order: their loan is repaid out of the client's cash at once and their units join its
// free holding. What the day has sold out of the lots already stays theirs until the close takes it.
import { Product } from '../instrument.ts';
import { BEFORE } from '../margin/margin-book.ts';
import { availableFunds } from '../state/available-funds.ts';
import { shareOfCost } from '../state/average-cost.ts';
import { Client } from '../state/client-table.ts';
import { hasEarlyPayIn } from '../state/early-pay-in.ts';
import { boughtSince, type FundedShare, fundedUnits, ownInLots, ownInLotsLess } from '../state/funding.ts';
import { Holding } from '../state/holding-table.ts';
import { weighHouse } from '../state/house-requirement.ts';
import { tellHolding } from '../state/netted-shares.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { TICK_UNITS_PER_PAISA } from '../units.ts';
import { moveUnits, standsAtOtherMark } from './booking.ts';
import { deliverPurchase, type LotPart, lotParts, repayParts } from './funded-lots.ts';
import { openPosition } from './open-position.ts';

/** What units of an MTF position are made of: of today's purchase with its tick-units, and of lots. */
export interface FundedParts {
  readonly share: FundedShare;
  readonly row: number;
  readonly units: number;
  readonly today: number;
  readonly value: number;
  readonly lots: readonly LotPart[];
  /** Sums of the lots' parts: tick-units they cost, paise lent on them. */
  readonly cost: number;
  readonly funded: number;
}

/** The parts of some units of an MTF position; the caller has seen that it has as many. */
export function fundedParts(state: SlotState, share: FundedShare, row: number, units: number): FundedParts {
  const bought = boughtSince(state, row);
  const today = Math.min(units, bought.units);
  const sold = Math.max(0, fundedUnits(state, row) - state.positions.f64(row, Position.net));
  const lots = lotParts(state, share, units - today, sold);
  const sum = (of: (part: LotPart) => number): number => lots.reduce((total, part) => total + of(part), 0);
  return {
    share,
    row,
    units,
    today,
    value: today === 0 ? 0 : shareOfCost(bought.value, today, bought.units),
    lots,
    cost: sum((part) => part.cost),
    funded: sum((part) => part.funded),
  };
}

/**
 * Has the client the money? Its cash, collateral aside, must pay the loan and all that it has bought for delivery today, these units among it; and
 * what it must have afterwards must be covered by what it has then.
 */
export function isPaid(state: SlotState, parts: FundedParts): boolean {
  const { positions, derived, clients } = state;
  const [client] = parts.share;
  let bought = parts.value;
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row))
    if (positions.u8(row, Position.product) === Product.CNC) bought += positions.f64(row, Position.cost);
  if (parts.funded + Math.ceil(Math.max(0, bought) / TICK_UNITS_PER_PAISA) > clients.f64(client, Client.cash)) return false;
  const isMoved = parts.today > 0 && (hasEarlyPayIn(state, client) || standsAtOtherMark(state, parts.row, Product.CNC));
  return isMoved ? isCoveredMoved(state, parts) : isCovered(state, parts);
}

/**
 * Is what the client must have once the units are delivery's covered? Without the holding that lots become, which could only lower it. Leaves
 * everything as it was.
 */
function isCovered(state: SlotState, { share: [client], row, today, ...lots }: FundedParts): boolean {
  const { book } = state.derived;
  if (book === undefined) return false;
  const instrument = state.derived.instrumentOf(row);
  book.addPosition(client, instrument, Product.MTF, -today);
  book.addPosition(client, instrument, Product.CNC, today);
  const covered = isRepaid(state, { client, row, ...lots, units: lots.units - today });
  book.addPosition(client, instrument, Product.CNC, -today);
  book.addPosition(client, instrument, Product.MTF, today);
  return covered;
}

/**
 * The same where today's units, moved, change what the client has: for a client that paid in early, and between marks. They are moved, weighed and
 * moved back.
 */
function isCoveredMoved(state: SlotState, { share: [client, segment, token], row, today, value, ...lots }: FundedParts): boolean {
  const target = openPosition(state, client, segment, token, Product.CNC);
  const mark = state.positions.f64(target, Position.mark);
  moveUnits(state, row, target, today, value);
  const covered = isRepaid(state, { client, row, ...lots, units: lots.units - today });
  moveUnits(state, target, row, today, value);
  state.positions.setF64(target, Position.mark, mark);
  return covered;
}

/** Units of lots with the loan repaid: less cash, none of the client's own in them, their gain or loss no longer open. Leaves everything as it was. */
function isRepaid(state: SlotState, lots: { client: number; row: number; units: number; cost: number; funded: number }): boolean {
  const { clients, positions, derived } = state;
  const { client, row, units, cost, funded } = lots;
  const own = ownInLots(state, client) - ownInLotsLess(state, client, cost, funded);
  const open = units * positions.f64(row, Position.mark) - cost;
  const put = (sign: number): void => {
    derived.book?.addPosition(client, derived.instrumentOf(row), Product.MTF, -sign * units);
    clients.addF64(client, Client.cash, -sign * funded);
    clients.addF64(client, Client.adhoc, -sign * own);
    clients.addF64(client, Client.unrealised, -sign * open);
  };
  put(1);
  const after = weighHouse(state, client, null, null)?.[BEFORE] ?? Number.POSITIVE_INFINITY;
  const covered = after <= availableFunds(state, client);
  put(-1);
  return covered;
}

/** Makes the units delivery's. */
export function deliverFunded(state: SlotState, { share, row, units, today, value, lots }: FundedParts): void {
  const { holdings } = state;
  const [client, segment, token] = share;
  if (today > 0) deliverPurchase(state, row, today, value);
  const settled = units - today;
  if (settled === 0) return;
  repayParts(state, share, row, lots);
  holdings.addF64(holdings.find(client, segment, token) || holdings.add(client, segment, token), Holding.free, settled);
  tellHolding(state, client, segment, token);
}
