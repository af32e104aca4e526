// ExerciseAssign: one client's position in a contract on its last day, as the clearing corporation settles it. A future leaves at its final
// settlement price; an option leaves for nothing, and the units exercised or assigned pay their worth in cash, or become a purchase or sale of shares
// at the strike, which settles as one net with the shares traded that day. What was not exercised ends worthless. The clearing corporation's units
// are the fact: where ours differ a break says so, and our position goes all the same, because the contract is no more.
import { BreakKind } from '../break-kind.ts';
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { InstrumentKind, isOption, Product, Side } from '../instrument.ts';
import { ORDER_VALUE_MAX, PRICE_MAX, QUANTITY_MAX } from '../limits.ts';
import { RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import { BodyReader } from './body-reader.ts';
import { bookTrade } from './booking.ts';
import type { Emission } from './emission.ts';
import { BreakSubject, openBreak } from './open-break.ts';
import { openPosition } from './open-position.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;

/** The settlement of one position; units signed as they were held. */
interface Settlement {
  readonly client: number;
  readonly row: number;
  /** Held by the clearing corporation's file, and how much of it was exercised, assigned or finally settled. */
  readonly units: number;
  readonly settled: number;
  readonly price: number;
  /** Token of the shares, 0 = settled in cash; in `shareSegment`. */
  readonly shareToken: number;
  readonly shareSegment: number;
}

/** Folds an ExerciseAssign; '' or the reason it was refused. The event carries units settled (value) and shares to receive (limit, signed). */
export function exerciseAssign(out: Emission, body: unknown): string {
  const { state } = out;
  const { positions, meta } = state;
  const read = new BodyReader('ExerciseAssign', body);
  const client = readClient(out, read);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  const units = read.integer('units', -QUANTITY_MAX, QUANTITY_MAX);
  const settled = read.integer('settled', 0, Math.abs(units));
  const price = read.integer('price', 0, PRICE_MAX);
  const shares = read.has('shares') ? read.inner('shares') : undefined;
  const shareSegment = shares?.integer('segment', 1, SEGMENT_MAX) ?? 0;
  const shareToken = shares?.integer('token', 1, TOKEN_MAX) ?? 0;
  if (read.error === '' && isCashSegment(segment)) read.fail('segment', 'must be a derivative segment');
  if (read.error === '' && shares !== undefined && !isCashSegment(shareSegment)) read.fail('shares.segment', 'must be a cash segment (1 or 4)');
  if (read.error === '' && Math.abs(units) * price > ORDER_VALUE_MAX) read.fail('units', 'times price is above the largest value kept');
  const error = read.error || (shares?.error ?? '');
  if (error !== '') return refuse(out, error);
  if (meta.u8(META_ROW, Meta.dayStatus) !== DayStatus.OPEN) return refuse(out, 'ExerciseAssign: no day is open', RejectCode.dayNotOpen);
  out.note(client);
  const row = openPosition(state, client, segment, token, 0);
  const signed = Math.sign(units) * settled;
  const mismatch = positions.f64(row, Position.net) - units;
  const delivered = settle(out, { client, row, units, settled: signed, price, shareToken, shareSegment });
  const event = out.margin(out.account(out.answer(EventKind.ContractSettled), client), client);
  event.u32(EventField.token, token).u8(EventField.segment, segment).f64(EventField.lastPx, price);
  event.f64(EventField.value, signed).f64(EventField.limit, delivered);
  if (mismatch !== 0) openMismatch(out, row, mismatch, price);
  return '';
}

/** Books it; the shares to receive, signed. */
function settle(out: Emission, { client, row, units, settled, price, shareToken, shareSegment }: Settlement): number {
  const { state } = out;
  const { positions, clients } = state;
  const kind = positions.u8(row, Position.kind);
  const net = positions.f64(row, Position.net);
  if (net !== 0) bookTrade(state, row, -net, isOption(kind) ? 0 : price, 0);
  if (shareToken === 0) {
    // What an option is worth is received as premium is: on the day's account, in cash at its close.
    if (isOption(kind)) clients.addF64(client, Client.premium, -settled * price);
    return 0;
  }
  const shares = kind === InstrumentKind.PE ? -settled : isOption(kind) ? settled : units;
  if (shares !== 0) bookTrade(state, openPosition(state, client, shareSegment, shareToken, Product.CNC), shares, price, 0);
  return shares;
}

function openMismatch(out: Emission, row: number, mismatch: number, price: number): void {
  const { positions } = out.state;
  const subject = new BreakSubject();
  subject.client = positions.u32(row, Position.client);
  subject.segment = positions.u8(row, Position.segment);
  subject.token = positions.u32(row, Position.token);
  subject.side = mismatch > 0 ? Side.BUY : Side.SELL;
  subject.quantity = Math.abs(mismatch);
  subject.price = price;
  openBreak(out, BreakKind.expiryMismatch, subject);
}
