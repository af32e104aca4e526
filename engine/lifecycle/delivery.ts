// CreditDelivery: the clearing corporation has paid out shares a client bought, so they are no longer on their way but free. Until then a sale of
// them stays margined (a buyer may be left short), which is why units change column only on the pay-out's word. Units of T+0 come and go on the day
// they were traded: between the session's position and the holding, while what was paid for them stays with the position until the day closes.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { QUANTITY_MAX } from '../limits.ts';
import { Holding } from '../state/holding-table.ts';
import { deliveryRow, sessionOf, tellHolding } from '../state/netted-shares.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { settleUnits } from './booking.ts';
import type { Emission } from './emission.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;

/** Folds a CreditDelivery; '' or the reason it was refused: more than is on its way cannot arrive. The event carries the units (value). */
export function creditDelivery(out: Emission, body: unknown): string {
  const { holdings } = out.state;
  const read = new BodyReader('CreditDelivery', body);
  const client = readClient(out, read);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  const quantity = read.integer('quantity', 1, QUANTITY_MAX);
  read.text('reference', 64);
  if (read.error === '' && !isCashSegment(segment)) read.fail('segment', 'must be a cash segment (1 or 4)');
  if (read.error !== '') return refuse(out, read.error);
  const way = read.has('sameDay') ? read.choice('sameDay', SameDayWay) : 0;
  if (read.error !== '') return refuse(out, read.error);
  const session = way === 0 ? 0 : sessionRow(out.state, client, segment, token);
  if (way === SameDayWay.OUT) return deliver(out, { client, segment, token, quantity, session });
  const early = session === 0 ? 0 : Math.min(quantity, Math.max(0, out.state.positions.f64(session, Position.net)));
  let held = holdings.find(client, segment, token);
  const coming = early + (held === 0 ? 0 : holdings.f64(held, Holding.t1));
  if (quantity > coming) return refuse(out, `CreditDelivery.quantity ${quantity} is above the ${coming} units on their way`);
  out.note(client);
  if (early > 0) settleUnits(out.state, session, -early);
  if (held === 0) held = holdings.add(client, segment, token);
  holdings.addF64(held, Holding.t1, early - quantity);
  holdings.addF64(held, Holding.free, quantity);
  return told(out, { client, segment, token, quantity, session });
}

/** Which way units of T+0 went. */
const SameDayWay = { IN: 1, OUT: 2 } as const;

interface Moved {
  readonly client: number;
  readonly segment: number;
  readonly token: number;
  readonly quantity: number;
  /** Row of the position in the T+0 session. */
  readonly session: number;
}

/** Row of a client's position in the T+0 session of a share; 0 = none. */
export function sessionRow(state: SlotState, client: number, segment: number, token: number): number {
  const session = sessionOf(state, state.rules?.find(segment, token) ?? -1);
  return session < 0 ? 0 : deliveryRow(state, client, session);
}

/** What was sold in the session has left the demat account. */
function deliver(out: Emission, moved: Moved): string {
  const { holdings, positions } = out.state;
  const { client, segment, token, quantity, session } = moved;
  const held = holdings.find(client, segment, token);
  const [sold, free] = [session === 0 ? 0 : Math.max(0, -positions.f64(session, Position.net)), held === 0 ? 0 : holdings.f64(held, Holding.free)];
  if (quantity > Math.min(sold, free))
    return refuse(out, `CreditDelivery.quantity ${quantity} is above the ${sold} units sold at T+0 or the ${free} that are free`);
  out.note(client);
  settleUnits(out.state, session, quantity);
  holdings.addF64(held, Holding.free, -quantity);
  return told(out, moved);
}

function told(out: Emission, { client, segment, token, quantity }: Moved): string {
  tellHolding(out.state, client, segment, token);
  const event = out.margin(out.account(out.answer(EventKind.DeliveryCredited), client), client);
  event.u32(EventField.token, token).u8(EventField.segment, segment).f64(EventField.value, quantity);
  return '';
}
