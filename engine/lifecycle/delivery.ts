// CreditDelivery: the clearing corporation has paid out shares a client bought, so they are no longer on their way but free. Until then a sale of them stays
// margined (a buyer may be left short), which is why units change column only on the pay-out's word.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { QUANTITY_MAX } from '../limits.ts';
import { Holding } from '../state/holding-table.ts';
import { tellHolding } from '../state/netted-shares.ts';
import { BodyReader } from './body-reader.ts';
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
  const held = holdings.find(client, segment, token);
  const coming = held === 0 ? 0 : holdings.f64(held, Holding.t1);
  if (quantity > coming) return refuse(out, `CreditDelivery.quantity ${quantity} is above the ${coming} units on their way`);
  out.note(client);
  holdings.addF64(held, Holding.t1, -quantity);
  holdings.addF64(held, Holding.free, quantity);
  tellHolding(out.state, client, segment, token);
  const event = out.margin(out.account(out.answer(EventKind.DeliveryCredited), client), client);
  event.u32(EventField.token, token).u8(EventField.segment, segment).f64(EventField.value, quantity);
  return '';
}
