// ConvertPosition: units of a cash position from intraday to delivery or back, as one checked change: what the client must have afterwards is
// covered, or no more than before, or nothing happens. The units take their share of the cost with them; nothing is realised and nothing is traded.
// Today's delivery purchases become funded ones (MTF) as far as the house would have lent on an order; back it takes the client's own money:
// convert-funded.ts. Derivatives are one position whatever the product, so there is nothing to convert.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { Product } from '../instrument.ts';
import { QUANTITY_MAX } from '../limits.ts';
import { BEFORE } from '../margin/margin-book.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { RejectCode } from '../reject-code.ts';
import { availableFunds } from '../state/available-funds.ts';
import { shareOfCost } from '../state/average-cost.ts';
import { hasEarlyPayIn } from '../state/early-pay-in.ts';
import { drawnBy, fundedRateOf, houseFundingLimit, isFundable, isFundingOffered, lentOn, noteFundedPurchase, sanctionOf } from '../state/funding.ts';
import { Holding } from '../state/holding-table.ts';
import { weighHouse } from '../state/house-requirement.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import { deliverableElsewhere } from '../state/netted-shares.ts';
import { Position } from '../state/position-table.ts';
import { isSliced, SliceCell, SlicePool, sliceOf, takeFunding } from '../state/slices.ts';
import type { SlotState } from '../state/slot-state.ts';
import { TICK_UNITS_PER_PAISA } from '../units.ts';
import { BodyReader } from './body-reader.ts';
import { moveUnits, standsAtOtherMark } from './booking.ts';
import { deliverFunded, fundedParts, isPaid } from './convert-funded.ts';
import { type Emission, requirementOf } from './emission.ts';
import { openPosition } from './open-position.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;
const PRODUCTS = { CNC: Product.CNC, MIS: Product.MIS, MTF: Product.MTF };

/** What is to be converted, and the row it is taken from. */
interface Conversion {
  readonly client: number;
  readonly segment: number;
  readonly token: number;
  readonly from: number;
  readonly to: number;
  readonly row: number;
  /** Signed as the position is. */
  readonly units: number;
}

/**
 * Folds a ConvertPosition; '' or the reason it was refused. The event carries units (value), product from (limit) and to, and the paise of loan
 * repaid (count).
 */
export function convertPosition(out: Emission, body: unknown): string {
  const { state } = out;
  const { positions, meta } = state;
  const read = new BodyReader('ConvertPosition', body);
  const client = readClient(out, read);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  const from = read.choice('from', PRODUCTS);
  const to = read.choice('to', PRODUCTS);
  const quantity = read.integer('quantity', 1, QUANTITY_MAX);
  if (read.error === '' && !isCashSegment(segment)) read.fail('segment', 'must be a cash segment (1 or 4)');
  if (read.error === '' && from === to) read.fail('to', 'must be the other product');
  if (read.error === '' && (from === Product.MTF || to === Product.MTF) && from !== Product.CNC && to !== Product.CNC)
    read.fail('to', 'MTF converts from and to CNC only');
  if (read.error !== '') return refuse(out, read.error);
  if (meta.u8(META_ROW, Meta.dayStatus) !== DayStatus.OPEN) return refuse(out, 'ConvertPosition: no day is open', RejectCode.dayNotOpen);
  const row = positions.find(client, segment, token, from);
  const net = row === 0 ? 0 : positions.f64(row, Position.net);
  if (Math.abs(net) < quantity) return refuse(out, `ConvertPosition.quantity ${quantity} is above the position of ${net}`);
  const conversion = { client, segment, token, from, to, row, units: Math.sign(net) * quantity };
  const why = unfit(state, conversion);
  if (why !== '') return refuse(out, why);
  out.note(client);
  const [reject, repaid] = from === Product.MTF ? deliver(state, conversion) : move(state, conversion, net);
  if (reject !== RejectCode.none) return refuse(out, `ConvertPosition: ${REFUSALS[reject]}`, reject);
  const event = out.margin(out.account(out.answer(EventKind.PositionConverted), client), client);
  event.u32(EventField.token, token).u8(EventField.segment, segment).u8(EventField.product, to);
  event.f64(EventField.value, conversion.units).f64(EventField.limit, from).f64(EventField.count, repaid);
  return '';
}

const REFUSALS: Readonly<Record<number, string>> = {
  [RejectCode.insufficientMargin]: 'margin is not sufficient',
  [RejectCode.fundingLimit]: 'what would be lent is above what is sanctioned, or lent one client at most',
  [RejectCode.fundingExhausted]: 'the house may not lend as much in all',
};

/** A reject code, or 0 when it is done, and paise of loan repaid. */
type Outcome = readonly [reject: number, repaid: number];

/** Moves the units with their average cost, where the margin allows; into funding where the house lends as much. */
function move(state: SlotState, conversion: Conversion, net: number): Outcome {
  const { client, segment, token, to, row, units } = conversion;
  const cost = state.positions.f64(row, Position.cost);
  const share = Math.sign(cost) * shareOfCost(Math.abs(cost), Math.abs(units), Math.abs(net));
  const lent = to === Product.MTF ? lentOn(Math.ceil(share / TICK_UNITS_PER_PAISA), fundedRateOf(state, state.derived.instrumentOf(row))) : 0;
  const limit = to === Product.MTF ? fundingReject(state, client, lent) : RejectCode.none;
  if (limit !== RejectCode.none) return [limit, 0];
  const isMoved = hasEarlyPayIn(state, client) || standsAtOtherMark(state, row, to);
  if (!(isMoved ? isCoveredMoved(state, conversion, share) : isCovered(state, conversion))) return [RejectCode.insufficientMargin, 0];
  moveUnits(state, row, openPosition(state, client, segment, token, to), units, share);
  if (to === Product.MTF) noteFundedPurchase(state, [client, segment, token], units, share);
  takeFunding(state, lent);
  return [RejectCode.none, 0];
}

/** Why the house does not lend so many paise more; 0 when it does. */
function fundingReject(state: SlotState, client: number, lent: number): number {
  if (drawnBy(state, client) + lent > Math.min(sanctionOf(state, client), houseFundingLimit(state))) return RejectCode.fundingLimit;
  if (!isSliced(state, SlicePool.FUNDING)) return RejectCode.none;
  const used = sliceOf(state, SlicePool.FUNDING, SliceCell.used);
  return used + lent <= sliceOf(state, SlicePool.FUNDING, SliceCell.slice) ? RejectCode.none : RejectCode.fundingExhausted;
}

/** Takes the units out of funding, where the client has the money. */
function deliver(state: SlotState, { client, segment, token, row, units }: Conversion): Outcome {
  const parts = fundedParts(state, [client, segment, token], row, units);
  if (!isPaid(state, parts)) return [RejectCode.insufficientMargin, 0];
  deliverFunded(state, parts);
  return [RejectCode.none, parts.funded];
}

/** Why the units cannot change product; '' when they can. */
function unfit(state: SlotState, { client, segment, token, from, to, row, units }: Conversion): string {
  const { positions, holdings, derived } = state;
  const instrument = derived.instrumentOf(row);
  if (instrument < 0) return 'ConvertPosition.token is not in the parameter table';
  const other = positions.find(client, segment, token, to);
  if (other !== 0 && positions.f64(other, Position.net) * units < 0) return 'ConvertPosition: the other product stands on the opposite side';
  if (from === Product.MTF) return unfitFunded(state, row, units);
  if (to === Product.CNC) return units < 0 ? 'ConvertPosition: an intraday sale does not become a delivery' : '';
  const why = to === Product.MTF ? unfitForFunding(state, client, instrument, units) : '';
  if (why !== '') return why;
  if (((derived.parameters?.flags[instrument] ?? 0) & InstrumentFlag.TRADE_TO_TRADE) !== 0)
    return 'ConvertPosition: trade-to-trade shares are delivered';
  // Working delivery sales must stay covered.
  const held = holdings.find(client, segment, token);
  const free = held === 0 ? 0 : holdings.f64(held, Holding.free) + holdings.f64(held, Holding.t1);
  const left =
    free + positions.f64(row, Position.net) - units - positions.f64(row, Position.sellLeaves) + deliverableElsewhere(state, client, instrument);
  return units > 0 && left < 0 ? 'ConvertPosition: the shares are on sale for delivery' : '';
}

/** Why delivery units cannot become funded; '' when they can, limits and margin aside. */
function unfitForFunding(state: SlotState, client: number, instrument: number, units: number): string {
  if (!isFundingOffered(state) || sanctionOf(state, client) === 0) return 'ConvertPosition: the client is not enabled for margin trading funding';
  if (!isFundable(state, instrument)) return 'ConvertPosition: the share is not on the list of funded shares';
  return units < 0 ? 'ConvertPosition: a delivery sale is not funded' : '';
}

/** Why funded units cannot become delivery ones; '' when they can, the money aside. Working sales of them must stay covered. */
function unfitFunded({ positions }: SlotState, row: number, units: number): string {
  if (units < 0) return 'ConvertPosition: what was sold beyond what is funded is delivered as it is';
  const left = positions.f64(row, Position.net) - units - positions.f64(row, Position.sellLeaves);
  return left < 0 ? 'ConvertPosition: the shares are on sale' : '';
}

/**
 * The same for a client that paid in early, because what its money covers is another share then, and where the other product stands at another mark
 * (an import sets its own), because the units gain or lose by it: they are moved, weighed and moved back.
 */
function isCoveredMoved(state: SlotState, { client, segment, token, to, row, units }: Conversion, cost: number): boolean {
  const before = requirementOf(state, client);
  const target = openPosition(state, client, segment, token, to);
  const mark = state.positions.f64(target, Position.mark);
  moveUnits(state, row, target, units, cost);
  const after = requirementOf(state, client);
  const available = availableFunds(state, client);
  moveUnits(state, target, row, units, cost);
  state.positions.setF64(target, Position.mark, mark);
  return after <= available || after <= before;
}

/** The same test as an order's: enough, or no more than before. Leaves the book as it was. */
function isCovered(state: SlotState, { client, from, to, row, units }: Conversion): boolean {
  const { book } = state.derived;
  if (book === undefined) return false;
  const before = requirementOf(state, client);
  const instrument = state.derived.instrumentOf(row);
  book.addPosition(client, instrument, from, -units);
  book.addPosition(client, instrument, to, units);
  const after = weighHouse(state, client, null, null)?.[BEFORE] ?? 0;
  book.addPosition(client, instrument, to, -units);
  book.addPosition(client, instrument, from, units);
  return after <= availableFunds(state, client) || after <= before;
}
