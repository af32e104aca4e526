// The end of one exchange segment's day: CloseSegment when it has closed at the exchange (equity 15:30, currency 17:00, commodity 23:30 or 23:55), SettlePrices
// when its settlement prices are known. The business day itself ends with CloseDay, after the last of them. Either may come again and then changes nothing
// it should not: late orders expire too, a re-issued price list stands in place of the first.
import { BreakKind } from '../break-kind.ts';
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { Product, Side } from '../instrument.ts';
import { PRICE_MAX } from '../limits.ts';
import { RejectCode } from '../reject-code.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import { SegmentGate, setGate } from '../state/segment-gates.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { expireOrders, isOfSameDay } from './expire-orders.ts';
import { mark, reportMarks } from './marks.ts';
import { BreakSubject, openBreak } from './open-break.ts';
import { refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;
/** Numbers in one SettlePrices: 4,096 prices stay below the largest record. */
const PRICES_MAX = 8_192;

/** Folds a CloseSegment; '' or the reason it was refused. The event carries orders expired (count) and intraday share positions left (value). */
export function closeSegment(out: Emission, body: unknown): string {
  const { meta } = out.state;
  const read = new BodyReader('CloseSegment', body);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const isSession = read.has('sameDay') && read.boolean('sameDay');
  const refused = refuseOtherDay(out, read);
  if (refused !== '') return refused;
  if (isSession) return closeSession(out, segment);
  const closed = meta.u8(META_ROW, Meta.closedSegments);
  const expired = expireOrders(out, segment);
  setGate(meta, segment, SegmentGate.CLOSED);
  const residual = ((closed >> segment) & 1) === 0 && isCashSegment(segment) ? openResiduals(out, segment) : 0;
  meta.setU8(META_ROW, Meta.closedSegments, closed | (1 << segment));
  out.answer(EventKind.SegmentClosed).u8(EventField.segment, segment).f64(EventField.count, expired).f64(EventField.value, residual);
  return '';
}

/** Number of the T+0 session, which is no segment, among those that closed. */
export const SAME_DAY_SESSION = 0;

/** The T+0 session of a segment has ended: its orders expire, the segment goes on. The event's segment is 0. */
function closeSession(out: Emission, segment: number): string {
  const { state } = out;
  const { meta } = state;
  const expired = expireOrders(out, segment, (order) => isOfSameDay(state, order));
  meta.setU8(META_ROW, Meta.closedSegments, meta.u8(META_ROW, Meta.closedSegments) | (1 << SAME_DAY_SESSION));
  out.answer(EventKind.SegmentClosed).u8(EventField.segment, SAME_DAY_SESSION).f64(EventField.count, expired).f64(EventField.value, 0);
  return '';
}

/** Folds a SettlePrices; '' or the reason it was refused. The event carries the prices (count) and whether they were the last (value 1). */
export function settlePrices(out: Emission, body: unknown): string {
  const { state } = out;
  const { meta } = state;
  const read = new BodyReader('SettlePrices', body);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const isFinal = read.boolean('isFinal');
  const prices = read.integers('prices', PRICES_MAX);
  for (let at = 0; at < prices.length && read.error === ''; at += 2) checkPrice(read, prices, at);
  const refused = refuseOtherDay(out, read);
  if (refused !== '') return refused;
  for (let at = 0; at < prices.length; at += 2) mark(state, segment, prices[at] ?? 0, prices[at + 1] ?? 0);
  reportMarks(out);
  if (isFinal) meta.setU8(META_ROW, Meta.settledSegments, meta.u8(META_ROW, Meta.settledSegments) | (1 << segment));
  out
    .answer(EventKind.PricesSettled)
    .u8(EventField.segment, segment)
    .f64(EventField.count, prices.length / 2)
    .f64(EventField.value, isFinal ? 1 : 0);
  return '';
}

function checkPrice(read: BodyReader, prices: readonly number[], at: number): void {
  const [token = 0, price = 0] = [prices[at], prices[at + 1]];
  if (token < 1 || token > TOKEN_MAX || price < 1 || price > PRICE_MAX)
    read.fail('prices', `must hold tokens and prices in turn: ${token}, ${price} at ${at} is neither`);
}

/** Reads the business date and refuses what is not about the open day; '' when all is well. */
function refuseOtherDay(out: Emission, read: BodyReader): string {
  const { meta } = out.state;
  const date = read.integer('businessDate', 0, 99_991_231);
  if (read.error !== '') return refuse(out, read.error);
  if (meta.u8(META_ROW, Meta.dayStatus) !== DayStatus.OPEN) return refuse(out, 'no day is open', RejectCode.dayNotOpen);
  const open = meta.u32(META_ROW, Meta.businessDate);
  return date === open ? '' : refuse(out, `businessDate ${date} is not the open day ${open}`);
}

const isIntraday = (product: number): boolean => product === Product.MIS || product === Product.CO || product === Product.BO;

/** One break per intraday share position: units, and the price it was last marked at. */
function openResiduals(out: Emission, segment: number): number {
  const { positions } = out.state;
  const subject = new BreakSubject();
  let found = 0;
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row) || positions.u8(row, Position.segment) !== segment || !isIntraday(positions.u8(row, Position.product))) continue;
    const net = positions.f64(row, Position.net);
    if (net === 0) continue;
    subject.client = positions.u32(row, Position.client);
    subject.segment = segment;
    subject.token = positions.u32(row, Position.token);
    subject.side = net > 0 ? Side.BUY : Side.SELL;
    subject.quantity = Math.abs(net);
    subject.price = positions.f64(row, Position.mark);
    openBreak(out, BreakKind.residualIntraday, subject);
    found += 1;
  }
  return found;
}
