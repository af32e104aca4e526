// BookEarlyPayIn: the clearing corporation has booked what a client delivered or paid ahead of the pay-in of its settlement, or has taken such a
// booking back. What it did not book frees nothing (NSE/INSP/57112), so whoever sends this waits for its answer. What follows for margin and funds:
// state/early-pay-in.ts.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { AMOUNT_MAX, QUANTITY_MAX } from '../limits.ts';
import { RejectCode } from '../reject-code.ts';
import { Client, ClientFlag } from '../state/client-table.ts';
import { earlyFunds, restateFrom } from '../state/early-pay-in.ts';
import { EarlyPayIn } from '../state/early-pay-in-table.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import { tellHolding } from '../state/netted-shares.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;
const WAYS = { SECURITIES: 1, FUNDS: 2 };

/**
 * Folds a BookEarlyPayIn; '' or the reason it was refused. The event carries what was booked (value: units, or paise of funds; below zero taken back)
 * and what stands booked now (limit); of funds segment and token are 0.
 */
export function bookEarlyPayIn(out: Emission, body: unknown): string {
  const { state } = out;
  const { earlyPayIns, clients, meta } = state;
  const read = new BodyReader('BookEarlyPayIn', body);
  const client = readClient(out, read);
  const isFunds = read.choice('way', WAYS) === WAYS.FUNDS;
  const segment = isFunds ? 0 : read.integer('segment', 1, SEGMENT_MAX);
  const token = isFunds ? 0 : read.integer('token', 1, TOKEN_MAX);
  const most = isFunds ? AMOUNT_MAX : QUANTITY_MAX;
  const quantity = read.integer('quantity', -most, most);
  read.text('reference', 128);
  if (read.error === '' && !isFunds && !isCashSegment(segment)) read.fail('segment', 'must be a cash segment (1 or 4)');
  if (read.error === '' && quantity === 0) read.fail('quantity', 'must not be 0');
  if (read.error !== '') return refuse(out, read.error);
  if (meta.u8(META_ROW, Meta.dayStatus) !== DayStatus.OPEN) return refuse(out, 'BookEarlyPayIn: no day is open', RejectCode.dayNotOpen);
  const field = isFunds ? EarlyPayIn.amount : EarlyPayIn.delivered;
  const known = earlyPayIns.find(client, segment, token);
  const booked = (known === 0 ? 0 : earlyPayIns.f64(known, field)) + quantity;
  if (booked < 0) return refuse(out, `BookEarlyPayIn.quantity takes back more than the ${booked - quantity} booked`);
  if (booked > most) return refuse(out, `BookEarlyPayIn.quantity would make more than ${most} booked`);
  out.note(client);
  const before = earlyFunds(state, client);
  clients.setU32(client, Client.flags, clients.u32(client, Client.flags) | ClientFlag.EARLY_PAY_IN);
  earlyPayIns.setF64(known === 0 ? earlyPayIns.add(client, segment, token) : known, field, booked);
  if (!isFunds) tellHolding(state, client, segment, token);
  restateFrom(state, client, before);
  const event = out.margin(out.account(out.answer(EventKind.EarlyPayInBooked), client), client);
  event.u32(EventField.token, token).u8(EventField.segment, segment).f64(EventField.value, quantity).f64(EventField.limit, booked);
  return '';
}
