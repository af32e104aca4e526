// ChangePledge: units of a security come in as collateral or go back. A pledge of the day counts from the next OpenDay on (T+1), or at once where it is an
// intraday pledge. Taking one back is the client's wish and must leave the requirement covered, unless the depository has told it as a fact.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { Product } from '../instrument.ts';
import { QUANTITY_MAX } from '../limits.ts';
import { RejectCode } from '../reject-code.ts';
import { kindRuleOf } from '../rules/collateral-rules.ts';
import { availableFunds } from '../state/available-funds.ts';
import { Collateral, CollateralKind } from '../state/collateral-table.ts';
import { deliveredEarly } from '../state/early-pay-in.ts';
import { COLLATERAL_KEY_BYTES } from '../state/haircut-table.ts';
import { Holding } from '../state/holding-table.ts';
import { deliverableElsewhere, tellHolding } from '../state/netted-shares.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { addPiece, Credit } from './collateral.ts';
import { keyBytes, revalue } from './collateral-value.ts';
import { type Emission, requirementOf } from './emission.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;

/** What is asked. Units are positive: the direction is the function's. */
interface Pledge {
  readonly client: number;
  readonly kind: number;
  readonly key: string;
  readonly segment: number;
  readonly units: number;
  /** Row of the holding the units come from and go back to; 0 = holdings are left alone. */
  readonly holding: number;
}

/** Folds a ChangePledge; '' or the reason it was refused. The event carries the units counted (value) and still to be (limit) of the piece. */
export function changePledge(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('ChangePledge', body);
  const client = readClient(out, read);
  const kind = read.has('kind') ? read.choice('kind', CollateralKind) : CollateralKind.EQUITY;
  const key = read.name('isin', COLLATERAL_KEY_BYTES);
  const segment = read.has('segment') ? read.integer('segment', 0, SEGMENT_MAX) : 0;
  const quantity = read.integer('quantity', -QUANTITY_MAX, QUANTITY_MAX);
  const credit = read.has('credit') ? read.choice('credit', Credit) : Credit.NEXT_DAY;
  const isFact = read.has('fact') && read.boolean('fact');
  read.text('reference', 128);
  const holding = read.has('holding') ? readHolding(state, client, read) : 0;
  if (read.error === '' && quantity === 0) read.fail('quantity', 'must not be 0');
  if (read.error === '' && kindRuleOf(kind).isAmount) read.fail('kind', 'must be a listed security: GSEC, OVERNIGHT_FUND, FUND or EQUITY');
  if (read.error !== '') return refuse(out, read.error);
  const pledge = { client, kind, key, segment, units: Math.abs(quantity), holding };
  out.note(client);
  return quantity > 0 ? pledgeUnits(out, pledge, credit === Credit.NEXT_DAY) : unpledgeUnits(out, pledge, isFact);
}

function readHolding(state: SlotState, client: number, read: BodyReader): number {
  const where = read.inner('holding');
  const segment = where.integer('segment', 1, SEGMENT_MAX);
  const token = where.integer('token', 1, TOKEN_MAX);
  if (where.error === '' && !isCashSegment(segment)) where.fail('segment', 'must be a cash segment (1 or 4)');
  read.take(where);
  const row = read.error === '' ? state.holdings.find(client, segment, token) : 0;
  if (read.error === '' && row === 0) read.fail('holding', 'names a security the client does not hold');
  return row;
}

function pledgeUnits(out: Emission, { client, kind, key, segment, units, holding }: Pledge, isLate: boolean): string {
  const { state } = out;
  if (holding !== 0 && freeToPledge(state, holding) < units)
    return refuse(out, 'ChangePledge.quantity is above the units that are free and not on sale', RejectCode.insufficientHoldings);
  const row = addPiece(state, client, { kind, key, segment, quantity: units, isLate, maturity: 0 });
  if (holding !== 0) moveHolding(state, holding, units);
  revalue(state, client);
  return answered(out, client, row);
}

function unpledgeUnits(out: Emission, { client, kind, key, segment, units, holding }: Pledge, isFact: boolean): string {
  const { state } = out;
  const { collateral } = state;
  const row = collateral.find({ client, kind, segment }, keyBytes(key), 0);
  const [counted, pending] = row === 0 ? [0, 0] : [collateral.f64(row, Collateral.quantity), collateral.f64(row, Collateral.pending)];
  if (counted + pending < units) return refuse(out, `ChangePledge.quantity is above the ${counted + pending} units pledged there`);
  if (holding !== 0 && state.holdings.f64(holding, Holding.pledged) < units)
    return refuse(out, 'ChangePledge.holding has fewer units pledged', RejectCode.insufficientHoldings);
  const before = availableFunds(state, client);
  // What does not count yet goes first.
  const late = Math.min(pending, units);
  collateral.setF64(row, Collateral.pending, pending - late);
  collateral.setF64(row, Collateral.quantity, counted - (units - late));
  revalue(state, client);
  const after = availableFunds(state, client);
  if (!isFact && after < before && after < requirementOf(state, client)) {
    collateral.setF64(row, Collateral.pending, pending);
    collateral.setF64(row, Collateral.quantity, counted);
    revalue(state, client);
    return refuse(out, 'ChangePledge: what is left would not cover the margin', RejectCode.insufficientMargin);
  }
  if (holding !== 0) moveHolding(state, holding, -units);
  return answered(out, client, row);
}

/** Free units that working delivery sales do not need, and that are not with the clearing corporation already. */
function freeToPledge(state: SlotState, row: number): number {
  const { holdings, positions } = state;
  const client = holdings.u32(row, Holding.client);
  const position = positions.find(client, holdings.u8(row, Holding.segment), holdings.u32(row, Holding.token), Product.CNC);
  const free = holdings.f64(row, Holding.free);
  const onSale = position === 0 ? 0 : positions.f64(position, Position.sellLeaves) - positions.f64(position, Position.net);
  const instrument = state.rules?.find(holdings.u8(row, Holding.segment), holdings.u32(row, Holding.token)) ?? -1;
  const early = deliveredEarly(state, client, holdings.u8(row, Holding.segment), holdings.u32(row, Holding.token));
  return Math.min(free - early, free + holdings.f64(row, Holding.t1) - onSale + deliverableElsewhere(state, client, instrument));
}

function moveHolding(state: SlotState, row: number, units: number): void {
  const { holdings } = state;
  holdings.addF64(row, Holding.free, -units);
  holdings.addF64(row, Holding.pledged, units);
  tellHolding(state, holdings.u32(row, Holding.client), holdings.u8(row, Holding.segment), holdings.u32(row, Holding.token));
}

function answered(out: Emission, client: number, row: number): string {
  const { collateral } = out.state;
  const event = out.margin(out.account(out.answer(EventKind.PledgeChanged), client), client);
  event.f64(EventField.value, collateral.f64(row, Collateral.quantity)).f64(EventField.limit, collateral.f64(row, Collateral.pending));
  return '';
}
