// What is told of funded lots (MTF): PledgeFunded, when the client accepts the pledge of what it bought (margin pledge to the house's funding
// account) or a sale releases it; ImportFundedLot, when a client comes with what another system funded. Lots that trades make come with the close:
// funded-lots.ts.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { Product } from '../instrument.ts';
import { AMOUNT_MAX, ORDER_VALUE_MAX, QUANTITY_MAX } from '../limits.ts';
import { FundedLot } from '../state/funded-lot-table.ts';
import type { FundedShare } from '../state/funding.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import { takeFunding } from '../state/slices.ts';
import { TICK_UNITS_PER_PAISA } from '../units.ts';
import { BodyReader } from './body-reader.ts';
import { restatePosition } from './booking.ts';
import type { Emission } from './emission.ts';
import { findLot, putLot } from './funded-lots.ts';
import { changed } from './funds.ts';
import { openPosition } from './open-position.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;
const DATE_MIN = 19_000_101;
const DATE_MAX = 99_991_231;

/**
 * Folds a PledgeFunded; '' or the reason it was refused. The event carries units (value; below zero released) and the units of the lot that are
 * pledged now (limit).
 */
export function pledgeFunded(out: Emission, body: unknown): string {
  const { fundedLots } = out.state;
  const read = new BodyReader('PledgeFunded', body);
  const share = readShare(out, read);
  const boughtOn = read.integer('boughtOn', DATE_MIN, DATE_MAX);
  const quantity = read.integer('quantity', -QUANTITY_MAX, QUANTITY_MAX);
  read.text('reference', 128);
  if (read.error === '' && quantity === 0) read.fail('quantity', 'must not be 0');
  if (read.error !== '') return refuse(out, read.error);
  const lot = findLot(out.state, share, boughtOn);
  if (lot === 0) return refuse(out, `PledgeFunded.boughtOn ${boughtOn} names no funded lot of the share`);
  const units = fundedLots.f64(lot, FundedLot.units);
  const pledged = fundedLots.f64(lot, FundedLot.pledged) + quantity;
  if (pledged < 0 || pledged > units) return refuse(out, `PledgeFunded.quantity would pledge ${pledged} of the ${units} units of the lot`);
  const [client, segment, token] = share;
  out.note(client);
  fundedLots.setF64(lot, FundedLot.pledged, pledged);
  const event = out.margin(out.account(out.answer(EventKind.FundedPledged), client), client);
  event.u32(EventField.token, token).u8(EventField.segment, segment).u8(EventField.product, Product.MTF);
  event.f64(EventField.value, quantity).f64(EventField.limit, pledged);
  return '';
}

/** Folds an ImportFundedLot; '' or the reason it was refused. Answers MarginChanged. */
export function importFundedLot(out: Emission, body: unknown): string {
  const { state } = out;
  const { positions } = state;
  const read = new BodyReader('ImportFundedLot', body);
  const share = readShare(out, read);
  const boughtOn = read.integer('boughtOn', DATE_MIN, DATE_MAX);
  const units = read.integer('units', 1, QUANTITY_MAX);
  const pledged = read.integer('pledged', 0, QUANTITY_MAX);
  const cost = read.integer('cost', 1, AMOUNT_MAX);
  const funded = read.integer('funded', 0, AMOUNT_MAX);
  read.text('reference', 128);
  if (read.error === '' && pledged > units) read.fail('pledged', `is above the ${units} units of the lot`);
  if (read.error === '' && funded > cost) read.fail('funded', `is above the ${cost} paise the lot cost`);
  if (read.error === '' && cost * TICK_UNITS_PER_PAISA > ORDER_VALUE_MAX) read.fail('cost', 'is above the largest value kept');
  const today = state.meta.u32(META_ROW, Meta.businessDate);
  // Before the first day there is no date to be after.
  if (read.error === '' && today > 0 && boughtOn > today) read.fail('boughtOn', `is after the business date ${today}`);
  if (read.error !== '') return refuse(out, read.error);
  if (findLot(state, share, boughtOn) !== 0) return refuse(out, `ImportFundedLot.boughtOn ${boughtOn} names a lot that is there already`);
  const [client, segment, token] = share;
  out.note(client);
  const position = openPosition(state, client, segment, token, Product.MTF);
  const tickUnits = cost * TICK_UNITS_PER_PAISA;
  const mark = positions.f64(position, Position.mark) || Math.max(1, Math.round(tickUnits / units));
  restatePosition(state, position, positions.f64(position, Position.net) + units, mark, positions.f64(position, Position.cost) + tickUnits);
  putLot(state, share, { boughtOn, units, pledged, cost: tickUnits, funded });
  takeFunding(state, funded);
  return changed(out, client);
}

function readShare(out: Emission, read: BodyReader): FundedShare {
  const client = readClient(out, read);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  if (read.error === '' && !isCashSegment(segment)) read.fail('segment', 'must be a cash segment (1 or 4)');
  return [client, segment, token];
}
